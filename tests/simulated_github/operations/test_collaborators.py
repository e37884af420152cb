"""Collaborators. Source: GitHub's docs, REST page "Collaborators"."""

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

PEOPLE = f"{HTTPX}/collaborators"


def role_of(client: httpx.Client, login: str) -> tuple[str, str]:
    answer = expect_ok(client.get(f"{PEOPLE}/{login}/permission"))
    return answer["permission"], answer["role_name"]


def test_a_role_is_the_greatest_that_any_way_gives(owner: httpx.Client) -> None:
    """Direct access gives write, the team maintain, the organization's base permission read."""
    assert role_of(owner, "maintainer-1") == ("write", "write")
    create_team(owner, "maintainers", ["maintainer-1"])
    grant_access(owner, "maintainers", "maintain")

    assert role_of(owner, "maintainer-1") == ("write", "maintain")
    assert role_of(owner, "owner-1") == ("admin", "admin")
    assert role_of(owner, "outsider-1") == ("read", "read")


def test_collaborators_are_listed_by_affiliation(owner: httpx.Client) -> None:
    names = {
        kind: [
            who["login"]
            for who in expect_ok(owner.get(PEOPLE, params={"affiliation": kind, "per_page": 100}))
        ]
        for kind in ("all", "direct", "outside")
    }

    assert names["outside"] == ["maintainer-11", "maintainer-12"]
    assert len(names["direct"]) == 15
    assert {"owner-1"} == set(names["all"]) - set(names["direct"])


def test_a_member_of_the_organization_is_added_at_once(owner: httpx.Client) -> None:
    assert owner.put(f"{PEOPLE}/operator-1", json={"permission": "maintain"}).status_code == 204
    assert role_of(owner, "operator-1") == ("write", "maintain")


def test_someone_from_outside_is_invited(owner: httpx.Client, person: Person) -> None:
    outsider = person("outsider-1")
    invited = expect_ok(owner.put(f"{PEOPLE}/outsider-1", json={"permission": "push"}))

    assert invited["permissions"] == "write"
    assert role_of(owner, "outsider-1") == ("read", "read")
    assert [invited["id"]] == [
        i["id"] for i in expect_ok(outsider.get("/user/repository_invitations"))
    ]

    expect_ok(outsider.patch(f"/user/repository_invitations/{invited['id']}"))

    assert role_of(owner, "outsider-1") == ("write", "write")
    assert expect_ok(owner.get(f"{HTTPX}/invitations")) == []


def test_an_invitation_is_changed_declined_or_withdrawn(
    owner: httpx.Client, person: Person
) -> None:
    number = expect_ok(owner.put(f"{PEOPLE}/outsider-1"))["id"]
    assert (
        expect_ok(owner.patch(f"{HTTPX}/invitations/{number}", json={"permissions": "admin"}))[
            "permissions"
        ]
        == "admin"
    )
    expect_ok(person("outsider-1").delete(f"/user/repository_invitations/{number}"))
    number = expect_ok(owner.put(f"{PEOPLE}/outsider-1"))["id"]
    expect_ok(owner.delete(f"{HTTPX}/invitations/{number}"))

    assert expect_ok(person("outsider-1").get("/user/repository_invitations")) == []
    expect_refusal(
        person("outsider-1").patch(f"/user/repository_invitations/{number}"), 404, "Not Found"
    )


def test_an_invitation_is_for_whoever_was_invited(owner: httpx.Client, person: Person) -> None:
    number = expect_ok(owner.put(f"{PEOPLE}/outsider-1"))["id"]

    expect_refusal(
        person("operator-1").patch(f"/user/repository_invitations/{number}"), 404, "Not Found"
    )


def test_a_collaborator_is_removed_by_an_admin_or_goes(owner: httpx.Client, person: Person) -> None:
    expect_ok(owner.delete(f"{PEOPLE}/maintainer-11"))
    expect_refusal(person("maintainer-1").delete(f"{PEOPLE}/maintainer-2"), 404, "Not Found")
    expect_ok(person("maintainer-1").delete(f"{PEOPLE}/maintainer-1"))

    assert [
        owner.get(f"{PEOPLE}/{login}").status_code for login in ("maintainer-11", "maintainer-1")
    ] == [404, 204]
    assert role_of(owner, "maintainer-1") == ("read", "read")


@pytest.mark.parametrize("login", ["maintainer-1", "outsider-1"])
def test_only_admins_add_people(person: Person, login: str) -> None:
    expect_refusal(
        person(login).put(f"{PEOPLE}/outsider-1"), 403, "Must have admin rights to Repository."
    )


def test_an_unknown_role_is_refused(owner: httpx.Client) -> None:
    expect_refusal(
        owner.put(f"{PEOPLE}/operator-1", json={"permission": "none"}), 422, "is not a role"
    )


def test_teams_of_a_repository_are_listed_with_what_they_may_do(
    owner: httpx.Client, person: Person
) -> None:
    create_team(owner, "maintainers")
    create_team(owner, "hidden", privacy="secret")
    for slug in ("maintainers", "hidden"):
        grant_access(owner, slug, "maintain")

    listed = expect_ok(owner.get(f"{HTTPX}/teams"))

    assert [(t["slug"], t["permission"]) for t in listed] == [
        ("maintainers", "maintain"),
        ("hidden", "maintain"),
    ]
    assert [team["slug"] for team in expect_ok(person("operator-1").get(f"{HTTPX}/teams"))] == [
        "maintainers"
    ]
