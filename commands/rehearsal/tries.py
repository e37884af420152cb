"""Attempts, each told in the timeline: what has to work, and what has to be refused, for which reason.

A refusal for another reason would hide a gate that is not there, so the words of each are known here. They are GitHub's.
"""

from collections.abc import Callable

from commands.rehearsal.errors import RefusedError, StoppedError
from commands.rehearsal.timeline import Timeline

REVIEWED = "Changes must be made through a pull request"
RESTRICTED = "Cannot create ref due to creations being restricted"
NO_WRITER = "denied to"
UNMOVED = "Cannot update this protected ref"
KEPT = "Cannot delete this protected ref"
NO_REVIEWER = "No pending deployment requests to approve or reject"
NO_BYPASS = "not allowed to bypass"


def has_to_work(
    timeline: Timeline, who: str, what: str, attempt: Callable[[], object], outcome: str = "done"
) -> None:
    """Raises `StoppedError` when it is refused: what comes after rests on it."""
    try:
        attempt()
    except RefusedError as error:
        timeline.add(who, what, f"refused: {error}", good=False)
        raise StoppedError(f"{who}: {what}: {error}") from None
    timeline.add(who, what, outcome)


def has_to_be_refused(
    timeline: Timeline, who: str, what: str, attempt: Callable[[], object], because: str
) -> None:
    """Tells the refusal. None at all, or one without the words `because`, makes the rehearsal fail and does not end it."""
    try:
        attempt()
    except RefusedError as error:
        expected = because in str(error)
        timeline.add(
            who,
            what,
            f"refused{'' if expected else ', and not for its reason'}: {error}",
            good=expected,
        )
    else:
        timeline.add(who, what, "went through, and has to be refused", good=False)
