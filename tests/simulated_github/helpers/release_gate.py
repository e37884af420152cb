"""A repository behind the release gate, and the API calls of the people who release there."""

from typing import Any

import httpx

from tests.simulated_github.helpers.api_calls import (
    CUSTOM_POLICIES,
    HTTPX,
    create_team,
    expect_ok,
    get_file_sha,
    grant_access,
    put_environment,
    put_secret,
    write_file,
    write_publish_workflow,
)

RUNS = f"{HTTPX}/actions/runs"
WORKFLOW = ".github/workflows/publish.yml"


def build_gate(owner: httpx.Client, **fields: Any) -> dict[str, Any]:
    """Set up the gate: operations reviews, only tags deploy, only the environment has the token."""
    team = create_team(owner, "operations", ["operator-1", "operator-2"])
    grant_access(owner, "operations", "maintain")
    rules: dict[str, Any] = {
        "reviewers": [{"type": "Team", "id": team["id"]}],
        "prevent_self_review": True,
        "can_admins_bypass": False,
        "deployment_branch_policy": CUSTOM_POLICIES,
    }
    environment = put_environment(owner, **(rules | fields))
    expect_ok(
        owner.post(
            f"{HTTPX}/environments/deploy/deployment-branch-policies",
            json={"name": "*", "type": "tag"},
        )
    )
    expect_ok(
        put_secret(owner, f"{HTTPX}/environments/deploy/secrets", "PYPI_TOKEN", "a-new-token")
    )
    expect_ok(owner.delete(f"{HTTPX}/actions/secrets/PYPI_TOKEN"))
    write_publish_workflow(owner, "deploy")
    return environment


def replace_workflow(owner: httpx.Client, text: str) -> None:
    """Replace httpx's publish workflow with this text."""
    expect_ok(write_file(owner, WORKFLOW, text, sha=get_file_sha(owner, WORKFLOW)))


def get_newest_run(client: httpx.Client) -> dict[str, Any]:
    """Return the newest run of httpx."""
    run: dict[str, Any] = expect_ok(client.get(RUNS))["workflow_runs"][0]
    return run


def review_run(
    client: httpx.Client, run: dict[str, Any], gate: dict[str, Any], state: str = "approved"
) -> httpx.Response:
    """Approve or reject the deployment that a run waits for."""
    body = {"environment_ids": [gate["id"]], "state": state, "comment": "A release."}
    return client.post(f"{RUNS}/{run['id']}/pending_deployments", json=body)


def list_jobs(client: httpx.Client) -> list[dict[str, Any]]:
    """Return the jobs that a runner can take now."""
    runnable: list[dict[str, Any]] = expect_ok(client.get("/_simulator/jobs"))
    return runnable


def take_job(client: httpx.Client) -> tuple[int, dict[str, Any]]:
    """Take the first job, and return its id and the data that the runner receives."""
    number = list_jobs(client)[0]["id"]
    return number, expect_ok(client.post("/_simulator/jobs/take", json={"id": number}))


def finish_job(
    client: httpx.Client, number: int, conclusion: str = "success", **fields: Any
) -> None:
    """Complete a taken job."""
    expect_ok(
        client.post(
            "/_simulator/jobs/finish", json={"id": number, "conclusion": conclusion, **fields}
        )
    )
