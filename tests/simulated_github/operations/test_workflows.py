"""Workflows, and starting one by hand.

Sources: GitHub's docs, "Events that trigger workflows" (workflow_dispatch), "Disabling and enabling a workflow"; the sentences
of refusals by public issue threads (benc-uk/workflow-dispatch 46 and 65, convictional/trigger-workflow-and-wait 4 and 25).
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
INPUTS = """\
on:
  workflow_dispatch:
    inputs:
      tag: {required: true}
      index: {default: PyPI, options: [PyPI, TestPyPI], type: choice}
      dry: {type: boolean}
jobs: {publish: {steps: []}}
"""


def dispatch(
    client: httpx.Client, ref: str = "main", workflow: str = "publish.yml", **inputs: Any
) -> httpx.Response:
    body = {"ref": ref} | ({"inputs": inputs} if inputs else {})
    return client.post(f"{WORKFLOWS}/{workflow}/dispatches", json=body)


def test_the_workflows_of_the_default_branch_are_listed(owner: httpx.Client) -> None:
    listed = expect_ok(owner.get(WORKFLOWS))

    assert [(one["path"], one["state"]) for one in listed["workflows"]] == [(WORKFLOW, "active")]
    one = listed["workflows"][0]
    assert (
        expect_ok(owner.get(f"{WORKFLOWS}/{one['id']}"))
        == expect_ok(owner.get(f"{WORKFLOWS}/publish.yml"))
        == one
    )
    expect_refusal(owner.get(f"{WORKFLOWS}/nothing.yml"), 404, "Not Found")


def test_a_workflow_that_ran_elsewhere_is_known_too(person: Person) -> None:
    writer = person("maintainer-1")
    create_branch(writer, "next")
    expect_ok(
        write_file(writer, ".github/workflows/thief.yml", "on: push\njobs: {}\n", branch="next")
    )

    assert expect_ok(writer.get(WORKFLOWS))["total_count"] == 2


def test_a_file_that_is_no_workflow_is_none(owner: httpx.Client) -> None:
    expect_ok(write_file(owner, ".github/workflows/README.md", "# Workflows\n"))
    expect_ok(write_file(owner, ".github/workflows/broken.yml", "jobs: [\n"))
    expect_ok(write_file(owner, ".github/workflows/deeper/more.yml", "on: push\njobs: {}\n"))

    assert expect_ok(owner.get(WORKFLOWS))["total_count"] == 1


def test_the_runs_of_a_workflow_are_listed(owner: httpx.Client) -> None:
    expect_ok(write_file(owner, ".github/workflows/check.yml", "on: push\njobs: {check: {}}\n"))
    expect_ok(create_tag(owner, "1.0"))

    found = expect_ok(owner.get(f"{WORKFLOWS}/check.yml/runs", params={"branch": "1.0"}))[
        "workflow_runs"
    ]
    assert [(run["path"], run["head_branch"]) for run in found] == [
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


def test_what_has_no_such_trigger_is_not_started_by_hand(owner: httpx.Client) -> None:
    expect_refusal(dispatch(owner), 422, NO_TRIGGER)


def test_the_file_of_the_named_ref_counts(owner: httpx.Client, person: Person) -> None:
    """Whoever may write brings the trigger along on a branch. Source: benc-uk/workflow-dispatch issue 65."""
    writer = person("maintainer-1")
    create_branch(writer, "next")
    text = build_publish_workflow(None).replace(
        "on: {push: {tags: ['*']}}", "on: workflow_dispatch"
    )
    expect_ok(write_file(writer, WORKFLOW, text, sha=get_file_sha(writer, WORKFLOW), branch="next"))

    expect_refusal(dispatch(writer), 422, NO_TRIGGER)
    expect_ok(dispatch(writer, "next"))

    run = get_newest_run(owner)
    assert tuple(run[key] for key in ("event", "head_branch", "conclusion")) == (
        "workflow_dispatch",
        "next",
        "success",
    )
    assert (run["actor"]["login"], run["head_sha"]) == (
        "maintainer-1",
        get_head(owner, branch="next"),
    )


def test_the_environments_policy_stops_a_branch_that_is_started_by_hand(
    github: Application, owner: httpx.Client, person: Person
) -> None:
    build_gate(owner)
    writer = person("maintainer-1")
    create_branch(writer, "next")
    text = build_publish_workflow("deploy").replace(
        "on: {push: {tags: ['*']}}", "on: workflow_dispatch"
    )
    expect_ok(write_file(writer, WORKFLOW, text, sha=get_file_sha(writer, WORKFLOW), branch="next"))

    expect_ok(dispatch(writer, "next"))

    job = snapshot(github.world)["runs"][-1]["jobs"][0]
    assert (job["conclusion"], job["secrets"]) == ("failure", [])


def test_a_tag_is_a_ref_too(owner: httpx.Client) -> None:
    replace_workflow(owner, "on: workflow_dispatch\njobs: {publish: {steps: []}}\n")
    expect_ok(create_tag(owner, "1.0"))

    expect_ok(dispatch(owner, "1.0"))
    expect_ok(dispatch(owner, "refs/tags/1.0"))

    assert [run["head_branch"] for run in expect_ok(owner.get(RUNS))["workflow_runs"]] == [
        "1.0",
        "1.0",
    ]


def test_a_ref_that_is_not_there_is_named(owner: httpx.Client) -> None:
    expect_refusal(dispatch(owner, "nowhere"), 422, "No ref found for: nowhere")


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"tag": "1.0", "foo": "x"}, 'Unexpected inputs provided: ["foo"]'),
        ({"dry": True}, "Required input 'tag' not provided"),
        ({"tag": "1.0", "index": "Other"}, "not in the list of allowed values"),
    ],
)
def test_wrong_inputs_are_refused(
    owner: httpx.Client, inputs: dict[str, Any], message: str
) -> None:
    replace_workflow(owner, INPUTS)

    expect_refusal(dispatch(owner, **inputs), 422, message)


def test_inputs_reach_the_job_with_their_defaults(owner: httpx.Client) -> None:
    replace_workflow(owner, INPUTS)
    owner.post("/_simulator/runner")
    expect_ok(dispatch(owner, tag="1.0", dry=True))

    taken = take_job(owner)[1]

    assert (
        taken["inputs"]
        == taken["github"]["event"]["inputs"]
        == {"tag": "1.0", "index": "PyPI", "dry": "true"}
    )


def test_a_disabled_workflow_is_not_started_by_hand(owner: httpx.Client) -> None:
    replace_workflow(owner, "on: workflow_dispatch\njobs: {publish: {steps: []}}\n")
    expect_ok(owner.put(f"{WORKFLOWS}/publish.yml/disable"))

    expect_refusal(dispatch(owner), 422, "disabled workflow")


def test_where_actions_are_off_nothing_is_started(owner: httpx.Client) -> None:
    """Assumption: the words."""
    replace_workflow(owner, "on: workflow_dispatch\njobs: {publish: {steps: []}}\n")
    expect_ok(owner.put(f"{HTTPX}/actions/permissions", json={"enabled": False}))

    expect_refusal(dispatch(owner), 422, "Actions are disabled")


def test_whoever_may_not_write_starts_and_switches_nothing(person: Person) -> None:
    outsider = person("outsider-1")

    expect_refusal(dispatch(outsider), 403, "Must have push access to Repository.")
    expect_refusal(
        outsider.put(f"{WORKFLOWS}/publish.yml/disable"),
        403,
        "Must have push access to Repository.",
    )


def test_a_job_may_start_a_workflow_by_hand(owner: httpx.Client) -> None:
    """Source: GitHub's docs, "GITHUB_TOKEN": a dispatch is the exception to "will not create a new workflow run"."""
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
