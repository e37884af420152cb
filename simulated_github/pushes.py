"""The one way in which a ref moves: checks first, then the move, then what follows from it.

Everything that changes a ref comes through here: contents, refs, merges. Sources: GitHub's docs, "Scopes for OAuth
apps" (``workflow``) and "Available rules for rulesets"; octokit/octokit.rb issue 1184 for the 404 without the scope.
"""

from collections.abc import Iterable

from simulated_github import access, workflow_runs
from simulated_github.errors import Forbidden, GitHubError, NotFound, ValidationFailed
from simulated_github.needs import NOT_FOR_INTEGRATIONS
from simulated_github.records.people import Token
from simulated_github.records.pulls import PullRequest
from simulated_github.records.repositories import Repository
from simulated_github.rule_checks import RefChange, violations
from simulated_github.rulesets import in_force
from simulated_github.world import World

WORKFLOWS = ".github/workflows/"


def move_ref(
    world: World, token: Token, repository: Repository, change: RefChange, refusal: type[GitHubError] = ValidationFailed
) -> None:
    """Create, update or delete a ref.

    ``refusal`` is the error that a broken rule becomes: 409 for contents, 422 for refs, 405 for merges. Raises it, or
    404 or 403 for a workflow file that the token may not touch.
    """
    git = repository.git
    if change.after is not None:
        _check_workflow_files(repository, token, change)
    broken = violations(repository, change, token)
    if broken:
        raise refusal("Repository rule violations found\n\n" + "\n".join(broken) + "\n\n")
    if change.after is None:
        del git.refs[change.ref]
    else:
        git.refs[change.ref] = change.after
        repository.pushers[change.ref] = token.user.id
    repository.updated_at = world.clock.stamp()
    _follow(world, token, repository, change)


def change_of(repository: Repository, ref: str, after: str | None) -> RefChange:
    """The change that moving a ref to an object would be."""
    git = repository.git
    before = git.refs.get(ref)
    return RefChange(ref, before, after, forced=_forced(repository, before, after))


def _forced(repository: Repository, before: str | None, after: str | None) -> bool:
    git = repository.git
    if before is None or after is None:
        return False
    old, new = git.peel(before), git.peel(after)
    return old is None or new is None or not git.contains(new, old)


def _check_workflow_files(repository: Repository, token: Token, change: RefChange) -> None:
    git = repository.git
    new = git.peel(change.after or "")
    if new is None or may_write_workflows(token) or _known(repository, new):
        return
    parents = git.parents(new)
    touched = git.changed(change.before or (parents[0] if parents else None), new)
    check_workflow_paths(token, touched, merges=change.pull is not None)


def _known(repository: Repository, commit: str) -> bool:
    """Whether a commit is on some ref already; then whoever put it there was checked."""
    git = repository.git
    tips = (git.peel(sha) for sha in git.refs.values())
    return any(tip is not None and git.contains(tip, commit) for tip in tips)


def check_workflow_paths(token: Token, paths: Iterable[str], *, merges: bool = False) -> None:
    """Refuse a token that may not write workflow files one of these paths.

    A file's own operations answer 404 to a person and 403 to an App, a merge says what is missing.
    """
    touched = next((path for path in paths if path.startswith(WORKFLOWS)), None)
    if touched is None or may_write_workflows(token):
        return
    if token.installation is not None:
        raise Forbidden(NOT_FOR_INTEGRATIONS)
    if merges:
        raise Forbidden(
            f"refusing to allow a Personal Access Token to create or update workflow `{touched}` without `workflow` scope"
        )
    raise NotFound


def may_write_workflows(token: Token) -> bool:
    """Whether a token may change files under ``.github/workflows``."""
    if token.installation is not None:
        return access.permits(token.installation, "workflows:write")
    return "workflow" in token.scopes


def _follow(world: World, token: Token, repository: Repository, change: RefChange) -> None:
    for pull in repository.pulls.values():
        if pull.state == "open" and f"refs/heads/{pull.head}" == change.ref:
            _pushed(world, token, repository, pull, change.after)
    if not token.of_job:
        workflow_runs.start(world, repository, change, token.user)


def _pushed(world: World, token: Token, repository: Repository, pull: PullRequest, sha: str | None) -> None:
    """A pull request's branch moved: its approvals may be stale; when the branch is gone, it is closed."""
    pull.updated_at = world.clock.stamp()
    if sha is None:
        pull.state, pull.closed_at = "closed", world.clock.stamp()
        return
    pull.head_sha, pull.last_pusher_id = sha, token.user.id
    rules = (rule for ruleset in in_force(repository, f"refs/heads/{pull.base}") for rule in ruleset.rules)
    if any((rule.parameters or {}).get("dismiss_stale_reviews_on_push") for rule in rules):
        for review in pull.reviews:
            review.state = "DISMISSED" if review.state == "APPROVED" else review.state
