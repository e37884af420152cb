"""The rehearsal: a release is played on a simulated GitHub, with everything around it real, and then what must not succeed.

The exit code is 0 when everything came out as it has to, 1 when something did not, and 2 when nothing was started.
"""

import argparse
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from rich.console import Console

from commands.rehearsal import must_fail, release
from commands.rehearsal.errors import RehearsalError
from commands.rehearsal.hidden import Hidden
from commands.rehearsal.layouts import LAYOUTS
from commands.rehearsal.plan import Plan, plan
from commands.rehearsal.processes import PROGRAMS, found
from commands.rehearsal.stage import stage
from commands.rehearsal.timeline import Row, Timeline
from commands.sandbox import EngineError, read_stack_file
from stacks.settings import SettingsError

REQUESTS_TO_END = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/rehearse", description="Plays a release on a simulated GitHub."
    )
    parser.add_argument(
        "repository",
        nargs="?",
        metavar="REPOSITORY",
        help="a declared repository; the first when left out",
    )
    parser.add_argument(
        "tag",
        nargs="?",
        metavar="TAG",
        help="a release tag by the declared pattern; made up when left out",
    )
    parser.add_argument(
        "--layout", help=f"the workflow's layout in place of the declared one: {', '.join(LAYOUTS)}"
    )
    parser.add_argument(
        "--all-layouts", action="store_true", help="one rehearsal in each layout, one after another"
    )
    return parser.parse_args(given)


def plans(asked: argparse.Namespace) -> list[Plan]:
    """The rehearsals that were asked for. Raises `SettingsError` or `RehearsalError` before any of them is started."""
    for program in PROGRAMS:
        found(program)
    layouts: Sequence[str | None] = LAYOUTS if asked.all_layouts else [asked.layout]
    configuration = read_stack_file()
    return [plan(configuration, asked.repository, asked.tag, layout) for layout in layouts]


def rehearse(chosen: Plan, console: Console) -> bool:
    """Plays one rehearsal and shows its timeline, however it ends; whether everything came out as it has to."""
    hidden = Hidden()
    timeline = Timeline(hidden, lambda row: tell(console, row))
    introduce(chosen, console)
    stopped = ""
    try:
        with stage(chosen, timeline, hidden) as set_up:
            release.play(set_up)
            must_fail.play(set_up)
    except (RehearsalError, EngineError) as error:
        stopped = hidden.text(str(error))
    finally:
        if timeline.rows:
            console.print(
                timeline.table(f"\n{chosen.full_name} {chosen.tag}, layout {chosen.layout}")
            )
    return conclude(timeline, stopped, console)


def introduce(chosen: Plan, console: Console) -> None:
    console.print(
        f"\n[bold]{chosen.full_name} {chosen.tag}[/bold], layout {chosen.layout}, on a simulated GitHub",
        highlight=False,
    )
    for note in chosen.rehearsed.notes:
        console.print(f"  [dim]{note}[/dim]", highlight=False)


def tell(console: Console, row: Row) -> None:
    """What happened, while it happens, where somebody watches: the table comes at the end."""
    if console.is_terminal:
        console.print(f"  [dim]{row.seconds:5.1f} s  {row.who}: {row.what}[/dim]", highlight=False)


def conclude(timeline: Timeline, stopped: str, console: Console) -> bool:
    for row in timeline.wrong:
        console.print(
            f"WRONG: {row.who}: {row.what}: {row.outcome}",
            style="red",
            markup=False,
            highlight=False,
        )
    if stopped:
        console.print(
            f"The rehearsal stopped: {stopped}", style="red", markup=False, highlight=False
        )
    good = not timeline.wrong and not stopped
    if good:
        console.print(
            f"Everything came out as it has to, in {timeline.seconds:.0f} s.", highlight=False
        )
    return good


def interrupted(_number: int, _frame: FrameType | None) -> None:
    """A request to end, however it comes: everything is put away then, and a second one changes nothing."""
    for request in REQUESTS_TO_END:
        signal.signal(request, signal.SIG_IGN)
    raise KeyboardInterrupt


def main(given: Sequence[str] | None = None) -> int:
    console = Console(width=None if sys.stdout.isatty() else 170)
    for request in REQUESTS_TO_END:
        signal.signal(request, interrupted)
    try:
        chosen = plans(arguments(sys.argv[1:] if given is None else given))
    except (SettingsError, RehearsalError) as error:
        console.print(str(error), style="red", markup=False, highlight=False)
        return 2
    try:
        came_out = [rehearse(one, console) for one in chosen]
    except KeyboardInterrupt:
        console.print("Interrupted; everything that was started has been ended.", style="red")
        return 130
    return 0 if all(came_out) else 1


if __name__ == "__main__":
    sys.exit(main())
