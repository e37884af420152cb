"""A job is run by the real `act` on this machine, with its own secrets and no other; the simulated GitHub is a stand-in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commands.rehearsal.control import Control
from commands.rehearsal.hidden import Hidden
from commands.rehearsal.processes import Processes
from commands.rehearsal.runner import Job, Runner

SECRET = "pypi-AgEIcHlwaS5v"
PIN = "0" * 40
HEAD = """\
jobs:
  job:
    runs-on: ubuntu-latest
    outputs:
      said: ${{ steps.one.outputs.said }}
    steps:
"""


class OneJob(Control):
    """The control plane of a GitHub with one job to take, which remembers how it ended."""

    def __init__(self, steps: str, **taken: Any) -> None:
        super().__init__("http://127.0.0.1:1")
        self.wait_for(steps)
        self.taken = taken
        self.ended: dict[str, Any] = {}

    def wait_for(self, steps: str) -> None:
        """Has the one job, again, with these steps."""
        self.waiting = [
            {"id": 5, "run_id": 3, "event": "push", "actor": "operator-1", "environment": None}
        ]
        self.document = HEAD + steps

    def jobs(self, run: int) -> list[dict[str, Any]]:
        return [job for job in self.waiting if job["run_id"] == run]

    def take(self, job: int) -> dict[str, Any]:
        self.waiting = [listed for listed in self.waiting if listed["id"] != job]
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
            **self.taken,
        }

    def finish(self, job: int, conclusion: str, outputs: dict[str, str], summary: str) -> None:
        self.ended = {"id": job, "conclusion": conclusion, "outputs": outputs, "summary": summary}


class Machine:
    """Runs the one job of a stand-in."""

    def __init__(self, root: Path, processes: Processes) -> None:
        self.root, self.processes, self.hidden = root, processes, Hidden()

    def run(self, control: Control) -> Job:
        runner = Runner(
            self.root / "runner", control, self.processes, self.hidden, "http://127.0.0.1:2/"
        )
        (job,) = runner.run_all(3)
        return job


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with Processes(tmp_path) as processes:
        yield Machine(tmp_path, processes)


def test_a_job_tells_how_it_ended_with_outputs_and_summary(machine: Machine) -> None:
    control = OneJob(
        '      - id: one\n        run: echo said=hello >>"$GITHUB_OUTPUT"; echo "# Hi" >>"$GITHUB_STEP_SUMMARY"\n'
    )

    job = machine.run(control)

    assert control.ended == {
        "id": 5,
        "conclusion": "success",
        "outputs": {"said": "hello"},
        "summary": "# Hi\n",
    }
    assert job.conclusion == "success"


def test_a_job_that_fails_says_what_it_printed(machine: Machine) -> None:
    control = OneJob("      - run: echo so it goes; exit 3\n")

    job = machine.run(control)

    assert control.ended["conclusion"] == "failure"
    assert "so it goes" in job.log


def test_a_secret_reaches_the_step_that_names_it_and_no_other_log_file_or_command_line(
    machine: Machine,
) -> None:
    steps = """\
      - run: test "$KEY" = pypi-"AgEIcHlwaS5v" && echo "it is $KEY"
        env: {KEY: '${{ secrets.PYPI_TOKEN }}'}
      - run: (env; ps -eo args) >seen; ! grep -q pypi-"AgEIcHlwaS5v" seen
"""
    job = machine.run(OneJob(steps, secrets={"PYPI_TOKEN": SECRET}))

    assert (job.conclusion, job.secrets) == ("success", ("PYPI_TOKEN",))
    assert "it is ***" in job.log
    assert SECRET not in "\n".join([*job.log, str(job)])
    assert [
        file
        for file in machine.root.rglob("*")
        if file.is_file() and SECRET.encode() in file.read_bytes()
    ] == []


def test_a_secret_that_was_not_handed_is_an_empty_text(machine: Machine) -> None:
    job = machine.run(
        OneJob("      - run: test -z \"$KEY\"\n        env: {KEY: '${{ secrets.PYPI_TOKEN }}'}\n")
    )

    assert (job.conclusion, job.secrets) == ("success", ())


def test_an_identity_is_there_only_where_it_was_handed(machine: Machine, tmp_path: Path) -> None:
    steps = '      - run: test -n "$ACTIONS_ID_TOKEN_REQUEST_URL" && test -n "$ACTIONS_ID_TOKEN_REQUEST_TOKEN"\n'
    handed = {"url": "http://127.0.0.1:1/idtoken", "token": "bearer-of-the-job"}

    assert machine.run(OneJob(steps, id_token=handed)).conclusion == "success"
    other = Machine(tmp_path / "other", machine.processes)
    assert other.run(OneJob(steps)).conclusion == "failure"


def test_a_job_knows_its_commit_its_ref_and_its_event(machine: Machine) -> None:
    steps = """\
      - run: test "$GITHUB_SHA $GITHUB_REF_NAME $GITHUB_REPOSITORY" = "$EVENT 1.0 encode/httpx"
        env: {EVENT: '${{ github.event.after }}'}
"""
    assert machine.run(OneJob(steps)).conclusion == "success"


def test_a_job_whose_condition_does_not_hold_is_no_success(machine: Machine) -> None:
    control = OneJob("      - run: 'true'\n")
    control.document = control.document.replace(
        "    runs-on", "    if: github.repository == 'fork/httpx'\n    runs-on", 1
    )

    assert machine.run(control).conclusion == "failure"


def test_results_of_jobs_before_it_are_as_they_were(machine: Machine) -> None:
    control = OneJob(
        "      - run: test \"$ID\" = 17\n        env: {ID: '${{ needs.build.outputs.id }}'}\n"
    )
    control.document = control.document.replace("    runs-on", "    needs: build\n    runs-on", 1)
    control.taken = {"needs": {"build": {"result": "success", "outputs": {"id": "17"}}}}

    assert machine.run(control).conclusion == "success"


def test_nothing_of_a_job_is_left_but_its_artifacts(machine: Machine) -> None:
    machine.run(OneJob("      - run: echo x >left-behind\n"))

    assert [path.name for path in (machine.root / "runner").iterdir()] == ["artifacts"]


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


def test_an_artifact_is_downloaded_by_its_number_in_another_job(machine: Machine) -> None:
    control = OneJob(UPLOADS, variables={"FILES": "yes"})
    runner = Runner(machine.root / "runner", control, machine.processes, machine.hidden, "")
    (uploaded,) = runner.run_all(3)
    control.wait_for(DOWNLOADS)
    (downloaded,) = runner.run_all(3)

    assert (uploaded.conclusion, downloaded.conclusion) == ("success", "success")


def test_no_files_to_upload_are_an_error_where_the_workflow_says_so(machine: Machine) -> None:
    assert machine.run(OneJob(UPLOADS)).conclusion == "failure"
