"""A runner: takes the jobs that the simulated GitHub lets go, and runs each with `act` on this machine.

What it replaces of GitHub's: no container or machine of its own, the actions are stand-ins, and nothing is reached but the
loopback interface. A job sees its own secrets only: one job is run at a time, in directories of its own.
"""

import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commands.rehearsal.act import command_line, log, parsed, read_report, summary, write_files
from commands.rehearsal.control import Control
from commands.rehearsal.hidden import Hidden
from commands.rehearsal.job_document import one_job
from commands.rehearsal.processes import Processes
from commands.sandbox import PROJECT

Json = dict[str, Any]
LONGEST = 180  # seconds


@dataclass(frozen=True)
class Job:
    """A job that was run, with the names of the secrets that it was handed, and what it printed, secrets masked."""

    key: str
    environment: str | None
    conclusion: str
    secrets: tuple[str, ...]
    has_identity: bool
    outputs: Mapping[str, str] = field(repr=False, default_factory=dict)
    summary: str = field(repr=False, default="")
    log: tuple[str, ...] = field(repr=False, default=())


class Runner:
    """Runs jobs one after another, in directories below `root`; `index` is what the uploader takes for PyPI."""

    def __init__(
        self, root: Path, control: Control, processes: Processes, hidden: Hidden, index: str
    ) -> None:
        self._root = root
        self._control = control
        self._processes = processes
        self._hidden = hidden
        self._index = index
        self._artifacts = root / "artifacts"
        self._artifacts.mkdir(parents=True)

    def run_all(self, run: int) -> list[Job]:
        """Runs every job of a run that may be taken, until the run is over or waits."""
        return [*self._until_none_is_left(run)]

    def _until_none_is_left(self, run: int) -> Iterator[Job]:
        while jobs := self._control.jobs(run):
            yield self.perform(jobs[0])

    def perform(self, listed: Json) -> Job:
        """Takes a job, runs it and says how it ended."""
        taken = self._control.take(listed["id"])
        for secret in (
            *taken["secrets"].values(),
            taken["github_token"],
            (taken["id_token"] or {}).get("token", ""),
        ):
            self._hidden.add(secret)
        directory = self._root / f"job-{listed['id']}"
        try:
            job = self._act(taken, listed, directory)
        finally:
            shutil.rmtree(directory, ignore_errors=True)
        self._control.finish(listed["id"], job.conclusion, dict(job.outputs), job.summary)
        return job

    def _act(self, taken: Json, listed: Json, directory: Path) -> Job:
        key, event = taken["key"], listed["event"]
        document = one_job(taken["document"], key, taken["needs"], event)
        files = write_files(
            directory,
            workflow=document,
            secrets={**taken["secrets"], "GITHUB_TOKEN": taken["github_token"]},
            variables=taken["variables"],
            environment=self._environment(taken, directory),
            event=taken["github"].get("event", {}),
        )
        command = command_line(directory, files, document["jobs"][key], event, listed["actor"])
        said = [*parsed(self._processes.run(command, directory, seconds=LONGEST).output)]
        report = read_report(directory / "report.json").get(
            key, {"result": "failure", "outputs": {}}
        )
        return Job(
            key=key,
            environment=listed["environment"],
            conclusion="success" if report["result"] == "success" else "failure",
            secrets=tuple(sorted(taken["secrets"])),
            has_identity=taken["id_token"] is not None,
            outputs=report["outputs"] or {},
            summary=self._hidden.text(summary(said)),
            log=tuple(self._hidden.text(line) for line in log(said)),
        )

    def _environment(self, taken: Json, directory: Path) -> dict[str, str]:
        github, identity = taken["github"], taken["id_token"] or {}
        return {
            "GITHUB_REPOSITORY": github["repository"],
            "GITHUB_REF": github["ref"],
            "SHA_REF": github["sha"],  # act's own name for what becomes GITHUB_SHA
            "GITHUB_RUN_ID": str(github["run_id"]),
            "GITHUB_SERVER_URL": self._control.url,
            "GITHUB_API_URL": self._control.url,
            "TWINE_REPOSITORY_URL": self._index,
            "REHEARSAL_REPORT": str(directory / "report.json"),
            "REHEARSAL_ARTIFACTS": str(self._artifacts),
            "REHEARSAL_PYTHON": sys.executable,
            "REHEARSAL_PROJECT": str(PROJECT),
            **({"ACTIONS_ID_TOKEN_REQUEST_URL": identity["url"]} if identity else {}),
            **({"ACTIONS_ID_TOKEN_REQUEST_TOKEN": identity["token"]} if identity else {}),
        }
