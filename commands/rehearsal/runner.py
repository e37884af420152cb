"""A runner: takes jobs of the simulated GitHub, and runs each with `act` on this machine.

Deliberately absent: a container or machine for each job, GitHub's own actions (they have
stand-ins), and any network but loopback. A job sees only its own secrets: jobs run one at a time,
each in its own directory.
"""

import json
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from commands.rehearsal.errors import StoppedError
from commands.rehearsal.github import ControlClient, Json
from commands.rehearsal.processes import Processes
from commands.rehearsal.timeline import Redactor
from commands.sandbox import PROJECT
from simulated_github.actions.workflow_files import runner_labels

LONGEST_JOB = 180  # seconds
REPORT_JOB = "rehearsal-report"
COPIED_KEYS = ("name", "env", "defaults", "permissions")
NO_REPORT = {"result": "failure", "outputs": {}}
# act fetches nothing. Without --no-skip-checkout it would copy its own directory.
ACT_OPTIONS = (
    "--json",
    "--no-skip-checkout",
    "--action-offline-mode",
    "--no-cache-server",
    "--pull=false",
)
FILE_OPTIONS = {
    "workflow": "--workflows",
    "secrets": "--secret-file",
    "variables": "--var-file",
    "environment": "--env-file",
    "event": "--eventpath",
}
STAND_INS_DIRECTORY = Path(__file__).with_name("stand_ins")
STAND_INS = {
    "actions/checkout": STAND_INS_DIRECTORY / "checkout",
    "actions/setup-python": STAND_INS_DIRECTORY / "setup-python",
    "actions/upload-artifact": STAND_INS_DIRECTORY / "upload-artifact",
    "actions/download-artifact": STAND_INS_DIRECTORY / "download-artifact",
    "pypa/gh-action-pypi-publish": STAND_INS_DIRECTORY / "pypi-publish",
}
PINNED_ACTION = re.compile(r"(?P<action>[^@]+)@(?P<commit>[0-9a-f]{40})")


@dataclass(frozen=True)
class RunnerJob:
    """A job that ended, with the names of the secrets that it got, and its log, secrets masked."""

    key: str
    environment: str | None
    conclusion: str
    secrets: tuple[str, ...]
    has_identity: bool
    outputs: Mapping[str, str] = field(repr=False, default_factory=dict)
    summary: str = field(repr=False, default="")
    log: tuple[str, ...] = field(repr=False, default=())

    @property
    def credentials(self) -> str:
        """The credentials of the job in words: `PYPI_TOKEN`, `no secret` or `an identity`."""
        names = [*self.secrets, *(["an identity"] if self.has_identity else [])]
        return ", ".join(names) or "no secret"


class Runner:
    """Runs jobs one after another.

    Args:
        root: A directory for the files of the jobs.
        index: The address of the package index, which the jobs upload to in place of PyPI.
    """

    def __init__(
        self,
        root: Path,
        control: ControlClient,
        processes: Processes,
        redactor: Redactor,
        index: str,
    ) -> None:
        self._root = root
        self._control = control
        self._processes = processes
        self._redactor = redactor
        self._index = index
        self._artifacts = root / "artifacts"
        self._artifacts.mkdir(parents=True)

    def run_waiting_jobs(self, run: int) -> list[RunnerJob]:
        """Run the jobs of a workflow run that may start, until it ends or waits for approval."""
        return [*self._waiting_jobs(run)]

    def _waiting_jobs(self, run: int) -> Iterator[RunnerJob]:
        while jobs := self._control.jobs(run):
            yield self.run_job(jobs[0])

    def run_job(self, waiting_job: Json) -> RunnerJob:
        """Take a waiting job, run it, and report its end to GitHub."""
        assignment = self._control.take(waiting_job["id"])
        identity = (assignment["id_token"] or {}).get("token", "")
        for secret in (*assignment["secrets"].values(), assignment["github_token"], identity):
            self._redactor.add(secret)
        directory = self._root / f"job-{waiting_job['id']}"
        try:
            job = self._act(assignment, waiting_job, directory)
        finally:
            shutil.rmtree(directory, ignore_errors=True)
        self._control.finish(waiting_job["id"], job.conclusion, dict(job.outputs), job.summary)
        return job

    def _act(self, assignment: Json, waiting_job: Json, directory: Path) -> RunnerJob:
        key = assignment["key"]
        event = waiting_job["event"]
        document = single_job_workflow(assignment["document"], key, assignment["needs"], event)
        files = write_private_files(
            directory,
            workflow=document,
            secrets={**assignment["secrets"], "GITHUB_TOKEN": assignment["github_token"]},
            variables=assignment["variables"],
            environment=self._environment(assignment, directory),
            event=assignment["github"].get("event", {}),
        )
        command = act_command(directory, files, document["jobs"][key], event, waiting_job["actor"])
        output = self._processes.run(command, directory, seconds=LONGEST_JOB).output
        messages = [*act_messages(output)]
        report = read_job_report(directory / "report.json").get(key, NO_REPORT)
        return RunnerJob(
            key=key,
            environment=waiting_job["environment"],
            conclusion="success" if report["result"] == "success" else "failure",
            secrets=tuple(sorted(assignment["secrets"])),
            has_identity=assignment["id_token"] is not None,
            outputs=report["outputs"] or {},
            summary=self._redactor.redact(step_summary(messages)),
            log=tuple(self._redactor.redact(line) for line in step_log(messages)),
        )

    def _environment(self, assignment: Json, directory: Path) -> dict[str, str]:
        github = assignment["github"]
        identity = assignment["id_token"] or {}
        environment = {
            "GITHUB_REPOSITORY": github["repository"],
            "GITHUB_REF": github["ref"],
            "SHA_REF": github["sha"],  # act makes GITHUB_SHA of it
            "GITHUB_RUN_ID": str(github["run_id"]),
            "GITHUB_SERVER_URL": self._control.url,
            "GITHUB_API_URL": self._control.url,
            "TWINE_REPOSITORY_URL": self._index,
            "REHEARSAL_REPORT": str(directory / "report.json"),
            "REHEARSAL_ARTIFACTS": str(self._artifacts),
            "REHEARSAL_PYTHON": sys.executable,
            "REHEARSAL_PROJECT": str(PROJECT),
        }
        if identity:
            environment["ACTIONS_ID_TOKEN_REQUEST_URL"] = identity["url"]
            environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = identity["token"]
        return environment


