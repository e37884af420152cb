"""Tests of members of a team and invitations to it.

Source: GitHub's docs, REST page "Team members".
"""

import httpx

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import create_team, expect_ok, expect_refusal

TEAM = "/orgs/encode/teams/operations"
INVITATIONS = "/orgs/encode/invitations"


def test_a_member_of_the_organization_needs_no_invitation(owner: httpx.Client) -> None:
    create_team(owner, "operations")

    membership = expect_ok(owner.put(f"{TEAM}/memberships/operator-1", json={"role": "maintainer"}))

    assert membership["state"] == "active"
    assert membership["role"] == "maintainer"


def test_the_default_role_is_member(owner: httpx.Client) -> None:
    create_team(owner, "operations")

    assert expect_ok(owner.put(f"{TEAM}/memberships/operator-1"))["role"] == "member"


def test_an_owner_always_becomes_a_maintainer(owner: httpx.Client) -> None:
    """Source: the page "Get team membership for a user", on organization owners."""
    create_team(owner, "operations")

    membership = expect_ok(owner.put(f"{TEAM}/memberships/owner-1", json={"role": "member"}))

    assert membership["role"] == "maintainer"


def test_an_outside_user_is_pending_until_accepting(owner: httpx.Client, person: Person) -> None:
    create_team(owner, "operations")

    assert (
        expect_ok(owner.put(f"{TEAM}/memberships/maintainer-11", json={"role": "member"}))["state"]
        == "pending"
    )
    assert expect_ok(owner.get(f"{TEAM}/members")) == []
    assert [invitation["login"] for invitation in expect_ok(owner.get(f"{TEAM}/invitations"))] == [
        "maintainer-11"
    ]
    assert [invitation["role"] for invitation in expect_ok(owner.get(INVITATIONS))] == [
        "direct_member"
    ]

    expect_ok(
        person("maintainer-11").patch("/user/memberships/orgs/encode", json={"state": "active"})
    )

    assert expect_ok(owner.get(f"{TEAM}/memberships/maintainer-11"))["state"] == "active"
    assert expect_ok(owner.get(INVITATIONS)) == []


def test_one_invitation_serves_several_teams(owner: httpx.Client) -> None:
    for name in ("operations", "maintainers"):
        create_team(owner, name)
        expect_ok(owner.put(f"/orgs/encode/teams/{name}/memberships/maintainer-11"))

    invitations = expect_ok(owner.get(INVITATIONS))
    teams = expect_ok(owner.get(f"{INVITATIONS}/{invitations[0]['id']}/teams"))

    assert [invitation["team_count"] for invitation in invitations] == [2]
    assert [team["slug"] for team in teams] == ["operations", "maintainers"]


def test_removing_a_pending_user_cancels_the_invitation(owner: httpx.Client) -> None:
    """Source: "Remove team membership for a user" removes active and pending members.

    Assumption: the organization's invitation is canceled when it was only for this team.
    """
    create_team(owner, "operations")
    expect_ok(owner.put(f"{TEAM}/memberships/maintainer-11"))

    expect_ok(owner.delete(f"{TEAM}/memberships/maintainer-11"))

    assert expect_ok(owner.get(INVITATIONS)) == []
    expect_refusal(owner.get(f"{TEAM}/memberships/maintainer-11"), 404, "Not Found")


def test_an_invitation_to_another_team_remains(owner: httpx.Client) -> None:
    for name in ("operations", "maintainers"):
        create_team(owner, name)
        expect_ok(owner.put(f"/orgs/encode/teams/{name}/memberships/maintainer-11"))

    expect_ok(owner.delete(f"{TEAM}/memberships/maintainer-11"))

    assert [invitation["team_count"] for invitation in expect_ok(owner.get(INVITATIONS))] == [1]


def test_removing_a_user_who_is_not_a_member_is_a_404(owner: httpx.Client) -> None:
    create_team(owner, "operations")

    expect_refusal(owner.delete(f"{TEAM}/memberships/operator-1"), 404, "Not Found")
    expect_refusal(owner.put(f"{TEAM}/memberships/unknown-user"), 404, "Not Found")


def test_members_are_listed_by_role(owner: httpx.Client) -> None:
    create_team(owner, "operations", ["operator-1", "owner-1"])

    members_by_role = {
        role: expect_ok(owner.get(f"{TEAM}/members", params={"role": role}))
        for role in ("all", "member", "maintainer")
    }

    assert {role: len(members) for role, members in members_by_role.items()} == {
        "all": 2,
        "member": 1,
        "maintainer": 1,
    }


def test_a_parent_team_lists_the_members_of_child_teams(owner: httpx.Client) -> None:
    """Source: "List team members": "the team's members, including members of child teams"."""
    parent = create_team(owner, "operations")
    expect_ok(
        owner.post("/orgs/encode/teams", json={"name": "child", "parent_team_id": parent["id"]})
    )

    assert [user["login"] for user in expect_ok(owner.get(f"{TEAM}/members"))] == ["owner-1"]


def test_a_bot_cannot_be_a_member(owner: httpx.Client) -> None:
    create_team(owner, "operations")

    expect_refusal(owner.put(f"{TEAM}/memberships/release-stack[bot]"), 422, "Cannot add")


def test_owners_and_team_maintainers_add_members(owner: httpx.Client, person: Person) -> None:
    create_team(owner, "operations", ["operator-1"])
    path = f"{TEAM}/memberships/operator-2"

    expect_refusal(person("operator-1").put(path), 403, "Must have admin rights")
    expect_ok(owner.put(f"{TEAM}/memberships/operator-1", json={"role": "maintainer"}))
    expect_ok(person("operator-1").put(path))
    expect_ok(person("release-stack").put(path))


def test_only_owners_invite_outside_users(owner: httpx.Client, person: Person) -> None:
    """Source: "Add or update team membership for a user"."""
    create_team(owner, "operations", ["operator-1"])
    expect_ok(owner.put(f"{TEAM}/memberships/operator-1", json={"role": "maintainer"}))
    path = f"{TEAM}/memberships/outsider-1"

    expect_refusal(person("operator-1").put(path), 403, "must be an admin")
    assert owner.get(path).status_code == 404
    assert expect_ok(person("release-stack").put(path))["state"] == "pending"
