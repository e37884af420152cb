"""Users who are deleted, or change their login."""

import httpx

from simulated_github import World
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    create_team,
    expect_ok,
    expect_refusal,
    grant_access,
    open_pull_request,
    put_environment,
)


def test_a_changed_login_is_free_at_once(owner: httpx.Client, world: World) -> None:
    """Source: GitHub's docs, "Changing your username": the old one is a 404."""
    create_team(owner, "operations", ["operator-1"])
    user = world.user("operator-1")
    assert user is not None
    world.rename_user(user, "operator-one")

    expect_refusal(owner.get("/users/operator-1"), 404, "Not Found")
    expect_refusal(
        owner.get("/orgs/encode/teams/operations/memberships/operator-1"), 404, "Not Found"
    )
    assert [
        member["login"] for member in expect_ok(owner.get("/orgs/encode/teams/operations/members"))
    ] == ["operator-one"]
    assert expect_ok(owner.get(f"/user/{user.id}"))["login"] == "operator-one"


def test_a_deleted_user_is_a_ghost_in_pull_requests_only(
    owner: httpx.Client, person: Person, world: World
) -> None:
    """Source: GitHub's docs, "Deleting your personal account": the ghost user."""
    create_team(owner, "operations", ["operator-1"])
    grant_access(owner, "operations", "maintain")
    user = world.user("operator-1")
    assert user is not None
    put_environment(owner, reviewers=[{"type": "User", "id": user.id}])
    number = open_pull_request(person("operator-1"))
    world.remove_user(user)

    assert expect_ok(owner.get(f"{HTTPX}/pulls/{number}"))["user"]["login"] == "ghost"
    assert expect_ok(owner.get("/orgs/encode/teams/operations/members")) == []
    assert expect_ok(owner.get(f"{HTTPX}/environments/deploy"))["protection_rules"] == []
    assert "ghost" not in [
        member["login"] for member in expect_ok(owner.get("/orgs/encode/members?per_page=100"))
    ]
    expect_refusal(owner.get(f"/user/{user.id}"), 404, "Not Found")
    expect_refusal(person("operator-1").get("/user"), 401, "Bad credentials")
