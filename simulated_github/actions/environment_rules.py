"""What an environment lets through: which refs may deploy to it, and who may let a waiting job go.

Source: GitHub's docs, "Deployments and environments" and "Reviewing deployments".
"""

from simulated_github.records.environments import Environment
from simulated_github.records.organizations import Organization
from simulated_github.records.people import Token
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.records.runs import Run
from simulated_github.rules import access, rulesets
from simulated_github.rules.patterns import fnmatch
from simulated_github.world.world import World

RULES = ("wait_timer", "required_reviewers", "branch_policy")


def new_environment(world: World, name: str) -> Environment:
    """An environment as it is at first: nothing protected, admins may bypass."""
    now = world.clock.stamp()
    rules = {rule: world.ids.take("protection_rule") for rule in RULES}
    return Environment(world.ids.take("environment"), name, now, now, rules)


def find_environment(repository: Repository, name: str) -> Environment | None:
    """The environment of a name; case does not matter."""
    wanted = name.lower()
    return next((e for e in repository.environments.values() if e.name.lower() == wanted), None)


def get_or_create(world: World, repository: Repository, name: str) -> Environment:
    """The environment that a job names; one that is not there is made, unprotected."""
    found = find_environment(repository, name)
    if found is None:
        found = repository.environments[name] = new_environment(world, name)
    return found


def plan_has_environments(repository: Repository) -> bool:
    """Whether the owner's plan has environments here; without, rules and secrets that are there are ignored.

    Source: GitHub's docs, "Managing environments for deployment": on the free plan for public repositories only.
    """
    return not repository.private or _plan(repository) != "free"


def plan_has_reviews(repository: Repository) -> bool:
    """Whether reviewers and wait timers count here: private repositories need GitHub Enterprise. Source: the same page."""
    return not repository.private or _plan(repository) == "enterprise"


def _plan(repository: Repository) -> str:
    owner = repository.owner
    return owner.plan if isinstance(owner, Organization) else "free"


def deployment_refusal(repository: Repository, environment: Environment, ref: str) -> str | None:
    """Why a ref may not deploy, in GitHub's words; None when it may.

    Where branches must be protected and none is, all may. Source: the page "Deployments and environments"; that rulesets
    protect as branch protection does is an assumption.
    """
    kind, name = ("tag" if ref.startswith("refs/tags/") else "branch"), ref.split("/", 2)[2]
    if environment.branch_policy is None or not plan_has_environments(repository):
        return None
    if environment.branch_policy == "protected":
        allowed = kind == "branch" and (
            _has_rules(repository, ref) or not _has_rules(repository, *_branches(repository))
        )
    else:
        allowed = any(
            p.kind == kind and fnmatch(p.name, name) for p in environment.policies.values()
        )
    if allowed:
        return None
    shown = f'Tag "{name}"' if kind == "tag" else f'Branch "{name}"'
    return f"{shown} is not allowed to deploy to {environment.name} due to environment protection rules."


def _branches(repository: Repository) -> list[str]:
    return [ref for ref in repository.git.refs if ref.startswith("refs/heads/")]


def _has_rules(repository: Repository, *refs: str) -> bool:
    return any(True for ref in refs for _ in rulesets.active_rulesets(repository, ref))


def is_required_reviewer(repository: Repository, environment: Environment, user_id: int) -> bool:
    """Whether a person is a required reviewer, in person or in a team, and may still read the repository."""
    owner = repository.owner
    if access.role_of_user_id(repository, user_id) < Role.READ:
        return False
    for reviewer in environment.reviewers:
        if reviewer.kind == "User" and reviewer.id == user_id:
            return True
        team = (
            owner.teams.get(reviewer.id)
            if isinstance(owner, Organization) and reviewer.kind == "Team"
            else None
        )
        if (
            isinstance(owner, Organization)
            and team is not None
            and access.is_team_member(owner, team, user_id)
        ):
            return True
    return False


def may_approve(repository: Repository, environment: Environment, run: Run, token: Token) -> bool:
    """Whether the holder of a token may review a run's deployment to an environment.

    Assumption: where self-review is prevented, whoever ran it again is bound as whoever started it.
    """
    if token.installation is not None or not is_required_reviewer(
        repository, environment, token.user.id
    ):
        return False
    return not (
        environment.prevent_self_review and token.user.id in (run.actor_id, run.latest.actor_id)
    )
