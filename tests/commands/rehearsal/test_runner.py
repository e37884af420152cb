"""A runner: jobs on this machine by the real `act`, with their own secrets and no others."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commands.rehearsal.errors import StoppedError
from commands.rehearsal.github import ControlClient
from commands.rehearsal.processes import Processes
from commands.rehearsal.runner import (
    FILE_OPTIONS,
    REPORT_JOB,
    Runner,
    RunnerJob,
    act_command,
    act_messages,
    read_job_report,
    single_job_workflow,
    step_log,
    step_summary,
    write_private_files,
)
from commands.rehearsal.timeline import Redactor

SECRET = "pypi-AgEIcHlwaS5v"
PIN = "0" * 40
HEAD = """\
jobs:
  job:
    runs-on: ubuntu-latest
    outputs:
      greeting: ${{ steps.one.outputs.greeting }}
    steps:
"""


class OneJobControl(ControlClient):
    """The control plane of a GitHub with one waiting job, and its reported end."""

    def __init__(self, steps: str, **assignment: Any) -> None:
        super().__init__("http://127.0.0.1:1")
        self.add_job(steps)
        self.assignment = assignment
        self.finished: dict[str, Any] = {}

    def add_job(self, steps: str) -> None:
        """Make the job wait, again, with these steps."""
        self.waiting = [
            {"id": 5, "run_id": 3, "event": "push", "actor": "operator-1", "environment": None}
        ]
        self.document = HEAD + steps

    def jobs(self, run: int) -> list[dict[str, Any]]:
        return [job for job in self.waiting if job["run_id"] == run]

    def take(self, job: int) -> dict[str, Any]:
        self.waiting = [waiting_job for waiting_job in self.waiting if waiting_job["id"] != job]
        github = {
            "repository": "encode/httpx",
            "ref": "refs/tags/1.0",
            "sha": "a" * 40,
            "run_id": "3",
            "event": {"after": "a" * 40},
        }
        return {
            "document": self.document,
            "key": "job",
            "secrets": {},
            "variables": {},
            "github_token": "token-of-the-job",
            "id_token": None,
            "needs": {},
            "github": github,
            **self.assignment,
        }

    def finish(self, job: int, conclusion: str, outputs: dict[str, str], summary: str) -> None:
        self.finished = {
            "id": job,
            "conclusion": conclusion,
            "outputs": outputs,
            "summary": summary,
        }


class RunnerMachine:
    """A machine with runners in a directory."""

    def __init__(self, root: Path, processes: Processes) -> None:
        self.root = root
        self.processes = processes

    def runner(self, control: ControlClient) -> Runner:
        directory = self.root / "runner"
        return Runner(directory, control, self.processes, Redactor(), "http://127.0.0.1:2/")

    def run(self, control: ControlClient) -> RunnerJob:
        """Run the one waiting job."""
        (job,) = self.runner(control).run_waiting_jobs(3)
        return job


@pytest.fixture
def runner_machine(tmp_path: Path) -> Iterator[RunnerMachine]:
    with Processes(tmp_path) as processes:
        yield RunnerMachine(tmp_path, processes)


def test_the_end_of_a_job_is_reported_with_its_outputs(runner_machine: RunnerMachine) -> None:
    control = OneJobControl(
        "      - id: one\n        run: |\n"
        '          echo greeting=hello >>"$GITHUB_OUTPUT"\n'
        '          echo "# Hi" >>"$GITHUB_STEP_SUMMARY"\n'
    )

    job = runner_machine.run(control)

    assert control.finished == {
        "id": 5,
        "conclusion": "success",
        "outputs": {"greeting": "hello"},
        "summary": "# Hi\n",
    }
    assert job.conclusion == "success"


def test_a_failed_job_has_its_log(runner_machine: RunnerMachine) -> None:
    control = OneJobControl("      - run: echo so it goes; sleep 0.2; exit 3\n")

    job = runner_machine.run(control)

    assert control.finished["conclusion"] == "failure"
    assert "so it goes" in job.log


def test_a_secret_reaches_only_the_step_that_uses_it(
    runner_machine: RunnerMachine,
) -> None:
    steps = """\
      - run: test "$KEY" = pypi-"AgEIcHlwaS5v" && echo "it is $KEY"
        env: {KEY: '${{ secrets.PYPI_TOKEN }}'}
      - run: (env; ps -eo args) >seen; ! grep -q pypi-"AgEIcHlwaS5v" seen
