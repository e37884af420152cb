"""Problems, and the base class of all errors of this project.

They are in this package because it is the lowest layer: every other package may import them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_SHOWN = 80


@dataclass(frozen=True, order=True)
class Problem:
    """One problem with a value.

    Attributes:
        path: Where the value is, such as `repositories.httpx.approvals`.
        value: The value as text; empty where it is missing or must stay hidden.
        allowed: What is allowed instead.
        remedy: How to fix it, often a command.
    """

    path: str
    value: str
    allowed: str
    remedy: str

    def __str__(self) -> str:
        value = f" is {self.value}" if self.value else ""
        return f"{self.path}{value}\n    allowed: {self.allowed}\n    remedy:  {self.remedy}"


class ReleasesError(Exception):
    """The base class of all errors that this project raises on purpose.

    Attributes:
        title: What failed, in a few words.
        problems: All problems.
    """

    def __init__(self, title: str, problems: Sequence[Problem]) -> None:
        super().__init__(title)
        self.title = title
        self.problems = tuple(problems)

    def __str__(self) -> str:
        count = len(self.problems)
        heading = f"{self.title}: {count} problem{'' if count == 1 else 's'}, nothing was changed"
        return "\n".join([heading, *(f"  {problem}" for problem in self.problems)])


class PinsError(ReleasesError):
    """An action is not pinned to the commit of a release."""


class PublishSettingsError(ReleasesError):
    """A value cannot be written safely into a workflow."""


def format_value(value: object) -> str:
    """Return a value as it appears in a message: on one line, and short."""
    return shorten(repr(value))


def shorten(text: str) -> str:
    """Return the text, cut to `LONGEST_SHOWN` characters."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."
