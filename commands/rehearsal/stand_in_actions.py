"""The local stand-ins for the actions that a publish workflow uses: composite actions of shell steps."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from commands.rehearsal.errors import StoppedError

HERE = Path(__file__).with_name("stand_ins")
STAND_INS = {
    "actions/checkout": HERE / "checkout",
    "actions/setup-python": HERE / "setup-python",
    "actions/upload-artifact": HERE / "upload-artifact",
    "actions/download-artifact": HERE / "download-artifact",
    "pypa/gh-action-pypi-publish": HERE / "pypi-publish",
}
PINNED = re.compile(r"(?P<action>[^@]+)@(?P<commit>[0-9a-f]{40})")


def stand_ins(job: Mapping[str, Any]) -> dict[str, Path]:
    """The directory of the stand-in for each action of a job, by its name at its commit.

    Raises `StoppedError` for an action or an input that no stand-in has, and for an action that is not pinned.
    """
    return {step["uses"]: stand_in(step) for step in steps_with_actions(job)}


def steps_with_actions(job: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (step for step in job.get("steps", []) if "uses" in step)


def stand_in(step: Mapping[str, Any]) -> Path:
    pinned = PINNED.fullmatch(step["uses"])
    if pinned is None:
        raise StoppedError(f"{step['uses']} is not pinned to a full commit")
    directory = STAND_INS.get(pinned["action"])
    if directory is None:
        raise StoppedError(
            f"{pinned['action']} has no stand-in; there are some for {', '.join(STAND_INS)}"
        )
    if unknown := set(step.get("with", {})) - inputs_of(directory):
        raise StoppedError(
            f"the stand-in for {pinned['action']} does not have the input {', '.join(sorted(unknown))}"
        )
    return directory


def inputs_of(directory: Path) -> set[str]:
    return set(yaml.safe_load((directory / "action.yml").read_text(encoding="utf-8"))["inputs"])
