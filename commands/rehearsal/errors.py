"""The errors of a rehearsal, and the refusals that it expects."""

from dataclasses import dataclass


class RehearsalError(Exception):
    """The base class of every error that a rehearsal raises on purpose."""


@dataclass
class ChoiceError(RehearsalError):
    """A choice that cannot be rehearsed. Nothing was started.

    Attributes:
        place: The argument or the configuration key.
        value: Its present value.
        allowed: The values that it may have.
        remedy: What to do about it.
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
    """A step failed that later steps depend on."""


class ActionRefusedError(RehearsalError):
    """GitHub, git or the index refused an action. The message is the refusing side's own."""


@dataclass(frozen=True)
class ExpectedRefusal:
    """The expected reason of a refusal.

    A refusal for another reason could hide that the gate is missing, so the reason is checked.

    Attributes:
        message: A part of the message of GitHub or git for that reason.
        note: An explanation, for a message that does not name the reason.
    """

    message: str
    note: str = ""


REVIEW_REQUIRED = ExpectedRefusal("Changes must be made through a pull request")
TAG_CREATION_RESTRICTED = ExpectedRefusal("Cannot create ref due to creations being restricted")
TAG_UPDATE_RESTRICTED = ExpectedRefusal("Cannot update this protected ref")
TAG_DELETION_RESTRICTED = ExpectedRefusal("Cannot delete this protected ref")
WRITE_ACCESS_REQUIRED = ExpectedRefusal("denied to")
REVIEWER_REQUIRED = ExpectedRefusal(
    "No pending deployment requests to approve or reject",
    "GitHub shows none to a user who may not approve",
)
BYPASS_NOT_ALLOWED = ExpectedRefusal("not allowed to bypass")
