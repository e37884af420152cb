"""Who is in a team. Source: GitHub's docs, REST page "Team members"."""

import httpx

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import create_team, expect_ok, expect_refusal

TEAM = "/orgs/encode/teams/operations"
INVITATIONS = "/orgs/encode/invitations"


def test_a_member_of_the_organization_is_in_at_once(owner: httpx.Client) -> None:
    create_team(owner, "operations")

    answer = expect_ok(owner.put(f"{TEAM}/memberships/operator-1", json={"role": "maintainer"}))

    assert (answer["state"], answer["role"]) == ("active", "maintainer")


def test_the_role_is_member_unless_it_is_asked_otherwise(owner: httpx.Client) -> None:
    create_team(owner, "operations")

    assert expect_ok(owner.put(f"{TEAM}/memberships/operator-1"))["role"] == "member"


def test_an_owner_is_a_maintainer_whatever_was_asked(owner: httpx.Client) -> None:
    """Source: the page "Get team membership for a user": "The role for organization owners is set to maintainer"."""
    create_team(owner, "operations")

    answer = expect_ok(owner.put(f"{TEAM}/memberships/owner-1", json={"role": "member"}))

    assert answer["role"] == "maintainer"


def test_someone_from_outside_is_invited_and_pending_until_accepting(
    owner: httpx.Client, person: Person
) -> None:
    create_team(owner, "operations")

    assert (
        expect_ok(owner.put(f"{TEAM}/memberships/maintainer-11", json={"role": "member"}))["state"]
        == "pending"
    )
    assert expect_ok(owner.get(f"{TEAM}/members")) == []
    assert [invited["login"] for invited in expect_ok(owner.get(f"{TEAM}/invitations"))] == [
        "maintainer-11"
    ]
    assert [invited["role"] for invited in expect_ok(owner.get(INVITATIONS))] == ["direct_member"]

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

    assert [invited["team_count"] for invited in invitations] == [2]
    assert [team["slug"] for team in teams] == ["operations", "maintainers"]


def test_removing_a_pending_person_withdraws_the_invitation(owner: httpx.Client) -> None:
    """Source: "Remove team membership for a user" removes active and pending ones.

    Assumption: the organization's invitation goes when it was for this team alone.
    """
    create_team(owner, "operations")
    expect_ok(owner.put(f"{TEAM}/memberships/maintainer-11"))

    expect_ok(owner.delete(f"{TEAM}/memberships/maintainer-11"))

    assert expect_ok(owner.get(INVITATIONS)) == []
    expect_refusal(owner.get(f"{TEAM}/memberships/maintainer-11"), 404, "Not Found")


def test_an_invitation_for_another_team_too_stays(owner: httpx.Client) -> None:
    for name in ("operations", "maintainers"):
        create_team(owner, name)
        expect_ok(owner.put(f"/orgs/encode/teams/{name}/memberships/maintainer-11"))

    expect_ok(owner.delete(f"{TEAM}/memberships/maintainer-11"))

    assert [invited["team_count"] for invited in expect_ok(owner.get(INVITATIONS))] == [1]


def test_removing_someone_who_is_not_in_it_is_a_404(owner: httpx.Client) -> None:
    create_team(owner, "operations")

    expect_refusal(owner.delete(f"{TEAM}/memberships/operator-1"), 404, "Not Found")
    expect_refusal(owner.put(f"{TEAM}/memberships/nobody-at-all"), 404, "Not Found")


def test_members_are_listed_by_role(owner: httpx.Client) -> None:
    create_team(owner, "operations", ["operator-1", "owner-1"])

    listed = {
        role: expect_ok(owner.get(f"{TEAM}/members", params={"role": role}))
        for role in ("all", "member", "maintainer")
    }

    assert {role: len(people) for role, people in listed.items()} == {
        "all": 2,
        "member": 1,
        "maintainer": 1,
    }


def test_members_of_a_nested_team_are_listed_with_its_parent(owner: httpx.Client) -> None:
    """Source: "List team members": "the team's members, including members of child teams"."""
    parent = create_team(owner, "operations")
    expect_ok(
        owner.post("/orgs/encode/teams", json={"name": "child", "parent_team_id": parent["id"]})
    )

    assert [who["login"] for who in expect_ok(owner.get(f"{TEAM}/members"))] == ["owner-1"]


def test_a_bot_is_no_member(owner: httpx.Client) -> None:
    create_team(owner, "operations")

    expect_refusal(owner.put(f"{TEAM}/memberships/release-stack[bot]"), 422, "Cannot add")


def test_members_are_put_in_by_owners_and_maintainers_of_the_team(
    owner: httpx.Client, person: Person
) -> None:
    create_team(owner, "operations", ["operator-1"])
    path = f"{TEAM}/memberships/operator-2"

    expect_refusal(person("operator-1").put(path), 403, "Must have admin rights")
    expect_ok(owner.put(f"{TEAM}/memberships/operator-1", json={"role": "maintainer"}))
    expect_ok(person("operator-1").put(path))
    expect_ok(person("release-stack").put(path))


def test_people_from_outside_are_invited_by_owners_and_by_no_maintainer(
    owner: httpx.Client, person: Person
) -> None:
    """Source: "Add or update team membership for a user": an organization's owner can add someone who is not part of it."""
    create_team(owner, "operations", ["operator-1"])
    expect_ok(owner.put(f"{TEAM}/memberships/operator-1", json={"role": "maintainer"}))
    path = f"{TEAM}/memberships/outsider-1"

    expect_refusal(person("operator-1").put(path), 403, "must be an admin")
    assert owner.get(path).status_code == 404
    assert expect_ok(person("release-stack").put(path))["state"] == "pending"
