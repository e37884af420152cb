"""Rules that every workflow of this repository follows."""

import re
from pathlib import Path
from typing import Any

import pytest

from publish_workflow.pins import read_pins
from tests.github_workflows.workflow_files import FILES, checks_out, jobs, load

FORBIDDEN_EVENTS = {"pull_request_target", "workflow_run", "issue_comment", "workflow_dispatch"}
USES = re.compile(
    r"uses: (?P<action>[\w.-]+/[\w.-]+)@(?P<commit>[0-9a-f]{40}) # (?P<version>v\d+\.\d+\.\d+)$"
)

each_workflow = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
each_job = pytest.mark.parametrize(
    "job", [job for _, job in jobs()], ids=[name for name, _ in jobs()]
)


def lines_with_uses() -> list[str]:
    return [
        line.strip()
        for path in FILES
        for line in path.read_text(encoding="utf-8").splitlines()
        if "uses:" in line
    ]


def test_these_are_all_workflows() -> None:
    assert [path.name for path in FILES] == [
        "apply.yml",
        "check.yml",
        "nightly.yml",
        "preview.yml",
        "publish.yml",
    ]


@each_workflow
def test_no_event_runs_code_of_forks_with_credentials(path: Path) -> None:
    assert FORBIDDEN_EVENTS.isdisjoint(load(path)["on"])


@each_workflow
def test_only_jobs_grant_permissions(path: Path) -> None:
    assert load(path)["permissions"] == {}


@each_workflow
def test_concurrency_is_declared(path: Path) -> None:
    assert set(load(path)["concurrency"]) == {"group", "cancel-in-progress"}


@each_job
def test_a_job_declares_name_permissions_and_timeout(job: dict[str, Any]) -> None:
    assert job["name"]
    assert job["permissions"]
    assert int(job["timeout-minutes"]) <= 360
    assert job["runs-on"] == "ubuntu-24.04"
    assert all(step["name"] for step in job["steps"])


@each_job
def test_a_job_with_a_checkout_has_no_write_permission(job: dict[str, Any]) -> None:
    if checks_out(job):
        assert job["permissions"] == {"contents": "read"}


@each_job
def test_a_job_that_may_write_runs_no_code_of_this_repository(job: dict[str, Any]) -> None:
    if "write" in job["permissions"].values():
        assert not checks_out(job)
        assert "scripts/" not in str(job["steps"])


@each_job
def test_a_checkout_does_not_persist_credentials(job: dict[str, Any]) -> None:
    for step in job["steps"]:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false"


@each_job
def test_no_script_contains_an_expression(job: dict[str, Any]) -> None:
    assert not [step["name"] for step in job["steps"] if "${{" in step.get("run", "")]


@each_job
def test_secrets_reach_two_steps_of_jobs_with_environments(job: dict[str, Any]) -> None:
    readers = [step["name"] for step in job["steps"] if "secrets." in str(step)]

    assert "secrets." not in str({key: value for key, value in job.items() if key != "steps"})
    has_secrets = job.get("environment", {}).get("name") in ("apply", "preview")
    assert readers == (["Get a token of the GitHub App", job["name"]] if has_secrets else [])


def test_every_action_is_pinned_to_the_commit_of_a_release() -> None:
    assert [line for line in lines_with_uses() if not USES.search(line)] == []


def test_an_action_has_the_same_pin_everywhere() -> None:
    commits: dict[str, set[tuple[str, str]]] = {
        action: {(pin.commit, pin.version)} for action, pin in read_pins().items()
    }
    for match in filter(None, map(USES.search, lines_with_uses())):
        commits.setdefault(match["action"], set()).add((match["commit"], match["version"]))

    assert {
        action for action, pins_of_action in commits.items() if len(pins_of_action) > 1
    } == set()
