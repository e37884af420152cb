"""Tests of rulesets in GraphQL responses."""

from typing import Any

import httpx
import pytest

from simulated_github import World
from simulated_github.records.rulesets import BypassActor, Ruleset
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    build_review_rule,
    create_ruleset,
    create_team,
    expect_ok,
    grant_access,
)
from tests.simulated_github.helpers.graphql_calls import (
    list_errors,
    read_organization,
    read_repository,
    run_query,
)

ACTORS = (
    "bypassActors(first: 10) {totalCount nodes {actor {__typename ... on App {databaseId slug} "
    "... on Team {databaseId slug} ... on User {databaseId login}} bypassMode deployKey "
    "enterpriseOwner organizationAdmin repositoryRoleDatabaseId repositoryRoleName}}"
)


def list_rulesets(client: httpx.Client, fields: str, arguments: str = "") -> Any:
    query = f"rulesets(first: 10{arguments}) {{nodes {{{fields}}}}}"
    return read_repository(client, query)["rulesets"]["nodes"]


def find_ruleset(world: World) -> Ruleset:
    """Return the only ruleset of the world."""
    [ruleset] = [
        ruleset
        for repository in world.repositories.values()
        for ruleset in repository.rulesets.values()
    ]
    return ruleset


def test_a_ruleset_of_a_repository(owner: httpx.Client) -> None:
    ruleset = create_ruleset(owner, [{"type": "creation"}], target="tag", include=["refs/tags/*"])

    [response] = list_rulesets(
        owner,
        "databaseId name target enforcement conditions {refName {include exclude} "
        "repositoryName {include} repositoryId {repositoryIds}} source {__typename "
        "... on Repository {nameWithOwner databaseId} ... on Organization {login}} "
        "rules(first: 5) {totalCount nodes {type parameters {__typename}}}",
    )

    assert response == {
        "databaseId": ruleset["id"],
        "name": "rules",
        "target": "TAG",
        "enforcement": "ACTIVE",
        "conditions": {
            "refName": {"include": ["refs/tags/*"], "exclude": []},
            "repositoryName": None,
            "repositoryId": None,
        },
        "source": {
            "__typename": "Repository",
            "nameWithOwner": "encode/httpx",
            "databaseId": expect_ok(owner.get(HTTPX))["id"],
        },
        "rules": {"totalCount": 1, "nodes": [{"type": "CREATION", "parameters": None}]},
    }


def create_organization_ruleset(
    owner: httpx.Client, world: World, condition: dict[str, Any]
) -> dict[str, Any]:
    next(iter(world.organizations.values())).plan = "team"
    body = {
        "name": "everywhere",
        "target": "branch",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["~ALL"], "exclude": []}, **condition},
        "bypass_actors": [
            {"actor_type": "OrganizationAdmin", "actor_id": None, "bypass_mode": "always"}
        ],
        "rules": [{"type": "deletion"}],
    }
    ruleset: dict[str, Any] = expect_ok(owner.post("/orgs/encode/rulesets", json=body))
    return ruleset


def test_a_repository_lists_inherited_rulesets(owner: httpx.Client, world: World) -> None:
    names = {"repository_name": {"include": ["http*"], "exclude": [], "protected": True}}
    inherited = create_organization_ruleset(owner, world, names)
    own = create_ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"])
    fields = (
        "databaseId source {__typename ... on Organization {login databaseId}} "
        "conditions {repositoryName {include exclude protected}}"
    )

    rulesets = list_rulesets(owner, fields)

    assert [ruleset["databaseId"] for ruleset in rulesets] == [own["id"], inherited["id"]]
    assert rulesets[1]["source"] == {
        "__typename": "Organization",
        "login": "encode",
        "databaseId": expect_ok(owner.get("/orgs/encode"))["id"],
    }
    assert rulesets[1]["conditions"] == {
        "repositoryName": {"include": ["http*"], "exclude": [], "protected": True}
    }
    assert list_rulesets(owner, "databaseId", ", includeParents: false") == [
        {"databaseId": own["id"]}
    ]
    assert list_rulesets(owner, "databaseId", ", targets: [BRANCH]") == [
        {"databaseId": inherited["id"]}
    ]
    assert read_organization(owner, "rulesets(first: 5) {nodes {databaseId}}")["rulesets"] == {
        "nodes": [{"databaseId": inherited["id"]}]
    }


