"""Fault trials: fail each request of a first `pulumi up` in each way, recover, and report.

`python -m commands.faults [--sample N]` runs all trials, or N of them. It ends with 1 when a trial
went wrong.
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

from commands.fault_trials.failures import (
    READ_FAILURE,
    WRITE_FAILURES,
    exhaust_limit,
    expire_token,
    fail_reads,
    fail_request,
    kill_engine,
    use_several_hours,
    use_several_tokens,
)
from commands.fault_trials.scenario import FOUR_REPOSITORIES, Scenario, prepare
from commands.fault_trials.trial import Outcome
from commands.sandbox import EngineError

PARALLEL_TRIALS = 4  # the engine and the provider wait more than they work
EXPIRY_POINTS = 8  # spread over the requests of a run
ANY_PATH = "/.*"
PORTION = 60  # requests, of the 120 that four repositories take
VERDICTS = ("passed by itself", "up again", "recovered", "WRONG")
TrialRun = Callable[[], Outcome]


def trials(scenario: Scenario) -> list[TrialRun]:
    """Return the trials with one repository.

    Each write fails in each way, each read fails once, tokens expire, limits are exhausted, and
    engines are killed.
    """
    failed_writes = [
        partial(fail_request, scenario, failure, write)
        for failure in WRITE_FAILURES
        for write in scenario.writes
    ]
    failed_reads = [partial(fail_request, scenario, READ_FAILURE, read) for read in scenario.reads]
    unreadable = [partial(fail_reads, scenario, write, ANY_PATH) for write in scenario.writes]
    tokens = [partial(expire_token, scenario, n) for n in expiry_points(scenario.request_count)]
    limits = [partial(exhaust_limit, scenario, n) for n in expiry_points(scenario.limited_count)]
    kills = [partial(kill_engine, scenario, writes) for writes in range(1, len(scenario.writes))]
    return [*failed_writes, *failed_reads, *unreadable, *tokens, *limits, *kills]


def expiry_points(requests: int) -> list[int]:
    """Return the numbers of requests after which a token expires or a limit is exhausted."""
    return [round(requests * place / (EXPIRY_POINTS + 1)) for place in range(1, EXPIRY_POINTS + 1)]


def trials_in_portions(scenario: Scenario) -> list[TrialRun]:
    """Return the trials that take more than one token, or more than one hour of requests."""
    return [
        partial(use_several_tokens, scenario, PORTION),
        partial(use_several_hours, scenario, PORTION),
    ]


def choose_sample(all_trials: Sequence[TrialRun], size: int | None) -> list[TrialRun]:
    """Return `size` trials, spread evenly over all; or all where there is no size."""
    if size is None or size >= len(all_trials):
        return list(all_trials)
    return [
        all_trials[round((number + 0.5) * len(all_trials) / size - 0.5)] for number in range(size)
    ]


def run(sample: Sequence[TrialRun], console: Console) -> list[Outcome]:
    """Run trials in parallel, print a line for each, and return their outcomes in order."""
    with ThreadPoolExecutor(PARALLEL_TRIALS) as pool:
        futures = [pool.submit(trial) for trial in sample]
        for number, future in enumerate(as_completed(futures), 1):
            console.print(
                f"{number:3}/{len(sample)}  {describe(future.result())}",
                highlight=False,
                markup=False,
                soft_wrap=True,
            )
        return [future.result() for future in futures]


def describe(outcome: Outcome) -> str:
    details = "; ".join(outcome.problems) or ", ".join(outcome.steps)
    return f"{outcome.verdict:16}  {outcome.name}: {outcome.point}  {details}"


def table_of(outcomes: Sequence[Outcome]) -> Table:
    """Return a table with a row for each kind of failure: how many trials, and how they ended."""
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("failure")
    for column in ("trials", *VERDICTS):
        table.add_column(column, justify="right")
    for name, group in groupby(outcomes, key=lambda outcome: outcome.name):
        verdicts = Counter(outcome.verdict for outcome in group)
        counts = (str(verdicts[verdict]) for verdict in VERDICTS)
        table.add_row(name, str(verdicts.total()), *counts)
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the trials that `arguments` choose; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="scripts/faults", description="Fail a first `pulumi up` in many ways, and recover."
    )
    parser.add_argument(
        "--sample",
        type=positive_number,
        metavar="N",
        help="N trials spread over all (default: all)",
    )
    options = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 120)
    started = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="releases-") as directory:
            scenario = prepare(Path(directory) / "one")
            larger = prepare(Path(directory) / "four", FOUR_REPOSITORIES)
            sample = choose_sample([*trials(scenario), *trials_in_portions(larger)], options.sample)
            console.print(
                f"A first up makes {scenario.request_count} requests; "
                f"{len(scenario.writes)} of them are writes.",
                highlight=False,
            )
            outcomes = run(sample, console)
    except EngineError as error:
        console.print(str(error), style="red", markup=False)
        return 1
    console.print(table_of(outcomes))
    console.print(f"{len(outcomes)} trials in {time.monotonic() - started:.0f} s", highlight=False)
    return int(any(outcome.problems for outcome in outcomes))


def positive_number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number}; allowed: 1 or more")
    return number


if __name__ == "__main__":
    sys.exit(main())
