"""Teams. Source: GitHub's docs, REST page "Teams"."""

import httpx
import pytest

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    create_ruleset,
    create_team,
    expect_ok,
    expect_refusal,
    grant_access,
    put_environment,
)
from tests.team_slugs import TEAM_SLUGS

TEAMS = "/orgs/encode/teams"


@pytest.mark.parametrize(("name", "slug"), TEAM_SLUGS)
def test_the_slug_of_a_team(owner: httpx.Client, name: str, slug: str) -> None:
    team = expect_ok(owner.post(TEAMS, json={"name": name}))

    assert team["slug"] == slug
    assert team["id"] == expect_ok(owner.get(f"{TEAMS}/{slug.upper()}"))["id"]


def test_a_team_is_secret_unless_it_is_asked_otherwise(owner: httpx.Client) -> None:
    assert expect_ok(owner.post(TEAMS, json={"name": "a"}))["privacy"] == "secret"
    assert (
        expect_ok(owner.post(TEAMS, json={"name": "b", "privacy": "closed"}))["privacy"] == "closed"
    )


def test_whoever_makes_a_team_maintains_it(owner: httpx.Client) -> None:
    """Source: the page "Create a team": the creator becomes a maintainer without explicitly adding them."""
    expect_ok(owner.post(TEAMS, json={"name": "a"}))

    assert expect_ok(owner.get(f"{TEAMS}/a/memberships/owner-1"))["role"] == "maintainer"


def test_an_app_that_makes_a_team_is_not_in_it(person: Person) -> None:
    made = expect_ok(person("release-stack").post(TEAMS, json={"name": "a"}))

    assert made["members_count"] == 0


def test_named_maintainers_are_put_in_instead(owner: httpx.Client) -> None:
    made = expect_ok(owner.post(TEAMS, json={"name": "a", "maintainers": ["operator-1"]}))

    assert made["members_count"] == 1
    assert expect_ok(owner.get(f"{TEAMS}/a/memberships/operator-1"))["role"] == "maintainer"


def test_someone_from_outside_cannot_be_a_first_maintainer(owner: httpx.Client) -> None:
    expect_refusal(
        owner.post(TEAMS, json={"name": "a", "maintainers": ["outsider-1"]}),
        422,
        "Validation Failed",
    )


def test_repositories_can_be_given_at_once(owner: httpx.Client) -> None:
    expect_ok(
        owner.post(TEAMS, json={"name": "a", "repo_names": ["encode/httpx"], "permission": "push"})
    )

    assert [repository["role_name"] for repository in expect_ok(owner.get(f"{TEAMS}/a/repos"))] == [
        "write"
    ]


@pytest.mark.parametrize("name", ["operations", "Operations", "OPERATIONS!"])
def test_a_name_is_taken_once(owner: httpx.Client, name: str) -> None:
    create_team(owner, "operations")

    body = expect_refusal(owner.post(TEAMS, json={"name": name}), 422, "Validation Failed")

    assert body["errors"][0]["message"] == "Name must be unique for this org"


def test_renaming_a_team_changes_its_slug_and_keeps_its_number(owner: httpx.Client) -> None:
    made = create_team(owner, "operations", ["operator-1"])
    by_number = f"/organizations/{made['organization']['id']}/team/{made['id']}"

    renamed = expect_ok(owner.patch(by_number, json={"name": "Release team"}))

    assert ("release-team", made["id"]) == (renamed["slug"], renamed["id"])
    assert owner.get(f"{TEAMS}/operations").status_code == 404
    assert [who["login"] for who in expect_ok(owner.get(f"{by_number}/members"))] == ["operator-1"]


def test_a_nested_team_has_a_visible_parent_and_what_that_may_do(owner: httpx.Client) -> None:
    parent = create_team(owner, "parent")
    grant_access(owner, "parent", "maintain")
    expect_ok(owner.post(TEAMS, json={"name": "child", "parent_team_id": parent["id"]}))

    child = expect_ok(owner.get(f"{TEAMS}/child"))

    assert (child["privacy"], child["parent"]["slug"]) == ("closed", "parent")
    assert [
        repository["role_name"] for repository in expect_ok(owner.get(f"{TEAMS}/child/repos"))
    ] == ["maintain"]
    expect_refusal(
        owner.patch(f"{TEAMS}/child", json={"privacy": "secret"}), 422, "Validation Failed"
    )
    expect_refusal(
        owner.patch(f"{TEAMS}/parent", json={"parent_team_id": child["id"]}),
        422,
        "Validation Failed",
    )


def test_deleting_a_team_takes_it_out_of_environments_and_rulesets(owner: httpx.Client) -> None:
    team = create_team(owner, "operations")
    grant_access(owner, "operations", "maintain")
    put_environment(owner, reviewers=[{"type": "Team", "id": team["id"]}])
    bypass = [{"actor_type": "Team", "actor_id": team["id"], "bypass_mode": "always"}]
    made = create_ruleset(owner, [{"type": "deletion"}], bypass=bypass)

    expect_ok(owner.delete(f"{TEAMS}/operations"))

    assert expect_ok(owner.get(f"{HTTPX}/environments/deploy"))["protection_rules"] == []
    assert expect_ok(owner.get(f"{HTTPX}/rulesets/{made['id']}"))["bypass_actors"] == []


def test_a_secret_team_is_hidden_from_those_who_are_not_in_it(
    owner: httpx.Client, person: Person
) -> None:
    create_team(owner, "secret team", ["operator-1"], privacy="secret")

    assert [team["slug"] for team in expect_ok(person("operator-1").get(TEAMS))] == ["secret-team"]
    assert expect_ok(person("operator-2").get(TEAMS)) == []
    expect_refusal(person("operator-2").get(f"{TEAMS}/secret-team"), 404, "Not Found")


def test_members_see_teams_and_outsiders_do_not(
    owner: httpx.Client, person: Person, anyone: httpx.Client
) -> None:
    create_team(owner, "operations")

    expect_ok(person("maintainer-1").get(f"{TEAMS}/operations"))
    expect_refusal(person("outsider-1").get(f"{TEAMS}/operations"), 404, "Not Found")
    expect_refusal(anyone.get(f"{TEAMS}/operations"), 401, "Requires authentication")


def test_a_team_is_changed_by_owners_and_its_maintainers_alone(
    owner: httpx.Client, person: Person
) -> None:
    create_team(owner, "operations", ["operator-1", "operator-2"])
    expect_ok(owner.put(f"{TEAMS}/operations/memberships/operator-1", json={"role": "maintainer"}))

    expect_ok(person("operator-1").patch(f"{TEAMS}/operations", json={"description": "x"}))
    expect_refusal(
        person("operator-2").patch(f"{TEAMS}/operations", json={"description": "x"}),
        403,
        "Must have admin rights",
    )
    expect_refusal(
        person("operator-2").delete(f"{TEAMS}/operations"), 403, "Must have admin rights"
    )
