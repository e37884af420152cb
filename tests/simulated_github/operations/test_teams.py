"""Tests of teams.

Source: GitHub's docs, REST page "Teams".
"""

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


def test_a_team_is_secret_by_default(owner: httpx.Client) -> None:
    assert expect_ok(owner.post(TEAMS, json={"name": "a"}))["privacy"] == "secret"
    assert (
        expect_ok(owner.post(TEAMS, json={"name": "b", "privacy": "closed"}))["privacy"] == "closed"
    )


def test_the_creator_of_a_team_maintains_it(owner: httpx.Client) -> None:
    """Source: the page "Create a team": the creator automatically becomes a maintainer."""
    expect_ok(owner.post(TEAMS, json={"name": "a"}))

    assert expect_ok(owner.get(f"{TEAMS}/a/memberships/owner-1"))["role"] == "maintainer"


def test_an_app_does_not_join_the_team_it_creates(person: Person) -> None:
    team = expect_ok(person("release-stack").post(TEAMS, json={"name": "a"}))

    assert team["members_count"] == 0


def test_named_maintainers_replace_the_creator(owner: httpx.Client) -> None:
    team = expect_ok(owner.post(TEAMS, json={"name": "a", "maintainers": ["operator-1"]}))

    assert team["members_count"] == 1
    assert expect_ok(owner.get(f"{TEAMS}/a/memberships/operator-1"))["role"] == "maintainer"


def test_an_outside_user_cannot_be_the_first_maintainer(owner: httpx.Client) -> None:
    expect_refusal(
        owner.post(TEAMS, json={"name": "a", "maintainers": ["outsider-1"]}),
        422,
        "Validation Failed",
    )


def test_create_a_team_with_repositories(owner: httpx.Client) -> None:
    expect_ok(
        owner.post(TEAMS, json={"name": "a", "repo_names": ["encode/httpx"], "permission": "push"})
    )

    assert [repository["role_name"] for repository in expect_ok(owner.get(f"{TEAMS}/a/repos"))] == [
        "write"
    ]


@pytest.mark.parametrize("name", ["operations", "Operations", "OPERATIONS!"])
def test_a_name_must_be_unique(owner: httpx.Client, name: str) -> None:
    create_team(owner, "operations")

    body = expect_refusal(owner.post(TEAMS, json={"name": name}), 422, "Validation Failed")

    assert body["errors"][0]["message"] == "Name must be unique for this org"


def test_renaming_a_team_changes_its_slug_and_keeps_its_id(owner: httpx.Client) -> None:
    team = create_team(owner, "operations", ["operator-1"])
    path_by_id = f"/organizations/{team['organization']['id']}/team/{team['id']}"

    renamed = expect_ok(owner.patch(path_by_id, json={"name": "Release team"}))

    assert renamed["slug"] == "release-team"
    assert team["id"] == renamed["id"]
    assert owner.get(f"{TEAMS}/operations").status_code == 404
    assert [user["login"] for user in expect_ok(owner.get(f"{path_by_id}/members"))] == [
        "operator-1"
    ]


def test_a_child_team_inherits_the_access_of_its_parent(owner: httpx.Client) -> None:
    parent = create_team(owner, "parent")
    grant_access(owner, "parent", "maintain")
    expect_ok(owner.post(TEAMS, json={"name": "child", "parent_team_id": parent["id"]}))

    child = expect_ok(owner.get(f"{TEAMS}/child"))

    assert child["privacy"] == "closed"
    assert child["parent"]["slug"] == "parent"
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


def test_deleting_a_team_removes_it_from_reviewers_and_actors(owner: httpx.Client) -> None:
    team = create_team(owner, "operations")
    grant_access(owner, "operations", "maintain")
    put_environment(owner, reviewers=[{"type": "Team", "id": team["id"]}])
    bypass = [{"actor_type": "Team", "actor_id": team["id"], "bypass_mode": "always"}]
    ruleset = create_ruleset(owner, [{"type": "deletion"}], bypass=bypass)

    expect_ok(owner.delete(f"{TEAMS}/operations"))

    assert expect_ok(owner.get(f"{HTTPX}/environments/deploy"))["protection_rules"] == []
    assert expect_ok(owner.get(f"{HTTPX}/rulesets/{ruleset['id']}"))["bypass_actors"] == []


def test_only_members_see_a_secret_team(owner: httpx.Client, person: Person) -> None:
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


def test_only_owners_and_team_maintainers_change_a_team(
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
