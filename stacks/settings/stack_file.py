"""The stack file itself, read for the one thing that the engine does not tell a program: what is encrypted in it.

The engine hands every value over in plain, so a token that somebody wrote without `--secret` looks like any other. Here the
file is read as YAML, and a value that has to be secret but has no `secure:` is a problem. Values are never kept or shown.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from stacks.settings.parsing import Location, path
from stacks.settings.problems import Problem

ENCRYPTED = "an encrypted value (`secure: ...`)"
EXPOSED = "It is in the file, and maybe in the history of its repository: revoke it where it was issued, then"


def plain_secrets(file: Path) -> list[Problem]:
    """Every secret that stands in plain text in a stack file, which may be missing or empty."""
    if not file.is_file():
        return []
    config = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("config") or {}
    return [*plain_environment_secrets(config), *plain_credentials(config)]


def plain_environment_secrets(config: Mapping[str, Any]) -> Iterator[Problem]:
    for location in plain_leaves(config.get("releases:secrets"), ("secrets",)):
        place = path(location)
        yield Problem(place, "", ENCRYPTED, f"{EXPOSED} set a new one: pulumi config set --secret --path '{place}'")


def plain_leaves(value: Any, location: Location) -> Iterator[Location]:
    if isinstance(value, Mapping):
        if not is_encrypted(value):
            for key, child in value.items():
                yield from plain_leaves(child, (*location, str(key)))
    elif value is not None:
        yield location


def plain_credentials(config: Mapping[str, Any]) -> Iterator[Problem]:
    """The provider's own credentials; best kept in the environment, never in plain in the file."""
    if isinstance(config.get("github:token"), str):
        yield Problem(
            "github:token",
            "",
            f"{ENCRYPTED}, or the environment variable GITHUB_TOKEN",
            f"{EXPOSED} remove it here: pulumi config rm github:token",
        )
    app = config.get("github:appAuth")
    pem = app.get("pemFile") if isinstance(app, Mapping) else app
    if isinstance(pem, str):
        yield Problem(
            "github:appAuth",
            "",
            f"{ENCRYPTED}, or an installation token in the environment variable GITHUB_TOKEN",
            f"{EXPOSED} remove it here: pulumi config rm github:appAuth",
        )


def is_encrypted(value: Mapping[str, Any]) -> bool:
    return set(value) == {"secure"}
