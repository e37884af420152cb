"""One job as `act` runs it: the files that it is given, its command line, and what it says.

Secrets go through files that only their owner can read, never over a command line, which everybody on a machine can.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from commands.rehearsal.job_document import labels
from commands.rehearsal.stand_in_actions import stand_ins

Json = dict[str, Any]
# Nothing is fetched, no container is asked for, and a checkout is one: act would copy its own directory in place of it.
ALWAYS = (
    "--json",
    "--no-skip-checkout",
    "--action-offline-mode",
    "--no-cache-server",
    "--pull=false",
)
OPTIONS = {
    "workflow": "--workflows",
    "secrets": "--secret-file",
    "variables": "--var-file",
    "environment": "--env-file",
    "event": "--eventpath",
}


def command_line(
    directory: Path, files: Mapping[str, str], job: Json, event: str, actor: str
) -> list[str]:
    """What runs a job on this machine, in `directory`. Raises `StoppedError` for an action that has no stand-in."""
    command = ["act", event, *ALWAYS, "--actor", actor]
    command += [
        "--directory",
        str(directory / "empty"),
        "--action-cache-path",
        str(directory / "act"),
    ]
    command += [part for name, option in OPTIONS.items() for part in (option, files[name])]
    command += [part for label in labels(job) for part in ("--platform", f"{label}=-self-hosted")]
    return command + [
        part
        for uses, place in stand_ins(job).items()
        for part in ("--local-repository", f"{uses}={place}")
    ]


def write_files(directory: Path, **documents: Json) -> dict[str, str]:
    """Writes each document, for nobody else to read; the paths by name. They are JSON, which act reads as YAML."""
    (directory / "empty").mkdir(parents=True, mode=0o700)
    files = {name: directory / f"{name}.yml" for name in documents}
    for name, file in files.items():
        file.touch(mode=0o600)
        file.write_text(json.dumps(documents[name]), encoding="utf-8")
    return {name: str(file) for name, file in files.items()}


def parsed(output: str) -> Iterator[Json]:
    """What act says, a document in each line; what is none is passed over."""
    for line in output.splitlines():
        try:
            document = json.loads(line)
        except ValueError:
            continue
        if isinstance(document, dict):
            yield document


def log(said: list[Json]) -> list[str]:
    """What the steps printed, and act's own errors."""
    return [
        str(line["msg"]).rstrip()
        for line in said
        if line.get("raw_output") or line.get("level") == "error"
    ]


def summary(said: list[Json]) -> str:
    """What the steps wrote for the page of the run. A composite action tells it twice, so only the outer step counts."""
    return "".join(
        line["content"]
        for line in said
        if line.get("command") == "summary" and len(line.get("stepID", [])) == 1
    )


def read_report(file: Path) -> dict[str, Json]:
    """How the job ended, where it got that far."""
    report: dict[str, Json] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return report
