"""The report of a rehearsal, printed while it runs, 80 columns wide."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from commands.rehearsal.scenario import ReleaseScenario
from commands.rehearsal.timeline import REFUSED, Phase, Timeline, TimelineEntry

WIDTH = 80  # columns
ACTION_WIDTH = 47  # columns, without the two spaces before the outcome
MARKS = {True: ("✔", "green"), False: ("✘", "bold red"), None: ("-", "dim")}
NOT_REHEARSED = """
Not rehearsed: your scripts and your package (a made-up one is released), your
other workflows, PyPI's settings, and attestations. GitHub was simulated:
docs/simulator.md has its assumptions, docs/rehearsing.md what was real."""


@dataclass(frozen=True)
class Result:
    """The result of one rehearsal.

    Attributes:
        passed: Whether it reached its end, and every outcome was the expected one.
        checks: The number of actions that were tried.
        refusals: The number of those that were refused, as expected.
        seconds: The time that it took.
    """

    passed: bool
    checks: int
    refusals: int
    seconds: float


class Report:
    """Prints the entries of a timeline under the headings of their phases.

    Args:
        console: Where to print.
        verbose: Whether to print every entry, with its time and details. Otherwise minor entries
            are left out, and so are the details of entries that passed.
    """

    def __init__(self, console: Console, *, verbose: bool = False) -> None:
        self._console = console
        self._verbose = verbose
        self._phase: Phase | None = None

    def print_scenario(self, scenario: ReleaseScenario) -> None:
        """Print the release, and its differences from the declaration."""
        self._phase = None
        self._print(f"\n{scenario.full_name} {scenario.tag}, layout {scenario.layout}", "bold")
        for note in scenario.notes:
            self._print(wrap("  ", note), "dim")

    def print_entry(self, entry: TimelineEntry) -> None:
        """Print the actor, the action and the outcome of an entry on one line."""
        if entry.minor and entry.passed is not False and not self._verbose:
            return
        if entry.phase != self._phase:
            self._phase = entry.phase
            self._print(entry.phase, "bold")
        mark, style = MARKS[entry.passed]
        time = f"{entry.seconds:5.1f} s" if self._verbose else ""
        prefix = f"{time}  {mark} "
        line = Text(align(prefix, f"{entry.actor} {entry.action}", entry.outcome))
        line.stylize(style, len(prefix) - 2, len(prefix) if entry.passed else None)
        self._console.print(line)
        if entry.details and (self._verbose or not entry.passed):
            self._print(wrap(" " * len(prefix), entry.details), "dim")

    def print_conclusion(self, timeline: Timeline, stopped: str) -> Result:
        """Print the failures again, and why the rehearsal stopped; empty if it did not."""
        for entry in timeline.failures:
            parts = (f"{entry.actor} {entry.action}", entry.outcome, entry.details)
            self._print(wrap("", f"FAILED: {': '.join(filter(None, parts))}"), "red")
        if stopped:
            self._print(f"The rehearsal stopped: {stopped}", "red")
        outcomes = [entry.outcome for entry in timeline.entries if entry.passed is not None]
        return Result(
            passed=not timeline.failures and not stopped,
            checks=len(outcomes),
            refusals=outcomes.count(REFUSED),
            seconds=timeline.seconds,
        )

    def print_results(self, results: Sequence[Result]) -> None:
        """Print the limits of a rehearsal, and whether all checks passed."""
        self._print(NOT_REHEARSED)
        if not all(result.passed for result in results):
            self._print("Not all checks passed.", "bold red")
            return
        checks = sum(result.checks for result in results)
        refusals = sum(result.refusals for result in results)
        seconds = sum(result.seconds for result in results)
        counts = f"{checks} in {seconds:.0f} s, {refusals} of them refusals"
        hint = "" if self._verbose else " Details: --verbose"
        self._print(f"All checks passed ({counts}).{hint}", "bold green")

    def print_error(self, error: object) -> None:
        self._print(str(error), "red")

    def _print(self, text: str, style: str = "") -> None:
        self._console.print(Text(text, style))


def align(prefix: str, action: str, outcome: str) -> str:
    """Return one line with the outcome in its own column, at least two spaces after the action.

    A line that would be too long is wrapped instead.
    """
    line = f"{prefix}{action:<{ACTION_WIDTH}}  {outcome}"
    if len(line) <= WIDTH:
        return line
    indent = " " * len(prefix)
    return wrap(indent, f"{action}: {outcome}").replace(indent, prefix, 1)


def wrap(indent: str, text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent)
