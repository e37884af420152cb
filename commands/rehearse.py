"""The `scripts/rehearse` command: plays a release on a simulated GitHub, and then attacks the gate.

The exit code is 0 when all checks passed, 1 when one failed, 2 when nothing was started, and
130 after an interruption.
"""

import argparse
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from rich.console import Console

from commands.rehearsal.attacks import play_attacks
from commands.rehearsal.errors import RehearsalError
from commands.rehearsal.harness import start_harness
from commands.rehearsal.processes import REQUIRED_PROGRAMS, program_path
from commands.rehearsal.release import play_release
from commands.rehearsal.report import WIDTH, Report, Result
from commands.rehearsal.scenario import (
    DEFAULT_STACK,
    LAYOUT_NAMES,
    ReleaseScenario,
    choose_scenario,
)
from commands.rehearsal.timeline import Redactor, Timeline
from commands.sandbox import EngineError, StackFileError, read_stack_file
from stacks.settings import SettingsError

END_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INTERRUPTED = 130


def rehearsal_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the parsed command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/rehearse",
        description="Play a release on a simulated GitHub, and then attack the gate.",
    )
    parser.add_argument(
        "repository",
        nargs="?",
        metavar="REPOSITORY",
        help="a declared repository; by default the first one",
    )
    parser.add_argument(
        "tag",
        nargs="?",
        metavar="TAG",
        help="a release tag that matches the declared pattern; by default a made-up one",
    )
    parser.add_argument(
        "--stack",
        default=DEFAULT_STACK,
        metavar="NAME",
        help=f"the stack that declares it, in Pulumi.NAME.yaml; by default {DEFAULT_STACK}",
    )
    parser.add_argument(
        "--layout",
        metavar="LAYOUT",
        help=f"the layout of the workflow, by default the declared one: {', '.join(LAYOUT_NAMES)}",
    )
    parser.add_argument("--all-layouts", action="store_true", help="one rehearsal in each layout")
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="print every step, with its time and details"
    )
    return parser.parse_args(arguments)


def choose_scenarios(arguments: argparse.Namespace) -> list[ReleaseScenario]:
    """Return the scenarios. Raise an error for a wrong choice before any of them is started."""
    for program in REQUIRED_PROGRAMS:
        program_path(program)
    configuration = read_stack_file(arguments.stack)
    layouts = LAYOUT_NAMES if arguments.all_layouts else (arguments.layout,)
    return [
        choose_scenario(
            configuration, arguments.repository, arguments.tag, layout, stack=arguments.stack
        )
        for layout in layouts
    ]


def rehearse(scenario: ReleaseScenario, report: Report) -> Result:
    """Play one rehearsal, and report it while it runs."""
    redactor = Redactor()
    timeline = Timeline(redactor, report.print_entry)
    report.print_scenario(scenario)
    stopped = ""
    try:
        with start_harness(scenario, timeline, redactor) as harness:
            play_release(harness)
            play_attacks(harness)
    except (RehearsalError, EngineError) as error:
        stopped = redactor.redact(str(error))
    return report.print_conclusion(timeline, stopped)


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """Handle a signal to end: ignore further ones, and clean up everything."""
    for end_signal in END_SIGNALS:
        signal.signal(end_signal, signal.SIG_IGN)
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    options = rehearsal_arguments(arguments)
    report = Report(Console(width=WIDTH, soft_wrap=True), verbose=options.verbose)
    for end_signal in END_SIGNALS:
        signal.signal(end_signal, interrupt)
    try:
        scenarios = choose_scenarios(options)
    except (StackFileError, SettingsError, RehearsalError) as error:
        report.print_error(error)
        return 2
    try:
        results = [rehearse(scenario, report) for scenario in scenarios]
    except KeyboardInterrupt:
        report.print_error("Interrupted. Everything that was started has been ended.")
        return INTERRUPTED
    report.print_results(results)
    return 0 if all(result.passed for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
