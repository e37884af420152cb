"""A valid configuration, and the problems of its variations."""

import json
from pathlib import Path
from typing import Any

from stacks.settings import Problem, Settings, SettingsError
from stacks.settings.loading import check
from stacks.settings.parsing import parse

NO_FILE = Path("Pulumi.prod.yaml")
SOUND: dict[str, Any] = {
    "operations": {"members": ["operator-1", "operator-2"]},
    "maintainers": {"members": ["maintainer-1", "maintainer-2", "maintainer-3"]},
    "repositories": {"httpx": None},
}


def configuration(**changes: Any) -> dict[str, str]:
    """The engine's values of the sound configuration with some keys replaced, or left out where they are `None`."""
    values = {**SOUND, **{key.replace("_", "-"): value for key, value in changes.items()}}
    return {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in values.items()
        if value is not None
    }


def settings(**changes: Any) -> Settings:
    return check(configuration(**changes), "encode", NO_FILE, {})


def error(**changes: Any) -> SettingsError:
    """The error that a configuration ends in. Fails when there is none."""
    try:
        accepted = settings(**changes)
    except SettingsError as found:
        return found
    raise AssertionError(f"accepted without a problem: {accepted}")


def problems(**changes: Any) -> list[Problem]:
    return list(error(**changes).problems)


def places(**changes: Any) -> list[str]:
    """Where the problems of a configuration are."""
    return [problem.path for problem in problems(**changes)]


def wrong(**raw: Any) -> list[Problem]:
    return parse({key.replace("_", "-"): value for key, value in raw.items()})[1]


def entry(**options: Any) -> list[Problem]:
    """What is wrong with an entry of `httpx` that has these options."""
    return wrong(
        repositories={"httpx": {key.replace("_", "-"): value for key, value in options.items()}}
    )


def at(key: str, value: str, allowed: str, remedy: str) -> list[Problem]:
    return [Problem(f"{key}", value, allowed, remedy)]
