"""Publish workflows as text and as data. All scalars stay text, so that `on` is not a boolean."""

from dataclasses import replace
from typing import Any

import yaml
from hypothesis import settings as hypothesis_settings

from publish_workflow.publish import PublishSettings, publish_workflow

# The parser in C, which is eight times as fast, where it is installed.
LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
# Draw the same random settings each time, without a clock, which fails on a busy machine.
repeatable = hypothesis_settings(derandomize=True, deadline=None, database=None)

# Each layout with its default options.
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


def parse_workflow(content: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.load(content, Loader=LOADER)  # noqa: S506
    return document


def workflow(layout: str = "scripts", **changes: Any) -> dict[str, Any]:
    return parse_workflow(text(layout, **changes))


def job(key: str, layout: str = "scripts", **changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = workflow(layout, **changes)["jobs"][key]
    return data


def steps(key: str, layout: str = "scripts", **changes: Any) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = job(key, layout, **changes)["steps"]
    return data


def step(key: str, name: str, layout: str = "scripts", **changes: Any) -> dict[str, Any]:
    """Return the first step of a job whose name starts with `name`."""
    return next(data for data in steps(key, layout, **changes) if data["name"].startswith(name))


def outline(key: str, layout: str = "scripts", **changes: Any) -> list[tuple[str, str]]:
    """Return each step's name, and its action, shell or command."""
    return [
        (data["name"], data.get("uses", "").partition("@")[0] or data.get("shell") or data["run"])
        for data in steps(key, layout, **changes)
    ]
