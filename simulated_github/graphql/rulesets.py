"""Rulesets in GraphQL responses, with their bypass actors and rules.

Assumptions, where GitHub's schema does not say it: `bypassActors` is null for a token that may not
change the ruleset (REST leaves the list out then); an App or a team that does not exist any more is
an actor with a null `actor` whose flags are all false.
"""

import re
from collections.abc import Iterable
from typing import Any

from simulated_github.graphql.connections import connect
from simulated_github.graphql.nodes import FieldError, Info, Node
from simulated_github.graphql.teams import team_node
from simulated_github.http.request import Request
from simulated_github.operations.rulesets import may_write
from simulated_github.records.accounts import Organization, User
from simulated_github.records.repositories import Repository
from simulated_github.records.rulesets import BypassActor, Rule, Ruleset
from simulated_github.rules import access
from simulated_github.rules import rulesets as rules
from simulated_github.shapes.links import Json
from simulated_github.world.ids import node_id

#: Values of parameters that cannot be null in GraphQL, and that REST may leave out.
_DEFAULTS: dict[str, Json] = {
    "pull_request": {"requiredReviewers": []},
    "required_status_checks": {"doNotEnforceOnCreate": False},
    "copilot_code_review": {"reviewOnPush": False, "reviewDraftPullRequests": False},
}
_PATTERN_DEFAULTS = {"name": None, "negate": False}


def list_in_repository(
    info: Info,
    repository: Repository,
    targets: list[str] | None,
    include_parents: bool | None,
    paging: dict[str, Any],
) -> Json:
    """Return the rulesets of a repository and, with `include_parents`, of its organization."""
    selected = _filter(_visible_rulesets(repository, include_parents), targets)
    return connect(
        info,
        selected,
        paging,
        lambda ruleset: Node("RepositoryRuleset", ruleset, repository.owner, repository),
    )


def find_in_repository(
    repository: Repository, ruleset_id: int, include_parents: bool | None
) -> Node | None:
    """Return the ruleset with an id that applies to a repository, or None."""
    for ruleset in _visible_rulesets(repository, include_parents):
        if ruleset.id == ruleset_id:
            return Node("RepositoryRuleset", ruleset, repository.owner, repository)
    return None


def _visible_rulesets(repository: Repository, include_parents: bool | None) -> list[Ruleset]:
    """Return the rulesets that apply; raise FieldError when the plan has none (Assumption)."""
    if not rules.plan_has_rulesets(repository):
        raise FieldError(
            "FORBIDDEN",
            "Upgrade to GitHub Pro or make this repository public to enable this feature.",
        )
    return [
        ruleset
        for ruleset in rules.repository_rulesets(repository)
        if include_parents or ruleset.repository_target is None
    ]


def list_in_organization(
    info: Info,
    request: Request,
    organization: Organization,
    arguments: dict[str, Any],
) -> Json:
    """Return the rulesets of an organization."""
    _require_owner(request, organization)
    return connect(
        info,
        _filter(organization.rulesets.values(), arguments["targets"]),
        arguments,
        lambda ruleset: Node("RepositoryRuleset", ruleset, organization, None),
    )


def find_in_organization(
    request: Request, organization: Organization, ruleset_id: int
) -> Node | None:
    """Return the organization's ruleset with an id, or None."""
    _require_owner(request, organization)
    ruleset = organization.rulesets.get(ruleset_id)
    return Node("RepositoryRuleset", ruleset, organization, None) if ruleset else None


def _require_owner(request: Request, organization: Organization) -> None:
    """Raise FieldError unless the token may administer the organization.

    Assumption: the message; REST hides the rulesets with a 404.
    """
    token = request.require_token()
    installation = token.installation
    if installation is None:
        may_administer = organization.is_owner(token.user.id)
    else:
        may_administer = (
            installation.organization_login == organization.login
            and access.has_permission(installation, "organization_administration:read")
        )
    if not may_administer:
        raise FieldError(
            "FORBIDDEN", "You do not have permission to view the rulesets of this organization."
        )


def _filter(rulesets: Iterable[Ruleset], targets: list[str] | None) -> list[Ruleset]:
    return [ruleset for ruleset in rulesets if targets is None or ruleset.target.upper() in targets]


