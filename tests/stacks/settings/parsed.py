"""What is wrong with the shape of a configuration."""

from typing import Any

from stacks.settings import Problem
from stacks.settings.parsing import parse


def wrong(**raw: Any) -> list[Problem]:
    return parse({key.replace("_", "-"): value for key, value in raw.items()})[1]


def entry(**options: Any) -> list[Problem]:
    """What is wrong with an entry of `httpx` that has these options."""
    return wrong(
        repositories={"httpx": {key.replace("_", "-"): value for key, value in options.items()}}
    )


def at(key: str, value: str, allowed: str, remedy: str) -> list[Problem]:
    return [Problem(f"{key}", value, allowed, remedy)]
