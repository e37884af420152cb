"""An independent check of the gate: it reads the records of the simulated GitHub alone.

It shares no code with the stack's own rules, so that a fault in a rule cannot hide itself.
"""

from collections.abc import Iterator
from typing import Any

from commands.histories.organization import EDIT, OWNER, Organization
from simulated_github.records.accounts import Team
from simulated_github.records.repositories import Repository
from simulated_github.records.rulesets import Ruleset

MAINTAIN_ROLE = 2
ADMIN_ROLE = 5
TAG_PROTECTION = {"update", "deletion", "non_fast_forward"}


def gate_problems(organization: Organization) -> list[str]:
    """Return what differs from the declaration, and what no declaration allows."""
    return [*declared_problems(organization), *team_problems(organization)]


def declared_problems(organization: Organization) -> Iterator[str]:
    operations = operations_team(organization)
    if operations is None:
        yield "the operations team does not exist"
        return
    for key, entry in organization.entries.items():
        options = entry or {}
        repository = organization.world.repository(OWNER, key)
        if repository is None:
            yield f"{key}: `up` succeeded, and the repository does not exist"
        elif repository.id != organization.repositories.get(key, repository.id):
            yield f"{key}: `up` succeeded on another repository of this name"
        elif options.get("archived"):
            continue
        elif options.get("retired"):
            yield from closed_problems(key, repository)
        else:
            yield from repository_problems(key, options, repository, operations)


def operations_team(organization: Organization) -> Team | None:
    declared = organization.configuration["operations"]
    return organization.account.team(declared.get("existing") or declared.get("name", "operations"))


def closed_problems(key: str, repository: Repository) -> Iterator[str]:
    """Yield what keeps a retired environment open."""
    environment = repository.find_environment("deploy")
    if environment is None:
        yield f"{key}: retired, and its environment does not exist"
    elif environment.branch_policy != "custom" or environment.policies or environment.secrets:
        yield f"{key}: retired, and its environment is not closed"


def repository_problems(
    key: str, options: dict[str, Any], repository: Repository, operations: Team
) -> Iterator[str]:
    environment = repository.find_environment("deploy")
    if environment is None:
        yield f"{key}: the environment does not exist"
        return
    reviewers = {(reviewer.kind, reviewer.id) for reviewer in environment.reviewers}
    if reviewers != {("Team", operations.id)}:
        yield f"{key}: the required reviewers are {sorted(reviewers)}"
    if not environment.prevent_self_review:
        yield f"{key}: the user who started a release may approve it"
    if environment.can_admins_bypass:
        yield f"{key}: admins may bypass the environment"
    if environment.branch_policy != "custom":
        yield f"{key}: the deployment policy is {environment.branch_policy}"
    tags = options.get("release-tags", "*")
    policies = {(policy.kind, policy.name) for policy in environment.policies.values()}
    if policies != {("tag", tags)}:
        yield f"{key}: the deployment policies are {sorted(policies)}"
    if operations.repositories.get(repository.id) is None:
        yield f"{key}: the operations team has no access"
    yield from ruleset_problems(key, options, tags, list(repository.rulesets.values()))
    yield from workflow_problems(key, options, repository)


def workflow_problems(key: str, options: dict[str, Any], repository: Repository) -> Iterator[str]:
    """Yield what is wrong with the workflow file on the default branch."""
    head = repository.git.refs[repository.default_ref]
    path = options.get("workflow", ".github/workflows/publish.yml")
    entry = repository.git.entry(head, path)
    text = (entry.data or b"").decode() if entry else ""
    if "environment:\n      name: deploy" not in text:
        yield f"{key}: the workflow on the default branch does not name the environment"
    if f"python-version: '{options.get('python-version', '3.x')}'" not in text:
        yield f"{key}: the workflow on the default branch is not the declared one"
    if EDIT in text:
        yield f"{key}: the workflow on the default branch is edited"


def ruleset_problems(
    key: str, options: dict[str, Any], tags: str, rulesets: list[Ruleset]
) -> Iterator[str]:
    """Yield each of the three protections that no active ruleset gives."""
    active = [ruleset for ruleset in rulesets if ruleset.enforcement == "active"]
    covering = [
        ruleset
        for ruleset in active
        if ruleset.target == "tag"
        and ruleset.include == (f"refs/tags/{tags}",)
        and not ruleset.exclude
    ]
    creators = {("RepositoryRole", MAINTAIN_ROLE), ("RepositoryRole", ADMIN_ROLE)}
    if not any(
        "creation" in rule_types(ruleset)
        and {(actor.kind, actor.id) for actor in ruleset.bypass_actors} <= creators
        for ruleset in covering
    ):
        yield f"{key}: tags can be created without the maintain role"
    if not any(
        rule_types(ruleset) >= TAG_PROTECTION and not ruleset.bypass_actors for ruleset in covering
    ):
        yield f"{key}: tags can be moved or deleted"
    if not any(is_review_ruleset(ruleset, options.get("approvals", 1)) for ruleset in active):
        yield f"{key}: pull requests need no review"


def is_review_ruleset(ruleset: Ruleset, approvals: int) -> bool:
    parameters = next(
        (rule.parameters or {} for rule in ruleset.rules if rule.type == "pull_request"), None
    )
    return (
        ruleset.target == "branch"
        and ruleset.include == ("~DEFAULT_BRANCH",)
        and not ruleset.exclude
        and parameters is not None
        and parameters["required_approving_review_count"] == approvals
        and bool(parameters["dismiss_stale_reviews_on_push"])
        and bool(parameters["require_last_push_approval"])
        and {actor.kind for actor in ruleset.bypass_actors} <= {"OrganizationAdmin"}
    )


def rule_types(ruleset: Ruleset) -> set[str]:
    return {rule.type for rule in ruleset.rules}


def team_problems(organization: Organization) -> Iterator[str]:
    """Yield each person in operations, or invited to it, that the stack file does not mean."""
    declared = organization.configuration["operations"]
    team = operations_team(organization)
    if team is None or declared.get("existing"):
        return
    declared_ids = {organization.people[login] for login in declared.get("members", ())}
    invited = {
        invitation.user_id
        for invitation in organization.account.invitations.values()
        if team.id in invitation.teams
    }
    for user_id in sorted((team.members.keys() | invited) - declared_ids):
        user = organization.world.users.get(user_id)
        yield f"{user.login if user else user_id} is in operations, or invited to it"
