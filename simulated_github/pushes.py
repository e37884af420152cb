"""The one way in which a ref moves: checks first, then the move, then what follows from it.

Everything that changes a ref comes through here: contents, refs, merges. Sources: GitHub's docs, "Scopes for OAuth
apps" (``workflow``), "Available rules for rulesets", and public issue threads for the answers (a contents request
without the ``workflow`` scope is a 404: octokit/octokit.rb issue 1184).
"""

from simulated_github import access, workflow_runs
from simulated_github.errors import Forbidden, GitHubError, NotFound, ValidationFailed
from simulated_github.needs import NOT_FOR_INTEGRATIONS
from simulated_github.records.people import Token
from simulated_github.records.pulls import PullRequest
from simulated_github.records.repositories import Repository
from simulated_github.rulesets import RefChange, violations
from simulated_github.world import World

WORKFLOWS = ".github/workflows/"


def move_ref(
    world: World,
    token: Token,
    repository: Repository,
    ref: str,
    sha: str | None,
    *,
    pull: PullRequest | None = None,
    refusal: type[GitHubError] = ValidationFailed,
) -> None:
    """Create, update or (``sha`` None) delete a ref.

    ``pull`` is the pull request that is merged, ``refusal`` the error that a broken rule becomes: 409 for contents, 422
    for refs. Raises that error, or 404 or 403 for a workflow file that the token may not touch.
    """
    git = repository.git
    before = git.refs.get(ref)
    change = RefChange(ref, before, sha, _forced(repository, before, sha), pull)
    _check_workflow_files(repository, token, before, sha)
    broken = violations(repository, change, token)
    if broken:
        raise refusal("Repository rule violations found\n\n" + "\n".join(broken) + "\n\n")
    if sha is None:
        del git.refs[ref]
    else:
        git.refs[ref] = sha
    repository.updated_at = world.clock.stamp()
    _follow(world, token, repository, change)


def _forced(repository: Repository, before: str | None, after: str | None) -> bool:
    git = repository.git
    if before is None or after is None:
        return False
    old, new = git.peel(before), git.peel(after)
    return old is None or new is None or not git.contains(new, old)


def _check_workflow_files(repository: Repository, token: Token, before: str | None, after: str | None) -> None:
    git = repository.git
    new = git.peel(after) if after else None
    if new is None or may_write_workflows(token):
        return
    old = git.peel(before) if before else git.refs.get(repository.default_ref)
    if any(path.startswith(WORKFLOWS) for path in git.changed(old, new)):
        raise Forbidden(NOT_FOR_INTEGRATIONS) if token.installation else NotFound()


def may_write_workflows(token: Token) -> bool:
    """Whether a token may change files under ``.github/workflows``."""
    if token.installation is not None:
        return access.permits(token.installation, "workflows:write")
    return "workflow" in token.scopes


def _follow(world: World, token: Token, repository: Repository, change: RefChange) -> None:
    for pull in repository.pulls.values():
        if pull.state == "open" and f"refs/heads/{pull.head}" == change.ref and change.after is not None:
            _refresh(world, token, repository, pull, change.after)
    workflow_runs.start(world, repository, change, token.user)


def _refresh(world: World, token: Token, repository: Repository, pull: PullRequest, sha: str) -> None:
    pull.head_sha, pull.last_pusher_id, pull.updated_at = sha, token.user.id, world.clock.stamp()
    rules = (
        rule
        for ruleset in repository.rulesets.values()
        if ruleset.enforcement == "active"
        for rule in ruleset.rules
        if rule.type == "pull_request"
    )
    if any((rule.parameters or {}).get("dismiss_stale_reviews_on_push") for rule in rules):
        for review in pull.reviews:
            review.state = "DISMISSED" if review.state == "APPROVED" else review.state
