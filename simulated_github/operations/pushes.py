"""Moves of refs: check a change, move the ref, update pull requests and start workflows.

File edits, ref updates, merges and `git push` all use this module. Sources: GitHub's docs,
"Scopes for OAuth apps" (`workflow`), "Available rules for rulesets" and "Events that trigger
workflows" (`push`); octokit/octokit.rb issue 1184 for the 404 without the scope.
"""

from collections.abc import Iterable, Iterator, Sequence

from simulated_github.actions import workflow_runs
from simulated_github.actions.workflow_files import WORKFLOWS
from simulated_github.errors import APIError, Forbidden, NotFound, ValidationFailed
from simulated_github.http.requirements import NOT_FOR_INTEGRATIONS
from simulated_github.records.accounts import Token
from simulated_github.records.pulls import PullRequest
from simulated_github.records.repositories import Repository
from simulated_github.rules import access
from simulated_github.rules.branch_protection import dismisses_stale_reviews
from simulated_github.rules.rule_checks import RefChange, protection_violations, violations
from simulated_github.rules.rulesets import active_rulesets
from simulated_github.world.world import World

#: A push that moves more tags or branches than this starts no workflow for them.
#: Source: GitHub's docs, "Events that trigger workflows", `push`.
MOST_TAGS = 3
MOST_BRANCHES = 5000


class RuleViolationsError(Exception):
    """A change that violates rules without a bypass; `messages` are GitHub's.

    `is_classic` is set when a classic branch protection alone refuses it.
    """

    def __init__(self, messages: Sequence[str], *, is_classic: bool) -> None:
        super().__init__("\n".join(messages))
        self.messages = list(messages)
        self.is_classic = is_classic


class WorkflowFileError(Exception):
    """A change to the workflow file `path` with a token that may not write workflow files.

    Git prints `message`. Source: GitHub's public responses.
    """

    def __init__(self, token: Token, path: str) -> None:
        kind = "a Personal Access Token"
        requirement = "`workflow` scope"
        if token.installation:
            kind = "a GitHub App"
            requirement = "`workflows` permission"
        self.message = (
            f"refusing to allow {kind} to create or update workflow `{path}` without {requirement}"
        )
        super().__init__(self.message)


def move_ref(
    world: World,
    token: Token,
    repository: Repository,
    change: RefChange,
    refusal: type[APIError] = ValidationFailed,
) -> None:
    """Create, update or delete a ref.

    Raise `refusal` when a rule forbids the change (409 for contents, 422 for refs, 405 for
    merges), and NotFound or Forbidden for a workflow file that the token may not write.
    """
    try:
        check_change(token, repository, change)
    except RuleViolationsError as error:
        raise refusal(_violation_message(error)) from None
    except WorkflowFileError as error:
        raise _workflow_refusal(token, error, merges=change.pull is not None) from None
    move_refs(world, token, repository, [change])


def _violation_message(error: RuleViolationsError) -> str:
    """Return the message of a refusal; that of a classic protection has no heading.

    Source: chdsbd/kodiak issue 295.
    """
    text = str(error)
    return text if error.is_classic else f"Repository rule violations found\n\n{text}\n\n"


def check_change(token: Token, repository: Repository, change: RefChange) -> None:
    """Check that a token may make a change.

    Raise WorkflowFileError for a workflow file that the token may not write, and
    RuleViolationsError for rules that the actor cannot bypass.
    """
    if change.after is not None:
        _check_workflow_files(repository, token, change)
    messages = violations(repository, change, token)
    further = protection_violations(repository, change, token)
    if messages or further:
        unique_messages = list(dict.fromkeys(messages + further))
        raise RuleViolationsError(unique_messages, is_classic=not messages)


def move_refs(
    world: World, token: Token, repository: Repository, changes: Sequence[RefChange]
) -> None:
    """Move the refs of one push, whose changes the caller has checked.

    Then update the pull requests of these refs and start workflows.
    """
    git = repository.git
    for change in changes:
        if change.after is None:
            del git.refs[change.ref]
        else:
            git.refs[change.ref] = change.after
            repository.last_pushers[change.ref] = token.user.id
    if changes:
        repository.updated_at = world.clock.stamp()
    for change in changes:
        _update_pulls(world, token, repository, change)
    for change in _changes_with_events(token, changes):
        workflow_runs.start_push_runs(world, repository, change, token.user)


