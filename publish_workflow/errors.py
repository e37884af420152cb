"""How anything that is wrong is said: the problems, and the root of the one ladder of errors.

They stand here because the workflows are what everything else builds on, and they build on nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_SHOWN = 80


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        path: Where it stands, such as `repositories.httpx.approvals`.
        value: What stands there, ready to be shown; empty where it must not be shown or there is none.
        allowed: What may stand there instead.
        remedy: What to do, often a command.
    """

    path: str
    value: str
    allowed: str
    remedy: str

    def __str__(self) -> str:
        value = f" is {self.value}" if self.value else ""
        return f"{self.path}{value}\n    allowed: {self.allowed}\n    remedy:  {self.remedy}"


class ReleasesError(Exception):
    """The base of every error that this project raises on purpose.

    Attributes:
        title: What was being attempted, in a few words.
        problems: Everything that was found to be wrong.
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
    """No safe workflow can be written from these settings."""


def shown(value: object) -> str:
    """A value as it may appear in a message: on one line, and short."""
    return shortened(repr(value))


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."
