"""Loads the settings from the configuration of the stack, which no other module reads."""

import json
import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path

import pulumi

from stacks.settings.configuration_keys import PROJECT, options_of, spelling_problems
from stacks.settings.model import decode
from stacks.settings.names import LOGIN
from stacks.settings.parsing import parse, path
from stacks.settings.problems import Problem, SettingsError, display, sort_problems
from stacks.settings.resolved import Settings, resolve
from stacks.settings.rules import broken_rules
from stacks.settings.stack_file import plain_secrets, read_config, unencrypted_secrets

# Linux starts no program with an environment variable of 128 KiB (MAX_ARG_STRLEN in
# linux/binfmts.h), and the engine passes the whole configuration to the language host in one. The
# margin leaves room for a few more entries.
LARGEST_CONFIGURATION = 112 * 1024
LARGE_CONFIGURATION = 80 * 1024
# What `Pulumi.yaml` gives to a key that the stack file leaves out.
EMPTY_VALUES = (None, "", "{}")


def load(stack_file: Path | None = None) -> Settings:
    """Return the settings of the stack that the engine runs.

    Raise `SettingsError` with every problem of the configuration.
    """
    configuration = os.environ.get("PULUMI_CONFIG", "{}")
    size = len(configuration.encode())
    if LARGE_CONFIGURATION < size <= LARGEST_CONFIGURATION:
        pulumi.log.warn(
            f"The configuration has {size // 1024} of at most {LARGEST_CONFIGURATION // 1024} KiB. "
            f"{SIZE_REMEDY}"
        )
    project = pulumi.get_project()
    config = pulumi.Config(project)
    keys = json.loads(configuration)
    names = [*options_of(keys, project)]
    return parse_settings(
        {name: value for name in names if (value := config.get(name)) not in EMPTY_VALUES},
        pulumi.Config("github").get("owner"),
        stack_file or Path(f"Pulumi.{pulumi.get_stack()}.yaml"),
        os.environ,
        size,
        [name for name in names if pulumi.runtime.is_config_secret(f"{project}:{name}")],
        project,
    )


def parse_settings(
    raw: Mapping[str, str],
    owner: str | None,
    stack_file: Path,
    environ: Mapping[str, str],
    size: int = 0,
    encrypted: Collection[str] = ("secrets",),
    project: str = PROJECT,
) -> Settings:
    """Return the settings for the values that the engine passes to the program.

    `raw` maps keys without prefix to text or JSON, `size` is in bytes, and `encrypted` are the keys
    that contain an encrypted value. Raise `SettingsError` with every problem.
    """
    config, unreadable = read_config(stack_file)
    misspelled = list(spelling_problems(config, project, stack_file.name))
    ambiguous = {problem.path for problem in misspelled}
    values = {key: decode(text) for key, text in raw.items() if key not in ambiguous}
    declaration, problems = parse(values, encrypted)
    if declaration and not misspelled:
        problems += broken_rules(declaration)
    problems += misspelled
    problems += (
        unreadable or plain_secrets(config, project) or unencrypted_secrets(values, encrypted)
    )
    problems += wrong_owner(owner, environ)
    problems += too_large(size, raw)
    if problems or not declaration:
        raise SettingsError(f"{stack_file.name} cannot be used", sort_problems(problems))
    return resolve(str(owner), declaration)


def wrong_owner(owner: str | None, environ: Mapping[str, str]) -> list[Problem]:
    """Return a problem if the owner is missing, not a login, or not the provider's.

    The provider prefers GITHUB_OWNER in the environment to the stack file.
    """
    allowed = "the login of the organization"
    remedy = "pulumi config set github:owner ORGANIZATION"
    if not owner:
        return [Problem("github:owner", "missing", allowed, remedy)]
    if not re.fullmatch(LOGIN.pattern, owner):
        return [Problem("github:owner", display(owner), f"{allowed}; {LOGIN.allowed}", remedy)]
    provider_owner = environ.get("GITHUB_OWNER") or owner
    if provider_owner.lower() != owner.lower():
        return [
            Problem(
                "github:owner",
                display(owner),
                "the same organization as in the environment variable GITHUB_OWNER, which the "
                f"provider prefers: {display(provider_owner)}",
                "unset GITHUB_OWNER",
            )
        ]
    return []


SIZE_REMEDY = (
    "use the layout trusted-publishing, which needs no secrets, or move some of the repositories "
    "to a second stack"
)


def too_large(size: int, raw: Mapping[str, str]) -> list[Problem]:
    """Return a problem if the configuration is larger than the operating system allows."""
    if size <= LARGEST_CONFIGURATION:
        return []
    largest = max(raw, key=lambda key: len(raw[key]), default="secrets")
    return [
        Problem(
            path((largest,)),
            f"the largest part of {size // 1024} KiB of configuration",
            f"{LARGEST_CONFIGURATION // 1024} KiB: the operating system starts no program with a "
            "larger configuration",
            SIZE_REMEDY,
        )
    ]
