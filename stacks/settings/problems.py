"""What is wrong with a configuration, said in a way that can be acted on."""

import re
from collections.abc import Iterable, Mapping, Sequence

from publish_workflow.errors import Problem, ReleasesError, shorten

__all__ = [
    "GitHubError",
    "Problem",
    "ReleasesError",
    "SettingsError",
    "StateError",
    "in_reading_order",
    "listed",
    "shorten",
    "shown",
]

# How PyPI's and GitHub's tokens and private keys begin. Somebody may paste one where it does not belong.
# GitHub's: https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
TOKEN = re.compile(r"pypi-[\w-]{16,}|gh[a-z]_\w{16,}|github_pat_\w{16,}|-----BEGIN")


class SettingsError(ReleasesError):
    """The configuration of the stack cannot be used as it stands."""


class GitHubError(ReleasesError):
    """GitHub does not have, or does not allow, what the configuration asks for."""


class StateError(ReleasesError):
    """What an earlier run recorded cannot be read."""


def in_reading_order(problems: Sequence[Problem]) -> list[Problem]:
    """Each problem once, sorted by place, with the second item of a list before the tenth."""
    return sorted(dict.fromkeys(problems), key=lambda problem: (natural(problem.path), problem))


def natural(text: str) -> list[str | int]:
    return [int(part) if part.isdigit() else part for part in re.split(r"(?<=\[)(\d+)(?=\])", text)]


def shown(value: object) -> str:
    """A value as it may appear in a message: in YAML's words, on one line, short, and never a token."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return f"a mapping of {listed(map(str, value))}" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return shorten(masked(repr(value)))


def masked(text: str) -> str:
    """The text itself, unless it has a token in it."""
    return "a token, which is not shown here" if TOKEN.search(text) else text


def listed(names: Iterable[str], most: int = 12) -> str:
    """Names in one line, and how many there are beyond the first few."""
    every = [shorten(masked(name)) for name in names]
    rest = len(every) - most
    return ", ".join(every[:most]) + (f" and {rest} more" if rest > 0 else "") or "none"
