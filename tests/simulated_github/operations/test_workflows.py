"""Tests of workflows and workflow_dispatch.

Sources: GitHub's docs, "Events that trigger workflows" (workflow_dispatch), "Disabling and enabling
a workflow"; public issue threads for the messages (benc-uk/workflow-dispatch 46 and 65,
convictional/trigger-workflow-and-wait 4 and 25).
"""

from typing import Any

import httpx
import pytest

from simulated_github import Application
from simulated_github.control.snapshot import snapshot
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    build_publish_workflow,
    create_branch,
    create_tag,
    expect_ok,
    expect_refusal,
    get_file_sha,
    get_head,
    write_file,
)
from tests.simulated_github.helpers.release_gate import (
    RUNS,
    WORKFLOW,
    build_gate,
    get_newest_run,
    replace_workflow,
    take_job,
)

WORKFLOWS = f"{HTTPX}/actions/workflows"
NO_TRIGGER = "Workflow does not have 'workflow_dispatch' trigger"
WITH_INPUTS = """\
on:
  workflow_dispatch:
    inputs:
      tag: {required: true}
      index: {default: PyPI, options: [PyPI, TestPyPI], type: choice}
      dry: {type: boolean}
jobs: {publish: {steps: []}}
"""


def dispatch_workflow(
    client: httpx.Client, ref: str = "main", workflow: str = "publish.yml", **inputs: Any
) -> httpx.Response:
    body = {"ref": ref} | ({"inputs": inputs} if inputs else {})
    return client.post(f"{WORKFLOWS}/{workflow}/dispatches", json=body)


def test_the_workflows_of_the_default_branch_are_listed(owner: httpx.Client) -> None:
    page = expect_ok(owner.get(WORKFLOWS))

    assert [(workflow["path"], workflow["state"]) for workflow in page["workflows"]] == [
        (WORKFLOW, "active")
    ]
    workflow = page["workflows"][0]
    assert expect_ok(owner.get(f"{WORKFLOWS}/{workflow['id']}")) == workflow
    assert expect_ok(owner.get(f"{WORKFLOWS}/publish.yml")) == workflow
    expect_refusal(owner.get(f"{WORKFLOWS}/nothing.yml"), 404, "Not Found")


def test_a_workflow_that_ran_on_another_branch_is_listed(person: Person) -> None:
    writer = person("maintainer-1")
    create_branch(writer, "next")
    expect_ok(
        write_file(writer, ".github/workflows/thief.yml", "on: push\njobs: {}\n", branch="next")
    )

    assert expect_ok(writer.get(WORKFLOWS))["total_count"] == 2


def test_files_that_are_not_workflows_are_not_listed(owner: httpx.Client) -> None:
    expect_ok(write_file(owner, ".github/workflows/README.md", "# Workflows\n"))
    expect_ok(write_file(owner, ".github/workflows/broken.yml", "jobs: [\n"))
    expect_ok(write_file(owner, ".github/workflows/deeper/more.yml", "on: push\njobs: {}\n"))

    assert expect_ok(owner.get(WORKFLOWS))["total_count"] == 1


def test_the_runs_of_a_workflow_are_listed(owner: httpx.Client) -> None:
    expect_ok(write_file(owner, ".github/workflows/check.yml", "on: push\njobs: {check: {}}\n"))
    expect_ok(create_tag(owner, "1.0"))

    runs = expect_ok(owner.get(f"{WORKFLOWS}/check.yml/runs", params={"branch": "1.0"}))[
        "workflow_runs"
    ]
    assert [(run["path"], run["head_branch"]) for run in runs] == [
        (".github/workflows/check.yml", "1.0")
    ]


def test_a_disabled_workflow_starts_nothing(owner: httpx.Client) -> None:
    assert owner.put(f"{WORKFLOWS}/publish.yml/disable").status_code == 204
    expect_ok(create_tag(owner, "1.0"))
    assert expect_ok(owner.get(RUNS))["total_count"] == 0
    assert expect_ok(owner.get(f"{WORKFLOWS}/publish.yml"))["state"] == "disabled_manually"

    assert owner.put(f"{WORKFLOWS}/publish.yml/enable").status_code == 204
    expect_ok(create_tag(owner, "1.1"))
    assert expect_ok(owner.get(RUNS))["total_count"] == 1


def test_a_workflow_without_the_trigger_cannot_be_dispatched(owner: httpx.Client) -> None:
    expect_refusal(dispatch_workflow(owner), 422, NO_TRIGGER)


