"""The protection rules of environments: which refs may deploy, and which users may approve.

Sources: GitHub's docs, "Deployments and
environments", "Managing environments for deployment" and "Reviewing deployments".
"""

from simulated_github.records.accounts import Token
from simulated_github.records.actions import Environment, Reviewer
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.records.runs import Run
from simulated_github.rules import access
from simulated_github.rules.branch_protection import is_protected
from simulated_github.rules.patterns import fnmatch
from simulated_github.world.world import World

RULES = ("wait_timer", "required_reviewers", "branch_policy")


def new_environment(world: World, name: str) -> Environment:
    """Return an environment as GitHub creates it: unprotected, and admins may bypass rules."""
    now = world.clock.stamp()
    rules = {rule: world.ids.take("protection_rule") for rule in RULES}
    return Environment(world.ids.take("environment"), name, now, now, rules)


def get_or_create(world: World, repository: Repository, name: str) -> Environment:
    """Return the environment that a job names; create it, unprotected, when there is none."""
    environment = repository.find_environment(name)
    if environment is None:
        environment = repository.environments[name] = new_environment(world, name)
    return environment


def plan_has_environments(repository: Repository) -> bool:
    """Return whether the plan has environments: on the free plan only in public repositories.

    On a plan without environments, existing rules and secrets are ignored.
    """
    return not repository.private or repository.plan != "free"


def plan_has_reviews(repository: Repository) -> bool:
    """Return whether the plan has reviewers and wait timers: if private, only Enterprise."""
    return not repository.private or repository.plan == "enterprise"


def deployment_refusal(repository: Repository, environment: Environment, ref: str) -> str | None:
    """Return GitHub's message when a ref may not deploy to an environment, or None.

    A run for a pull request deploys from `refs/pull/N/merge`, which policies name in full. Source:
    GitHub's changelog of 2025-11-07, "Actions pull_request_target and environment branch
    protections changes". An environment for protected branches lets every branch deploy while no
    branch is protected. Assumption: rulesets protect a branch as branch protection does.
    """
    if environment.branch_policy is None or not plan_has_environments(repository):
        return None
    kind = "tag" if ref.startswith("refs/tags/") else "branch"
    name = ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    if environment.branch_policy == "protected":
        is_allowed = kind == "branch" and _is_protected(repository, ref)
    else:
        policies = environment.policies.values()
        is_allowed = any(p.kind == kind and fnmatch(p.name, name) for p in policies)
    if is_allowed:
        return None
    return (
        f'{kind.capitalize()} "{name}" is not allowed to deploy to {environment.name}'
        " due to environment protection rules."
    )


def _is_protected(repository: Repository, ref: str) -> bool:
    if is_protected(repository, ref):
        return True
    branches = (name for name in repository.git.refs if name.startswith("refs/heads/"))
    return not any(is_protected(repository, branch) for branch in branches)


def may_be_reviewer(repository: Repository, reviewer: Reviewer) -> bool:
    """Return whether a user or a team exists, is visible, and was granted access to the repository.

    GitHub leaves out any other required reviewer when an environment is stored.

    Source: the Terraform provider's issue 1166 (a team needs explicit access). Assumptions: a user
    needs it too, also on a public repository, as in the choice of reviewers on GitHub's settings
    page, which lists no secret team; an id that does not exist is left out like one without access.
    """
    if reviewer.kind == "User":
        return access.granted_role(repository, reviewer.id) >= Role.READ
    organization = repository.organization
    team = organization.teams.get(reviewer.id) if organization else None
    if organization is None or team is None or team.privacy == "secret":
        return False
    return access.team_role(organization, team, repository) >= Role.READ


def is_required_reviewer(repository: Repository, environment: Environment, user_id: int) -> bool:
    """Return whether a user is a required reviewer, directly or through a team.

    A reviewer who can no longer read the repository does not count. Assumption: a reviewer that
    loses access stays listed, so that jobs still wait; only a deleted team or account, or a user
    who leaves the organization, is taken off the list.
    """
    if access.role_on(repository, user_id) < Role.READ:
        return False
    return any(_is_reviewer(repository, reviewer, user_id) for reviewer in environment.reviewers)


def _is_reviewer(repository: Repository, reviewer: Reviewer, user_id: int) -> bool:
    if reviewer.kind == "User":
        return reviewer.id == user_id
    organization = repository.organization
    team = organization.teams.get(reviewer.id) if organization else None
    if organization is None or team is None:
        return False
    return access.is_team_member(organization, team, user_id)


def may_approve(repository: Repository, environment: Environment, run: Run, token: Token) -> bool:
    """Return whether the user of a token may review a run's deployment to an environment.

    Where self-review is prevented, the user who started the run may not. Assumption: neither may
    the user who reran it.
    """
    if token.installation is not None:
        return False
    if environment.prevent_self_review and token.user.id in (run.actor_id, run.latest.actor_id):
        return False
    return is_required_reviewer(repository, environment, token.user.id)