def ruleset(
    request: Request,
    record: Ruleset,
    owner: Organization | User,
    repository: Repository | None,
) -> Json:
    """Return the fields of a ruleset; `repository` is the one it was read from, if any."""
    is_inherited = repository is None or record.repository_target is not None

    def bypass_actors(info: Info, **paging: Any) -> Json | None:
        if repository is not None and not may_write(request, repository, record):
            return None
        numbered = list(enumerate(record.bypass_actors))
        return connect(
            info,
            numbered,
            paging,
            lambda pair: Node("RepositoryRulesetBypassActor", record, owner, *pair),
        )

    def list_rules(info: Info, type: str | None = None, **paging: Any) -> Json:  # noqa: A002
        numbered = [
            (number, rule)
            for number, rule in enumerate(record.rules)
            if type in (None, rule.type.upper())
        ]
        return connect(info, numbered, paging, lambda pair: Node("RepositoryRule", record, *pair))

    return {
        "id": node_id("RepositoryRuleset", record.id),
        "databaseId": record.id,
        "name": record.name,
        "createdAt": record.created_at,
        "updatedAt": record.updated_at,
        "target": record.target.upper(),
        "enforcement": record.enforcement.upper(),
        "source": Node("Organization", owner) if is_inherited else Node("Repository", repository),
        "conditions": _conditions(record),
        "bypassActors": bypass_actors,
        "rules": list_rules,
    }


def _conditions(record: Ruleset) -> Json:
    conditions: Json = {
        "refName": {"include": list(record.include), "exclude": list(record.exclude)},
        "repositoryId": None,
        "repositoryName": None,
    }
    target = record.repository_target
    if target is None:
        return conditions
    if target.ids is not None:
        ids = [node_id("Repository", number) for number in target.ids]
        return conditions | {"repositoryId": {"repositoryIds": ids}}
    names = {
        "include": list(target.include),
        "exclude": list(target.exclude),
        "protected": target.protected,
    }
    return conditions | {"repositoryName": names}


def bypass_actor(
    request: Request,
    record: Ruleset,
    owner: Organization | User,
    number: int,
    actor: BypassActor,
) -> Json:
    """Return the fields of a bypass actor."""
    role = rules.ROLE_IDS.get(actor.id or 0) if actor.kind == "RepositoryRole" else None
    return {
        "id": node_id("RepositoryRulesetBypassActor", record.id * 1000 + number),
        "actor": _find_actor(request, owner, actor),
        "bypassMode": actor.mode.upper(),
        "deployKey": actor.kind == "DeployKey",
        "enterpriseOwner": False,
        "organizationAdmin": actor.kind == "OrganizationAdmin",
        "repositoryRoleDatabaseId": actor.id if role else None,
        "repositoryRoleName": role.label if role else None,
    }


def _find_actor(request: Request, owner: Organization | User, actor: BypassActor) -> Node | None:
    actor_id = actor.id or 0
    if actor.kind == "Integration":
        app = request.world.apps.get(actor_id)
        return Node("App", app) if app else None
    if actor.kind == "User":
        user = request.world.users.get(actor_id)
        return Node("User", user) if user else None
    if actor.kind == "Team" and isinstance(owner, Organization):
        team = owner.teams.get(actor_id)
        return team_node(owner, team) if team else None
    return None


def rule(_request: Request, record: Ruleset, number: int, entry: Rule) -> Json:
    """Return the fields of a rule."""
    return {
        "id": node_id("RepositoryRule", record.id * 1000 + number),
        "type": entry.type.upper(),
        "parameters": None if entry.parameters is None else _parameters(entry),
    }


def _parameters(entry: Rule) -> Node:
    """Return the parameters under GraphQL's names, such as `PullRequestParameters`."""
    words = "".join(word.capitalize() for word in entry.type.split("_"))
    defaults = _PATTERN_DEFAULTS if entry.type.endswith("_pattern") else _DEFAULTS.get(entry.type)
    values = {_camel_case(name): value for name, value in (entry.parameters or {}).items()}
    return Node(f"{words}Parameters", (defaults or {}) | values)


def parameters(_request: Request, values: Json) -> Json:
    """Return the fields of a rule's parameters; lists of records are converted here."""
    converted = dict(values)
    if values.get("requiredReviewers"):
        converted["requiredReviewers"] = [_reviewer(item) for item in values["requiredReviewers"]]
    if "requiredStatusChecks" in values:
        converted["requiredStatusChecks"] = [
            {"context": check["context"], "integrationId": check.get("integration_id")}
            for check in values["requiredStatusChecks"]
        ]
    return converted


def _reviewer(item: Json) -> Json:
    """Return a required reviewer of the `pull_request` rule. Source: GitHub's REST description."""
    reviewer = item["reviewer"]
    return {
        "filePatterns": item["file_patterns"],
        "minimumApprovals": item["minimum_approvals"],
        "reviewerId": node_id(reviewer["type"], reviewer["id"]),
    }


def _camel_case(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)
