"""Environments. Source: GitHub's docs, REST pages "Deployment environments" and "Deployment branch policies"."""

from typing import Any

import httpx
import pytest

from simulated_github import World
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


def rules(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {rule["type"]: rule for rule in answer["protection_rules"]}


def reviewers(owner: httpx.Client, *logins: str) -> list[dict[str, Any]]:
    return [
        {"type": "User", "id": expect_ok(owner.get(f"/users/{login}"))["id"]} for login in logins
    ]


def test_a_new_environment_protects_nothing_and_lets_admins_bypass(owner: httpx.Client) -> None:
    made = put_environment(owner)

    assert (
        made["protection_rules"],
        made["deployment_branch_policy"],
        made["can_admins_bypass"],
    ) == ([], None, True)


def test_what_is_set_is_shown(owner: httpx.Client) -> None:
    team = create_team(owner, "operations")
    grant_access(owner, "operations", "pull")
    sent = [{"type": "Team", "id": team["id"]}, *reviewers(owner, "operator-1")]

    made = put_environment(
        owner,
        wait_timer=30,
        reviewers=sent,
        prevent_self_review=True,
        can_admins_bypass=False,
        deployment_branch_policy=CUSTOM_POLICIES,
    )

    shown = rules(made)
    assert {"wait_timer", "required_reviewers", "branch_policy"} == shown.keys()
    assert shown["wait_timer"]["wait_timer"] == 30
    assert shown["required_reviewers"]["prevent_self_review"]
    assert sent == [
        {"type": r["type"], "id": r["reviewer"]["id"]}
        for r in shown["required_reviewers"]["reviewers"]
    ]
    assert (made["deployment_branch_policy"], made["can_admins_bypass"]) == (CUSTOM_POLICIES, False)
    assert made == expect_ok(owner.get(DEPLOY))


def test_what_is_left_out_is_reset(owner: httpx.Client) -> None:
    sent = reviewers(owner, "operator-1")
    put_environment(
        owner,
        wait_timer=30,
        reviewers=sent,
        can_admins_bypass=False,
        deployment_branch_policy=CUSTOM_POLICIES,
    )
    expect_ok(owner.post(POLICIES, json={"name": "*", "type": "tag"}))

    again = put_environment(owner)

    assert (
        again["protection_rules"],
        again["deployment_branch_policy"],
        again["can_admins_bypass"],
    ) == ([], None, True)


def test_setting_it_again_keeps_secrets_and_policies(owner: httpx.Client) -> None:
    put_environment(owner, deployment_branch_policy=CUSTOM_POLICIES)
    expect_ok(owner.post(POLICIES, json={"name": "*", "type": "tag"}))
    expect_ok(put_secret(owner, f"{DEPLOY}/secrets", "PYPI_TOKEN", "x"))

    put_environment(owner, deployment_branch_policy=CUSTOM_POLICIES, wait_timer=5)

    assert (
        1
        == expect_ok(owner.get(POLICIES))["total_count"]
        == expect_ok(owner.get(f"{DEPLOY}/secrets"))["total_count"]
    )


def test_six_reviewers_are_the_most(owner: httpx.Client) -> None:
    """Source: "Create or update an environment": up to six users or teams."""
    seven = reviewers(owner, *(f"maintainer-{number}" for number in range(1, 8)))

    put_environment(owner, reviewers=seven[:6])
    expect_refusal(owner.put(DEPLOY, json={"reviewers": seven}), 422, "No more than 6 reviewers")


@pytest.mark.parametrize("access", ["none", "secret"])
def test_a_team_without_access_or_a_secret_one_is_refused_as_reviewer(
    owner: httpx.Client, access: str
) -> None:
    """Source: "The reviewers must have at least read access to the repository"; secret teams: the design's notes."""
    team = create_team(owner, "operations", privacy="secret" if access == "secret" else "closed")
    if access == "secret":
        grant_access(owner, "operations", "maintain")

    expect_refusal(
        owner.put(DEPLOY, json={"reviewers": [{"type": "Team", "id": team["id"]}]}),
        422,
        "Validation Failed",
    )
    assert owner.get(DEPLOY).status_code == 404


def test_a_person_without_access_is_refused_as_reviewer(owner: httpx.Client) -> None:
    """Assumption: that everybody may read a public repository is not enough."""
    expect_refusal(
        owner.put(DEPLOY, json={"reviewers": reviewers(owner, "outsider-1")}),
        422,
        "Validation Failed",
    )
    put_environment(owner, reviewers=reviewers(owner, "maintainer-11"))


def test_a_reviewer_that_is_not_there_is_refused(owner: httpx.Client) -> None:
    expect_refusal(
        owner.put(DEPLOY, json={"reviewers": [{"type": "Team", "id": 1}]}), 422, "Validation Failed"
    )
    expect_refusal(
        owner.put(DEPLOY, json={"reviewers": [{"type": "Robot", "id": 1}]}), 422, "Robot"
    )


@pytest.mark.parametrize("timer", [-1, 43_201])
def test_a_wait_of_more_than_thirty_days_is_refused(owner: httpx.Client, timer: int) -> None:
    expect_refusal(owner.put(DEPLOY, json={"wait_timer": timer}), 422, "/wait_timer")


@pytest.mark.parametrize("both", [True, False])
def test_the_two_branch_policies_exclude_each_other(owner: httpx.Client, both: bool) -> None:
    policy = {"protected_branches": both, "custom_branch_policies": both}

    expect_refusal(
        owner.put(DEPLOY, json={"deployment_branch_policy": policy}),
        422,
        "cannot have the same value",
    )


def test_a_name_may_hold_a_slash_and_matters_not_in_case(owner: httpx.Client) -> None:
    put_environment(owner, "deploy%2Fpypi")

    assert expect_ok(owner.get(f"{HTTPX}/environments/Deploy%2FPyPI"))["name"] == "deploy/pypi"
    assert [e["name"] for e in expect_ok(owner.get(f"{HTTPX}/environments"))["environments"]] == [
        "deploy/pypi"
    ]


def test_a_deleted_environment_takes_secrets_and_policies_along(owner: httpx.Client) -> None:
    put_environment(owner, deployment_branch_policy=CUSTOM_POLICIES)
    expect_ok(owner.post(POLICIES, json={"name": "*", "type": "tag"}))
    expect_ok(put_secret(owner, f"{DEPLOY}/secrets", "PYPI_TOKEN", "x"))

    expect_ok(owner.delete(DEPLOY))
    put_environment(owner, deployment_branch_policy=CUSTOM_POLICIES)

    assert (
        0
        == expect_ok(owner.get(POLICIES))["total_count"]
        == expect_ok(owner.get(f"{DEPLOY}/secrets"))["total_count"]
    )


def test_policies_are_made_changed_and_deleted(owner: httpx.Client) -> None:
    put_environment(owner, deployment_branch_policy=CUSTOM_POLICIES)
    made = expect_ok(owner.post(POLICIES, json={"name": "v*", "type": "tag"}))
    one = f"{POLICIES}/{made['id']}"

    assert (made["name"], made["type"]) == ("v*", "tag")
    assert (
        "*"
        == expect_ok(owner.put(one, json={"name": "*"}))["name"]
        == expect_ok(owner.get(one))["name"]
    )
    expect_ok(owner.delete(one))
    assert [
        answer.status_code
        for answer in (owner.get(one), owner.put(one, json={"name": "x"}), owner.delete(one))
    ] == [
        404,
        404,
        404,
    ]


def test_a_policy_is_for_branches_unless_it_says_tags(owner: httpx.Client) -> None:
    put_environment(owner, deployment_branch_policy=CUSTOM_POLICIES)

    assert expect_ok(owner.post(POLICIES, json={"name": "*"}))["type"] == "branch"
    assert expect_ok(owner.post(POLICIES, json={"name": "*", "type": "tag"}))["type"] == "tag"


def test_a_policy_that_is_there_is_a_303(owner: httpx.Client) -> None:
    """Source: GitHub's API description of ``repos/create-deployment-branch-policy``."""
    put_environment(owner, deployment_branch_policy=CUSTOM_POLICIES)
    expect_ok(owner.post(POLICIES, json={"name": "*", "type": "tag"}))

    assert owner.post(POLICIES, json={"name": "*", "type": "tag"}).status_code == 303


def test_policies_need_an_environment_that_wants_them(owner: httpx.Client) -> None:
    """Source: GitHub's API description: 404 when ``custom_branch_policies`` is false."""
    put_environment(owner)

    expect_refusal(owner.post(POLICIES, json={"name": "*", "type": "tag"}), 404, "Not Found")


@pytest.mark.parametrize("login", ["maintainer-1", "outsider-1"])
def test_everybody_sees_environments_and_admins_change_them(
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
    ("rule", "called", "plans"),
    [
        ("reviewers", "required reviewers", {"enterprise"}),
        ("wait_timer", "wait timer", {"enterprise"}),
        ("deployment_branch_policy", "branch policy", {"team", "enterprise"}),
    ],
)
@pytest.mark.parametrize("plan", ["free", "team", "enterprise"])
def test_a_private_repository_has_the_rules_of_its_plan(
    world: World, owner: httpx.Client, plan: str, rule: str, called: str, plans: set[str]
) -> None:
    """Sources: GitHub's docs, REST page "Deployment environments", on plans; backstage/backstage issue 28977 for the sentence,
    the Terraform provider's issue 1311 for environments without rules."""
    sent = {
        "reviewers": reviewers(owner, "operator-1"),
        "wait_timer": 5,
        "deployment_branch_policy": CUSTOM_POLICIES,
    }
    next(iter(world.organizations.values())).plan = plan
    expect_ok(owner.patch(HTTPX, json={"private": True}))
    put_environment(owner)

    answer = owner.put(DEPLOY, json={rule: sent[rule]})

    if plan in plans:
        expect_ok(answer)
    else:
        expect_refusal(
            answer, 422, f"Please ensure the billing plan supports the {called} protection rule."
        )
        assert expect_ok(owner.get(DEPLOY))["protection_rules"] == []
