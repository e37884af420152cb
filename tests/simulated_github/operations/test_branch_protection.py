"""Tests of reading and writing classic branch protection.

Source: GitHub's docs, REST page "Protected branches".
"""

from typing import Any

import httpx
import pytest

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    create_branch,
    create_ruleset,
    create_team,
    expect_ok,
    expect_refusal,
    grant_access,
)
from tests.simulated_github.helpers.protected_branch import (
    NOTHING,
    PROTECTION,
    REVIEW,
    THROUGH_PULLS,
    protect,
    push_file,
)

BRANCH = f"{HTTPX}/branches/main"


@pytest.fixture
def writer(person: Person) -> httpx.Client:
    return person("maintainer-1")


# Reading and writing


def test_an_unprotected_branch(owner: httpx.Client) -> None:
    expect_refusal(owner.get(PROTECTION), 404, "Branch not protected")
    expect_refusal(owner.delete(PROTECTION), 404, "Branch not protected")
    expect_refusal(owner.get(f"{PROTECTION}/enforce_admins"), 404, "Branch not protected")
    missing = f"{HTTPX}/branches/nothing/protection"
    expect_refusal(owner.get(missing), 404, "Branch not found")
    expect_refusal(owner.put(missing, json=NOTHING), 404, "Branch not found")


def test_a_protection_is_shown_as_it_was_set(owner: httpx.Client) -> None:
    create_team(owner, "operations")
    grant_access(owner, "operations", "push")
    actors = {"users": ["maintainer-1"], "teams": ["operations"], "apps": []}

    protection = protect(
        owner,
        required_status_checks={
            "strict": True,
            "contexts": ["lint"],
            "checks": [{"context": "test", "app_id": 7}],
        },
        enforce_admins=True,
        required_pull_request_reviews={
            "dismiss_stale_reviews": True,
            "require_code_owner_reviews": True,
            "required_approving_review_count": 2,
            "require_last_push_approval": True,
            "dismissal_restrictions": actors,
            "bypass_pull_request_allowances": actors,
        },
        restrictions=actors,
        required_linear_history=True,
        allow_force_pushes=True,
        allow_deletions=True,
        block_creations=True,
        required_conversation_resolution=True,
        lock_branch=True,
        allow_fork_syncing=True,
    )

    assert protection == expect_ok(owner.get(PROTECTION))
    checks = protection["required_status_checks"]
    assert checks["contexts"] == ["lint", "test"]
    assert checks["checks"] == [
        {"context": "lint", "app_id": None},
        {"context": "test", "app_id": 7},
    ]
    reviews = protection["required_pull_request_reviews"]
    assert reviews["required_approving_review_count"] == 2
    for place in (
        reviews["dismissal_restrictions"],
        reviews["bypass_pull_request_allowances"],
        protection["restrictions"],
    ):
        assert [user["login"] for user in place["users"]] == ["maintainer-1"]
        assert [team["slug"] for team in place["teams"]] == ["operations"]
        assert place["apps"] == []
    switches = ("linear_history", "signatures", "conversation_resolution")
    assert [protection[f"required_{name}"]["enabled"] for name in switches] == [True, False, True]
    for name in ("enforce_admins", "lock_branch", "block_creations", "allow_force_pushes"):
        assert protection[name]["enabled"] is True


def test_a_second_put_replaces_the_first(owner: httpx.Client) -> None:
    protect(owner, **REVIEW, enforce_admins=True, lock_branch=True)

    protection = protect(owner, required_linear_history=True)

    assert "required_pull_request_reviews" not in protection
    assert protection["enforce_admins"]["enabled"] is False
    assert protection["lock_branch"]["enabled"] is False
    assert protection["required_linear_history"]["enabled"] is True


def test_delete_a_protection(owner: httpx.Client, writer: httpx.Client) -> None:
    protect(owner, **REVIEW)
    expect_ok(owner.delete(PROTECTION))

    expect_refusal(owner.get(PROTECTION), 404, "Branch not protected")
    expect_ok(push_file(writer))


@pytest.mark.parametrize("name", ["enforce_admins", "required_signatures"])
def test_switch_one_setting(owner: httpx.Client, name: str) -> None:
    protect(owner)
    path = f"{PROTECTION}/{name}"

    assert expect_ok(owner.get(path))["enabled"] is False
    assert expect_ok(owner.post(path))["enabled"] is True
    assert expect_ok(owner.get(PROTECTION))[name]["enabled"] is True
    expect_ok(owner.delete(path))
    assert expect_ok(owner.get(path))["enabled"] is False


