"""Tests of environments and their deployment policies.

Source: GitHub's docs, REST pages "Deployment environments" and "Deployment branch policies".
"""

from typing import Any

import httpx
import pytest

from simulated_github import World
from simulated_github.records.roles import Role
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    CUSTOM_POLICIES,
    HTTPX,
    create_team,
    expect_ok,
    expect_refusal,
    grant_access,
    put_environment,
    put_secret,
)

DEPLOY = f"{HTTPX}/environments/deploy"
POLICIES = f"{DEPLOY}/deployment-branch-policies"


def rules_by_type(environment: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {rule["type"]: rule for rule in environment["protection_rules"]}


def build_reviewers(owner: httpx.Client, *logins: str) -> list[dict[str, Any]]:
    return [
        {"type": "User", "id": expect_ok(owner.get(f"/users/{login}"))["id"]} for login in logins
    ]


def test_a_new_environment_has_no_rules(owner: httpx.Client) -> None:
    environment = put_environment(owner)

    assert environment["protection_rules"] == []
    assert environment["deployment_branch_policy"] is None
    assert environment["can_admins_bypass"] is True


def test_a_response_shows_what_was_set(owner: httpx.Client) -> None:
    team = create_team(owner, "operations")
    grant_access(owner, "operations", "pull")
    reviewers_sent = [{"type": "Team", "id": team["id"]}, *build_reviewers(owner, "operator-1")]

    environment = put_environment(
        owner,
        wait_timer=30,
        reviewers=reviewers_sent,
        prevent_self_review=True,
        can_admins_bypass=False,
        deployment_branch_policy=CUSTOM_POLICIES,
    )

    rules = rules_by_type(environment)
    assert {"wait_timer", "required_reviewers", "branch_policy"} == rules.keys()
    assert rules["wait_timer"]["wait_timer"] == 30
    assert rules["required_reviewers"]["prevent_self_review"]
    assert reviewers_sent == [
        {"type": r["type"], "id": r["reviewer"]["id"]}
        for r in rules["required_reviewers"]["reviewers"]
    ]
    assert environment["deployment_branch_policy"] == CUSTOM_POLICIES
    assert environment["can_admins_bypass"] is False
    assert environment == expect_ok(owner.get(DEPLOY))


def test_omitted_fields_are_reset(owner: httpx.Client) -> None:
    reviewers_sent = build_reviewers(owner, "operator-1")
    put_environment(
        owner,
        wait_timer=30,
        reviewers=reviewers_sent,
        can_admins_bypass=False,
        deployment_branch_policy=CUSTOM_POLICIES,
    )
    expect_ok(owner.post(POLICIES, json={"name": "*", "type": "tag"}))

    environment = put_environment(owner)

    assert environment["protection_rules"] == []
    assert environment["deployment_branch_policy"] is None
    assert environment["can_admins_bypass"] is True


def test_an_update_keeps_secrets_and_policies(owner: httpx.Client) -> None:
    put_environment(owner, deployment_branch_policy=CUSTOM_POLICIES)
    expect_ok(owner.post(POLICIES, json={"name": "*", "type": "tag"}))
    expect_ok(put_secret(owner, f"{DEPLOY}/secrets", "PYPI_TOKEN", "x"))

    put_environment(owner, deployment_branch_policy=CUSTOM_POLICIES, wait_timer=5)

    assert expect_ok(owner.get(POLICIES))["total_count"] == 1
    assert expect_ok(owner.get(f"{DEPLOY}/secrets"))["total_count"] == 1


def test_at_most_six_reviewers(owner: httpx.Client) -> None:
    """Source: "Create or update an environment": up to six users or teams."""
    seven = build_reviewers(owner, *(f"maintainer-{number}" for number in range(1, 8)))

    put_environment(owner, reviewers=seven[:6])
    expect_refusal(owner.put(DEPLOY, json={"reviewers": seven}), 422, "No more than 6 reviewers")


@pytest.mark.parametrize("access", ["none", "secret"])
def test_a_team_that_cannot_review_is_left_out(owner: httpx.Client, access: str) -> None:
    """Teams without access, and secret teams, are left out; other reviewers remain.

    Sources: the Terraform provider's issue 1166, otterdog's issue 556 ("silently be ignored");
    Assumption: for secret teams, the choice of reviewers on GitHub's settings page.
    """
    team = create_team(owner, "operations", privacy="secret" if access == "secret" else "closed")
    if access == "secret":
        grant_access(owner, "operations", "maintain")
    reviewer = {"type": "Team", "id": team["id"]}

    assert put_environment(owner, reviewers=[reviewer])["protection_rules"] == []
    operator = build_reviewers(owner, "operator-1")
    rules = rules_by_type(put_environment(owner, reviewers=[reviewer, *operator]))
    assert [r["reviewer"]["login"] for r in rules["required_reviewers"]["reviewers"]] == [
        "operator-1"
    ]


def test_access_counts_when_the_environment_is_stored(owner: httpx.Client) -> None:
    """Source: modernisation-platform's issue 3767, on a team that gets its access later."""
    team = create_team(owner, "operations")
    reviewer = {"type": "Team", "id": team["id"]}
    put_environment(owner, reviewers=[reviewer])
    grant_access(owner, "operations", "pull")

    assert expect_ok(owner.get(DEPLOY))["protection_rules"] == []
    assert "required_reviewers" in rules_by_type(put_environment(owner, reviewers=[reviewer]))


@pytest.mark.parametrize("login", ["outsider-1", "operator-2"])
def test_a_user_without_access_is_left_out(world: World, owner: httpx.Client, login: str) -> None:
    """Assumption: read access that every user has to a public repository is not enough."""
    reviewers = build_reviewers(owner, login)
    for collaborator in ("operator-2", "outsider-1"):
        expect_ok(owner.delete(f"{HTTPX}/collaborators/{collaborator}"))
    next(iter(world.organizations.values())).base_role = Role.NONE

    assert put_environment(owner, reviewers=reviewers)["protection_rules"] == []
    expect_ok(owner.put(f"{HTTPX}/collaborators/maintainer-11", json={"permission": "pull"}))
    outside_collaborator = build_reviewers(owner, "maintainer-11")
    rules = rules_by_type(put_environment(owner, reviewers=outside_collaborator))
    assert "required_reviewers" in rules


def test_a_reviewer_that_does_not_exist_is_left_out(owner: httpx.Client) -> None:
    """Assumption: an id that GitHub does not know is treated like one without access."""
    user_id = build_reviewers(owner, "operator-1")[0]["id"]
    unknown = [
        {"type": "Team", "id": 1},
        {"type": "User", "id": 1},
        {"type": "Team", "id": user_id},
    ]

    assert put_environment(owner, reviewers=unknown)["protection_rules"] == []


def test_an_unknown_type_of_reviewer_is_refused(owner: httpx.Client) -> None:
    expect_refusal(
        owner.put(DEPLOY, json={"reviewers": [{"type": "Robot", "id": 1}]}), 422, "Robot"
    )


@pytest.mark.parametrize("requested", ["none", "without access"])
def test_preventing_self_review_requires_a_reviewer(owner: httpx.Client, requested: str) -> None:
    """A refused body leaves a new environment without rules, and an old one as it was.

    Source: safe-settings issue 628, where the body names reviewers, the environment is "partially
    provisioned", and the same body is accepted later; the Terraform provider's issue 1311 (the
    environment exists after a 422). Assumption: a reviewer who is left out does not count.
    """
    message = (
        "Failed to create or update the environment protection rule. Required reviewers must have"
        " at least one reviewer to set prevent_self_review."
    )
    team = create_team(owner, "operations")
    reviewers = [{"type": "Team", "id": team["id"]}] if requested == "without access" else []
    body = {"prevent_self_review": True, "wait_timer": 5, "reviewers": reviewers}

    refusal = expect_refusal(owner.put(DEPLOY, json=body), 422, message)

    assert refusal["message"] == message
    assert expect_ok(owner.get(DEPLOY))["protection_rules"] == []
    before = put_environment(owner, reviewers=build_reviewers(owner, "operator-1"))
    expect_refusal(owner.put(DEPLOY, json=body), 422, message)
    assert expect_ok(owner.get(DEPLOY)) == before


def test_reviewers_that_are_left_out_count_as_requested(owner: httpx.Client) -> None:
    """Assumption: the limit of six applies to the body."""
    unknown = [{"type": "User", "id": number} for number in range(1, 8)]

    expect_refusal(owner.put(DEPLOY, json={"reviewers": unknown}), 422, "No more than 6 reviewers")
    assert owner.get(DEPLOY).status_code == 404


@pytest.mark.parametrize("timer", [-1, 43_201])
def test_a_wait_of_more_than_thirty_days_is_refused(owner: httpx.Client, timer: int) -> None:
    expect_refusal(owner.put(DEPLOY, json={"wait_timer": timer}), 422, "/wait_timer")


@pytest.mark.parametrize("value", [True, False])
def test_the_two_branch_policy_fields_must_differ(owner: httpx.Client, value: bool) -> None:
    policy = {"protected_branches": value, "custom_branch_policies": value}

    expect_refusal(
        owner.put(DEPLOY, json={"deployment_branch_policy": policy}),
        422,
        "cannot have the same value",
    )


def test_names_may_have_a_slash_and_ignore_case(owner: httpx.Client) -> None:
    put_environment(owner, "deploy%2Fpypi")

    assert expect_ok(owner.get(f"{HTTPX}/environments/Deploy%2FPyPI"))["name"] == "deploy/pypi"
    assert [e["name"] for e in expect_ok(owner.get(f"{HTTPX}/environments"))["environments"]] == [
        "deploy/pypi"
    ]


def test_deleting_an_environment_deletes_secrets_and_policies(owner: httpx.Client) -> None:
    put_environment(owner, deployment_branch_policy=CUSTOM_POLICIES)
    expect_ok(owner.post(POLICIES, json={"name": "*", "type": "tag"}))
    expect_ok(put_secret(owner, f"{DEPLOY}/secrets", "PYPI_TOKEN", "x"))

    expect_ok(owner.delete(DEPLOY))
    put_environment(owner, deployment_branch_policy=CUSTOM_POLICIES)

    assert expect_ok(owner.get(POLICIES))["total_count"] == 0
    assert expect_ok(owner.get(f"{DEPLOY}/secrets"))["total_count"] == 0


def test_create_update_and_delete_policies(owner: httpx.Client) -> None:
    put_environment(owner, deployment_branch_policy=CUSTOM_POLICIES)
    policy = expect_ok(owner.post(POLICIES, json={"name": "v*", "type": "tag"}))
    path = f"{POLICIES}/{policy['id']}"

    assert policy["name"] == "v*"
    assert policy["type"] == "tag"
    assert expect_ok(owner.put(path, json={"name": "*"}))["name"] == "*"
    assert expect_ok(owner.get(path))["name"] == "*"
    expect_ok(owner.delete(path))
    assert [
        response.status_code
        for response in (owner.get(path), owner.put(path, json={"name": "x"}), owner.delete(path))
    ] == [
        404,
        404,
        404,
    ]


def test_a_policy_is_for_branches_by_default(owner: httpx.Client) -> None:
    put_environment(owner, deployment_branch_policy=CUSTOM_POLICIES)

    assert expect_ok(owner.post(POLICIES, json={"name": "*"}))["type"] == "branch"
    assert expect_ok(owner.post(POLICIES, json={"name": "*", "type": "tag"}))["type"] == "tag"


def test_a_duplicate_policy_is_a_303(owner: httpx.Client) -> None:
    """Source: GitHub's API description of `repos/create-deployment-branch-policy`."""
    put_environment(owner, deployment_branch_policy=CUSTOM_POLICIES)
    expect_ok(owner.post(POLICIES, json={"name": "*", "type": "tag"}))

    assert owner.post(POLICIES, json={"name": "*", "type": "tag"}).status_code == 303


def test_policies_need_an_environment_with_custom_policies(owner: httpx.Client) -> None:
    """Source: GitHub's API description: 404 when `custom_branch_policies` is false."""
    put_environment(owner)

    expect_refusal(owner.post(POLICIES, json={"name": "*", "type": "tag"}), 404, "Not Found")


@pytest.mark.parametrize("login", ["maintainer-1", "outsider-1"])
def test_users_see_environments_and_only_admins_change_them(
    owner: httpx.Client, person: Person, login: str
) -> None:
    put_environment(owner)

    expect_ok(person(login).get(DEPLOY))
    expect_refusal(person(login).put(DEPLOY, json={}), 403, "Must have admin rights to Repository.")
    expect_refusal(person(login).delete(DEPLOY), 403, "Must have admin rights to Repository.")
    expect_refusal(
        person(login).post(POLICIES, json={"name": "*"}),
        403,
        "Must have admin rights to Repository.",
    )


@pytest.mark.parametrize(
    ("rule", "rule_name", "plans"),
    [
        ("reviewers", "required reviewers", {"enterprise"}),
        ("wait_timer", "wait timer", {"enterprise"}),
        ("deployment_branch_policy", "branch policy", {"team", "enterprise"}),
    ],
)
@pytest.mark.parametrize("plan", ["free", "team", "enterprise"])
def test_a_private_repository_has_the_rules_of_its_plan(
    world: World, owner: httpx.Client, plan: str, rule: str, rule_name: str, plans: set[str]
) -> None:
    """A rule outside the plan is refused, and an environment without rules is not.

    Sources: GitHub's docs, REST page "Deployment environments", on plans; backstage/backstage issue
    28977 for the message; the Terraform provider's issue 1311 for environments without rules.
    """
    values = {
        "reviewers": build_reviewers(owner, "operator-1"),
        "wait_timer": 5,
        "deployment_branch_policy": CUSTOM_POLICIES,
    }
    next(iter(world.organizations.values())).plan = plan
    expect_ok(owner.patch(HTTPX, json={"private": True}))
    put_environment(owner)

    response = owner.put(DEPLOY, json={rule: values[rule]})

    if plan in plans:
        expect_ok(response)
    else:
        expect_refusal(
            response,
            422,
            f"Please ensure the billing plan supports the {rule_name} protection rule.",
        )
        assert expect_ok(owner.get(DEPLOY))["protection_rules"] == []
