"""What holds for every workflow of this repository."""

import re
from pathlib import Path
from typing import Any

import pytest

from publish_workflow.pins import pins
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


def test_the_three_workflows_are_here() -> None:
    assert [path.name for path in FILES] == ["apply.yml", "check.yml", "preview.yml"]


@each_workflow
def test_no_event_runs_a_strangers_text_with_this_repositorys_rights(path: Path) -> None:
    assert FORBIDDEN_EVENTS.isdisjoint(load(path)["on"])


@each_workflow
def test_nothing_is_permitted_unless_a_job_says_so(path: Path) -> None:
    assert load(path)["permissions"] == {}


@each_workflow
def test_it_says_what_happens_to_runs_at_the_same_time(path: Path) -> None:
    assert set(load(path)["concurrency"]) == {"group", "cancel-in-progress"}


@each_job
def test_a_job_says_its_name_permissions_time_and_machine(job: dict[str, Any]) -> None:
    assert job["name"]
    assert job["permissions"]
    assert int(job["timeout-minutes"]) <= 360
    assert job["runs-on"] == "ubuntu-24.04"
    assert all(step["name"] for step in job["steps"])


@each_job
def test_a_job_that_runs_this_repositorys_code_may_write_nothing(job: dict[str, Any]) -> None:
    if checks_out(job):
        assert job["permissions"] == {"contents": "read"}


@each_job
def test_a_job_that_may_write_has_none_of_this_repositorys_code(job: dict[str, Any]) -> None:
    if "write" in job["permissions"].values():
        assert not checks_out(job)
        assert "scripts/" not in str(job["steps"])


@each_job
def test_a_checkout_leaves_no_credentials_behind(job: dict[str, Any]) -> None:
    for step in job["steps"]:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false"


@each_job
def test_no_expression_is_pasted_into_a_script(job: dict[str, Any]) -> None:
    assert not [step["name"] for step in job["steps"] if "${{" in step.get("run", "")]


@each_job
def test_secrets_are_seen_in_an_environment_and_by_two_steps_alone(job: dict[str, Any]) -> None:
    readers = [step["name"] for step in job["steps"] if "secrets." in str(step)]

    assert "secrets." not in str({key: value for key, value in job.items() if key != "steps"})
    assert readers == (
        ["Get a token of the GitHub App", job["name"]] if "environment" in job else []
    )


def test_every_action_is_pinned_to_the_commit_of_a_release() -> None:
    assert [line for line in lines_with_uses() if not USES.search(line)] == []


def test_an_action_has_the_same_pin_everywhere() -> None:
    found = {
        match["action"]: set[tuple[str, str]]()
        for match in map(USES.search, lines_with_uses())
        if match
    }
    for match in filter(None, map(USES.search, lines_with_uses())):
        found[match["action"]].add((match["commit"], match["version"]))
    found["actions/checkout"].add(
        (pins()["actions/checkout"].commit, pins()["actions/checkout"].version)
    )

    assert {action: len(commits) for action, commits in found.items()} == dict.fromkeys(found, 1)