def test_a_put_keeps_required_signatures(owner: httpx.Client) -> None:
    protect(owner)
    expect_ok(owner.post(f"{PROTECTION}/required_signatures"))

    assert protect(owner)["required_signatures"]["enabled"] is True


def test_only_admins_read_a_protection(owner: httpx.Client, writer: httpx.Client) -> None:
    protect(owner)

    expect_refusal(writer.get(PROTECTION), 404, "Not Found")
    expect_refusal(writer.put(PROTECTION, json=NOTHING), 404, "Not Found")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"restrictions": None}, '"required_status_checks" wasn\'t supplied.'),
        (NOTHING | {"lock": True}, '"lock" is not a permitted key.'),
        (
            NOTHING | {"required_pull_request_reviews": {"required_approving_review_count": 7}},
            "must be less than or equal to 6",
        ),
        (NOTHING | {"required_status_checks": {"contexts": []}}, '"required_status_checks/strict"'),
    ],
)
def test_an_invalid_body_is_refused(
    owner: httpx.Client, body: dict[str, Any], problem: str
) -> None:
    expect_refusal(owner.put(PROTECTION, json=body), 422, problem)


@pytest.mark.parametrize(
    ("actors", "problem"),
    [
        ({"users": ["outsider-1"], "teams": []}, "User outsider-1 does not exist or has no write"),
        ({"users": [], "teams": ["readers"]}, "Team readers does not exist or has no write"),
        ({"users": [], "teams": [], "apps": ["none"]}, "App none does not exist or has no write"),
    ],
)
def test_actors_need_write_access(
    owner: httpx.Client, actors: dict[str, list[str]], problem: str
) -> None:
    create_team(owner, "readers")
    grant_access(owner, "readers", "pull")

    response = owner.put(PROTECTION, json=NOTHING | {"restrictions": actors})

    [error] = expect_refusal(response, 422, "Validation Failed")["errors"]
    assert error.startswith(problem)


def test_linear_history_needs_a_method_that_keeps_it(owner: httpx.Client) -> None:
    expect_ok(owner.patch(HTTPX, json={"allow_squash_merge": False, "allow_rebase_merge": False}))

    response = owner.put(PROTECTION, json=NOTHING | {"required_linear_history": True})

    expect_refusal(response, 422, "Validation Failed")
    expect_ok(owner.put(PROTECTION, json=NOTHING))


def test_the_free_plan_protects_public_branches_only(
    owner: httpx.Client, writer: httpx.Client
) -> None:
    protect(owner, **REVIEW)
    expect_ok(owner.patch(HTTPX, json={"private": True}))

    expect_refusal(owner.get(PROTECTION), 403, "Upgrade to GitHub Pro")
    expect_refusal(owner.put(PROTECTION, json=NOTHING), 403, "Upgrade to GitHub Pro")
    expect_ok(push_file(writer))
    expect_ok(owner.patch(HTTPX, json={"private": False}))
    expect_refusal(push_file(writer, "more.md"), 409, THROUGH_PULLS)


# Branches


def test_branches_show_whether_they_are_protected(owner: httpx.Client) -> None:
    create_branch(owner, "side")
    protect(owner, required_status_checks={"strict": False, "contexts": ["test"]})

    def list_names(**query: str) -> list[str]:
        branches = expect_ok(owner.get(f"{HTTPX}/branches", params=query))
        return [branch["name"] for branch in branches]

    assert list_names() == ["main", "side"]
    assert list_names(protected="true") == ["main"]
    assert list_names(protected="false") == ["side"]
    branch = expect_ok(owner.get(BRANCH))
    assert branch["protected"] is True
    assert branch["protection"] == {
        "enabled": True,
        "required_status_checks": {
            "enforcement_level": "non_admins",
            "contexts": ["test"],
            "checks": [{"context": "test", "app_id": None}],
        },
    }


def test_a_ruleset_protects_without_a_classic_protection(owner: httpx.Client) -> None:
    create_ruleset(owner, [{"type": "deletion"}])

    branch = expect_ok(owner.get(BRANCH))

    assert branch["protected"] is True
    assert branch["protection"]["enabled"] is False
    expect_refusal(owner.get(PROTECTION), 404, "Branch not protected")


def test_deleted_actors_are_not_shown(owner: httpx.Client) -> None:
    create_team(owner, "operations")
    grant_access(owner, "operations", "push")
    protect(owner, restrictions={"users": [], "teams": ["operations"]})
    expect_ok(owner.delete("/orgs/encode/teams/operations"))

    assert expect_ok(owner.get(PROTECTION))["restrictions"]["teams"] == []
