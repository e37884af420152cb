"""Tests of people who join, are renamed, leave, and are deleted through the control plane."""

from typing import Any

import httpx
import pytest

from simulated_github import World
from simulated_github.records.rulesets import BypassActor
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    create_ruleset,
    create_tag,
    create_team,
    expect_ok,
    expect_refusal,
    grant_access,
    put_environment,
    write_publish_workflow,
)

PEOPLE = "/_simulator/people"
DEPLOY = f"{HTTPX}/environments/deploy"


def get_person(client: httpx.Client, login: str) -> dict[str, Any]:
    person: dict[str, Any] = expect_ok(client.get(f"{PEOPLE}/{login}"))
    return person


def list_reviewers(client: httpx.Client) -> list[str]:
    """Return the logins and slugs of the required reviewers of `deploy`."""
    return [
        entry["reviewer"].get("login") or entry["reviewer"]["slug"]
        for rule in expect_ok(client.get(DEPLOY))["protection_rules"]
        for entry in rule.get("reviewers", ())
    ]


def list_members(client: httpx.Client, path: str) -> list[str]:
    return [member["login"] for member in expect_ok(client.get(f"{path}?per_page=100"))]


def as_reviewer(client: httpx.Client, login: str) -> dict[str, Any]:
    return {"type": "User", "id": get_person(client, login)["id"]}


def test_people_are_listed_without_bots(owner: httpx.Client) -> None:
    people = {person["login"]: person for person in expect_ok(owner.get(PEOPLE))}

    assert len(people) == 17
    assert people["owner-1"]["organizations"] == {"encode": "admin"}
    assert people["outsider-1"]["organizations"] == {}
    assert people["operator-1"] == get_person(owner, "OPERATOR-1")


def test_a_stranger_may_register_a_login_that_became_free(
    owner: httpx.Client, person: Person
) -> None:
    """Source: GitHub's docs, "Changing your username": the old one is available to everyone."""
    create_team(owner, "operations", ["operator-1"])
    before = get_person(owner, "operator-1")
    renamed = expect_ok(owner.patch(f"{PEOPLE}/operator-1", json={"login": "operator-one"}))
    stranger = expect_ok(owner.post(PEOPLE, json={"login": "operator-1"}))

    assert renamed == before | {"login": "operator-one"}
    assert stranger["id"] != before["id"]
    assert stranger["organizations"] == {}
    assert stranger["token"] == "token-operator-1-2"
    assert list_members(owner, "/orgs/encode/teams/operations/members") == ["operator-one"]
    assert expect_ok(person("operator-1").get("/user"))["login"] == "operator-one"
    assert expect_ok(person("operator-1-2").get("/user"))["id"] == stranger["id"]
    expect_refusal(
        owner.get("/orgs/encode/teams/operations/memberships/operator-1"), 404, "Not Found"
    )


def test_a_new_token_belongs_to_the_present_login(owner: httpx.Client, person: Person) -> None:
    expect_ok(owner.patch(f"{PEOPLE}/operator-1", json={"login": "operator-one"}))
    expect_refusal(owner.post("/_simulator/tokens", json={"name": "operator-1"}), 422, "operator-1")

    created = expect_ok(owner.post("/_simulator/tokens", json={"name": "operator-one"}))

    assert created == {"token": "token-operator-one"}
    assert expect_ok(person("operator-one").get("/user"))["login"] == "operator-one"


def test_the_case_of_a_login_may_change(owner: httpx.Client) -> None:
    number = get_person(owner, "operator-1")["id"]

    renamed = expect_ok(owner.patch(f"{PEOPLE}/operator-1", json={"login": "Operator-1"}))

    assert renamed["login"] == "Operator-1"
    assert get_person(owner, "operator-1")["id"] == number


@pytest.mark.parametrize(
    ("login", "message"),
    [
        ("Owner-1", "in use"),
        ("encode", "in use"),
        ("", "letters, digits"),
        ("-a", "letters, digits"),
        ("a--b", "letters, digits"),
        ("a_b", "letters, digits"),
        ("a" * 40, "1 to 39"),
        (5, "is not text"),
    ],
)
def test_an_invalid_or_used_login_is_refused(owner: httpx.Client, login: str, message: str) -> None:
    """Source: the rules on GitHub's page to sign up."""
    people = expect_ok(owner.get(PEOPLE))

    expect_refusal(owner.post(PEOPLE, json={"login": login}), 422, message)
    expect_refusal(owner.patch(f"{PEOPLE}/operator-1", json={"login": login}), 422, message)
    assert expect_ok(owner.get(PEOPLE)) == people


