"""The runs that pushes started, and what became of their secrets."""

from collections.abc import Iterable
from typing import Any

from commands.rehearsal.errors import StoppedError
from commands.rehearsal.stage import Stage

Json = dict[str, Any]


def started(stage: Stage, ref: str, workflow: str, repository: str | None = None) -> int:
    """The number of the newest run of a workflow file for a ref. Raises `StoppedError` when there is none."""
    return int(shown(stage, ref, workflow, repository)["id"])


def shown(stage: Stage, ref: str, workflow: str, repository: str | None = None) -> Json:
    """The same run with its jobs, as the simulated GitHub knows it."""
    wanted = (repository or stage.plan.full_name, ref, workflow)
    found = [
        run
        for run in stage.control.runs()
        if (run["repository"], run["ref"], run["path"]) == wanted
    ]
    if not found:
        raise StoppedError(f"no run of {workflow} was started for {ref}")
    return max(found, key=lambda run: int(run["id"]))


def holders(runs: Iterable[Json]) -> list[str]:
    """The jobs that were handed a secret, whatever its name and wherever it came from."""
    return [
        f"{job['name']} of run {run['id']}" for run in runs for job in run["jobs"] if job["secrets"]
    ]
