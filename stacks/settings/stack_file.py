"""The text of a stack file, which shows the spelling of keys and which values are encrypted.

The engine decrypts every value before it starts the program, so a token that a user set without
`--secret` looks like any other. Here the file is read as YAML, and a secret without `secure:` is a
problem. No value is stored or printed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from publish_workflow.steps import PYPI_TOKEN
from stacks.settings.configuration_keys import PROJECT, normalize
from stacks.settings.declaration import Location
from stacks.settings.parsing import path
from stacks.settings.problems import Problem

ENCRYPTED = "an encrypted value (`secure: ...`)"
EXPOSED = "because the file and its history contain it; then:"


def read_config(file: Path) -> tuple[Mapping[Any, Any], list[Problem]]:
    """Return the `config` of a stack file, and a problem if the file is not YAML.

    `config` is empty if the file is missing or has another shape.
    """
    try:
        document = yaml.safe_load(file.read_bytes()) if file.is_file() else None
    except yaml.YAMLError:
        # The message of the error quotes the file.
        return {}, [
            Problem(
                file.name,
                "",
                "YAML in UTF-8",
                "correct the file, and check every secret in it",
            )
        ]
    config = document.get("config") if isinstance(document, Mapping) else None
    return (config if isinstance(config, Mapping) else {}), []


def plain_secrets(config: Mapping[Any, Any], project: str) -> list[Problem]:
    """Return a problem for each secret in plain text in the `config` of a stack file."""
    return [*plain_environment_secrets(config, project), *plain_credentials(config)]


def plain_environment_secrets(config: Mapping[Any, Any], project: str) -> Iterator[Problem]:
    """Yield a problem for each environment secret in plain text."""
    for key, value in config.items():
        namespace, name = normalize(str(key), project)
        if namespace in (project, PROJECT) and name.split(".")[0] == "secrets":
            yield from exposure_problems(plain_values(value, (name,)))


def unencrypted_secrets(values: Mapping[str, Any], encrypted: Collection[str]) -> list[Problem]:
    """Return a problem for each secret that the engine read in plain text, from any source."""
    if "secrets" in encrypted:
        return []
    return [*exposure_problems(plain_values(values.get("secrets"), ("secrets",)))]


def exposure_problems(locations: Iterable[Location]) -> Iterator[Problem]:
    """Yield the problem of each secret in plain text, with the command that replaces it."""
    for location in locations:
        place = path(location)
        revoke = "the token on PyPI" if location[-1] == PYPI_TOKEN else "it at its issuer"
        yield Problem(
            place,
            "",
            ENCRYPTED,
            f"revoke {revoke}, {EXPOSED} pulumi config set --path '{place}' --secret",
        )


def plain_values(value: Any, location: Location) -> Iterator[Location]:
    """Yield the place of each value that is not encrypted."""
    if isinstance(value, Mapping):
        if not is_encrypted(value):
            for key, child in value.items():
                yield from plain_values(child, (*location, str(key)))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from plain_values(item, (*location, index))
    elif value is not None:
        yield location


def plain_credentials(config: Mapping[Any, Any]) -> Iterator[Problem]:
    """Yield a problem for each credential of the provider in plain text."""
    if isinstance(config.get("github:token"), str):
        yield Problem(
            "github:token",
            "",
            f"{ENCRYPTED}, or the environment variable GITHUB_TOKEN",
            f"revoke it on GitHub, {EXPOSED} pulumi config rm github:token",
        )
    app = config.get("github:appAuth")
    pem = app.get("pemFile") if isinstance(app, Mapping) else app
    if isinstance(pem, str):
        yield Problem(
            "github:appAuth",
            "",
            f"{ENCRYPTED}, or an installation token in the environment variable GITHUB_TOKEN",
            f"revoke it on GitHub, {EXPOSED} pulumi config rm github:appAuth",
        )


def is_encrypted(value: Mapping[str, Any]) -> bool:
    """Return whether a mapping is how the engine writes an encrypted value."""
    return set(value) == {"secure"} and isinstance(value["secure"], str)
