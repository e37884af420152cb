"""The timeline of a rehearsal: who did what, when, and what came of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from rich import box
from rich.markup import escape
from rich.table import Table

from commands.rehearsal.hidden import Hidden

LONGEST = 160  # characters of an outcome


@dataclass(frozen=True)
class Row:
    """One thing that happened.

    Attributes:
        seconds: Since the rehearsal began.
        who: A login, or the program that acted.
        what: What was tried.
        outcome: What came of it, without secrets.
        good: Whether it is what has to come of it.
    """

    seconds: float
    who: str
    what: str
    outcome: str
    good: bool = True


class Timeline:
    """The rows so far, oldest first. `told` is called with each."""

    def __init__(self, hidden: Hidden, told: Callable[[Row], None] | None = None) -> None:
        self.rows: list[Row] = []
        self._hidden = hidden
        self._told = told
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    @property
    def wrong(self) -> list[Row]:
        """What came out otherwise than it has to."""
        return [row for row in self.rows if not row.good]

    def add(self, who: str, what: str, outcome: str, *, good: bool = True) -> None:
        row = Row(self.seconds, who, self._line(what), self._line(outcome), good)
        self.rows.append(row)
        if self._told:
            self._told(row)

    def table(self, title: str) -> Table:
        """The rows as a table."""
        table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
        table.add_column("s", justify="right")
        for column in ("who", "what", "outcome"):
            table.add_column(column, overflow="fold")
        for row in self.rows:
            outcome = (
                escape(row.outcome)
                if row.good
                else f"[bold red]WRONG: {escape(row.outcome)}[/bold red]"
            )
            table.add_row(f"{row.seconds:.1f}", escape(row.who), escape(row.what), outcome)
        return table

    def _line(self, text: str) -> str:
        line = " ".join(self._hidden.text(text).split())
        return line if len(line) <= LONGEST else f"{line[: LONGEST - 3]}..."
