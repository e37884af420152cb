"""One job as a workflow of its own, as it is run on the machine.

The job stays as it is in the file of its commit. Those before it become jobs that do nothing and have their results, so that
`needs` means what it meant; one after it writes down how it ended and what its outputs are.
"""

from collections.abc import Mapping
from typing import Any

import yaml

REPORT = "rehearsal-report"
KEPT = ("name", "env", "defaults", "permissions")
Json = dict[str, Any]


def one_job(document: str, key: str, needs: Mapping[str, Json], event: str) -> Json:
    """The workflow of one job, to be written as JSON, which is YAML.

    `document` is the file's text, and `needs` the result and the outputs of each job before.
    """
    file = yaml.safe_load(document)
    job = file["jobs"][key]
    before = {name: finished(job["runs-on"], need) for name, need in needs.items()}
    kept = {name: file[name] for name in KEPT if name in file}
    return {**kept, "on": event, "jobs": {**before, key: job, REPORT: report(job["runs-on"], key)}}


def labels(job: Json) -> list[str]:
    """The labels of the runner that a job asks for."""
    runs_on = job["runs-on"]
    return [str(label) for label in runs_on] if isinstance(runs_on, list) else [str(runs_on)]


def finished(runs_on: Any, need: Json) -> Json:
    step = {"run": "exit 0" if need["result"] == "success" else "exit 1"}
    return {"runs-on": runs_on, "outputs": need["outputs"], "steps": [step]}


def report(runs_on: Any, key: str) -> Json:
    """Writes `{KEY: {"result": ..., "outputs": {...}}}` to the file that the environment names."""
    step = {
        "run": 'printf %s "$NEEDS" >"$REHEARSAL_REPORT"',
        "env": {"NEEDS": "${{ toJSON(needs) }}"},
    }
    return {"runs-on": runs_on, "needs": [key], "if": "always()", "steps": [step]}
