"""Repositories that go elsewhere. Source: GitHub's docs, "Transferring a repository" and REST page "Transfer a repository"."""

import httpx
import pytest

from simulated_github import World
from simulated_github.records.organizations import Organization
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.acting import (
    HTTPX,
    done,
    environment,
    grant,
    head,
    make_team,
    refused,
    ruleset,
    tag,
    use_workflow,
)


@pytest.fixture(autouse=True)
def another_organization(world: World) -> Organization:
    number, stamp = world.ids.take("organization"), world.clock.stamp()
    owner, operator = (world.user(login) for login in ("owner-1", "operator-1"))
    assert owner is not None
    assert operator is not None
    members = {owner.id: "admin", operator.id: "member"}
    return world.add_organization(Organization(number, "projects", stamp, members=members))


def test_its_former_name_redirects(owner: httpx.Client) -> None:
    """Source: the page: links to the previous location are redirected; the API's answer is 301, 307 for writes."""
    number = done(owner.get(HTTPX))["id"]

    answer = owner.post(f"{HTTPX}/transfer", json={"new_owner": "projects", "new_name": "client"})

    assert (answer.status_code, answer.json()["full_name"]) == (202, "projects/client")
    moved = owner.get(f"{HTTPX}/branches?per_page=5")
    assert (moved.status_code, moved.headers["location"]) == (
        301,
        f"http://github.test/repositories/{number}/branches?per_page=5",
    )
    assert owner.patch(HTTPX, json={"description": "x"}).status_code == 307
    assert done(owner.get("/repos/projects/client"))["id"] == number


def test_teams_lose_it_and_people_keep_it(owner: httpx.Client) -> None:
    make_team(owner, "operations", ["operator-2"])
    grant(owner, "operations", "maintain")
    done(owner.post(f"{HTTPX}/transfer", json={"new_owner": "projects"}))

    assert done(owner.get("/orgs/encode/teams/operations/repos")) == []
    assert (
        done(owner.get("/repos/projects/httpx/collaborators/maintainer-1/permission"))["role_name"]
        == "write"
    )


def test_its_gate_stays_shut_when_its_reviewers_stay_behind(
    owner: httpx.Client, person: Person
) -> None:
    """Assumption: teams of the former owner stay named as reviewers and bypass actors, and as such may do nothing any more."""
    team = make_team(owner, "operations", ["operator-1"])
    grant(owner, "operations", "maintain")
    made = environment(owner, reviewers=[{"type": "Team", "id": team["id"]}])
    use_workflow(owner, "deploy")
    actor = {"actor_type": "Team", "actor_id": team["id"], "bypass_mode": "always"}
    ruleset(owner, [{"type": "creation"}], target="tag", include=["refs/tags/v*"], bypass=[actor])
    done(tag(owner, "1.0"))
    sha = head(owner)
    done(owner.post(f"{HTTPX}/transfer", json={"new_owner": "projects"}))
    moved, operator = "/repos/projects/httpx", person("operator-1")
    run = done(owner.get(f"{moved}/actions/runs"))["workflow_runs"][0]
    body = {"environment_ids": [made["id"]], "state": "approved", "comment": ""}

    refused(
        operator.post(f"{moved}/actions/runs/{run['id']}/pending_deployments", json=body),
        422,
        "Validation Failed",
    )
    assert done(owner.get(f"{moved}/actions/runs/{run['id']}"))["status"] == "waiting"
    refused(
        operator.post(f"{moved}/git/refs", json={"ref": "refs/tags/v1", "sha": sha}),
        422,
        "creations being restricted",
    )


def test_it_needs_an_admin_here_and_the_right_to_create_there(
    owner: httpx.Client, person: Person
) -> None:
    refused(
        person("maintainer-1").post(f"{HTTPX}/transfer", json={"new_owner": "projects"}),
        403,
        "admin rights",
    )
    done(owner.put(f"{HTTPX}/collaborators/operator-2", json={"permission": "admin"}))
    refused(
        person("operator-2").post(f"{HTTPX}/transfer", json={"new_owner": "projects"}),
        403,
        "permission to create",
    )


def test_a_name_that_is_taken_there_or_no_organization_is_refused(owner: httpx.Client) -> None:
    done(owner.post("/orgs/projects/repos", json={"name": "httpx"}))

    for target in ("projects", "outsider-1", "nobody", "encode"):
        assert owner.post(f"{HTTPX}/transfer", json={"new_owner": target}).status_code == 422
    refused(
        owner.post(
            f"{HTTPX}/transfer", json={"new_owner": "projects", "new_name": "b", "team_ids": [1]}
        ),
        422,
        "",
    )
