"""Tests of transferring a repository to another organization.

Source: GitHub's docs, "Transferring a repository" and REST page "Transfer a repository".
"""

import httpx
import pytest

from simulated_github import World
from simulated_github.records.accounts import Organization
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
    put_secret,
    write_publish_workflow,
)
from tests.simulated_github.helpers.release_gate import build_gate


@pytest.fixture(autouse=True)
def another_organization(world: World) -> Organization:
    organization_id = world.ids.take("organization")
    stamp = world.clock.stamp()
    owner, operator = (world.user(login) for login in ("owner-1", "operator-1"))
    assert owner is not None
    assert operator is not None
    members = {owner.id: "admin", operator.id: "member"}
    return world.add_organization(Organization(organization_id, "projects", stamp, members=members))


def test_the_former_name_redirects(owner: httpx.Client) -> None:
    """Source: the page, on links to the previous location: 301, and 307 for writes."""
    repository_id = expect_ok(owner.get(HTTPX))["id"]

    response = owner.post(f"{HTTPX}/transfer", json={"new_owner": "projects", "new_name": "client"})

    assert response.status_code == 202
    assert response.json()["full_name"] == "projects/client"
    redirect = owner.get(f"{HTTPX}/branches?per_page=5")
    assert redirect.status_code == 301
    assert (
        redirect.headers["location"]
        == f"http://github.test/repositories/{repository_id}/branches?per_page=5"
    )
    assert owner.patch(HTTPX, json={"description": "x"}).status_code == 307
    assert expect_ok(owner.get("/repos/projects/client"))["id"] == repository_id


def test_teams_lose_access_and_collaborators_keep_it(owner: httpx.Client) -> None:
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


def test_the_gate_stays_closed_without_its_reviewers(owner: httpx.Client, person: Person) -> None:
    """Assumption: the former owner's teams stay listed, but can neither review nor bypass."""
    team = create_team(owner, "operations", ["operator-1"])
    grant_access(owner, "operations", "maintain")
    environment = put_environment(owner, reviewers=[{"type": "Team", "id": team["id"]}])
    write_publish_workflow(owner, "deploy")
    actor = {"actor_type": "Team", "actor_id": team["id"], "bypass_mode": "always"}
    create_ruleset(
        owner, [{"type": "creation"}], target="tag", include=["refs/tags/v*"], bypass=[actor]
    )
    expect_ok(create_tag(owner, "1.0"))
    sha = get_head(owner)
    expect_ok(owner.post(f"{HTTPX}/transfer", json={"new_owner": "projects"}))
    repository = "/repos/projects/httpx"
    operator = person("operator-1")
    run = expect_ok(owner.get(f"{repository}/actions/runs"))["workflow_runs"][0]
    body = {"environment_ids": [environment["id"]], "state": "approved", "comment": ""}

    expect_refusal(
        operator.post(f"{repository}/actions/runs/{run['id']}/pending_deployments", json=body),
        422,
        "Validation Failed",
    )
    assert expect_ok(owner.get(f"{repository}/actions/runs/{run['id']}"))["status"] == "waiting"
    expect_refusal(
        operator.post(f"{repository}/git/refs", json={"ref": "refs/tags/v1", "sha": sha}),
        422,
        "creations being restricted",
    )


def test_a_transfer_needs_admin_access_and_a_right_to_create(
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


def test_a_taken_name_or_an_unknown_target_is_refused(owner: httpx.Client) -> None:
    expect_ok(owner.post("/orgs/projects/repos", json={"name": "httpx"}))

    for target in ("projects", "outsider-1", "unknown-user", "encode"):
        assert owner.post(f"{HTTPX}/transfer", json={"new_owner": target}).status_code == 422
    expect_refusal(
        owner.post(
            f"{HTTPX}/transfer", json={"new_owner": "projects", "new_name": "b", "team_ids": [1]}
        ),
        422,
        "",
    )


def test_what_belongs_to_the_repository_stays(owner: httpx.Client) -> None:
    """Source: the page, on secrets and deploy keys. Assumption: environments and rulesets."""
    build_gate(owner)
    create_ruleset(owner, [{"type": "creation"}], target="tag", include=["~ALL"])
    expect_ok(put_secret(owner, f"{HTTPX}/actions/secrets", "OTHER", "x"))
    before = expect_ok(owner.get("/_simulator/state"))["repositories"]["encode/httpx"]

    expect_ok(owner.post(f"{HTTPX}/transfer", json={"new_owner": "projects"}))

    assert before == expect_ok(owner.get("/_simulator/state"))["repositories"]["projects/httpx"]


def test_the_former_owner_no_longer_selects_the_repository(
    owner: httpx.Client, world: World
) -> None:
    """Secrets and rulesets that select it by its id do not come back with it.

    Assumption: GitHub removes the id from the lists.
    """
    encode = world.organization("encode")
    assert encode is not None
    encode.plan = "team"
    number = expect_ok(owner.get(HTTPX))["id"]
    selected = {"visibility": "selected", "selected_repository_ids": [number]}
    expect_ok(put_secret(owner, "/orgs/encode/actions/secrets", "SHARED", "x", **selected))
    body = {
        "name": "Branches",
        "enforcement": "active",
        "target": "branch",
        "conditions": {
            "repository_id": {"repository_ids": [number]},
            "ref_name": {"include": ["~ALL"], "exclude": []},
        },
        "rules": [{"type": "deletion"}],
    }
    expect_ok(owner.post("/orgs/encode/rulesets", json=body))
    assert len(expect_ok(owner.get(f"{HTTPX}/rules/branches/main"))) == 1
    expect_ok(owner.post(f"{HTTPX}/transfer", json={"new_owner": "projects"}))
    transfer_back = {"new_owner": "encode"}
    expect_ok(owner.post("/repos/projects/httpx/transfer", json=transfer_back))

    assert expect_ok(owner.get(f"{HTTPX}/rules/branches/main")) == []
    shared = expect_ok(owner.get(f"{HTTPX}/actions/organization-secrets"))["secrets"]
    assert "SHARED" not in [secret["name"] for secret in shared]
