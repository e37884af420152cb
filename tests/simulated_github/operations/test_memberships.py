"""Tests of memberships of the organization.

Source: GitHub's docs, REST page "Organization members".
"""

import httpx

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import HTTPX, create_team, expect_ok, expect_refusal

MEMBERSHIPS = "/orgs/encode/memberships"


def test_members_are_listed_by_role(owner: httpx.Client) -> None:
    owners = expect_ok(owner.get("/orgs/encode/members", params={"role": "admin"}))

    assert [user["login"] for user in owners] == ["owner-1"]
    assert len(expect_ok(owner.get("/orgs/encode/members", params={"role": "member"}))) == 13


def test_outside_collaborators_are_not_members(
    owner: httpx.Client,
) -> None:
    outside = expect_ok(owner.get("/orgs/encode/outside_collaborators"))

    assert [user["login"] for user in outside] == ["maintainer-11", "maintainer-12"]


def test_a_user_is_invited_and_accepts(owner: httpx.Client, person: Person) -> None:
    membership = expect_ok(owner.put(f"{MEMBERSHIPS}/outsider-1", json={"role": "member"}))
    pending = expect_ok(
        person("outsider-1").get("/user/memberships/orgs", params={"state": "pending"})
    )

    assert membership["state"] == "pending"
    assert pending[0]["state"] == "pending"
    expect_refusal(owner.get("/orgs/encode/members/outsider-1"), 404, "Not Found")

    expect_ok(person("outsider-1").patch("/user/memberships/orgs/encode", json={"state": "active"}))

    assert owner.get("/orgs/encode/members/outsider-1").status_code == 204
    assert expect_ok(person("outsider-1").get("/user/memberships/orgs/encode"))["state"] == "active"


def test_a_user_without_invitation_cannot_accept(person: Person) -> None:
    expect_refusal(
        person("outsider-1").patch("/user/memberships/orgs/encode", json={"state": "active"}),
        404,
        "Not Found",
    )


def test_cancel_an_invitation(owner: httpx.Client) -> None:
    expect_ok(owner.put(f"{MEMBERSHIPS}/outsider-1"))
    invitation_id = expect_ok(owner.get("/orgs/encode/invitations"))[0]["id"]

    expect_ok(owner.delete(f"/orgs/encode/invitations/{invitation_id}"))

    expect_refusal(owner.get(f"{MEMBERSHIPS}/outsider-1"), 404, "Not Found")
    expect_refusal(owner.delete(f"/orgs/encode/invitations/{invitation_id}"), 404, "Not Found")


def test_removing_a_membership_cancels_an_invitation(owner: httpx.Client) -> None:
    expect_ok(owner.put(f"{MEMBERSHIPS}/outsider-1"))
    expect_ok(owner.delete(f"{MEMBERSHIPS}/outsider-1"))

    assert expect_ok(owner.get("/orgs/encode/invitations")) == []


def test_a_removed_member_loses_teams_and_direct_access(owner: httpx.Client) -> None:
    create_team(owner, "operations", ["operator-1"])

    expect_ok(owner.delete("/orgs/encode/members/operator-1"))

    assert expect_ok(owner.get("/orgs/encode/teams/operations/members")) == []
    assert (
        expect_ok(owner.get(f"{HTTPX}/collaborators/operator-1/permission"))["role_name"] == "read"
    )
    expect_refusal(owner.get(f"{HTTPX}/collaborators/operator-1"), 404, "Not Found")


def test_the_last_owner_cannot_leave(owner: httpx.Client) -> None:
    expect_refusal(owner.delete(f"{MEMBERSHIPS}/owner-1"), 403, "last owner")
    expect_refusal(owner.put(f"{MEMBERSHIPS}/owner-1", json={"role": "member"}), 403, "last owner")

    expect_ok(owner.put(f"{MEMBERSHIPS}/operator-1", json={"role": "admin"}))
    expect_ok(owner.put(f"{MEMBERSHIPS}/owner-1", json={"role": "member"}))


def test_only_owners_and_permitted_apps_change_memberships(person: Person) -> None:
    expect_refusal(
        person("operator-1").put(f"{MEMBERSHIPS}/outsider-1"), 403, "You must be an admin"
    )
    expect_refusal(
        person("outsider-1").put(f"{MEMBERSHIPS}/outsider-1"), 403, "You must be an admin"
    )
    expect_ok(person("release-stack").put(f"{MEMBERSHIPS}/outsider-1"))


def test_only_members_see_members(person: Person, anyone: httpx.Client) -> None:
    """Source: "List organization members". Assumption: every membership is concealed here."""
    assert expect_ok(person("outsider-1").get("/orgs/encode/members")) == []
    expect_refusal(person("outsider-1").get("/orgs/encode/members/operator-1"), 404, "Not Found")
    assert expect_ok(anyone.get("/orgs/encode/members")) == []
