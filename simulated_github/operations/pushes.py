"""The one way in which a ref moves: checks first, then the move, then what follows from it.

Everything that changes a ref comes through here: contents, refs, merges, and what git pushes. Sources: GitHub's docs,
"Scopes for OAuth apps" (``workflow``), "Available rules for rulesets" and "Events that trigger workflows" (``push``);
octokit/octokit.rb issue 1184 for the 404 without the scope.
"""

from collections.abc import Iterable, Iterator, Sequence

from simulated_github.actions import workflow_runs
from simulated_github.actions.workflow_files import WORKFLOWS
from simulated_github.errors import APIError, Forbidden, NotFound, ValidationFailed
from simulated_github.http.requirements import NOT_FOR_INTEGRATIONS
from simulated_github.records.people import Token
from simulated_github.records.pulls import PullRequest
from simulated_github.records.repositories import Repository
from simulated_github.rules import access
from simulated_github.rules.rule_checks import RefChange, violations
from simulated_github.rules.rulesets import active_rulesets
from simulated_github.world.world import World

#: Above so many at once no events are made. Source: GitHub's docs, "Events that trigger workflows", ``push``.
MOST_TAGS = 3
MOST_BRANCHES = 5000


class RuleViolationsError(Exception):
    """A change breaks rules that its maker may not bypass; ``sentences`` are GitHub's."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = list(sentences)


class WorkflowFileError(Exception):
    """A token may not write the workflow file of ``path``; ``sentence`` is what git is told, by GitHub's public answers."""

    def __init__(self, token: Token, path: str) -> None:
        who, what = (
            ("a GitHub App", "`workflows` permission")
            if token.installation
            else (_PERSON, "`workflow` scope")
        )
        self.sentence = (
            f"refusing to allow {who} to create or update workflow `{path}` without {what}"
        )
        super().__init__(self.sentence)


_PERSON = "a Personal Access Token"


def move_ref(
    world: World,
    token: Token,
    repository: Repository,
    change: RefChange,
    refusal: type[APIError] = ValidationFailed,
) -> None:
    """Create, update or delete a ref.

    ``refusal`` is the error that a broken rule becomes: 409 for contents, 422 for refs, 405 for merges. Raises it, or
    404 or 403 for a workflow file that the token may not touch.
    """
    try:
        check_change(token, repository, change)
    except RuleViolationsError as broken:
        raise refusal(f"Repository rule violations found\n\n{broken}\n\n") from None
    except WorkflowFileError as error:
        raise _workflow_refusal(token, error, merges=change.pull is not None) from None
    move_refs(world, token, repository, [change])


def check_change(token: Token, repository: Repository, change: RefChange) -> None:
    """Nothing, when the holder of a token may make this change; WorkflowFileError or RuleViolationsError."""
    if change.after is not None:
        _check_workflow_files(repository, token, change)
    broken = violations(repository, change, token)
    if broken:
        raise RuleViolationsError(broken)


def move_refs(
    world: World, token: Token, repository: Repository, changes: Sequence[RefChange]
) -> None:
    """Move the refs of one push, all of which were checked, then do what follows."""
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
    """The changes that start workflows: none that a job's own token makes, and not too many at once."""
    if token.is_job_token:
        return []
    eligible = list(changes)
    for space, limit in (("refs/tags/", MOST_TAGS), ("refs/heads/", MOST_BRANCHES)):
        if sum(change.ref.startswith(space) for change in eligible) > limit:
            eligible = [change for change in eligible if not change.ref.startswith(space)]
    return eligible


def change_of(repository: Repository, ref: str, after: str | None) -> RefChange:
    """The change that moving a ref to an object would be."""
    git = repository.git
    before = git.refs.get(ref)
    return RefChange(ref, before, after, forced=_forced(repository, before, after))


def _forced(repository: Repository, before: str | None, after: str | None) -> bool:
    git = repository.git
    if before is None or after is None:
        return False
    old = git.peel(before)
    new = git.peel(after)
    return old is None or new is None or not git.contains(new, old)


def _check_workflow_files(repository: Repository, token: Token, change: RefChange) -> None:
    """Every new commit counts, not the last one alone."""
    new = repository.git.peel(change.after or "")
    if new is None or may_write_workflows(token):
        return
    for commit in _new_commits(repository, new):
        parents = repository.git.parents(commit)
        touched = repository.git.changed(parents[0] if parents else None, commit)
        path = next((path for path in touched if path.startswith(f"{WORKFLOWS}/")), None)
        if path is not None and not _is_on_a_branch(repository, commit, path):
            raise WorkflowFileError(token, path)


def _new_commits(repository: Repository, commit: str) -> Iterator[str]:
    """A commit and those before it that are on no ref yet; whoever put the others there was checked."""
    git = repository.git
    tips = {tip for sha in git.refs.values() if (tip := git.peel(sha)) is not None}
    existing = {sha for tip in tips for sha in git.history(tip)}
    return (sha for sha in git.history(commit) if sha not in existing)


def _is_on_a_branch(repository: Repository, commit: str, path: str) -> bool:
    """Whether a branch has the same file. Source: GitHub's docs, "Scopes for OAuth apps": then no scope is needed."""
    git = repository.git
    entry = git.entry(commit, path)
    branches = (sha for name, sha in git.refs.items() if name.startswith("refs/heads/"))
    entries = (git.entry(sha, path) for sha in branches) if entry else ()
    return any(
        candidate is not None and entry is not None and candidate.sha == entry.sha
        for candidate in entries
    )


def check_workflow_paths(token: Token, paths: Iterable[str]) -> None:
    """Refuse a token that may not write workflow files one of these paths."""
    touched = next((path for path in paths if path.startswith(f"{WORKFLOWS}/")), None)
    if touched is not None and not may_write_workflows(token):
        raise _workflow_refusal(token, WorkflowFileError(token, touched), merges=False)


def _workflow_refusal(token: Token, error: WorkflowFileError, *, merges: bool) -> APIError:
    """A file's own operations answer 404 to a person and 403 to an App, a merge says what is missing."""
    if token.installation is not None:
        return Forbidden(NOT_FOR_INTEGRATIONS)
    return Forbidden(error.sentence) if merges else NotFound()


def may_write_workflows(token: Token) -> bool:
    """Whether a token may change files under ``.github/workflows``."""
    if token.installation is not None:
        return access.has_permission(token.installation, "workflows:write")
    return "workflow" in token.scopes


def _update_pulls(world: World, token: Token, repository: Repository, change: RefChange) -> None:
    for pull in repository.pulls.values():
        if pull.state == "open" and f"refs/heads/{pull.head}" == change.ref:
            _update_pull(world, token, repository, pull, change.after)


def _update_pull(
    world: World, token: Token, repository: Repository, pull: PullRequest, sha: str | None
) -> None:
    """A pull request's branch moved: its approvals may be stale; when the branch is gone, it is closed."""
    pull.updated_at = world.clock.stamp()
    if sha is None:
        pull.state = "closed"
        pull.closed_at = world.clock.stamp()
        return
    pull.head_sha = sha
    pull.last_pusher_id = token.user.id
    rules = (
        rule
        for ruleset in active_rulesets(repository, f"refs/heads/{pull.base}")
        for rule in ruleset.rules
    )
    if any((rule.parameters or {}).get("dismiss_stale_reviews_on_push") for rule in rules):
        for review in pull.reviews:
            review.state = "DISMISSED" if review.state == "APPROVED" else review.state