"""
    job = runner_machine.run(OneJobControl(steps, secrets={"PYPI_TOKEN": SECRET}))

    assert job.conclusion == "success"
    assert job.secrets == ("PYPI_TOKEN",)
    assert "it is ***" in job.log
    assert SECRET not in "\n".join([*job.log, str(job)])
    files = [file for file in runner_machine.root.rglob("*") if file.is_file()]
    assert [file for file in files if SECRET.encode() in file.read_bytes()] == []


def test_a_secret_that_the_job_did_not_get_is_empty(runner_machine: RunnerMachine) -> None:
    job = runner_machine.run(
        OneJobControl(
            "      - run: test -z \"$KEY\"\n        env: {KEY: '${{ secrets.PYPI_TOKEN }}'}\n"
        )
    )

    assert job.conclusion == "success"
    assert job.secrets == ()


def test_only_a_job_with_an_identity_can_use_it(
    runner_machine: RunnerMachine, tmp_path: Path
) -> None:
    steps = """\
      - run: test -n "$ACTIONS_ID_TOKEN_REQUEST_URL" && test -n "$ACTIONS_ID_TOKEN_REQUEST_TOKEN"
"""
    identity = {"url": "http://127.0.0.1:1/idtoken", "token": "bearer-of-the-job"}

    assert runner_machine.run(OneJobControl(steps, id_token=identity)).conclusion == "success"
    second = RunnerMachine(tmp_path / "second", runner_machine.processes)
    assert second.run(OneJobControl(steps)).conclusion == "failure"


def test_a_job_knows_its_commit_its_ref_and_its_event(runner_machine: RunnerMachine) -> None:
    steps = """\
      - run: test "$GITHUB_SHA $GITHUB_REF_NAME $GITHUB_REPOSITORY" = "$EVENT 1.0 encode/httpx"
        env: {EVENT: '${{ github.event.after }}'}
"""
    assert runner_machine.run(OneJobControl(steps)).conclusion == "success"


def test_a_skipped_job_is_not_a_success(runner_machine: RunnerMachine) -> None:
    control = OneJobControl("      - run: 'true'\n")
    control.document = control.document.replace(
        "    runs-on", "    if: github.repository == 'fork/httpx'\n    runs-on", 1
    )

    assert runner_machine.run(control).conclusion == "failure"


def test_a_job_gets_the_outputs_of_earlier_jobs(runner_machine: RunnerMachine) -> None:
    control = OneJobControl(
        "      - run: test \"$ID\" = 17\n        env: {ID: '${{ needs.build.outputs.id }}'}\n"
    )
    control.document = control.document.replace("    runs-on", "    needs: build\n    runs-on", 1)
    control.assignment = {"needs": {"build": {"result": "success", "outputs": {"id": "17"}}}}

    assert runner_machine.run(control).conclusion == "success"


def test_only_the_artifacts_of_a_job_remain(runner_machine: RunnerMachine) -> None:
    runner_machine.run(OneJobControl("      - run: echo x >left-behind\n"))

    assert [path.name for path in (runner_machine.root / "runner").iterdir()] == ["artifacts"]


UPLOADS = f"""\
      - run: if [ -n "$FILES" ]; then mkdir dist; echo wheel >dist/a.whl; fi
        env: {{FILES: '${{{{ vars.FILES }}}}'}}
      - id: one
        uses: actions/upload-artifact@{PIN}
        with: {{path: dist/, if-no-files-found: error}}
      - run: test "$NUMBER" = 1
        env: {{NUMBER: '${{{{ steps.one.outputs.artifact-id }}}}'}}
"""
DOWNLOADS = f"""\
      - uses: actions/download-artifact@{PIN}
        with: {{artifact-ids: '1', path: dist/}}
      - run: grep wheel dist/a.whl
"""


def test_an_artifact_is_downloaded_by_its_id(runner_machine: RunnerMachine) -> None:
    control = OneJobControl(UPLOADS, variables={"FILES": "yes"})
    runner = runner_machine.runner(control)
    (upload_job,) = runner.run_waiting_jobs(3)
    control.add_job(DOWNLOADS)
    (download_job,) = runner.run_waiting_jobs(3)

    assert upload_job.conclusion == "success"
    assert download_job.conclusion == "success"


def test_uploading_no_files_can_be_an_error(runner_machine: RunnerMachine) -> None:
    assert runner_machine.run(OneJobControl(UPLOADS)).conclusion == "failure"


WORKFLOW = """\
name: Publish
on:
  push:
    tags: ['*']
permissions: {}
env: {COMMON: 'yes'}
jobs:
  build:
    runs-on: ubuntu-latest
    steps: [{run: scripts/build}]
  publish:
    needs: build
    if: github.repository == 'encode/httpx'
    runs-on: [self-hosted, linux]
    environment: {name: deploy}
    steps:
      - run: scripts/publish
        env:
          TWINE_PASSWORD: '${{ secrets.PYPI_TOKEN }}'
          ID: '${{ needs.build.outputs.artifact-id }}'
