"""What GitHub Actions may do. Source: GitHub's docs, REST page "GitHub Actions permissions"."""

import httpx
import pytest

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import HTTPX, create_tag, expect_ok, expect_refusal

HERE = f"{HTTPX}/actions/permissions"
ABOVE = "/orgs/encode/actions/permissions"


def runs(owner: httpx.Client) -> int:
    count: int = expect_ok(owner.get(f"{HTTPX}/actions/runs"))["total_count"]
    return count


@pytest.mark.parametrize("place", [HERE, ABOVE])
def test_a_new_token_of_a_workflow_reads_only(owner: httpx.Client, place: str) -> None:
    """Source: GitHub's docs, "Managing GitHub Actions settings for a repository"."""
    expected = {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": False}

    assert expect_ok(owner.get(f"{place}/workflow")) == expected


@pytest.mark.parametrize(
    ("place", "first"), [(HERE, {"enabled": True}), (ABOVE, {"enabled_repositories": "all"})]
)
def test_only_selected_actions_may_be_allowed(
    owner: httpx.Client, place: str, first: dict[str, object]
) -> None:
    expect_refusal(owner.get(f"{place}/selected-actions"), 409, "selected")
    expect_ok(
        owner.put(place, json=first | {"allowed_actions": "selected", "sha_pinning_required": True})
    )
    expect_ok(
        owner.put(
            f"{place}/selected-actions",
            json={"patterns_allowed": ["pypa/*"], "verified_allowed": True},
        )
    )

    shown = expect_ok(owner.get(place))
    assert (shown["allowed_actions"], shown["sha_pinning_required"]) == ("selected", True)
    assert shown["selected_actions_url"].endswith("/actions/permissions/selected-actions")
    assert expect_ok(owner.get(f"{place}/selected-actions")) == {
        "github_owned_allowed": True,
        "verified_allowed": True,
        "patterns_allowed": ["pypa/*"],
    }


def test_an_organization_stands_in_the_way_of_its_repositories(owner: httpx.Client) -> None:
    """Source: the API description's 409, "when changing a setting is prevented by the owning organization"."""
    expect_ok(
        owner.put(
            ABOVE,
            json={
                "enabled_repositories": "all",
                "allowed_actions": "local_only",
                "sha_pinning_required": True,
            },
        )
    )
    workflow = {"default_workflow_permissions": "write"}

    expect_refusal(
        owner.put(HERE, json={"enabled": True, "allowed_actions": "all"}),
        409,
        "prevented by the owning organization",
    )
    expect_refusal(
        owner.put(HERE, json={"enabled": True, "sha_pinning_required": False}), 409, "prevented"
    )
    expect_refusal(owner.put(f"{HERE}/workflow", json=workflow), 409, "prevented")
    expect_ok(
        owner.put(f"{ABOVE}/workflow", json=workflow | {"can_approve_pull_request_reviews": True})
    )
    expect_ok(owner.put(f"{HERE}/workflow", json=workflow))


def test_where_actions_are_off_a_tag_starts_nothing(owner: httpx.Client) -> None:
    expect_ok(owner.put(HERE, json={"enabled": False}))
    expect_ok(create_tag(owner, "1.0"))

    assert (runs(owner), expect_ok(owner.get(HERE))) == (0, {"enabled": False})


def test_an_organization_chooses_where_actions_run(owner: httpx.Client) -> None:
    number = expect_ok(owner.get(HTTPX))["id"]
    expect_refusal(owner.put(f"{ABOVE}/repositories/{number}"), 409, "selected")
    expect_ok(owner.put(ABOVE, json={"enabled_repositories": "selected"}))
    expect_ok(create_tag(owner, "1.0"))
    assert runs(owner) == 0
    expect_refusal(owner.put(HERE, json={"enabled": True}), 409, "prevented")

    expect_ok(owner.put(f"{ABOVE}/repositories/{number}"))
    assert [r["name"] for r in expect_ok(owner.get(f"{ABOVE}/repositories"))["repositories"]] == [
        "httpx"
    ]
    expect_ok(create_tag(owner, "1.1"))
    assert runs(owner) == 1
    expect_ok(owner.delete(f"{ABOVE}/repositories/{number}"))
    expect_ok(owner.put(f"{ABOVE}/repositories", json={"selected_repository_ids": [number]}))
    expect_ok(owner.put(ABOVE, json={"enabled_repositories": "none"}))
    expect_ok(create_tag(owner, "1.2"))
    assert runs(owner) == 1


def test_they_are_for_admins_and_owners(person: Person) -> None:
    expect_refusal(person("maintainer-1").get(HERE), 403, "admin rights")
    expect_refusal(
        person("operator-1").put(ABOVE, json={"enabled_repositories": "none"}),
        403,
        "must be an admin",
    )