def _changes_with_events(token: Token, changes: Sequence[RefChange]) -> list[RefChange]:
    """Return the changes that start workflows.

    A job's own token starts none, and neither do more tags or branches at once than the limits.
    """
    if token.is_job_token:
        return []
    eligible = list(changes)
    for namespace, limit in (("refs/tags/", MOST_TAGS), ("refs/heads/", MOST_BRANCHES)):
        if sum(change.ref.startswith(namespace) for change in eligible) > limit:
            eligible = [change for change in eligible if not change.ref.startswith(namespace)]
    return eligible


def describe_change(repository: Repository, ref: str, after: str | None) -> RefChange:
    """Describe what moving a ref to `after` changes; None deletes the ref."""
    git = repository.git
    before = git.refs.get(ref)
    return RefChange(ref, before, after, forced=_is_forced(repository, before, after))


def _is_forced(repository: Repository, before: str | None, after: str | None) -> bool:
    git = repository.git
    if before is None or after is None:
        return False
    old = git.peel(before)
    new = git.peel(after)
    return old is None or new is None or not git.contains(new, old)


def _check_workflow_files(repository: Repository, token: Token, change: RefChange) -> None:
    """Raise WorkflowFileError when any new commit, not only the last, changes a workflow file."""
    new = repository.git.peel(change.after or "")
    if new is None or may_write_workflows(token):
        return
    for commit in _new_commits(repository, new):
        parents = repository.git.parents(commit)
        paths = repository.git.diff(parents[0] if parents else None, commit)
        path = next((path for path in paths if path.startswith(f"{WORKFLOWS}/")), None)
        if path is not None and not _is_on_a_branch(repository, commit, path):
            raise WorkflowFileError(token, path)


def _new_commits(repository: Repository, commit: str) -> Iterator[str]:
    """Yield a commit and its ancestors that no ref reaches, because all others were checked."""
    git = repository.git
    tips = {tip for sha in git.refs.values() if (tip := git.peel(sha)) is not None}
    existing = {sha for tip in tips for sha in git.history(tip)}
    return (sha for sha in git.history(commit) if sha not in existing)


def _is_on_a_branch(repository: Repository, commit: str, path: str) -> bool:
    """Return whether a branch has the same file, which needs no scope.

    Source: GitHub's docs, "Scopes for OAuth apps".
    """
    git = repository.git
    entry = git.entry(commit, path)
    branches = (sha for name, sha in git.refs.items() if name.startswith("refs/heads/"))
    entries = (git.entry(sha, path) for sha in branches) if entry else ()
    return any(
        candidate is not None and entry is not None and candidate.sha == entry.sha
        for candidate in entries
    )


def check_workflow_paths(token: Token, paths: Iterable[str]) -> None:
    """Raise the refusal for a token that may not write workflow files when a path names one."""
    workflow_path = next((path for path in paths if path.startswith(f"{WORKFLOWS}/")), None)
    if workflow_path is not None and not may_write_workflows(token):
        raise _workflow_refusal(token, WorkflowFileError(token, workflow_path), merges=False)


def _workflow_refusal(token: Token, error: WorkflowFileError, *, merges: bool) -> APIError:
    """Return 404 for users and 403 for Apps; for merges, a 403 that names the missing scope."""
    if token.installation is not None:
        return Forbidden(NOT_FOR_INTEGRATIONS)
    return Forbidden(error.message) if merges else NotFound()


def may_write_workflows(token: Token) -> bool:
    """Return whether a token may change files under `.github/workflows`."""
    return access.token_allows(token, "workflows:write", ("workflow",))


def _update_pulls(world: World, token: Token, repository: Repository, change: RefChange) -> None:
    for pull in repository.pulls.values():
        if pull.state == "open" and f"refs/heads/{pull.head}" == change.ref:
            _update_pull(world, token, repository, pull, change.after)


def _update_pull(
    world: World, token: Token, repository: Repository, pull: PullRequest, sha: str | None
) -> None:
    """Set the head of a pull request and dismiss stale approvals; close it without a branch."""
    pull.updated_at = world.clock.stamp()
    if sha is None:
        pull.state = "closed"
        pull.closed_at = world.clock.stamp()
        return
    pull.head_sha = sha
    pull.last_pusher_id = token.user.id
    base = f"refs/heads/{pull.base}"
    rules = (rule for ruleset in active_rulesets(repository, base) for rule in ruleset.rules)
    if dismisses_stale_reviews(repository, base) or any(
        (rule.parameters or {}).get("dismiss_stale_reviews_on_push") for rule in rules
    ):
        for review in pull.reviews:
            review.state = "DISMISSED" if review.state == "APPROVED" else review.state
