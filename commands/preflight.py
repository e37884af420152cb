"""The command that checks an organization before the first `pulumi up`, or at any time.

It only reads. It needs the stack file and GITHUB_TOKEN: no secret, no state and no engine. With
`--state` it compares the recorded state, too, as `pulumi up` does.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from commands.situations import read_situation
from stacks.preflight import Situation, problems, unseen, warnings
from stacks.previous_state import PreviousState, read_previous_state
from stacks.settings.problems import Problem, ReleasesError


def report(situation: Situation) -> tuple[str, bool]:
    """Return the report on a situation, and whether something blocks `pulumi up`."""
    blocking = problems(situation)
    hidden = unseen(situation)
    notes = [warning for warning in warnings(situation) if warning not in hidden]
    sections = [
        f"{situation.owner}: {plural(len(situation.settings.repositories), 'repository')} declared",
        *section(blocking, "problem", "blocks `pulumi up`", "block `pulumi up`"),
        *section(notes, "warning", "does not block", "do not block"),
        *section(hidden, "part", "could not be seen", "could not be seen"),
    ]
    if not blocking:
        sections.append("Nothing blocks `pulumi up`.")
    return "\n".join(sections), bool(blocking)


def section(items: Sequence[Problem | str], noun: str, singular: str, several: str) -> list[str]:
    """Return the lines of one kind of items, or none."""
    if not items:
        return []
    heading = f"\n{plural(len(items), noun)} {singular if len(items) == 1 else several}:"
    return [heading, *(f"  {item}" for item in items)]


def plural(number: int, noun: str) -> str:
    """Return a number with its noun."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun.removesuffix('y')}ies" if noun.endswith("y") else f"{number} {noun}s"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; return 1 when something blocks `pulumi up`, or cannot be read."""
    parser = argparse.ArgumentParser(prog="scripts/preflight", description=__doc__)
    parser.add_argument("--stack", default="prod", help="the stack (default: prod)")
    parser.add_argument("--state", action="store_true", help="compare the state of the stack, too")
    options = parser.parse_args(arguments)
    directory = Path.cwd()
    try:
        state = PreviousState()
        if options.state:
            state = read_previous_state(options.stack, directory)
        situation = read_situation(directory / f"Pulumi.{options.stack}.yaml", state, deep=True)
    except ReleasesError as error:
        print(error, file=sys.stderr)
        return 1
    text, is_blocked = report(situation)
    print(text)
    return int(is_blocked)


if __name__ == "__main__":
    sys.exit(main())
