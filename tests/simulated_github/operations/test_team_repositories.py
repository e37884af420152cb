"""Tests of a team's access to repositories.

Source: GitHub's docs, REST page "Teams".
"""

import httpx
import pytest

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    create_team,
    expect_ok,
    expect_refusal,
    grant_access,
)

REPOSITORY = "/orgs/encode/teams/maintainers/repos/encode/httpx"
WITH_BODY = {"accept": "application/vnd.github.v3.repository+json"}


@pytest.mark.parametrize(
    ("permission", "role"),
    [
        ("pull", "read"),
        ("triage", "triage"),
        ("push", "write"),
        ("maintain", "maintain"),
        ("admin", "admin"),
    ],
)
def test_grant_a_permission_and_report_it_as_a_role(
    owner: httpx.Client, permission: str, role: str
) -> None:
    create_team(owner, "maintainers")
    grant_access(owner, "maintainers", permission)

    team_repository = expect_ok(owner.get(REPOSITORY, headers=WITH_BODY))

    assert role == team_repository["role_name"]
    assert team_repository["permissions"][permission]


def test_without_the_media_type_there_is_no_body(owner: httpx.Client) -> None:
    create_team(owner, "maintainers")
    expect_refusal(owner.get(REPOSITORY), 404, "Not Found")
    grant_access(owner, "maintainers", "push")

    assert owner.get(REPOSITORY).status_code == 204


def test_an_unknown_permission_is_refused(owner: httpx.Client) -> None:
    create_team(owner, "maintainers")

    expect_refusal(owner.put(REPOSITORY, json={"permission": "none"}), 422, "is not a role")
    expect_refusal(owner.put(REPOSITORY, json={"permission": "write-ish"}), 422, "is not a role")


def test_removing_access_twice_succeeds(owner: httpx.Client) -> None:
    create_team(owner, "maintainers")
    grant_access(owner, "maintainers", "push")

    assert [owner.delete(REPOSITORY).status_code for _ in range(2)] == [204, 204]
    assert expect_ok(owner.get("/orgs/encode/teams/maintainers/repos")) == []


def test_members_get_the_access_of_their_team(owner: httpx.Client, person: Person) -> None:
    create_team(owner, "maintainers", ["maintainer-1"])
    grant_access(owner, "maintainers", "maintain")

    assert (
        expect_ok(owner.get("/repos/encode/httpx/collaborators/maintainer-1/permission"))[
            "role_name"
        ]
        == "maintain"
    )
    assert expect_ok(person("maintainer-1").get("/repos/encode/httpx"))["permissions"]["maintain"]


def test_only_repository_admins_grant_access(owner: httpx.Client, person: Person) -> None:
    create_team(owner, "maintainers", ["maintainer-1"])

    expect_refusal(
        person("maintainer-1").put(REPOSITORY, json={"permission": "admin"}),
        403,
        "Must have admin rights",
    )
    expect_ok(person("release-stack").put(REPOSITORY, json={"permission": "push"}))


def test_an_archived_repository_keeps_its_teams(owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Archiving repositories"."""
    create_team(owner, "operations")
    grant_access(owner, "operations", "push")
    expect_ok(owner.patch(HTTPX, json={"archived": True}))
    path = "/orgs/encode/teams/operations/repos/encode/httpx"

    expect_refusal(owner.put(path, json={"permission": "admin"}), 403, "archived")
    expect_refusal(owner.delete(path), 403, "archived")
