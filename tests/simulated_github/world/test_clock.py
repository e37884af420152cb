"""What the passing of time does: invitations expire, wait timers end."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from simulated_github import World
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.acting import (
    HTTPX,
    done,
    environment,
    grant,
    make_team,
    refused,
    tag,
    use_workflow,
)

WEEK = int(timedelta(days=7).total_seconds())


def test_an_invitation_that_nobody_accepts_in_a_week_has_failed(
    owner: httpx.Client, person: Person, world: World
) -> None:
    """Source: GitHub's docs, "Inviting users to join your organization", and "List failed invitations"."""
    make_team(owner, "operations", ["outsider-1"])
    world.clock.tick(WEEK)

    refused(owner.get("/orgs/encode/teams/operations/memberships/outsider-1"), 404, "Not Found")
    failed = done(owner.get("/orgs/encode/failed_invitations"))
    assert [
        (one["login"], bool(one["failed_at"]), one["failed_reason"] is None) for one in failed
    ] == [("outsider-1", True, False)]
    assert done(owner.get("/orgs/encode/invitations")) == []
    refused(
        person("outsider-1").patch("/user/memberships/orgs/encode", json={"state": "active"}),
        404,
        "Not Found",
    )


def test_whoever_is_invited_anew_may_accept(
    owner: httpx.Client, person: Person, world: World
) -> None:
    done(owner.put("/orgs/encode/memberships/outsider-1"))
    world.clock.tick(WEEK)
    done(owner.put("/orgs/encode/memberships/outsider-1"))

    done(person("outsider-1").patch("/user/memberships/orgs/encode", json={"state": "active"}))


def test_an_invitation_to_a_repository_is_shown_as_expired(
    owner: httpx.Client, person: Person, world: World
) -> None:
    """Source: the API description's ``expired`` of a repository invitation; that it is then not found is an assumption."""
    done(owner.put(f"{HTTPX}/collaborators/outsider-1", json={"permission": "pull"}))
    world.clock.tick(WEEK)
    invited = done(owner.get(f"{HTTPX}/invitations"))[0]

    assert invited["expired"] is True
    refused(
        person("outsider-1").patch(f"/user/repository_invitations/{invited['id']}"),
        404,
        "Not Found",
    )
    done(owner.put(f"{HTTPX}/collaborators/outsider-1", json={"permission": "push"}))
    done(person("outsider-1").patch(f"/user/repository_invitations/{invited['id']}"))


def newest(client: httpx.Client) -> dict[str, Any]:
    run: dict[str, Any] = done(client.get(f"{HTTPX}/actions/runs"))["workflow_runs"][0]
    return run


@pytest.mark.parametrize("minutes", [1, 30])
def test_a_job_waits_for_its_environments_timer(
    owner: httpx.Client, world: World, minutes: int
) -> None:
    """Source: GitHub's docs, "Deployments and environments", wait timer: minutes after the job was triggered."""
    environment(owner, wait_timer=minutes)
    use_workflow(owner, "deploy")
    done(tag(owner, "1.0"))
    world.clock.tick(60 * minutes - 5)
    assert newest(owner)["status"] == "waiting"

    world.clock.tick(5)

    assert newest(owner)["conclusion"] == "success"


def test_a_review_does_not_shorten_the_timer(
    owner: httpx.Client, person: Person, world: World
) -> None:
    """Assumption: all rules of an environment must pass, in any order. Source: the same page, "all protection rules"."""
    team = make_team(owner, "operations", ["operator-1"])
    grant(owner, "operations", "maintain")
    made = environment(owner, wait_timer=30, reviewers=[{"type": "Team", "id": team["id"]}])
    use_workflow(owner, "deploy")
    done(tag(owner, "1.0"))
    path = f"{HTTPX}/actions/runs/{newest(owner)['id']}/pending_deployments"
    assert done(owner.get(path))[0]["wait_timer_started_at"]

    done(
        person("operator-1").post(
            path, json={"environment_ids": [made["id"]], "state": "approved", "comment": ""}
        )
    )
    assert newest(owner)["status"] == "waiting"
    world.clock.tick(30 * 60)

    assert newest(owner)["conclusion"] == "success"


def test_the_timer_does_not_replace_the_review(owner: httpx.Client, world: World) -> None:
    team = make_team(owner, "operations", ["operator-1"])
    grant(owner, "operations", "maintain")
    environment(owner, wait_timer=30, reviewers=[{"type": "Team", "id": team["id"]}])
    use_workflow(owner, "deploy")
    done(tag(owner, "1.0"))
    world.clock.tick(WEEK)

    assert newest(owner)["status"] == "waiting"


def test_a_release_that_nobody_reviews_in_thirty_days_has_failed(
    owner: httpx.Client, person: Person, world: World
) -> None:
    """Source: GitHub's docs, "Reviewing deployments": a job that is not approved within 30 days fails."""
    team = make_team(owner, "operations", ["operator-1"])
    grant(owner, "operations", "maintain")
    made = environment(owner, reviewers=[{"type": "Team", "id": team["id"]}])
    use_workflow(owner, "deploy")
    done(tag(owner, "1.0"))
    world.clock.tick(30 * 24 * 3600 - 60)
    assert newest(owner)["status"] == "waiting"

    world.clock.tick(60)

    run = newest(owner)
    assert run["conclusion"] == "failure"
    body = {"environment_ids": [made["id"]], "state": "approved", "comment": ""}
    refused(
        person("operator-1").post(
            f"{HTTPX}/actions/runs/{run['id']}/pending_deployments", json=body
        ),
        422,
        "Validation",
    )