def single_job_workflow(document: str, key: str, needs: Mapping[str, Json], event: str) -> Json:
    """Return a workflow for one job, which is unchanged. It is written as JSON, which is YAML.

    The jobs that it needs do nothing and have their results, so that `needs` keeps its meaning. A
    job after it reports its result and outputs. `document` is the text of the workflow file, and
    `needs` has the result and the outputs of each earlier job.
    """
    workflow = yaml.safe_load(document)
    job = workflow["jobs"][key]
    runs_on = job["runs-on"]
    earlier = {name: finished_job(runs_on, need) for name, need in needs.items()}
    jobs = {**earlier, key: job, REPORT_JOB: report_job(runs_on, key)}
    return {
        **{name: workflow[name] for name in COPIED_KEYS if name in workflow},
        "on": event,
        "jobs": jobs,
    }


def finished_job(runs_on: Any, need: Json) -> Json:
    step = {"run": "exit 0" if need["result"] == "success" else "exit 1"}
    return {"runs-on": runs_on, "outputs": need["outputs"], "steps": [step]}


def report_job(runs_on: Any, key: str) -> Json:
    """Return a job that writes `{KEY: {"result": ..., "outputs": {...}}}` to $REHEARSAL_REPORT."""
    step = {
        "run": 'printf %s "$NEEDS" >"$REHEARSAL_REPORT"',
        "env": {"NEEDS": "${{ toJSON(needs) }}"},
    }
    return {"runs-on": runs_on, "needs": [key], "if": "always()", "steps": [step]}


def read_job_report(file: Path) -> dict[str, Json]:
    """Return what the report job wrote, or an empty report if it did not run."""
    report: dict[str, Json] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return report


def act_command(
    directory: Path, files: Mapping[str, str], job: Json, event: str, actor: str
) -> list[str]:
    """Return the command that runs a job in `directory`.

    Secrets are in files that only their owner can read, since others can read a command line.
    Raise `StoppedError` for an action without a stand-in.
    """
    command = ["act", event, *ACT_OPTIONS, "--actor", actor]
    command += ["--directory", str(directory / "empty")]
    command += ["--action-cache-path", str(directory / "act")]
    for name, option in FILE_OPTIONS.items():
        command += [option, files[name]]
    for label in runner_labels(job):
        command += ["--platform", f"{label}=-self-hosted"]
    for action, stand_in in stand_ins(job).items():
        command += ["--local-repository", f"{action}={stand_in}"]
    return command


def write_private_files(directory: Path, **documents: Json) -> dict[str, str]:
    """Write each document as JSON that only its owner can read; return the paths by name."""
    (directory / "empty").mkdir(parents=True, mode=0o700)
    paths = {name: directory / f"{name}.yml" for name in documents}
    for name, path in paths.items():
        path.touch(mode=0o600)
        path.write_text(json.dumps(documents[name]), encoding="utf-8")
    return {name: str(path) for name, path in paths.items()}


def act_messages(output: str) -> Iterator[Json]:
    """Yield the JSON documents in the output of act, one for each line."""
    for line in output.splitlines():
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if isinstance(message, dict):
            yield message


def step_log(messages: list[Json]) -> list[str]:
    """Return the output of the steps, and act's own errors."""
    return [
        str(message["msg"]).rstrip()
        for message in messages
        if message.get("raw_output") or message.get("level") == "error"
    ]


def step_summary(messages: list[Json]) -> str:
    """Return the summary of the run that the steps wrote.

    act reports the summary of a composite action twice, so only outer steps count.
    """
    return "".join(
        message["content"]
        for message in messages
        if message.get("command") == "summary" and len(message.get("stepID", [])) == 1
    )


def stand_ins(job: Mapping[str, Any]) -> dict[str, Path]:
    """Return the directory of the stand-in for each action of a job, by `ACTION@COMMIT`.

    Raise `StoppedError` for an action that is not pinned, or has no stand-in with its inputs.
    """
    return {step["uses"]: stand_in(step) for step in job.get("steps", []) if "uses" in step}


def stand_in(step: Mapping[str, Any]) -> Path:
    pinned = PINNED_ACTION.fullmatch(step["uses"])
    if pinned is None:
        raise StoppedError(f"{step['uses']} is not pinned to a full commit")
    action = pinned["action"]
    directory = STAND_INS.get(action)
    if directory is None:
        raise StoppedError(f"{action} has no stand-in; these have: {', '.join(STAND_INS)}")
    if unknown := set(step.get("with", {})) - stand_in_inputs(directory):
        names = ", ".join(sorted(unknown))
        raise StoppedError(f"the stand-in for {action} does not have the input {names}")
    return directory


def stand_in_inputs(directory: Path) -> set[str]:
    return set(yaml.safe_load((directory / "action.yml").read_text(encoding="utf-8"))["inputs"])
