"""The clock of the world: invitations expire, wait timers end."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from simulated_github import World
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    create_tag,
    create_team,
    expect_ok,
    expect_refusal,
    grant_access,
    put_environment,
    write_publish_workflow,
)

WEEK = int(timedelta(days=7).total_seconds())


def test_an_invitation_fails_after_a_week(
    owner: httpx.Client, person: Person, world: World
) -> None:
    """Source: GitHub's docs, "Inviting users to join your organization"."""
    create_team(owner, "operations", ["outsider-1"])
    world.clock.tick(WEEK)

    expect_refusal(
        owner.get("/orgs/encode/teams/operations/memberships/outsider-1"), 404, "Not Found"
    )
    failed = expect_ok(owner.get("/orgs/encode/failed_invitations"))
    assert [
        (item["login"], bool(item["failed_at"]), item["failed_reason"] is None) for item in failed
    ] == [("outsider-1", True, False)]
    assert expect_ok(owner.get("/orgs/encode/invitations")) == []
    expect_refusal(
        person("outsider-1").patch("/user/memberships/orgs/encode", json={"state": "active"}),
        404,
        "Not Found",
    )


def test_a_user_who_is_invited_again_can_accept(
    owner: httpx.Client, person: Person, world: World
) -> None:
    expect_ok(owner.put("/orgs/encode/memberships/outsider-1"))
    world.clock.tick(WEEK)
    expect_ok(owner.put("/orgs/encode/memberships/outsider-1"))

    expect_ok(person("outsider-1").patch("/user/memberships/orgs/encode", json={"state": "active"}))


def test_an_invitation_to_a_repository_expires(
    owner: httpx.Client, person: Person, world: World
) -> None:
    """Source: the API description, `expired` of a repository invitation.

    Assumption: an expired invitation is not found.
    """
    expect_ok(owner.put(f"{HTTPX}/collaborators/outsider-1", json={"permission": "pull"}))
    world.clock.tick(WEEK)
    invitation = expect_ok(owner.get(f"{HTTPX}/invitations"))[0]

    assert invitation["expired"] is True
    expect_refusal(
        person("outsider-1").patch(f"/user/repository_invitations/{invitation['id']}"),
        404,
        "Not Found",
    )
    expect_ok(owner.put(f"{HTTPX}/collaborators/outsider-1", json={"permission": "push"}))
    expect_ok(person("outsider-1").patch(f"/user/repository_invitations/{invitation['id']}"))


def get_newest_run(client: httpx.Client) -> dict[str, Any]:
    run: dict[str, Any] = expect_ok(client.get(f"{HTTPX}/actions/runs"))["workflow_runs"][0]
    return run


@pytest.mark.parametrize("minutes", [1, 30])
def test_a_job_waits_for_its_environments_timer(
    owner: httpx.Client, world: World, minutes: int
) -> None:
    """Source: GitHub's docs, "Deployments and environments", wait timer, in minutes."""
    put_environment(owner, wait_timer=minutes)
    write_publish_workflow(owner, "deploy")
    expect_ok(create_tag(owner, "1.0"))
    world.clock.tick(60 * minutes - 5)
    assert get_newest_run(owner)["status"] == "waiting"

    world.clock.tick(5)

    assert get_newest_run(owner)["conclusion"] == "success"


def test_a_review_does_not_shorten_the_timer(
    owner: httpx.Client, person: Person, world: World
) -> None:
    """Assumption: all rules of an environment must pass, in any order.

    Source: the same page, "all protection rules".
    """
    team = create_team(owner, "operations", ["operator-1"])
    grant_access(owner, "operations", "maintain")
    environment = put_environment(
        owner, wait_timer=30, reviewers=[{"type": "Team", "id": team["id"]}]
    )
    write_publish_workflow(owner, "deploy")
    expect_ok(create_tag(owner, "1.0"))
    path = f"{HTTPX}/actions/runs/{get_newest_run(owner)['id']}/pending_deployments"
    assert expect_ok(owner.get(path))[0]["wait_timer_started_at"]

    expect_ok(
        person("operator-1").post(
            path, json={"environment_ids": [environment["id"]], "state": "approved", "comment": ""}
        )
    )
    assert get_newest_run(owner)["status"] == "waiting"
    world.clock.tick(30 * 60)

    assert get_newest_run(owner)["conclusion"] == "success"


def test_the_timer_does_not_replace_the_review(owner: httpx.Client, world: World) -> None:
    team = create_team(owner, "operations", ["operator-1"])
    grant_access(owner, "operations", "maintain")
    put_environment(owner, wait_timer=30, reviewers=[{"type": "Team", "id": team["id"]}])
    write_publish_workflow(owner, "deploy")
    expect_ok(create_tag(owner, "1.0"))
    world.clock.tick(WEEK)

    assert get_newest_run(owner)["status"] == "waiting"


def test_a_release_without_a_review_fails_after_thirty_days(
    owner: httpx.Client, person: Person, world: World
) -> None:
    """Source: GitHub's docs, "Reviewing deployments"."""
    team = create_team(owner, "operations", ["operator-1"])
    grant_access(owner, "operations", "maintain")
    environment = put_environment(owner, reviewers=[{"type": "Team", "id": team["id"]}])
    write_publish_workflow(owner, "deploy")
    expect_ok(create_tag(owner, "1.0"))
    world.clock.tick(30 * 24 * 3600 - 60)
    assert get_newest_run(owner)["status"] == "waiting"

    world.clock.tick(60)

    run = get_newest_run(owner)
    assert run["conclusion"] == "failure"
    body = {"environment_ids": [environment["id"]], "state": "approved", "comment": ""}
    expect_refusal(
        person("operator-1").post(
            f"{HTTPX}/actions/runs/{run['id']}/pending_deployments", json=body
        ),
        422,
        "Validation",
    )
