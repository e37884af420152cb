"""Tests of the settings of GitHub Actions.

Source: GitHub's docs, REST page "GitHub Actions permissions".
"""

import httpx
import pytest

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import HTTPX, create_tag, expect_ok, expect_refusal

REPOSITORY = f"{HTTPX}/actions/permissions"
ORGANIZATION = "/orgs/encode/actions/permissions"


def count_runs(owner: httpx.Client) -> int:
    count: int = expect_ok(owner.get(f"{HTTPX}/actions/runs"))["total_count"]
    return count


@pytest.mark.parametrize("place", [REPOSITORY, ORGANIZATION])
def test_workflow_tokens_only_read_by_default(owner: httpx.Client, place: str) -> None:
    """Source: GitHub's docs, "Managing GitHub Actions settings for a repository"."""
    expected = {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": False}

    assert expect_ok(owner.get(f"{place}/workflow")) == expected


@pytest.mark.parametrize(
    ("place", "required_fields"),
    [(REPOSITORY, {"enabled": True}), (ORGANIZATION, {"enabled_repositories": "all"})],
)
def test_allow_only_selected_actions(
    owner: httpx.Client, place: str, required_fields: dict[str, object]
) -> None:
    expect_refusal(owner.get(f"{place}/selected-actions"), 409, "selected")
    expect_ok(
        owner.put(
            place,
            json=required_fields | {"allowed_actions": "selected", "sha_pinning_required": True},
        )
    )
    expect_ok(
        owner.put(
            f"{place}/selected-actions",
            json={"patterns_allowed": ["pypa/*"], "verified_allowed": True},
        )
    )

    permissions = expect_ok(owner.get(place))
    assert permissions["allowed_actions"] == "selected"
    assert permissions["sha_pinning_required"] is True
    assert permissions["selected_actions_url"].endswith("/actions/permissions/selected-actions")
    assert expect_ok(owner.get(f"{place}/selected-actions")) == {
        "github_owned_allowed": True,
        "verified_allowed": True,
        "patterns_allowed": ["pypa/*"],
    }


def test_an_organization_limits_its_repositories(owner: httpx.Client) -> None:
    """Source: the API description: 409 "when a setting is prevented by the owning organization"."""
    expect_ok(
        owner.put(
            ORGANIZATION,
            json={
                "enabled_repositories": "all",
                "allowed_actions": "local_only",
                "sha_pinning_required": True,
            },
        )
    )
    write_by_default = {"default_workflow_permissions": "write"}

    expect_refusal(
        owner.put(REPOSITORY, json={"enabled": True, "allowed_actions": "all"}),
        409,
        "prevented by the owning organization",
    )
    expect_refusal(
        owner.put(REPOSITORY, json={"enabled": True, "sha_pinning_required": False}),
        409,
        "prevented",
    )
    expect_refusal(owner.put(f"{REPOSITORY}/workflow", json=write_by_default), 409, "prevented")
    expect_ok(
        owner.put(
            f"{ORGANIZATION}/workflow",
            json=write_by_default | {"can_approve_pull_request_reviews": True},
        )
    )
    expect_ok(owner.put(f"{REPOSITORY}/workflow", json=write_by_default))


def test_a_tag_starts_nothing_when_actions_are_disabled(owner: httpx.Client) -> None:
    expect_ok(owner.put(REPOSITORY, json={"enabled": False}))
    expect_ok(create_tag(owner, "1.0"))

    assert count_runs(owner) == 0
    assert expect_ok(owner.get(REPOSITORY)) == {"enabled": False}


def test_an_organization_selects_repositories_that_run_actions(owner: httpx.Client) -> None:
    repository_id = expect_ok(owner.get(HTTPX))["id"]
    expect_refusal(owner.put(f"{ORGANIZATION}/repositories/{repository_id}"), 409, "selected")
    expect_ok(owner.put(ORGANIZATION, json={"enabled_repositories": "selected"}))
    expect_ok(create_tag(owner, "1.0"))
    assert count_runs(owner) == 0
    expect_refusal(owner.put(REPOSITORY, json={"enabled": True}), 409, "prevented")

    expect_ok(owner.put(f"{ORGANIZATION}/repositories/{repository_id}"))
    assert [
        r["name"] for r in expect_ok(owner.get(f"{ORGANIZATION}/repositories"))["repositories"]
    ] == ["httpx"]
    expect_ok(create_tag(owner, "1.1"))
    assert count_runs(owner) == 1
    expect_ok(owner.delete(f"{ORGANIZATION}/repositories/{repository_id}"))
    expect_ok(
        owner.put(f"{ORGANIZATION}/repositories", json={"selected_repository_ids": [repository_id]})
    )
    expect_ok(owner.put(ORGANIZATION, json={"enabled_repositories": "none"}))
    expect_ok(create_tag(owner, "1.2"))
    assert count_runs(owner) == 1


def test_only_admins_and_owners_manage_them(person: Person) -> None:
    expect_refusal(person("maintainer-1").get(REPOSITORY), 403, "admin rights")
    expect_refusal(
        person("operator-1").put(ORGANIZATION, json={"enabled_repositories": "none"}),
        403,
        "must be an admin",
    )
