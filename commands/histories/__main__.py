"""Run random histories: `scripts/histories [--count N] [--first SEED] [--planted]`.

The exit code is 1 when a history went wrong, or with `--planted` when a fault that was planted in a
rule was not found. The seed of a history repeats it.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from commands.histories.history import Outcome, run_random
from commands.histories.organization import prepare
from commands.histories.planted_faults import PLANTED_FAULTS, find_fault

DEFAULT_COUNT = 200
PARALLEL_HISTORIES = 3  # the engine and the provider wait more than they work


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the histories that `arguments` choose, and return the exit code."""
    parser = argparse.ArgumentParser(prog="scripts/histories", description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=DEFAULT_COUNT, metavar="N")
    parser.add_argument("--first", type=int, default=1, metavar="SEED")
    parser.add_argument("--verbose", action="store_true", help="print the steps of every history")
    parser.add_argument(
        "--planted", action="store_true", help="plant faults in the rules, which must be found"
    )
    options = parser.parse_args(arguments)
    if options.planted:
        return run_planted()
    seeds = range(options.first, options.first + options.count)
    started = time.monotonic()
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="releases-") as directory:
        start = prepare(Path(directory) / "applied")
        with ThreadPoolExecutor(PARALLEL_HISTORIES) as pool:
            for future in as_completed(pool.submit(run_random, start, seed) for seed in seeds):
                outcome = future.result()
                outcomes.append(outcome)
                if outcome.problems or options.verbose:
                    print(outcome, flush=True)
    print(summary(outcomes), f"in {time.monotonic() - started:.0f} s")
    return int(any(outcome.problems for outcome in outcomes))


def run_planted() -> int:
    """Plant every fault, print whether its history finds it, and return the exit code."""
    missed = 0
    with tempfile.TemporaryDirectory(prefix="releases-") as name:
        directory = Path(name)
        start = prepare(directory / "applied")
        with ThreadPoolExecutor(PARALLEL_HISTORIES) as pool:
            outcomes = pool.map(
                lambda numbered: find_fault(start, numbered[1], directory / str(numbered[0])),
                enumerate(PLANTED_FAULTS),
            )
            for fault, outcome in zip(PLANTED_FAULTS, outcomes, strict=True):
                missed += not outcome.problems
                print(f"{'found ' if outcome.problems else 'MISSED'}  {fault.name}", flush=True)
    print(f"{len(PLANTED_FAULTS)} planted faults, {missed} of them missed")
    return int(missed > 0)


def summary(outcomes: Sequence[Outcome]) -> str:
    wrong = sum(bool(outcome.problems) for outcome in outcomes)
    runs = sum(outcome.runs for outcome in outcomes)
    blocked = sum(outcome.blocked for outcome in outcomes)
    return (
        f"{len(outcomes)} histories, {runs} runs of `pulumi up`, {blocked} of them blocked, "
        f"{wrong} histories wrong"
    )


if __name__ == "__main__":
    sys.exit(main())
