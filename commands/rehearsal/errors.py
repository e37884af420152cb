"""What can go wrong in a rehearsal, and what the person who started it is told."""

from dataclasses import dataclass


class RehearsalError(Exception):
    """The base of every error that a rehearsal raises on purpose."""


@dataclass
class ChoiceError(RehearsalError):
    """What was asked for cannot be rehearsed; nothing was started.

    Attributes:
        place: The argument or the key.
        value: What stands there.
        allowed: What may stand there.
        remedy: What to do.
    """

    place: str
    value: str
    allowed: str
    remedy: str

    def __str__(self) -> str:
        return (
            f"{self.place} is {self.value}\n    allowed: {self.allowed}\n    remedy:  {self.remedy}"
        )


class StoppedError(RehearsalError):
    """The rehearsal cannot go on, because something that has to work did not."""


class RefusedError(RehearsalError):
    """GitHub, git or the index did not let somebody do something; the text is its own words."""
