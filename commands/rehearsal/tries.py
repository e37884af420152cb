"""Attempts, each told in the timeline: what has to work, and what has to be refused."""

from collections.abc import Callable

from commands.rehearsal.errors import RefusedError, StoppedError
from commands.rehearsal.timeline import Timeline


def has_to_work(timeline: Timeline, who: str, what: str, attempt: Callable[[], object], outcome: str = "done") -> None:
    """Raises `StoppedError` when it is refused: what comes after rests on it."""
    try:
        attempt()
    except RefusedError as error:
        timeline.add(who, what, f"refused: {error}", good=False)
        raise StoppedError(f"{who}: {what}: {error}") from None
    timeline.add(who, what, outcome)


def has_to_be_refused(timeline: Timeline, who: str, what: str, attempt: Callable[[], object]) -> None:
    """Tells the refusal, or that there was none, which makes the rehearsal fail and does not end it."""
    try:
        attempt()
    except RefusedError as error:
        timeline.add(who, what, f"refused: {error}")
    else:
        timeline.add(who, what, "went through, and has to be refused", good=False)
