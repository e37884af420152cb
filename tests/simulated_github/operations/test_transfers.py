"""Repositories that go elsewhere. Source: GitHub's docs, "Transferring a repository" and REST page "Transfer a repository"."""

import httpx
import pytest

from simulated_github import World
from simulated_github.records.organizations import Organization
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    create_ruleset,
    create_tag,
    create_team,
    expect_ok,
    expect_refusal,
    get_head,
    grant_access,
    put_environment,
    write_publish_workflow,
)


@pytest.fixture(autouse=True)
def another_organization(world: World) -> Organization:
    number = world.ids.take("organization")
    stamp = world.clock.stamp()
    owner, operator = (world.user(login) for login in ("owner-1", "operator-1"))
    assert owner is not None
    assert operator is not None
    members = {owner.id: "admin", operator.id: "member"}
    return world.add_organization(Organization(number, "projects", stamp, members=members))


def test_its_former_name_redirects(owner: httpx.Client) -> None:
    """Source: the page: links to the previous location are redirected; the API's answer is 301, 307 for writes."""
    number = expect_ok(owner.get(HTTPX))["id"]

    answer = owner.post(f"{HTTPX}/transfer", json={"new_owner": "projects", "new_name": "client"})

    assert (answer.status_code, answer.json()["full_name"]) == (202, "projects/client")
    moved = owner.get(f"{HTTPX}/branches?per_page=5")
    assert (moved.status_code, moved.headers["location"]) == (
        301,
        f"http://github.test/repositories/{number}/branches?per_page=5",
    )
    assert owner.patch(HTTPX, json={"description": "x"}).status_code == 307
    assert expect_ok(owner.get("/repos/projects/client"))["id"] == number


def test_teams_lose_it_and_people_keep_it(owner: httpx.Client) -> None:
    create_team(owner, "operations", ["operator-2"])
    grant_access(owner, "operations", "maintain")
    expect_ok(owner.post(f"{HTTPX}/transfer", json={"new_owner": "projects"}))

    assert expect_ok(owner.get("/orgs/encode/teams/operations/repos")) == []
    assert (
        expect_ok(owner.get("/repos/projects/httpx/collaborators/maintainer-1/permission"))[
            "role_name"
        ]
        == "write"
    )


def test_its_gate_stays_shut_when_its_reviewers_stay_behind(
    owner: httpx.Client, person: Person
) -> None:
    """Assumption: teams of the former owner stay named as reviewers and bypass actors, and as such may do nothing any more."""
    team = create_team(owner, "operations", ["operator-1"])
    grant_access(owner, "operations", "maintain")
    made = put_environment(owner, reviewers=[{"type": "Team", "id": team["id"]}])
    write_publish_workflow(owner, "deploy")
    actor = {"actor_type": "Team", "actor_id": team["id"], "bypass_mode": "always"}
    create_ruleset(
        owner, [{"type": "creation"}], target="tag", include=["refs/tags/v*"], bypass=[actor]
    )
    expect_ok(create_tag(owner, "1.0"))
    sha = get_head(owner)
    expect_ok(owner.post(f"{HTTPX}/transfer", json={"new_owner": "projects"}))
    moved = "/repos/projects/httpx"
    operator = person("operator-1")
    run = expect_ok(owner.get(f"{moved}/actions/runs"))["workflow_runs"][0]
    body = {"environment_ids": [made["id"]], "state": "approved", "comment": ""}

    expect_refusal(
        operator.post(f"{moved}/actions/runs/{run['id']}/pending_deployments", json=body),
        422,
        "Validation Failed",
    )
    assert expect_ok(owner.get(f"{moved}/actions/runs/{run['id']}"))["status"] == "waiting"
    expect_refusal(
        operator.post(f"{moved}/git/refs", json={"ref": "refs/tags/v1", "sha": sha}),
        422,
        "creations being restricted",
    )


def test_it_needs_an_admin_here_and_the_right_to_create_there(
    owner: httpx.Client, person: Person
) -> None:
    expect_refusal(
        person("maintainer-1").post(f"{HTTPX}/transfer", json={"new_owner": "projects"}),
        403,
        "admin rights",
    )
    expect_ok(owner.put(f"{HTTPX}/collaborators/operator-2", json={"permission": "admin"}))
    expect_refusal(
        person("operator-2").post(f"{HTTPX}/transfer", json={"new_owner": "projects"}),
        403,
        "permission to create",
    )


def test_a_name_that_is_taken_there_or_no_organization_is_refused(owner: httpx.Client) -> None:
    expect_ok(owner.post("/orgs/projects/repos", json={"name": "httpx"}))

    for target in ("projects", "outsider-1", "nobody", "encode"):
        assert owner.post(f"{HTTPX}/transfer", json={"new_owner": target}).status_code == 422
    expect_refusal(
        owner.post(
            f"{HTTPX}/transfer", json={"new_owner": "projects", "new_name": "b", "team_ids": [1]}
        ),
        422,
        "",
    )
