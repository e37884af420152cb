"""A valid configuration, and the problems of its variations."""

import json
from pathlib import Path
from typing import Any

from stacks.settings import Problem, Settings, SettingsError
from stacks.settings.loading import parse_settings
from stacks.settings.parsing import parse

NO_FILE = Path("Pulumi.prod.yaml")
VALID: dict[str, Any] = {
    "operations": {"members": ["operator-1", "operator-2"]},
    "maintainers": {"members": ["maintainer-1", "maintainer-2", "maintainer-3"]},
    "repositories": {"httpx": None},
}


def configuration(**changes: Any) -> dict[str, str]:
    """Return the engine's values of the valid configuration, without keys that are `None`."""
    values = {**VALID, **{key.replace("_", "-"): value for key, value in changes.items()}}
    return {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in values.items()
        if value is not None
    }


def settings(**changes: Any) -> Settings:
    return parse_settings(configuration(**changes), "encode", NO_FILE, {})


def error(**changes: Any) -> SettingsError:
    """Return the error of a configuration. Raise `AssertionError` without one."""
    try:
        accepted = settings(**changes)
    except SettingsError as refused:
        return refused
    raise AssertionError(f"accepted without a problem: {accepted}")


def problems(**changes: Any) -> list[Problem]:
    return list(error(**changes).problems)


def places(**changes: Any) -> list[str]:
    """Return the paths of the problems of a configuration."""
    return [problem.path for problem in problems(**changes)]


def shape_problems(**raw: Any) -> list[Problem]:
    return parse({key.replace("_", "-"): value for key, value in raw.items()})[1]


def entry_problems(**options: Any) -> list[Problem]:
    """Return the shape problems of an entry of `httpx` with these options."""
    return shape_problems(
        repositories={"httpx": {key.replace("_", "-"): value for key, value in options.items()}}
    )


def one_problem(key: str, value: str, allowed: str, remedy: str) -> list[Problem]:
    return [Problem(f"{key}", value, allowed, remedy)]
