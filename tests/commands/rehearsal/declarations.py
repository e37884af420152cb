"""Declarations for the tests of a rehearsal, without an engine."""

from typing import Any

USUAL: dict[str, Any] = {
    "github:owner": "encode",
    "operations": {"members": ["operator-1", "operator-2"]},
    "maintainers": {
        "team-maintainers": ["owner-1"],
        "members": ["operator-1", "maintainer-1", "maintainer-2"],
    },
    "repositories": {"httpx": None, "httpcore": None},
}


def declared(**changes: Any) -> dict[str, Any]:
    """The usual declaration with other values for some of its keys; `_` stands for a hyphen."""
    return {
        **USUAL,
        **{f"{key.replace('_', '-')}": value for key, value in changes.items()},
    }


def of_one(options: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The usual declaration with httpx alone, and these options for it."""
    return declared(repositories={"httpx": options}, **changes)
