"""The workflows of this repository as data; every scalar is text, so `on` is no boolean."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).parents[2]
DIRECTORY = PROJECT / ".github" / "workflows"
FILES = sorted(DIRECTORY.glob("*.yml"))


def load(path: Path) -> dict[str, Any]:
    workflow: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    return workflow


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name of each job, such as `preview.yml: comment`, with the job itself."""
    for path in FILES:
        for name, job in load(path)["jobs"].items():
            yield f"{path.name}: {name}", job


def step(job: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the step whose name begins with `name`."""
    match: dict[str, Any] = next(step for step in job["steps"] if step["name"].startswith(name))
    return match


def checks_out(job: dict[str, Any]) -> bool:
    return any(step.get("uses", "").startswith("actions/checkout@") for step in job["steps"])
