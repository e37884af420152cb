"""Configurations for the tests of rehearsals."""

from typing import Any

CONFIGURATION: dict[str, Any] = {
    "github:owner": "encode",
    "operations": {"members": ["operator-1", "operator-2"]},
    "maintainers": {
        "team-maintainers": ["owner-1"],
        "members": ["operator-1", "maintainer-1", "maintainer-2"],
    },
    "repositories": {"httpx": None, "httpcore": None},
}


def configuration_with(**values: Any) -> dict[str, Any]:
    """Return the configuration with other values for some of its keys; `_` stands for a hyphen."""
    changed = {key.replace("_", "-"): value for key, value in values.items()}
    return {**CONFIGURATION, **changed}


def configuration_of_httpx(options: dict[str, Any] | None = None, **values: Any) -> dict[str, Any]:
    """Return the configuration with httpx as its only repository, with these options."""
    return configuration_with(repositories={"httpx": options}, **values)