def test_a_condition_by_id_has_global_ids(owner: httpx.Client, world: World) -> None:
    repository = expect_ok(owner.get(HTTPX))
    ids = {"repository_id": {"repository_ids": [repository["id"]]}}
    create_organization_ruleset(owner, world, ids)

    [ruleset] = list_rulesets(owner, "conditions {repositoryId {repositoryIds}}")

    assert ruleset["conditions"]["repositoryId"] == {"repositoryIds": [repository["node_id"]]}


def test_one_ruleset_by_id(owner: httpx.Client, world: World) -> None:
    inherited = create_organization_ruleset(
        owner, world, {"repository_name": {"include": ["~ALL"], "exclude": []}}
    )["id"]

    assert read_repository(
        owner,
        f"a: ruleset(databaseId: {inherited}) {{name}} "
        f"b: ruleset(databaseId: {inherited}, includeParents: false) {{name}} "
        "c: ruleset(databaseId: 1) {name}",
    ) == {"a": {"name": "everywhere"}, "b": None, "c": None}


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (
            {"actor_type": "RepositoryRole", "actor_id": 5, "bypass_mode": "pull_request"},
            {
                "bypassMode": "PULL_REQUEST",
                "repositoryRoleDatabaseId": 5,
                "repositoryRoleName": "admin",
            },
        ),
        ({"actor_type": "OrganizationAdmin", "actor_id": None}, {"organizationAdmin": True}),
        ({"actor_type": "DeployKey", "actor_id": None}, {"deployKey": True}),
    ],
)
def test_bypass_actors_without_an_account(
    owner: httpx.Client, actor: dict[str, Any], expected: dict[str, Any]
) -> None:
    create_ruleset(owner, [{"type": "creation"}], bypass=[{"bypass_mode": "always", **actor}])

    [ruleset] = list_rulesets(owner, ACTORS)

    nobody = {
        "actor": None,
        "bypassMode": "ALWAYS",
        "deployKey": False,
        "enterpriseOwner": False,
        "organizationAdmin": False,
        "repositoryRoleDatabaseId": None,
        "repositoryRoleName": None,
    }
    assert ruleset["bypassActors"] == {"totalCount": 1, "nodes": [nobody | expected]}


def test_bypass_actors_with_an_account(owner: httpx.Client, world: World) -> None:
    """Source: GitHub's schema changes of 2025-09-12 (`EXEMPT`) and 2026-03-16 (users)."""
    team = create_team(owner, "operations")
    grant_access(owner, "operations", "push")
    create_ruleset(owner, [{"type": "creation"}])
    user = world.user("owner-1")
    assert user is not None
    find_ruleset(world).bypass_actors = (
        BypassActor("Team", team["id"], "exempt"),
        BypassActor("User", user.id),
    )

    [ruleset] = list_rulesets(owner, ACTORS)

    actors = ruleset["bypassActors"]["nodes"]
    assert [(actor["actor"], actor["bypassMode"]) for actor in actors] == [
        ({"__typename": "Team", "databaseId": team["id"], "slug": "operations"}, "EXEMPT"),
        ({"__typename": "User", "databaseId": user.id, "login": "owner-1"}, "ALWAYS"),
    ]


def test_an_actor_that_is_not_shown_has_no_flags(owner: httpx.Client, world: World) -> None:
    create_ruleset(owner, [{"type": "creation"}])
    find_ruleset(world).bypass_actors = (BypassActor("Integration", 15368),)

    [ruleset] = list_rulesets(owner, ACTORS)

    [actor] = ruleset["bypassActors"]["nodes"]
    flags = {name: value for name, value in actor.items() if name != "bypassMode"}
    assert not any(flags.values())


@pytest.mark.parametrize(("login", "visible"), [("owner-1", True), ("maintainer-1", False)])
def test_bypass_actors_need_write_access_to_the_ruleset(
    owner: httpx.Client, person: Person, login: str, visible: bool
) -> None:
    create_ruleset(owner, [{"type": "creation"}])

    [ruleset] = list_rulesets(person(login), "name bypassActors(first: 5) {totalCount}")

    assert ruleset == {"name": "rules", "bypassActors": {"totalCount": 0} if visible else None}


