"""Attempts to publish without operations after `pulumi up`, listed in `docs/threat-model.md`."""

import base64
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest

from commands.permission_checks import TOKEN_THIEF, RefusedError, RepositoryClient
from simulated_github import SimulatedGitHub
from tests.integration.rehearsed_stack import OWNER, Checkpoint

PUBLISH = ".github/workflows/publish.yml"
THIEF = TOKEN_THIEF.replace("on: push", "on: [push, workflow_dispatch]")


@pytest.fixture
def github(checkpoint_applied: Checkpoint) -> Iterator[SimulatedGitHub]:
    with SimulatedGitHub(checkpoint_applied.world) as github:
        yield github


@pytest.fixture
def client(github: SimulatedGitHub) -> Iterator[RepositoryClient]:
    """Yield a client for a managed repository whose leftover secret was deleted."""
    with RepositoryClient(github.url, OWNER, "httpx") as client:
        client.request("owner-1", "DELETE", "/actions/secrets/PYPI_TOKEN")
        yield client


def conclusions(client: RepositoryClient, sha: str) -> list[str]:
    """Return the conclusion of every job that ran for a commit."""
    runs = [run for run in client.state()["runs"] if run["head_sha"] == sha]
    return [job["conclusion"] for run in runs for job in run["jobs"]]


def secrets_of_jobs(client: RepositoryClient) -> list[str]:
    """Return the names of the secrets that the jobs of all runs got."""
    jobs = [job for run in client.state()["runs"] for job in run["jobs"]]
    return [secret["name"] for job in jobs for secret in job["secrets"]]


def push_workflow(
    client: RepositoryClient,
    person: str,
    environment: str,
    path: str = ".github/workflows/thief.yml",
) -> tuple[str, str]:
    """Push a workflow that reads the token to a person's branch; return branch and commit."""
    branch = client.create_branch(person)
    line = f"\n    environment: {environment}" if environment else ""
    body: dict[str, Any] = {
        "message": "Try",
        "branch": branch,
        "content": encode_base64(THIEF.format(environment=line)),
    }
    with suppress(RefusedError):
        body["sha"] = client.request(person, "GET", f"/contents/{path}?ref={branch}")["sha"]
    commit = client.request(person, "PUT", f"/contents/{path}", body)["commit"]
    return branch, commit["sha"]


def encode_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def start_release(client: RepositoryClient, person: str) -> int:
    """Push a release tag as a person; return the id of the run that waits for approval."""
    tag = client.create_tag(person)
    runs = client.request(person, "GET", "/actions/runs?event=push&per_page=100")["workflow_runs"]
    [run] = [run for run in runs if run["head_branch"] == tag and run["name"] == "Publish"]
    assert run["status"] == "waiting"
    return int(run["id"])


def review(client: RepositoryClient, person: str, run: int, state: str = "approved") -> None:
    """Review the pending deployment of a run as a person."""
    path = f"/actions/runs/{run}/pending_deployments"
    [pending] = client.request(person, "GET", path)
    body = {"environment_ids": [pending["environment"]["id"]], "state": state, "comment": "Try"}
    client.request(person, "POST", path, body)


def status(client: RepositoryClient, run: int) -> str:
    return str(client.request("owner-1", "GET", f"/actions/runs/{run}")["status"])


def expect_refusal(
    client: RepositoryClient,
    person: str,
    method: str,
    path: str,
    body: dict[str, Any] | None = None,
) -> str:
    """Send a request that GitHub must refuse, and return its message."""
    with pytest.raises(RefusedError) as error:
        client.request(person, method, path, body)
    return str(error.value)


def test_a_workflow_of_a_branch_gets_no_secret(client: RepositoryClient) -> None:
    _, sha = push_workflow(client, "maintainer-1", "")

    assert conclusions(client, sha) == ["success"]
    assert secrets_of_jobs(client) == []


def test_a_misspelled_environment_has_no_secret(client: RepositoryClient) -> None:
    for name in ("deplyo", "release", "pypi"):
        _, sha = push_workflow(client, "maintainer-1", name)

        assert conclusions(client, sha) == ["success"]
    assert secrets_of_jobs(client) == []


def test_only_an_admin_can_weaken_the_environment(client: RepositoryClient) -> None:
    policies = "/environments/deploy/deployment-branch-policies"
    for person in ("maintainer-1", "operator-1"):
        expect_refusal(client, person, "PUT", "/environments/deploy", {"reviewers": None})
        expect_refusal(client, person, "DELETE", "/environments/deploy")
        expect_refusal(client, person, "POST", policies, {"name": "*"})


def test_a_maintainer_cannot_approve_a_release(client: RepositoryClient) -> None:
    run = start_release(client, "operator-1")

    with pytest.raises(RefusedError):
        review(client, "maintainer-1", run)
    assert secrets_of_jobs(client) == []
    review(client, "operator-2", run)
    assert secrets_of_jobs(client) == ["PYPI_TOKEN"]


