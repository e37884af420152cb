"""Rulesets in GitHub's responses: both APIs give the same ruleset."""

from typing import Any

import pytest

from stacks.snapshot import BypassActorOnGitHub
from stacks.snapshot.rulesets import bypass_actor, ruleset_from_graphql, ruleset_from_rest
from tests.stacks.snapshot.organization import create_organization

PAGE = {"hasNextPage": False}


def actor(**changes: Any) -> dict[str, Any]:
    return {
        "bypassMode": "ALWAYS",
        "deployKey": False,
        "organizationAdmin": False,
        "repositoryRoleDatabaseId": None,
        "actor": None,
        **changes,
    }


def node(**changes: Any) -> dict[str, Any]:
    return {
        "databaseId": 7,
        "name": "Release tags",
        "target": "TAG",
        "enforcement": "ACTIVE",
        "source": {"__typename": "Repository"},
        "conditions": {"refName": {"include": ["refs/tags/*"], "exclude": []}},
        "bypassActors": {"nodes": [], "pageInfo": PAGE},
        "rules": {"nodes": [], "pageInfo": PAGE},
        **changes,
    }


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"organizationAdmin": True}, BypassActorOnGitHub("OrganizationAdmin", None, "always")),
        ({"deployKey": True}, BypassActorOnGitHub("DeployKey", None, "always")),
        (
            {"repositoryRoleDatabaseId": 5, "bypassMode": "PULL_REQUEST"},
            BypassActorOnGitHub("RepositoryRole", 5, "pull_request"),
        ),
        (
            {"actor": {"__typename": "App", "databaseId": 9}, "bypassMode": "EXEMPT"},
            BypassActorOnGitHub("Integration", 9, "exempt"),
        ),
        (
            {"actor": {"__typename": "Team", "databaseId": 3}},
            BypassActorOnGitHub("Team", 3, "always"),
        ),
        ({"actor": {"__typename": "User"}}, None),
        ({"actor": {"__typename": "Team", "databaseId": None}}, None),
        ({"organizationAdmin": True, "bypassMode": None}, None),
        ({}, None),
    ],
    ids=["owners", "key", "role", "app", "team", "user", "no id", "no mode", "nobody"],
)
def test_a_bypass_actor(fields: dict[str, Any], expected: BypassActorOnGitHub | None) -> None:
    assert bypass_actor(actor(**fields)) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"bypassActors": None},
        {"bypassActors": {"nodes": None, "pageInfo": PAGE}},
        {"bypassActors": {"nodes": [None], "pageInfo": PAGE}},
        {"bypassActors": {"nodes": [actor()], "pageInfo": PAGE}},
        {"bypassActors": {"nodes": [], "pageInfo": {"hasNextPage": True}}},
    ],
    ids=["hidden", "no list", "hidden actor", "odd actor", "more actors"],
)
def test_actors_that_are_not_whole_are_unknown(changes: dict[str, Any]) -> None:
    seen = ruleset_from_graphql(node(**changes))

    assert seen.ruleset.bypass_actors is None
    assert not seen.is_whole


@pytest.mark.parametrize(
    "rules", [None, {"nodes": [], "pageInfo": {"hasNextPage": True}}], ids=["hidden", "more"]
)
def test_rules_that_are_not_whole(rules: dict[str, Any] | None) -> None:
    seen = ruleset_from_graphql(node(rules=rules))

    assert seen.ruleset.bypass_actors == frozenset()
    assert not seen.is_whole


def test_a_whole_ruleset() -> None:
    assert ruleset_from_graphql(node()).is_whole


@pytest.mark.parametrize("actors", [None, []], ids=["hidden", "none"])
def test_rest_leaves_out_actors_that_it_hides(actors: list[Any] | None) -> None:
    document = {"id": 7, "name": "Tags", "enforcement": "active", "bypass_actors": actors}

    seen = ruleset_from_rest(document)

    assert seen.bypass_actors == (None if actors is None else frozenset())


RULES: list[dict[str, Any]] = [
    {"type": "deletion"},
    {"type": "required_linear_history"},
    {"type": "update", "parameters": {"update_allows_fetch_and_merge": True}},
    {
        "type": "required_deployments",
        "parameters": {"required_deployment_environments": ["deploy"]},
    },
    {
        "type": "required_status_checks",
        "parameters": {
            "do_not_enforce_on_create": True,
            "strict_required_status_checks_policy": True,
            "required_status_checks": [{"context": "test", "integration_id": 15368}],
        },
    },
    {
        "type": "branch_name_pattern",
        "parameters": {"name": "", "negate": False, "operator": "regex", "pattern": "x"},
    },
]


def test_both_apis_give_the_same_ruleset() -> None:
    """The names and parameters of rules differ between the two."""
    github = create_organization(plan="enterprise")
    body = {
        "name": "Main",
        "target": "branch",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["~ALL"], "exclude": ["refs/heads/x"]}},
        "bypass_actors": [
            {"actor_type": "OrganizationAdmin", "actor_id": 1, "bypass_mode": "always"},
            {"actor_type": "DeployKey", "actor_id": None, "bypass_mode": "always"},
        ],
        "rules": RULES,
    }
    created = github.send("POST", "/repos/encode/httpx/rulesets", body)

    [from_graphql] = github.repository().rulesets

    assert from_graphql == ruleset_from_rest(created)
    assert [*from_graphql.rules] == [rule["type"] for rule in RULES]
