"""Memberships of the organization. Source: GitHub's docs, REST page "Organization members"."""

import httpx

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.acting import HTTPX, done, make_team, refused

MEMBERSHIPS = "/orgs/encode/memberships"


def test_members_are_listed_by_role(owner: httpx.Client) -> None:
    owners = done(owner.get("/orgs/encode/members", params={"role": "admin"}))

    assert [who["login"] for who in owners] == ["owner-1"]
    assert len(done(owner.get("/orgs/encode/members", params={"role": "member"}))) == 13


def test_outside_collaborators_are_those_with_direct_access_who_are_not_members(
    owner: httpx.Client,
) -> None:
    outside = done(owner.get("/orgs/encode/outside_collaborators"))

    assert [who["login"] for who in outside] == ["maintainer-11", "maintainer-12"]


def test_a_person_is_invited_and_accepts(owner: httpx.Client, person: Person) -> None:
    invited = done(owner.put(f"{MEMBERSHIPS}/outsider-1", json={"role": "member"}))
    mine = done(person("outsider-1").get("/user/memberships/orgs", params={"state": "pending"}))

    assert "pending" == invited["state"] == mine[0]["state"]
    refused(owner.get("/orgs/encode/members/outsider-1"), 404, "Not Found")

    done(person("outsider-1").patch("/user/memberships/orgs/encode", json={"state": "active"}))

    assert owner.get("/orgs/encode/members/outsider-1").status_code == 204
    assert done(person("outsider-1").get("/user/memberships/orgs/encode"))["state"] == "active"


def test_nobody_accepts_what_was_not_offered(person: Person) -> None:
    refused(
        person("outsider-1").patch("/user/memberships/orgs/encode", json={"state": "active"}),
        404,
        "Not Found",
    )


def test_an_invitation_is_withdrawn(owner: httpx.Client) -> None:
    done(owner.put(f"{MEMBERSHIPS}/outsider-1"))
    number = done(owner.get("/orgs/encode/invitations"))[0]["id"]

    done(owner.delete(f"/orgs/encode/invitations/{number}"))

    refused(owner.get(f"{MEMBERSHIPS}/outsider-1"), 404, "Not Found")
    refused(owner.delete(f"/orgs/encode/invitations/{number}"), 404, "Not Found")


def test_removing_a_membership_withdraws_an_invitation_too(owner: httpx.Client) -> None:
    done(owner.put(f"{MEMBERSHIPS}/outsider-1"))
    done(owner.delete(f"{MEMBERSHIPS}/outsider-1"))

    assert done(owner.get("/orgs/encode/invitations")) == []


def test_whoever_leaves_loses_teams_and_direct_access(owner: httpx.Client) -> None:
    make_team(owner, "operations", ["operator-1"])

    done(owner.delete("/orgs/encode/members/operator-1"))

    assert done(owner.get("/orgs/encode/teams/operations/members")) == []
    assert done(owner.get(f"{HTTPX}/collaborators/operator-1/permission"))["role_name"] == "read"
    refused(owner.get(f"{HTTPX}/collaborators/operator-1"), 404, "Not Found")


def test_the_last_owner_stays(owner: httpx.Client) -> None:
    refused(owner.delete(f"{MEMBERSHIPS}/owner-1"), 403, "last owner")
    refused(owner.put(f"{MEMBERSHIPS}/owner-1", json={"role": "member"}), 403, "last owner")

    done(owner.put(f"{MEMBERSHIPS}/operator-1", json={"role": "admin"}))
    done(owner.put(f"{MEMBERSHIPS}/owner-1", json={"role": "member"}))


def test_only_owners_and_apps_with_the_permission_change_memberships(person: Person) -> None:
    refused(person("operator-1").put(f"{MEMBERSHIPS}/outsider-1"), 403, "You must be an admin")
    refused(person("outsider-1").put(f"{MEMBERSHIPS}/outsider-1"), 403, "You must be an admin")
    done(person("release-stack").put(f"{MEMBERSHIPS}/outsider-1"))


def test_members_are_for_members_to_see(person: Person, anyone: httpx.Client) -> None:
    """Source: "List organization members": concealed ones are for members. Assumption: here all are concealed."""
    assert done(person("outsider-1").get("/orgs/encode/members")) == []
    refused(person("outsider-1").get("/orgs/encode/members/operator-1"), 404, "Not Found")
    assert done(anyone.get("/orgs/encode/members")) == []