"""
NEEDS = {"build": {"result": "success", "outputs": {"artifact-id": "17"}}}


def test_a_job_keeps_its_text_in_a_workflow_of_its_own() -> None:
    job = single_job_workflow(WORKFLOW, "publish", NEEDS, "push")["jobs"]["publish"]

    assert job["if"] == "github.repository == 'encode/httpx'"
    assert job["steps"][0]["env"]["TWINE_PASSWORD"] == "${{ secrets.PYPI_TOKEN }}"
    assert job["environment"] == {"name": "deploy"}


def test_a_single_job_workflow_keeps_all_but_the_trigger() -> None:
    workflow = single_job_workflow(WORKFLOW, "publish", NEEDS, "push")

    assert workflow["name"] == "Publish"
    assert workflow["permissions"] == {}
    assert workflow["env"] == {"COMMON": "yes"}
    assert workflow["on"] == "push"
    assert set(workflow) == {"name", "on", "permissions", "env", "jobs"}


def test_an_earlier_job_only_has_its_result_and_outputs() -> None:
    earlier = single_job_workflow(WORKFLOW, "publish", NEEDS, "push")["jobs"]["build"]

    assert earlier["outputs"] == {"artifact-id": "17"}
    assert earlier["steps"] == [{"run": "exit 0"}]


def test_an_earlier_job_that_failed_fails() -> None:
    needs = {"build": {"result": "failure", "outputs": {}}}

    jobs = single_job_workflow(WORKFLOW, "publish", needs, "push")["jobs"]

    assert jobs["build"]["steps"] == [{"run": "exit 1"}]


def test_a_later_job_always_reports_the_result() -> None:
    report = single_job_workflow(WORKFLOW, "publish", NEEDS, "push")["jobs"][REPORT_JOB]

    assert report["needs"] == ["publish"]
    assert report["if"] == "always()"


def test_the_files_of_a_job_are_for_their_owner_only(tmp_path: Path) -> None:
    files = write_private_files(tmp_path / "job", secrets={"PYPI_TOKEN": "s3cret"}, variables={})

    assert json.loads(Path(files["secrets"]).read_text()) == {"PYPI_TOKEN": "s3cret"}
    modes = [Path(file).stat().st_mode & 0o777 for file in files.values()]
    assert modes == [0o600, 0o600]


def command_for(job: dict[str, Any]) -> list[str]:
    files = {name: f"/files/{name}.yml" for name in FILE_OPTIONS}
    return act_command(Path("/job"), files, job, "push", "operator-1")


@pytest.mark.parametrize(
    ("runs_on", "platforms"),
    [
        ("ubuntu-latest", ["ubuntu-latest=-self-hosted"]),
        (["linux", "big"], ["linux=-self-hosted", "big=-self-hosted"]),
    ],
)
def test_every_label_of_a_runner_is_this_machine(
    runs_on: str | list[str], platforms: list[str]
) -> None:
    command = command_for({"runs-on": runs_on, "steps": []})

    options = [command[at + 1] for at, part in enumerate(command) if part == "--platform"]
    assert command[:2] == ["act", "push"]
    assert options == platforms


def test_act_is_not_run_with_an_action_without_a_stand_in() -> None:
    job = {"runs-on": "linux", "steps": [{"uses": f"unknown/action@{PIN}"}]}

    with pytest.raises(StoppedError, match="unknown/action has no stand-in"):
        command_for(job)


def test_a_job_that_did_not_reach_its_end_has_no_report(tmp_path: Path) -> None:
    assert read_job_report(tmp_path / "report.json") == {}


def test_the_output_of_act_has_a_log_and_a_summary() -> None:
    lines = [
        "no document",
        json.dumps({"command": "summary", "content": "# A\n", "stepID": ["one"]}),
        json.dumps({"command": "summary", "content": "# A\n", "stepID": ["one", "inner"]}),
        json.dumps({"raw_output": True, "msg": "printed\n"}),
        json.dumps({"level": "error", "msg": "went wrong"}),
        json.dumps(["no", "mapping"]),
    ]

    messages = [*act_messages("\n".join(lines))]

    assert step_summary(messages) == "# A\n"
    assert step_log(messages) == ["printed", "went wrong"]


@pytest.mark.parametrize(
    ("secrets", "has_identity", "credentials"),
    [
        ((), False, "no secret"),
        (("A", "B"), False, "A, B"),
        ((), True, "an identity"),
    ],
)
def test_the_credentials_of_a_job_are_named(
    secrets: tuple[str, ...], has_identity: bool, credentials: str
) -> None:
    job = RunnerJob("publish", "deploy", "success", secrets, has_identity)

    assert job.credentials == credentials