def test_the_parameters_of_rules(owner: httpx.Client) -> None:
    team = create_team(owner, "operations")
    reviewer = {
        "file_patterns": ["docs/*"],
        "minimum_approvals": 1,
        "reviewer": {"id": team["id"], "type": "Team"},
    }
    status_checks = {
        "strict_required_status_checks_policy": True,
        "required_status_checks": [{"context": "test"}, {"context": "lint", "integration_id": 7}],
    }
    create_ruleset(
        owner,
        [
            build_review_rule(
                2,
                allowed_merge_methods=["squash"],
                require_last_push_approval=True,
                required_reviewers=[reviewer],
            ),
            {"type": "required_status_checks", "parameters": status_checks},
            {"type": "non_fast_forward"},
        ],
    )

    [ruleset] = list_rulesets(
        owner,
        "rules(first: 5) {nodes {type parameters {__typename ... on PullRequestParameters "
        "{allowedMergeMethods dismissStaleReviewsOnPush requireCodeOwnerReview "
        "requireLastPushApproval requiredApprovingReviewCount requiredReviewThreadResolution "
        "requiredReviewers {filePatterns minimumApprovals reviewerId}} "
        "... on RequiredStatusChecksParameters {doNotEnforceOnCreate "
        "requiredStatusChecks {context integrationId} strictRequiredStatusChecksPolicy}}}}",
    )

    assert ruleset["rules"]["nodes"] == [
        {
            "type": "PULL_REQUEST",
            "parameters": {
                "__typename": "PullRequestParameters",
                "allowedMergeMethods": ["squash"],
                "dismissStaleReviewsOnPush": False,
                "requireCodeOwnerReview": False,
                "requireLastPushApproval": True,
                "requiredApprovingReviewCount": 2,
                "requiredReviewThreadResolution": False,
                "requiredReviewers": [
                    {
                        "filePatterns": ["docs/*"],
                        "minimumApprovals": 1,
                        "reviewerId": team["node_id"],
                    }
                ],
            },
        },
        {
            "type": "REQUIRED_STATUS_CHECKS",
            "parameters": {
                "__typename": "RequiredStatusChecksParameters",
                "doNotEnforceOnCreate": False,
                "requiredStatusChecks": [
                    {"context": "test", "integrationId": None},
                    {"context": "lint", "integrationId": 7},
                ],
                "strictRequiredStatusChecksPolicy": True,
            },
        },
        {"type": "NON_FAST_FORWARD", "parameters": None},
    ]


def test_the_rules_of_one_type(owner: httpx.Client) -> None:
    create_ruleset(owner, [{"type": "creation"}, {"type": "deletion"}])

    [ruleset] = list_rulesets(owner, "rules(first: 5, type: DELETION) {totalCount nodes {type}}")

    assert ruleset["rules"] == {"totalCount": 1, "nodes": [{"type": "DELETION"}]}


def test_a_plan_without_rulesets_leaves_the_rest(owner: httpx.Client) -> None:
    expect_ok(owner.patch(HTTPX, json={"private": True}))

    body = run_query(
        owner, '{repository(owner: "encode", name: "httpx") {name rulesets(first: 5) {totalCount}}}'
    )

    assert body["data"]["repository"] == {"name": "httpx", "rulesets": None}
    assert list_errors(body) == [("FORBIDDEN", ["repository", "rulesets"])]


def test_a_member_may_not_read_the_organizations_rulesets(person: Person) -> None:
    body = run_query(
        person("maintainer-1"),
        '{organization(login: "encode") {login rulesets(first: 5) {totalCount} '
        "ruleset(databaseId: 1) {name}}}",
    )

    assert body["data"]["organization"] == {"login": "encode", "rulesets": None, "ruleset": None}
    assert list_errors(body) == [
        ("FORBIDDEN", ["organization", "rulesets"]),
        ("FORBIDDEN", ["organization", "ruleset"]),
    ]
