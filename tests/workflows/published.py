"""Publish workflows as text, and parsed back as data in which nothing but text occurs (so that `on` is no boolean)."""

from dataclasses import replace
from typing import Any

import yaml

from workflows.publish import PublishSettings, publish_workflow

SETTINGS = PublishSettings("encode", "httpx", "*", "deploy", ("PYPI_TOKEN",))


def text(**changes: Any) -> str:
    return publish_workflow(replace(SETTINGS, **changes))


def workflow(**changes: Any) -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.load(text(**changes), Loader=yaml.BaseLoader)  # noqa: S506
    return parsed


def job(**changes: Any) -> dict[str, Any]:
    """The only job."""
    [found] = workflow(**changes)["jobs"].values()
    assert isinstance(found, dict)
    return found


def steps(**changes: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = job(**changes)["steps"]
    return found
