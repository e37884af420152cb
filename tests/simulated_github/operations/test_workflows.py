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
from tests.simulated_github.helpers.acting import (
    HTTPX,
    branch,
    deploy_workflow,
    done,
    head,
    refused,
    sha_of,
    tag,
    write,
)
from tests.simulated_github.helpers.gated import (
    RUNS,
    WORKFLOW,
    build_gate,
    newest,
    replace_workflow,
    take,
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
    listed = done(owner.get(WORKFLOWS))

    assert [(one["path"], one["state"]) for one in listed["workflows"]] == [(WORKFLOW, "active")]
    one = listed["workflows"][0]
    assert (
        done(owner.get(f"{WORKFLOWS}/{one['id']}"))
        == done(owner.get(f"{WORKFLOWS}/publish.yml"))
        == one
    )
    refused(owner.get(f"{WORKFLOWS}/nothing.yml"), 404, "Not Found")


def test_a_workflow_that_ran_elsewhere_is_known_too(person: Person) -> None:
    writer = person("maintainer-1")
    branch(writer, "next")
    done(write(writer, ".github/workflows/thief.yml", "on: push\njobs: {}\n", branch="next"))

    assert done(writer.get(WORKFLOWS))["total_count"] == 2


def test_a_file_that_is_no_workflow_is_none(owner: httpx.Client) -> None:
    done(write(owner, ".github/workflows/README.md", "# Workflows\n"))
    done(write(owner, ".github/workflows/broken.yml", "jobs: [\n"))
    done(write(owner, ".github/workflows/deeper/more.yml", "on: push\njobs: {}\n"))

    assert done(owner.get(WORKFLOWS))["total_count"] == 1


def test_the_runs_of_a_workflow_are_listed(owner: httpx.Client) -> None:
    done(write(owner, ".github/workflows/check.yml", "on: push\njobs: {check: {}}\n"))
    done(tag(owner, "1.0"))

    found = done(owner.get(f"{WORKFLOWS}/check.yml/runs", params={"branch": "1.0"}))[
        "workflow_runs"
    ]
    assert [(run["path"], run["head_branch"]) for run in found] == [
        (".github/workflows/check.yml", "1.0")
    ]


def test_a_disabled_workflow_starts_nothing(owner: httpx.Client) -> None:
    assert owner.put(f"{WORKFLOWS}/publish.yml/disable").status_code == 204
    done(tag(owner, "1.0"))
    assert done(owner.get(RUNS))["total_count"] == 0
    assert done(owner.get(f"{WORKFLOWS}/publish.yml"))["state"] == "disabled_manually"

    assert owner.put(f"{WORKFLOWS}/publish.yml/enable").status_code == 204
    done(tag(owner, "1.1"))
    assert done(owner.get(RUNS))["total_count"] == 1


def test_what_has_no_such_trigger_is_not_started_by_hand(owner: httpx.Client) -> None:
    refused(dispatch(owner), 422, NO_TRIGGER)


def test_the_file_of_the_named_ref_counts(owner: httpx.Client, person: Person) -> None:
    """Whoever may write brings the trigger along on a branch. Source: benc-uk/workflow-dispatch issue 65."""
    writer = person("maintainer-1")
    branch(writer, "next")
    text = deploy_workflow(None).replace("on: {push: {tags: ['*']}}", "on: workflow_dispatch")
    done(write(writer, WORKFLOW, text, sha=sha_of(writer, WORKFLOW), branch="next"))

    refused(dispatch(writer), 422, NO_TRIGGER)
    done(dispatch(writer, "next"))

    run = newest(owner)
    assert tuple(run[key] for key in ("event", "head_branch", "conclusion")) == (
        "workflow_dispatch",
        "next",
        "success",
    )
    assert (run["actor"]["login"], run["head_sha"]) == ("maintainer-1", head(owner, branch="next"))


def test_the_environments_policy_stops_a_branch_that_is_started_by_hand(
    github: Application, owner: httpx.Client, person: Person
) -> None:
    build_gate(owner)
    writer = person("maintainer-1")
    branch(writer, "next")
    text = deploy_workflow("deploy").replace("on: {push: {tags: ['*']}}", "on: workflow_dispatch")
    done(write(writer, WORKFLOW, text, sha=sha_of(writer, WORKFLOW), branch="next"))

    done(dispatch(writer, "next"))

    job = snapshot(github.world)["runs"][-1]["jobs"][0]
    assert (job["conclusion"], job["secrets"]) == ("failure", [])


def test_a_tag_is_a_ref_too(owner: httpx.Client) -> None:
    replace_workflow(owner, "on: workflow_dispatch\njobs: {publish: {steps: []}}\n")
    done(tag(owner, "1.0"))

    done(dispatch(owner, "1.0"))
    done(dispatch(owner, "refs/tags/1.0"))

    assert [run["head_branch"] for run in done(owner.get(RUNS))["workflow_runs"]] == ["1.0", "1.0"]


def test_a_ref_that_is_not_there_is_named(owner: httpx.Client) -> None:
    refused(dispatch(owner, "nowhere"), 422, "No ref found for: nowhere")


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

    refused(dispatch(owner, **inputs), 422, message)


def test_inputs_reach_the_job_with_their_defaults(owner: httpx.Client) -> None:
    replace_workflow(owner, INPUTS)
    owner.post("/_simulator/runner")
    done(dispatch(owner, tag="1.0", dry=True))

    taken = take(owner)[1]

    assert (
        taken["inputs"]
        == taken["github"]["event"]["inputs"]
        == {"tag": "1.0", "index": "PyPI", "dry": "true"}
    )


def test_a_disabled_workflow_is_not_started_by_hand(owner: httpx.Client) -> None:
    replace_workflow(owner, "on: workflow_dispatch\njobs: {publish: {steps: []}}\n")
    done(owner.put(f"{WORKFLOWS}/publish.yml/disable"))

    refused(dispatch(owner), 422, "disabled workflow")


def test_where_actions_are_off_nothing_is_started(owner: httpx.Client) -> None:
    """Assumption: the words."""
    replace_workflow(owner, "on: workflow_dispatch\njobs: {publish: {steps: []}}\n")
    done(owner.put(f"{HTTPX}/actions/permissions", json={"enabled": False}))

    refused(dispatch(owner), 422, "Actions are disabled")


def test_whoever_may_not_write_starts_and_switches_nothing(person: Person) -> None:
    outsider = person("outsider-1")

    refused(dispatch(outsider), 403, "Must have push access to Repository.")
    refused(
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
    headers = {"authorization": f"Bearer {take(owner)[1]['github_token']}"}

    done(owner.post(f"{WORKFLOWS}/publish.yml/dispatches", json={"ref": "main"}, headers=headers))

    assert newest(owner)["actor"]["login"] == "github-actions[bot]"