@pytest.mark.parametrize("body", [{}, {"login": "new-1", "name": "x"}, ["new-1"]])
def test_a_body_has_the_login_alone(owner: httpx.Client, body: Any) -> None:
    expect_refusal(owner.post(PEOPLE, json=body), 422, "the keys login and no others")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "nobody-1"),
        ("PATCH", "nobody-1"),
        ("DELETE", "nobody-1"),
        ("DELETE", "release-stack[bot]"),
        ("POST", "nobody-1/accept"),
        ("DELETE", "operator-1/organizations/unknown"),
        ("DELETE", "outsider-1/organizations/encode"),
    ],
)
def test_an_unknown_name_is_a_404(owner: httpx.Client, method: str, path: str) -> None:
    response = owner.request(method, f"{PEOPLE}/{path}", json={"login": "new-1"})

    expect_refusal(response, 404, "not")


def test_a_person_who_leaves_loses_all_access(owner: httpx.Client, person: Person) -> None:
    """Teams, direct access and the role of a required reviewer end; the account stays.

    Source: GitHub's docs, "Removing yourself from an organization". Assumption: the list of
    required reviewers.
    """
    create_team(owner, "operations", ["operator-1", "operator-2"])
    grant_access(owner, "operations", "maintain")
    put_environment(
        owner, reviewers=[as_reviewer(owner, "operator-1"), as_reviewer(owner, "operator-2")]
    )
    assert owner.delete(f"{PEOPLE}/operator-1/organizations/encode").status_code == 204

    assert list_members(owner, "/orgs/encode/teams/operations/members") == ["operator-2"]
    assert list_reviewers(owner) == ["operator-2"]
    permission = expect_ok(owner.get(f"{HTTPX}/collaborators/operator-1/permission"))
    assert permission["permission"] == "read", "everyone can read a public repository"
    expect_refusal(create_tag(person("operator-1"), "1.0"), 404, "Not Found")
    assert get_person(owner, "operator-1")["organizations"] == {}
    assert expect_ok(owner.get("/orgs/encode/invitations")) == []


def test_invitations_from_a_person_who_leaves_are_canceled(
    owner: httpx.Client, person: Person
) -> None:
    """Source: GitHub's docs, "Removing a member from your organization".

    Assumption: invitations to repositories too.
    """
    expect_ok(owner.post(PEOPLE, json={"login": "new-1"}))
    expect_ok(owner.put("/orgs/encode/memberships/operator-1", json={"role": "admin"}))
    leaving = person("operator-1")
    expect_ok(leaving.put("/orgs/encode/memberships/outsider-1", json={"role": "member"}))
    expect_ok(owner.put("/orgs/encode/memberships/new-1", json={"role": "member"}))
    expect_ok(leaving.put(f"{HTTPX}/collaborators/outsider-1", json={"permission": "push"}))

    expect_ok(owner.delete(f"{PEOPLE}/operator-1/organizations/encode"))

    pending = expect_ok(owner.get("/orgs/encode/invitations"))
    assert [invitation["login"] for invitation in pending] == ["new-1"]
    assert expect_ok(owner.get(f"{HTTPX}/invitations")) == []


def test_an_owner_who_removes_a_member_has_the_same_effect(owner: httpx.Client) -> None:
    put_environment(owner, reviewers=[as_reviewer(owner, "operator-1")])

    expect_ok(owner.delete("/orgs/encode/members/operator-1"))

    assert list_reviewers(owner) == []


def test_the_last_reviewer_who_leaves_opens_the_gate(owner: httpx.Client, person: Person) -> None:
    """Assumption: an environment without reviewers holds no job, also one that waits already."""
    put_environment(owner, reviewers=[as_reviewer(owner, "operator-1")])
    write_publish_workflow(owner, "deploy")
    expect_ok(create_tag(person("maintainer-1"), "1.0"))
    runs = f"{HTTPX}/actions/runs"
    assert expect_ok(owner.get(runs))["workflow_runs"][0]["status"] == "waiting"

    expect_ok(owner.delete(f"{PEOPLE}/operator-1/organizations/encode"))

    assert expect_ok(owner.get(runs))["workflow_runs"][0]["conclusion"] == "success"


def test_a_team_that_reviews_keeps_the_gate_without_members(
    owner: httpx.Client, person: Person
) -> None:
    """The team stays a reviewer when its last member leaves: the job waits for 30 days."""
    team = create_team(owner, "operations", ["operator-1"])
    grant_access(owner, "operations", "maintain")
    put_environment(owner, reviewers=[{"type": "Team", "id": team["id"]}])
    write_publish_workflow(owner, "deploy")
    expect_ok(owner.delete(f"{PEOPLE}/operator-1/organizations/encode"))

    expect_ok(create_tag(person("maintainer-1"), "1.0"))

    assert list_reviewers(owner) == ["operations"]
    run = expect_ok(owner.get(f"{HTTPX}/actions/runs"))["workflow_runs"][0]
    assert run["status"] == "waiting"


