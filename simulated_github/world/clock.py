"""Time in a simulated world: it starts where the world says and moves by a second with every write.

Answers and commits are the same from run to run because no wall clock is read. Deliberately absent: waiting.
"""

from datetime import datetime, timedelta


class Clock:
    """A clock that only moves when told to."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def tick(self, seconds: int = 1) -> None:
        """Move forward by a number of seconds."""
        self._now += timedelta(seconds=seconds)

    def now(self) -> datetime:
        """The time, in UTC."""
        return self._now

    def stamp(self, *, before: timedelta = timedelta()) -> str:
        """The time, or one before it, as GitHub writes it in answers, such as ``2026-01-05T09:00:00Z``."""
        return (self._now - before).strftime("%Y-%m-%dT%H:%M:%SZ")

    def seconds(self) -> int:
        """The time as git writes it in commits: whole seconds since 1970."""
        return int(self._now.timestamp())
