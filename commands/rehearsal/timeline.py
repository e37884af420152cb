"""The timeline of a rehearsal: the actions of users and programs, and their outcomes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from commands.rehearsal.errors import ActionRefusedError, ExpectedRefusal, StoppedError

MASK = "***"
LONGEST_TEXT = 160  # characters of an outcome or of its details
DONE = "done"
REFUSED = "refused, as expected"


class Redactor:
    """The secrets of a rehearsal. Every entry, log and error passes `redact` before it is shown."""

    def __init__(self) -> None:
        self._values: set[str] = set()

    def add(self, value: str) -> str:
        """Mask a value from now on, and return it. An empty value is ignored."""
        if value:
            self._values.add(value)
        return value

    def redact(self, text: str) -> str:
        """Return the text with a mask in place of every secret.

        The longest secrets come first, because one may be a part of another.
        """
        for value in sorted(self._values, key=len, reverse=True):
            text = text.replace(value, MASK)
        return text

    def __repr__(self) -> str:
        return f"Redactor({len(self._values)} values)"


class Phase(StrEnum):
    """The parts of a rehearsal, in order."""

    SET_UP = "Set up"
    MERGE = "Merge"
    TAG = "Tag"
    WAIT = "Wait"
    PUBLISH = "Publish"
    ATTACK = "Attack"


@dataclass(frozen=True)
class TimelineEntry:
    """One action with its outcome.

    Attributes:
        seconds: The time since the rehearsal began.
        actor: A login, or the name of a program.
        action: What the actor did, as the rest of a sentence that begins with the actor.
        outcome: What happened, in a few words and without secrets.
        details: More about the outcome, such as GitHub's own message.
        passed: Whether the outcome is the expected one; None for an action that was not tried.
        minor: Whether the short report leaves the entry out.
    """

    seconds: float
    phase: Phase
    actor: str
    action: str
    outcome: str
    details: str = ""
    passed: bool | None = True
    minor: bool = False


class Timeline:
    """The entries so far, oldest first, under the present `phase`.

    Args:
        redactor: Masks the secrets in every entry.
        on_entry: Called with each new entry.
    """

    def __init__(
        self, redactor: Redactor, on_entry: Callable[[TimelineEntry], None] | None = None
    ) -> None:
        self.entries: list[TimelineEntry] = []
        self.phase = Phase.SET_UP
        self._redactor = redactor
        self._on_entry = on_entry
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        """The time since the rehearsal began."""
        return time.monotonic() - self._started

    @property
    def failures(self) -> list[TimelineEntry]:
        return [entry for entry in self.entries if entry.passed is False]

    def add(
        self,
        actor: str,
        action: str,
        outcome: str,
        *,
        details: str = "",
        passed: bool | None = True,
        minor: bool = False,
    ) -> None:
        """Add an entry. Secrets are masked, and each text becomes one line of bounded length."""
        entry = TimelineEntry(
            seconds=self.seconds,
            phase=self.phase,
            actor=actor,
            action=self._line(action),
            outcome=self._line(outcome),
            details=self._line(details),
            passed=passed,
            minor=minor,
        )
        self.entries.append(entry)
        if self._on_entry:
            self._on_entry(entry)

    def skip(self, actor: str, action: str, reason: str, *, minor: bool = False) -> None:
        """Add an action that was not tried."""
        self.add(actor, action, "not tried", details=reason, passed=None, minor=minor)

    def expect_success(
        self, actor: str, action: str, attempt: Callable[[], object], *, minor: bool = False
    ) -> None:
        """Make an attempt that must succeed. Raise `StoppedError` when it is refused."""
        try:
            attempt()
        except ActionRefusedError as error:
            self.add(actor, action, "refused", details=str(error), passed=False)
            raise StoppedError(f"{actor} {action}: {error}") from None
        self.add(actor, action, DONE, minor=minor)

    def expect_refusal(
        self, actor: str, action: str, attempt: Callable[[], object], refusal: ExpectedRefusal
    ) -> None:
        """Make an attempt that must be refused, and for the expected reason.

        Anything else fails the check; the rehearsal goes on.
        """
        try:
            attempt()
        except ActionRefusedError as error:
            if refusal.message in str(error):
                details = f"{error} ({refusal.note})" if refusal.note else str(error)
                self.add(actor, action, REFUSED, details=details)
            else:
                outcome = "refused for another reason"
                self.add(actor, action, outcome, details=str(error), passed=False)
        else:
            self.add(actor, action, "succeeded, but must be refused", passed=False)

    def _line(self, text: str) -> str:
        line = " ".join(self._redactor.redact(text).split())
        return line if len(line) <= LONGEST_TEXT else f"{line[: LONGEST_TEXT - 3]}..."
