"""The only place that reads configuration: from the engine's values to `Settings`, or to every problem at once."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi

from stacks.settings.declared import Declaration
from stacks.settings.names import LOGIN
from stacks.settings.parsing import parse, path
from stacks.settings.problems import Problem, SettingsError, shown
from stacks.settings.resolved import Settings
from stacks.settings.resolving import resolve
from stacks.settings.rules import broken
from stacks.settings.stack_file import plain_secrets

# Linux refuses to start a program with one environment string of 128 KiB (MAX_ARG_STRLEN in linux/binfmts.h), and the
# engine hands the whole configuration to the language host in one. The margin leaves room for a few more entries.
LARGEST_CONFIGURATION = 112 * 1024
LARGE_CONFIGURATION = 80 * 1024


def load(stack_file: Path | None = None) -> Settings:
    """The settings of the stack that the engine is running.

    Raises `SettingsError` with every problem of the configuration.
    """
    config = pulumi.Config("releases")
    stack_file = stack_file or Path(f"Pulumi.{pulumi.get_stack()}.yaml")
    size = len(os.environ.get("PULUMI_CONFIG", ""))
    if LARGE_CONFIGURATION < size <= LARGEST_CONFIGURATION:
        pulumi.log.warn(f"The configuration has {size // 1024} of at most {LARGEST_CONFIGURATION // 1024} KiB. {SMALLER}")
    raw = {key: config.get(key) for key in keys() if config.get(key)}
    return check(raw, pulumi.Config("github").get("owner"), stack_file, os.environ, size)


def check(
    raw: Mapping[str, str | None],
    owner: str | None,
    stack_file: Path,
    environ: Mapping[str, str],
    size: int = 0,
) -> Settings:
    """The settings that the engine's values stand for: `raw` maps keys without `releases:` to text or JSON.

    Raises `SettingsError` with every problem.
    """
    declaration, problems = parse({key: decode(text) for key, text in raw.items()})
    problems += unless_explained(broken(declaration), problems)
    problems += plain_secrets(stack_file)
    problems += wrong_owner(owner, environ)
    problems += too_large(size)
    if problems:
        raise SettingsError(f"{stack_file.name} cannot be used", problems)
    return resolve(str(owner), declaration)


def keys() -> list[str]:
    return [str(field.alias) for field in Declaration.model_fields.values()]


def decode(text: str | None) -> Any:
    """The value itself: the engine gives mappings and lists as JSON, and plain values as text."""
    try:
        return json.loads(text) if text and text[0] in "{[" else text
    except ValueError:
        return text


def unless_explained(later: list[Problem], earlier: list[Problem]) -> list[Problem]:
    """The later problems that are not a mere consequence of an earlier one at the same place or inside it."""
    places = [problem.path for problem in earlier]
    return [problem for problem in later if not any(place.startswith(problem.path) for place in places)]


def wrong_owner(owner: str | None, environ: Mapping[str, str]) -> list[Problem]:
    """The provider lets the environment win over the stack file, so the two must not differ."""
    allowed, remedy = "the login of the organisation", "pulumi config set github:owner ORGANISATION"
    if not owner:
        return [Problem("github:owner", "missing", allowed, remedy)]
    if not re.fullmatch(LOGIN.pattern, owner):
        return [Problem("github:owner", shown(owner), f"{allowed}; {LOGIN.allowed}", remedy)]
    other = environ.get("GITHUB_OWNER") or owner
    if other.lower() != owner.lower():
        return [
            Problem(
                "github:owner",
                shown(owner),
                f"one organisation, but the environment variable GITHUB_OWNER is {shown(other)}, and the provider follows it",
                "unset GITHUB_OWNER",
            )
        ]
    return []


SMALLER = "Repositories that publish without a token need no value here, and a second stack can take some of the repositories."


def too_large(size: int) -> list[Problem]:
    if size <= LARGEST_CONFIGURATION:
        return []
    return [
        Problem(
            path(("secrets",)),
            f"most of {size // 1024} KiB of configuration",
            f"{LARGEST_CONFIGURATION // 1024} KiB in all: the operating system starts no program with much more",
            SMALLER,
        )
    ]