@pytest.mark.parametrize("path", ["owner-1", "owner-1/organizations/encode"])
def test_the_last_owner_cannot_leave(owner: httpx.Client, path: str) -> None:
    """Source: GitHub's docs, "Deleting your personal account": transfer ownership first."""
    expect_refusal(owner.delete(f"{PEOPLE}/{path}"), 422, "only owner of encode")
    expect_ok(owner.put("/orgs/encode/memberships/operator-1", json={"role": "admin"}))

    assert owner.delete(f"{PEOPLE}/{path}").status_code == 204


def test_a_deleted_account_leaves_nothing_behind(
    owner: httpx.Client, person: Person, world: World
) -> None:
    """Memberships, access, reviewer and bypass roles, invitations and tokens end.

    Source: GitHub's docs, "Deleting your personal account".
    """
    create_team(owner, "operations", ["operator-1"])
    reviewer = as_reviewer(owner, "operator-1")
    put_environment(owner, reviewers=[reviewer])
    expect_ok(owner.put(f"{HTTPX}/collaborators/outsider-1", json={"permission": "push"}))
    ruleset = create_ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"])
    record = next(iter(world.repositories.values())).rulesets[ruleset["id"]]
    record.bypass_actors = (BypassActor("User", reviewer["id"]),)
    assert owner.delete(f"{PEOPLE}/operator-1").status_code == 204
    assert owner.delete(f"{PEOPLE}/outsider-1").status_code == 204

    assert list_members(owner, "/orgs/encode/teams/operations/members") == []
    assert list_reviewers(owner) == []
    assert not record.bypass_actors
    assert expect_ok(owner.get(f"{HTTPX}/invitations")) == []
    expect_refusal(person("operator-1").get("/user"), 401, "Bad credentials")
    expect_refusal(owner.get(f"{PEOPLE}/operator-1"), 404, "operator-1")
    assert "ghost" not in [person["login"] for person in expect_ok(owner.get(PEOPLE))]
    assert expect_ok(owner.post(PEOPLE, json={"login": "operator-1"}))["token"] == (
        "token-operator-1-2"
    ), "the deleted account's token stays invalid"
    expect_refusal(person("operator-1").get("/user"), 401, "Bad credentials")


def test_deleted_actors_leave_a_classic_protection(owner: httpx.Client) -> None:
    """Users and teams that are deleted are in no list of actors any more."""
    create_team(owner, "operations", ["operator-2"])
    grant_access(owner, "operations", "maintain")
    actors = {"users": ["operator-1", "operator-2"], "teams": ["operations"]}
    body = {
        "required_status_checks": None,
        "enforce_admins": None,
        "required_pull_request_reviews": {
            "dismissal_restrictions": actors,
            "bypass_pull_request_allowances": actors,
        },
        "restrictions": actors,
    }
    expect_ok(owner.put(f"{HTTPX}/branches/main/protection", json=body))
    remaining = as_reviewer(owner, "operator-2")["id"]
    expect_ok(owner.delete(f"{PEOPLE}/operator-1"))
    expect_ok(owner.delete("/orgs/encode/teams/operations"))

    state = expect_ok(owner.get("/_simulator/state"))["repositories"]["encode/httpx"]
    protection = state["branch_protections"]["main"]
    reviews = protection["reviews"]
    for actors in (protection["pushers"], reviews["dismissers"], reviews["bypassers"]):
        assert actors == {"users": [remaining], "teams": [], "apps": []}


def test_a_person_accepts_what_is_pending(owner: httpx.Client) -> None:
    expect_refusal(owner.post(f"{PEOPLE}/outsider-1/accept"), 422, "no pending invitation")
    create_team(owner, "operations", ["outsider-1"])
    expect_ok(owner.put(f"{HTTPX}/collaborators/outsider-1", json={"permission": "maintain"}))
    assert get_person(owner, "outsider-1")["invitations"] == ["encode", "encode/httpx"]

    body = {"repository": "encode/HTTPX"}
    accepted = expect_ok(owner.post(f"{PEOPLE}/outsider-1/accept", json=body))
    assert accepted["invitations"] == ["encode"]
    assert expect_ok(owner.post(f"{PEOPLE}/outsider-1/accept"))["organizations"] == {
        "encode": "member"
    }

    assert list_members(owner, "/orgs/encode/teams/operations/members") == ["outsider-1"]
    permission = expect_ok(owner.get(f"{HTTPX}/collaborators/outsider-1/permission"))
    assert permission["role_name"] == "maintain"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"organization": "encode"}, "organization: outsider-1 has no pending invitation"),
        ({"repository": "encode/httpcore"}, "repository: outsider-1 has no pending invitation"),
        ({"team": "operations"}, "optional: organization, repository"),
    ],
)
def test_an_invitation_that_is_not_pending_is_refused(
    owner: httpx.Client, body: dict[str, str], message: str
) -> None:
    expect_ok(owner.put(f"{HTTPX}/collaborators/outsider-1", json={"permission": "maintain"}))

    expect_refusal(owner.post(f"{PEOPLE}/outsider-1/accept", json=body), 422, message)
    assert get_person(owner, "outsider-1")["invitations"] == ["encode/httpx"]
