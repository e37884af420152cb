"""Tests of collaborators and their invitations.

Source: GitHub's docs, REST page "Collaborators".
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

COLLABORATORS = f"{HTTPX}/collaborators"


def get_role(client: httpx.Client, login: str) -> tuple[str, str]:
    permission = expect_ok(client.get(f"{COLLABORATORS}/{login}/permission"))
    return permission["permission"], permission["role_name"]


def test_the_highest_role_of_all_grants_counts(owner: httpx.Client) -> None:
    """Direct access grants write, the team maintain, the organization's base permission read."""
    assert get_role(owner, "maintainer-1") == ("write", "write")
    create_team(owner, "maintainers", ["maintainer-1"])
    grant_access(owner, "maintainers", "maintain")

    assert get_role(owner, "maintainer-1") == ("write", "maintain")
    assert get_role(owner, "owner-1") == ("admin", "admin")
    assert get_role(owner, "outsider-1") == ("read", "read")


def test_collaborators_are_listed_by_affiliation(owner: httpx.Client) -> None:
    names = {
        affiliation: [
            user["login"]
            for user in expect_ok(
                owner.get(COLLABORATORS, params={"affiliation": affiliation, "per_page": 100})
            )
        ]
        for affiliation in ("all", "direct", "outside")
    }

    assert names["outside"] == ["maintainer-11", "maintainer-12"]
    assert len(names["direct"]) == 15
    assert {"owner-1"} == set(names["all"]) - set(names["direct"])


def test_a_member_of_the_organization_needs_no_invitation(owner: httpx.Client) -> None:
    assert (
        owner.put(f"{COLLABORATORS}/operator-1", json={"permission": "maintain"}).status_code == 204
    )
    assert get_role(owner, "operator-1") == ("write", "maintain")


def test_a_user_outside_the_organization_is_invited(owner: httpx.Client, person: Person) -> None:
    outsider = person("outsider-1")
    invitation = expect_ok(owner.put(f"{COLLABORATORS}/outsider-1", json={"permission": "push"}))

    assert invitation["permissions"] == "write"
    assert get_role(owner, "outsider-1") == ("read", "read")
    assert [invitation["id"]] == [
        pending["id"] for pending in expect_ok(outsider.get("/user/repository_invitations"))
    ]

    expect_ok(outsider.patch(f"/user/repository_invitations/{invitation['id']}"))

    assert get_role(owner, "outsider-1") == ("write", "write")
    assert expect_ok(owner.get(f"{HTTPX}/invitations")) == []


def test_update_decline_and_cancel_an_invitation(owner: httpx.Client, person: Person) -> None:
    invitation_id = expect_ok(owner.put(f"{COLLABORATORS}/outsider-1"))["id"]
    assert (
        expect_ok(
            owner.patch(f"{HTTPX}/invitations/{invitation_id}", json={"permissions": "admin"})
        )["permissions"]
        == "admin"
    )
    expect_ok(person("outsider-1").delete(f"/user/repository_invitations/{invitation_id}"))
    invitation_id = expect_ok(owner.put(f"{COLLABORATORS}/outsider-1"))["id"]
    expect_ok(owner.delete(f"{HTTPX}/invitations/{invitation_id}"))

    assert expect_ok(person("outsider-1").get("/user/repository_invitations")) == []
    expect_refusal(
        person("outsider-1").patch(f"/user/repository_invitations/{invitation_id}"),
        404,
        "Not Found",
    )


def test_only_the_invitee_accepts_an_invitation(owner: httpx.Client, person: Person) -> None:
    invitation_id = expect_ok(owner.put(f"{COLLABORATORS}/outsider-1"))["id"]

    expect_refusal(
        person("operator-1").patch(f"/user/repository_invitations/{invitation_id}"),
        404,
        "Not Found",
    )


def test_admins_remove_collaborators_who_may_also_leave(
    owner: httpx.Client, person: Person
) -> None:
    expect_ok(owner.delete(f"{COLLABORATORS}/maintainer-11"))
    expect_refusal(person("maintainer-1").delete(f"{COLLABORATORS}/maintainer-2"), 404, "Not Found")
    expect_ok(person("maintainer-1").delete(f"{COLLABORATORS}/maintainer-1"))

    assert [
        owner.get(f"{COLLABORATORS}/{login}").status_code
        for login in ("maintainer-11", "maintainer-1")
    ] == [404, 204]
    assert get_role(owner, "maintainer-1") == ("read", "read")


@pytest.mark.parametrize("login", ["maintainer-1", "outsider-1"])
def test_only_admins_add_collaborators(person: Person, login: str) -> None:
    expect_refusal(
        person(login).put(f"{COLLABORATORS}/outsider-1"),
        403,
        "Must have admin rights to Repository.",
    )


def test_an_unknown_role_is_refused(owner: httpx.Client) -> None:
    expect_refusal(
        owner.put(f"{COLLABORATORS}/operator-1", json={"permission": "none"}), 422, "is not a role"
    )


def test_list_teams_of_a_repository_with_their_permission(
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


def test_invitations_from_a_removed_collaborator_are_canceled(
    owner: httpx.Client, person: Person
) -> None:
    """Source: GitHub's docs, REST page "Remove a repository collaborator"."""
    expect_ok(owner.put(f"{HTTPX}/collaborators/operator-1", json={"permission": "admin"}))
    invite = {"permission": "push"}
    expect_ok(person("operator-1").put(f"{HTTPX}/collaborators/outsider-1", json=invite))

    expect_ok(owner.delete(f"{HTTPX}/collaborators/operator-1"))

    assert expect_ok(owner.get(f"{HTTPX}/invitations")) == []