def test_a_dispatch_uses_the_file_of_the_requested_ref(owner: httpx.Client, person: Person) -> None:
    """A writer can add the trigger on a branch. Source: benc-uk/workflow-dispatch issue 65."""
    writer = person("maintainer-1")
    create_branch(writer, "next")
    text = build_publish_workflow(None).replace(
        "on: {push: {tags: ['*']}}", "on: workflow_dispatch"
    )
    expect_ok(write_file(writer, WORKFLOW, text, sha=get_file_sha(writer, WORKFLOW), branch="next"))

    expect_refusal(dispatch_workflow(writer), 422, NO_TRIGGER)
    expect_ok(dispatch_workflow(writer, "next"))

    run = get_newest_run(owner)
    assert run["event"] == "workflow_dispatch"
    assert run["head_branch"] == "next"
    assert run["conclusion"] == "success"
    assert run["actor"]["login"] == "maintainer-1"
    assert run["head_sha"] == get_head(owner, branch="next")


def test_the_policy_stops_a_dispatch_on_a_branch(
    github: Application, owner: httpx.Client, person: Person
) -> None:
    build_gate(owner)
    writer = person("maintainer-1")
    create_branch(writer, "next")
    text = build_publish_workflow("deploy").replace(
        "on: {push: {tags: ['*']}}", "on: workflow_dispatch"
    )
    expect_ok(write_file(writer, WORKFLOW, text, sha=get_file_sha(writer, WORKFLOW), branch="next"))

    expect_ok(dispatch_workflow(writer, "next"))

    job = snapshot(github.world)["runs"][-1]["jobs"][0]
    assert job["conclusion"] == "failure"
    assert job["secrets"] == []


def test_dispatch_on_a_tag(owner: httpx.Client) -> None:
    replace_workflow(owner, "on: workflow_dispatch\njobs: {publish: {steps: []}}\n")
    expect_ok(create_tag(owner, "1.0"))

    expect_ok(dispatch_workflow(owner, "1.0"))
    expect_ok(dispatch_workflow(owner, "refs/tags/1.0"))

    assert [run["head_branch"] for run in expect_ok(owner.get(RUNS))["workflow_runs"]] == [
        "1.0",
        "1.0",
    ]


def test_an_unknown_ref_is_refused(owner: httpx.Client) -> None:
    expect_refusal(dispatch_workflow(owner, "nowhere"), 422, "No ref found for: nowhere")


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"tag": "1.0", "foo": "x"}, 'Unexpected inputs provided: ["foo"]'),
        ({"dry": True}, "Required input 'tag' not provided"),
        ({"tag": "1.0", "index": "Other"}, "not in the list of allowed values"),
    ],
)
def test_invalid_inputs_are_refused(
    owner: httpx.Client, inputs: dict[str, Any], message: str
) -> None:
    replace_workflow(owner, WITH_INPUTS)

    expect_refusal(dispatch_workflow(owner, **inputs), 422, message)


def test_inputs_reach_the_job_with_their_defaults(owner: httpx.Client) -> None:
    replace_workflow(owner, WITH_INPUTS)
    owner.post("/_simulator/runner")
    expect_ok(dispatch_workflow(owner, tag="1.0", dry=True))

    job = take_job(owner)[1]

    assert job["inputs"] == {"tag": "1.0", "index": "PyPI", "dry": "true"}
    assert job["github"]["event"]["inputs"] == {"tag": "1.0", "index": "PyPI", "dry": "true"}


def test_a_disabled_workflow_cannot_be_dispatched(owner: httpx.Client) -> None:
    replace_workflow(owner, "on: workflow_dispatch\njobs: {publish: {steps: []}}\n")
    expect_ok(owner.put(f"{WORKFLOWS}/publish.yml/disable"))

    expect_refusal(dispatch_workflow(owner), 422, "disabled workflow")


def test_nothing_starts_when_actions_are_disabled(owner: httpx.Client) -> None:
    """Assumption: the message."""
    replace_workflow(owner, "on: workflow_dispatch\njobs: {publish: {steps: []}}\n")
    expect_ok(owner.put(f"{HTTPX}/actions/permissions", json={"enabled": False}))

    expect_refusal(dispatch_workflow(owner), 422, "Actions are disabled")


def test_a_reader_can_neither_dispatch_nor_disable(person: Person) -> None:
    outsider = person("outsider-1")

    expect_refusal(dispatch_workflow(outsider), 403, "Must have push access to Repository.")
    expect_refusal(
        outsider.put(f"{WORKFLOWS}/publish.yml/disable"),
        403,
        "Must have push access to Repository.",
    )


def test_a_job_can_dispatch_a_workflow(owner: httpx.Client) -> None:
    """Source: GitHub's docs, "GITHUB_TOKEN": dispatches are an exception and start runs."""
    owner.post("/_simulator/runner")
    replace_workflow(
        owner,
        "on: [push, workflow_dispatch]\npermissions: {actions: write}\njobs: {one: {steps: []}}\n",
    )
    headers = {"authorization": f"Bearer {take_job(owner)[1]['github_token']}"}

    expect_ok(
        owner.post(f"{WORKFLOWS}/publish.yml/dispatches", json={"ref": "main"}, headers=headers)
    )

    assert get_newest_run(owner)["actor"]["login"] == "github-actions[bot]"
