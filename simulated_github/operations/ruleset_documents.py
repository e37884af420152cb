"""The JSON document that creates or updates a ruleset: its fields, and their checks.

Source: GitHub's docs, REST page "Rules", of repositories and of organizations.
"""

from collections.abc import Iterable
from typing import Any

from simulated_github.errors import ValidationFailed
from simulated_github.http.fields import (
    Anything,
    Field,
    Integer,
    Record,
    Text,
    check,
    flag,
    integer,
    list_of,
    record,
    text,
)
from simulated_github.operations.rule_parameters import (
    METADATA,
    PARAMETERS,
    WITHOUT_PARAMETERS,
    complete_parameters,
)
from simulated_github.records.accounts import Organization, User
from simulated_github.records.rulesets import BypassActor, RepositoryTarget, Rule, Ruleset
from simulated_github.rules.rulesets import ROLE_IDS

_ACTORS = ("Integration", "OrganizationAdmin", "RepositoryRole", "Team", "DeployKey", "User")
_WITHOUT_ID = ("OrganizationAdmin", "DeployKey")
_NAMES = {"include": list_of(Text(), required=True), "exclude": list_of(Text(), required=True)}
_ACTOR = Record(
    {
        "actor_id": integer(nullable=True),
        "actor_type": text(*_ACTORS, required=True),
        "bypass_mode": text("always", "pull_request", "exempt"),
    }
)
FIELDS: dict[str, Field] = {
    "target": text("branch", "tag", "push"),
    "bypass_actors": list_of(_ACTOR),
    "conditions": record({"ref_name": record(_NAMES)}),
    "rules": list_of(
        Record({"type": text(required=True), "parameters": Field(Anything(), nullable=True)})
    ),
    # The provider's client copies these two from a response; GitHub ignores them.
    "source": text(),
    "source_type": text(),
}
ENFORCEMENT = ("disabled", "active", "evaluate")

#: Conditions of an organization's ruleset, which also name repositories.
ORGANIZATION_CONDITIONS = record(
    {
        "ref_name": record(_NAMES),
        "repository_name": record(_NAMES | {"protected": flag()}),
        "repository_id": record({"repository_ids": list_of(Integer(), required=True)}),
    }
)


def check_name(existing: Iterable[Ruleset], name: str, ruleset: Ruleset | None) -> None:
    """Raise ValidationFailed when a ruleset other than `ruleset` has this name."""
    if any(candidate.name == name and candidate is not ruleset for candidate in existing):
        raise ValidationFailed("Validation Failed", ["Name must be unique"])


def apply_document(owner: Organization | User, ruleset: Ruleset, document: dict[str, Any]) -> None:
    """Apply a document to a ruleset; raise ValidationFailed before changing anything."""
    target = document.get("target", ruleset.target)
    bypass_actors = (
        _parse_actors(owner, document["bypass_actors"])
        if "bypass_actors" in document
        else ruleset.bypass_actors
    )
    rules = _parse_rules(document["rules"], target) if "rules" in document else ruleset.rules
    _check_plan(owner, rules)
    names = (document.get("conditions") or {}).get("ref_name")
    if names is not None:
        _check_patterns(target, names)
        ruleset.include = tuple(names["include"])
        ruleset.exclude = tuple(names["exclude"])
    ruleset.target = target
    ruleset.enforcement = document.get("enforcement", ruleset.enforcement)
    ruleset.bypass_actors = bypass_actors
    ruleset.rules = rules


def parse_repository_condition(conditions: dict[str, Any]) -> RepositoryTarget:
    """Return the repositories that an organization's conditions name.

    Assumption: one of `repository_id` and `repository_name` is required.
    """
    if "repository_id" in conditions:
        return RepositoryTarget(ids=tuple(conditions["repository_id"]["repository_ids"]))
    if "repository_name" not in conditions:
        raise ValidationFailed("Validation Failed", ["Conditions must name repositories"])
    names = conditions["repository_name"]
    return RepositoryTarget(
        tuple(names["include"]), tuple(names["exclude"]), names.get("protected", False)
    )


