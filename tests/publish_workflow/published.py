"""Publish workflows as text, and parsed back as data in which nothing but text occurs (so that `on` is no boolean)."""

from dataclasses import replace
from typing import Any

import yaml

from publish_workflow.publish import PublishSettings, publish_workflow

# One of each layout, with everything left to its default.
LAYOUTS: dict[str, PublishSettings] = {
    "scripts": PublishSettings("encode", "httpx", "*", "deploy", ("PYPI_TOKEN",)),
    "scripts-single": PublishSettings(
        "encode", "httpx", "*", "deploy", ("PYPI_TOKEN",), layout="scripts-single"
    ),
    "trusted-publishing": PublishSettings(
        "encode", "httpx", "*", "deploy", (), layout="trusted-publishing"
    ),
}


def text(layout: str = "scripts", **changes: Any) -> str:
    return publish_workflow(replace(LAYOUTS[layout], **changes))


def parsed(content: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(content, Loader=yaml.BaseLoader)  # noqa: S506
    return found


def workflow(layout: str = "scripts", **changes: Any) -> dict[str, Any]:
    return parsed(text(layout, **changes))


def job(key: str, layout: str = "scripts", **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = workflow(layout, **changes)["jobs"][key]
    return found


def steps(key: str, layout: str = "scripts", **changes: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = job(key, layout, **changes)["steps"]
    return found


def step(key: str, name: str, layout: str = "scripts", **changes: Any) -> dict[str, Any]:
    """The step of a job whose name begins so."""
    return next(each for each in steps(key, layout, **changes) if each["name"].startswith(name))


def outline(key: str, layout: str = "scripts", **changes: Any) -> list[tuple[str, str]]:
    """Each step of a job by name, with the action, the language of the lines, or the one command that it runs."""
    return [
        (each["name"], each.get("uses", "").partition("@")[0] or each.get("shell") or each["run"])
        for each in steps(key, layout, **changes)
    ]
