"""What is wrong with a configuration, said in a way that can be acted on."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        path: Where it stands, such as `releases:repositories.httpx.approvals`.
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
    """The base of every error that this program raises on purpose.

    Attributes:
        title: What was being attempted, in a few words.
        problems: Everything that was found to be wrong, in the order of the file.
    """

    def __init__(self, title: str, problems: Sequence[Problem]) -> None:
        super().__init__(title)
        self.title = title
        self.problems = tuple(problems)

    def __str__(self) -> str:
        count = len(self.problems)
        heading = f"{self.title}: {count} problem{'' if count == 1 else 's'}, nothing was changed"
        return "\n".join([heading, *(f"  {problem}" for problem in self.problems)])


class SettingsError(ReleasesError):
    """The configuration of the stack cannot be used as it stands."""


class GitHubError(ReleasesError):
    """GitHub does not have, or does not allow, what the configuration asks for."""


def shown(value: object) -> str:
    """A value as it may appear in a message: quoted, on one line, and short."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
