"""A repository behind the article's gate, and what its people do there, for the tests of runs, runners and git."""

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


def build_gate(owner: httpx.Client, **more: Any) -> dict[str, Any]:
    """The article's gate: operations review, tags alone deploy, the token is in the environment."""
    team = create_team(owner, "operations", ["operator-1", "operator-2"])
    grant_access(owner, "operations", "maintain")
    rules: dict[str, Any] = {
        "reviewers": [{"type": "Team", "id": team["id"]}],
        "prevent_self_review": True,
        "can_admins_bypass": False,
        "deployment_branch_policy": CUSTOM_POLICIES,
    }
    made = put_environment(owner, **(rules | more))
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
    return made


def replace_workflow(owner: httpx.Client, text: str) -> None:
    """Put another text into httpx's publish workflow."""
    expect_ok(write_file(owner, WORKFLOW, text, sha=get_file_sha(owner, WORKFLOW)))


def get_newest_run(client: httpx.Client) -> dict[str, Any]:
    """The newest run of httpx."""
    run: dict[str, Any] = expect_ok(client.get(RUNS))["workflow_runs"][0]
    return run


def review_run(
    client: httpx.Client, run: dict[str, Any], gate: dict[str, Any], state: str = "approved"
) -> httpx.Response:
    """Approve or reject what a run waits for."""
    body = {"environment_ids": [gate["id"]], "state": state, "comment": "A release."}
    return client.post(f"{RUNS}/{run['id']}/pending_deployments", json=body)


def list_jobs(client: httpx.Client) -> list[dict[str, Any]]:
    """The jobs that a runner may take now."""
    found: list[dict[str, Any]] = expect_ok(client.get("/_simulator/jobs"))
    return found


def take_job(client: httpx.Client) -> tuple[int, dict[str, Any]]:
    """Take the first job that waits for a runner: its number, and what is handed to the runner."""
    number = list_jobs(client)[0]["id"]
    return number, expect_ok(client.post("/_simulator/jobs/take", json={"id": number}))


def finish_job(client: httpx.Client, number: int, conclusion: str = "success", **more: Any) -> None:
    """End a job that was taken."""
    expect_ok(
        client.post(
            "/_simulator/jobs/finish", json={"id": number, "conclusion": conclusion, **more}
        )
    )
