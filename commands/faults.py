"""Disturbs every write of a first `pulumi up` in every way, and reports what became of it.

`python -m commands.faults [--sample N]`: N trials spread over all, or all of them. Ends with 1 when a trial went wrong.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from itertools import groupby
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from commands.disturbed.disturbances import (
    DISTURBANCES,
    UNREAD,
    disturb,
    exhaust,
    expire_token,
    go_blind,
    kill,
    outlive_limits,
    outlive_tokens,
)
from commands.disturbed.start import SEVERAL, Start, prepare
from commands.disturbed.trial import Outcome
from commands.sandbox import EngineError

SIDE_BY_SIDE = 4  # trials; the engine and the provider wait more than they work
ENDS = 8  # how many places, spread over the requests of a run
ANY_PATH = "/.*"
PORTION = 60  # requests, of the 120 that several repositories take
VERDICTS = ("passed by itself", "up again", "recovered", "WRONG")
TrialRun = Callable[[], Outcome]


def trials(start: Start) -> list[TrialRun]:
    """Every write in every way, every read once, tokens that end, limits that are used up and engines that are killed."""
    of_writes = [
        partial(disturb, start, disturbance, write)
        for disturbance in DISTURBANCES
        for write in start.writes
    ]
    of_reads = [partial(disturb, start, UNREAD, read) for read in start.reads]
    of_blindness = [partial(go_blind, start, write, ANY_PATH) for write in start.writes]
    ends = [round(start.requests * place / (ENDS + 1)) for place in range(1, ENDS + 1)]
    limits = [round(start.limited * place / (ENDS + 1)) for place in range(1, ENDS + 1)]
    of_tokens = [partial(expire_token, start, requests) for requests in ends]
    of_limits = [partial(exhaust, start, requests) for requests in limits]
    of_engines = [partial(kill, start, writes) for writes in range(1, len(start.writes))]
    return [*of_writes, *of_reads, *of_blindness, *of_tokens, *of_limits, *of_engines]


def portions(several: Start) -> list[TrialRun]:
    """A first `up` of several repositories that takes more than one token, or more than one hour of requests."""
    return [partial(outlive_tokens, several, PORTION), partial(outlive_limits, several, PORTION)]


def sampled(everything: Sequence[TrialRun], size: int | None) -> list[TrialRun]:
    """So many of them, spread evenly; all where no size is given."""
    if size is None or size >= len(everything):
        return list(everything)
    return [
        everything[round((number + 0.5) * len(everything) / size - 0.5)] for number in range(size)
    ]


def run(chosen: Sequence[TrialRun], console: Console) -> list[Outcome]:
    """Runs trials, some side by side, and says after each what came of it; in the order in which they were chosen."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        running = [pool.submit(trial) for trial in chosen]
        for number, finished in enumerate(as_completed(running), 1):
            outcome = finished.result()
            told = "; ".join(outcome.complaints) or ", ".join(outcome.steps)
            line = f"{number:3}/{len(chosen)}  {outcome.verdict:16}  {outcome.name}: {outcome.write}  {told}"
            console.print(line, highlight=False, markup=False, soft_wrap=True)
        return [finished.result() for finished in running]


def table_of(outcomes: Sequence[Outcome]) -> Table:
    """A row for every disturbance: how many trials, and how they ended."""
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("disturbance")
    for column in ("trials", *VERDICTS):
        table.add_column(column, justify="right")
    for name, group in groupby(outcomes, key=lambda outcome: outcome.name):
        counted = Counter(outcome.verdict for outcome in group)
        table.add_row(name, str(counted.total()), *(str(counted[verdict]) for verdict in VERDICTS))
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/faults", description="Disturbs a first `pulumi up` and runs it again."
    )
    parser.add_argument(
        "--sample", type=positive, metavar="N", help="N trials spread over all (default: all)"
    )
    options = parser.parse_args(arguments)
    console, started = Console(width=None if sys.stdout.isatty() else 120), time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="releases-") as directory:
            start = prepare(Path(directory) / "declared")
            several = prepare(Path(directory) / "several", SEVERAL)
            chosen = sampled([*trials(start), *portions(several)], options.sample)
            console.print(
                f"A first up makes {start.requests} requests, {len(start.writes)} of them writes.",
                highlight=False,
            )
            outcomes = run(chosen, console)
    except EngineError as error:
        console.print(str(error), style="red", markup=False)
        return 1
    console.print(table_of(outcomes))
    console.print(f"{len(outcomes)} trials in {time.monotonic() - started:.0f} s", highlight=False)
    return int(any(outcome.complaints for outcome in outcomes))


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a sample has at least one trial")
    return number


if __name__ == "__main__":
    sys.exit(main())