def _check_patterns(target: str, names: dict[str, list[str]]) -> None:
    namespace = {"branch": "refs/heads/", "tag": "refs/tags/"}.get(target, "refs/")
    special = ("~ALL", "~DEFAULT_BRANCH") if target == "branch" else ("~ALL",)
    invalid_patterns = [
        pattern
        for pattern in (*names["include"], *names["exclude"])
        if pattern not in special and not pattern.startswith(namespace)
    ]
    if invalid_patterns:
        raise ValidationFailed(
            "Validation Failed",
            [f"Invalid target patterns: '{pattern}'" for pattern in invalid_patterns],
        )


def _parse_actors(
    owner: Organization | User, items: list[dict[str, Any]]
) -> tuple[BypassActor, ...]:
    actors = tuple(_parse_actor(item) for item in items)
    for actor in actors:
        problem = _actor_problem(owner, actor)
        if problem:
            raise ValidationFailed("Validation Failed", [problem])
    return actors


def _parse_actor(item: dict[str, Any]) -> BypassActor:
    """Read a bypass actor; drop the meaningless id of `OrganizationAdmin` and `DeployKey`.

    Source: the API description of `actor_id`.
    """
    kind = item["actor_type"]
    actor_id = None if kind in _WITHOUT_ID else item.get("actor_id")
    return BypassActor(kind, actor_id, item.get("bypass_mode", "always"))


def _actor_problem(owner: Organization | User, actor: BypassActor) -> str | None:
    if actor.kind in _WITHOUT_ID:
        return None
    if actor.id is None:
        return f"Actor id is required for {actor.kind}"
    if actor.kind == "RepositoryRole" and actor.id not in ROLE_IDS:
        return f"Actor {actor.id} is not a repository role"
    if actor.kind == "Team":
        team = owner.teams.get(actor.id) if isinstance(owner, Organization) else None
        if team is None:
            return "Actor team must be part of the ruleset source or owner organization"
        if team.privacy == "secret":
            return "Actor secret teams cannot bypass a ruleset"
    return None


def _parse_rules(items: list[dict[str, Any]], target: str) -> tuple[Rule, ...]:
    rules = tuple(_parse_rule(item, index) for index, item in enumerate(items))
    kinds = [rule.type for rule in rules]
    if len(kinds) != len(set(kinds)):
        raise ValidationFailed("Validation Failed", ["Rules must be unique by type"])
    unsupported = [
        kind
        for kind in kinds
        if kind in ("pull_request", "branch_name_pattern") and target != "branch"
    ]
    if unsupported:
        raise ValidationFailed(
            "Validation Failed",
            [f"Invalid rule '{kind}' for a {target} ruleset" for kind in unsupported],
        )
    return rules


def _check_plan(owner: Organization | User, rules: Iterable[Rule]) -> None:
    """Raise ValidationFailed for metadata restrictions outside GitHub Enterprise.

    Sources: GitHub's docs, "Available rules for rulesets", metadata restrictions; basefoundry/base
    pull request 1801.
    """
    restrictions = [rule.type for rule in rules if rule.type in METADATA]
    if restrictions and owner.plan != "enterprise":
        raise ValidationFailed(
            "Validation Failed", [f"Invalid rule '{kind}': " for kind in restrictions]
        )


def _parse_rule(item: dict[str, Any], index: int) -> Rule:
    kind = item["type"]
    parameters = item.get("parameters")
    if kind not in PARAMETERS and kind not in WITHOUT_PARAMETERS:
        raise ValidationFailed(
            f"Invalid request.\n\nInvalid property /rules/{index}: data matches no possible input. "
            "See `documentation_url`."
        )
    if kind in WITHOUT_PARAMETERS:
        return Rule(kind)
    if parameters is None and kind != "update":
        raise ValidationFailed(f'Invalid request.\n\n"rules/{index}/parameters" wasn\'t supplied.')
    return Rule(
        kind,
        None
        if parameters is None
        else complete_parameters(kind, check(PARAMETERS[kind], parameters)),
    )