def test_an_operator_cannot_approve_their_own_release(client: RepositoryClient) -> None:
    run = start_release(client, "operator-1")

    with pytest.raises(RefusedError):
        review(client, "operator-1", run)
    assert status(client, run) == "waiting"


def test_an_admin_cannot_start_waiting_jobs(
    client: RepositoryClient, github: SimulatedGitHub
) -> None:
    run = start_release(client, "operator-1")
    body = {"run_id": run, "actor": "owner-1"}
    response = httpx.post(f"{github.url}/_simulator/bypass", json=body)

    assert response.status_code == 403
    assert status(client, run) == "waiting"


def test_a_branch_cannot_deploy_to_the_environment(client: RepositoryClient) -> None:
    _, sha = push_workflow(client, "maintainer-1", "deploy")

    assert conclusions(client, sha) == ["failure"]
    assert secrets_of_jobs(client) == []


def test_the_publish_workflow_cannot_be_started_by_hand(client: RepositoryClient) -> None:
    path = "/actions/workflows/publish.yml/dispatches"
    message = expect_refusal(client, "maintainer-1", "POST", path, {"ref": client.default_branch})

    assert "workflow_dispatch" in message


def test_a_dispatch_from_a_branch_cannot_deploy(client: RepositoryClient) -> None:
    branch, _ = push_workflow(client, "maintainer-1", "deploy", PUBLISH)
    path = "/actions/workflows/publish.yml/dispatches"
    client.request("maintainer-1", "POST", path, {"ref": branch})

    runs = [run for run in client.state()["runs"] if run["event"] == "workflow_dispatch"]
    assert [job["conclusion"] for run in runs for job in run["jobs"]] == ["failure"]
    assert secrets_of_jobs(client) == []


def test_a_maintainer_cannot_create_a_release_tag(client: RepositoryClient) -> None:
    body = {"ref": "refs/tags/1.0", "sha": client.head()}

    expect_refusal(client, "maintainer-1", "POST", "/git/refs", body)
    client.request("operator-1", "POST", "/git/refs", body)


def test_no_person_can_move_or_delete_a_release_tag(client: RepositoryClient) -> None:
    path = f"/git/refs/tags/{client.create_tag('operator-1')}"
    _, later_commit = push_workflow(client, "operator-1", "")

    for person in ("maintainer-1", "operator-1", "owner-1"):
        expect_refusal(client, person, "PATCH", path, {"sha": later_commit, "force": True})
        expect_refusal(client, person, "DELETE", path)


def test_the_workflow_changes_only_by_a_reviewed_pull_request(client: RepositoryClient) -> None:
    path = f"/contents/{PUBLISH}"
    sha = client.request("maintainer-1", "GET", path)["sha"]
    body = {"message": "Try", "content": encode_base64("on: push"), "sha": sha}

    for person in ("maintainer-1", "operator-1"):
        expect_refusal(client, person, "PUT", path, body)
        expect_refusal(client, person, "DELETE", path, {"message": "Try", "sha": sha})


def test_a_later_push_and_the_authors_own_approval_do_not_count(client: RepositoryClient) -> None:
    number = client.open_pull_request("maintainer-1")
    reviews = f"/pulls/{number}/reviews"
    expect_refusal(client, "maintainer-1", "POST", reviews, {"event": "APPROVE"})
    client.request("operator-1", "POST", reviews, {"event": "APPROVE"})
    branch = client.request("maintainer-1", "GET", f"/pulls/{number}")["head"]["ref"]
    client.create_file("maintainer-1", "later.md", "Not reviewed.\n", branch)

    expect_refusal(client, "maintainer-1", "PUT", f"/pulls/{number}/merge", {})


def test_only_an_admin_can_change_the_rulesets(client: RepositoryClient) -> None:
    for person in ("maintainer-1", "operator-1"):
        for ruleset in client.request(person, "GET", "/rulesets"):
            path = f"/rulesets/{ruleset['id']}"
            expect_refusal(client, person, "DELETE", path)
            expect_refusal(client, person, "PUT", path, {"enforcement": "disabled"})


def test_a_release_that_runs_again_waits_again(client: RepositoryClient) -> None:
    run = start_release(client, "operator-1")
    review(client, "operator-2", run)
    assert status(client, run) == "completed"

    client.request("maintainer-1", "POST", f"/actions/runs/{run}/rerun")

    assert status(client, run) == "waiting"
    assert secrets_of_jobs(client) == []


def test_a_rejected_release_gets_no_secret(client: RepositoryClient) -> None:
    run = start_release(client, "operator-1")
    review(client, "operator-2", run, "rejected")

    assert status(client, run) == "completed"
    assert secrets_of_jobs(client) == []
