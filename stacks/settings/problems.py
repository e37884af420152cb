"""Problems of a configuration, the errors that list them, and values in messages."""

import re
from collections.abc import Iterable, Mapping, Sequence

from publish_workflow.errors import Problem, ReleasesError, shorten

__all__ = [
    "GitHubError",
    "Problem",
    "ReleasesError",
    "SettingsError",
    "StateError",
    "display",
    "join_names",
    "shorten",
    "sort_problems",
]

# How tokens of PyPI and GitHub and private keys begin, in case a user pastes one here.
# Source: https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
TOKEN_PATTERN = re.compile(r"pypi-[\w-]{16,}|gh[a-z]_\w{16,}|github_pat_\w{16,}|-----BEGIN")


class SettingsError(ReleasesError):
    """The configuration of the stack cannot be used."""


class GitHubError(ReleasesError):
    """GitHub lacks or refuses something that the configuration needs."""


class StateError(ReleasesError):
    """The state of an earlier run cannot be read."""


def sort_problems(problems: Sequence[Problem]) -> list[Problem]:
    """Return each problem once, sorted by path, with item 2 of a list before item 10."""
    return sorted(dict.fromkeys(problems), key=lambda problem: (natural_key(problem.path), problem))


def natural_key(text: str) -> list[str | int]:
    """Return a sort key that compares the indexes in a path as numbers."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(?<=\[)(\d+)(?=\])", text)]


def display(value: object) -> str:
    """Return a value for a message: as YAML writes it, on one short line, and never a token."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return f"a mapping of {join_names(map(str, value))}" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return shorten(hide_token(repr(value)))


def hide_token(text: str) -> str:
    """Return the text, or a placeholder if there is a token in it."""
    return "a token (hidden)" if TOKEN_PATTERN.search(text) else text


def join_names(names: Iterable[str], most: int = 12) -> str:
    """Return the first `most` names on one line, and the number of the rest."""
    texts = [shorten(hide_token(name)) for name in names]
    rest = len(texts) - most
    return ", ".join(texts[:most]) + (f" and {rest} more" if rest > 0 else "") or "none"
