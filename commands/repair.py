"""The command that prints what repairs the gates of a stack, as one shell script.

It reads the stack file, the state and GitHub, and changes nothing itself.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from commands.situations import read_situation
from stacks.gate import refresh_command
from stacks.preflight.drift import Drift
from stacks.preflight.gate import drifts
from stacks.previous_state import read_previous_state
from stacks.settings.problems import ReleasesError

HEADER = """\
#!/usr/bin/env bash
# Repairs the gates of the stack {stack}. Read it, then run it where `gh` and `pulumi` have a token.
set -euo pipefail
"""


def repair_script(drifts_to_repair: Sequence[Drift], stack: str) -> str:
    """Return the script. Its requests come first, and one refresh of everything lost last."""
    return "\n".join([HEADER.format(stack=stack), *script_lines(drifts_to_repair, stack), ""])


def script_lines(drifts_to_repair: Iterable[Drift], stack: str) -> Iterator[str]:
    """Yield the lines of the script after its header."""
    lost: dict[str, None] = {}
    for drift in drifts_to_repair:
        yield f"# {drift.repository} is {drift.value}"
        yield from drift.requests
        lost |= dict.fromkeys(drift.lost)
    if lost:
        yield "# GitHub no longer has these objects. The next `pulumi up` creates what is declared."
        yield f"{refresh_command(lost)} --stack {stack}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the script; return 1 when the stack file, the state or GitHub cannot be read."""
    parser = argparse.ArgumentParser(prog="scripts/repair", description=__doc__)
    parser.add_argument("repositories", nargs="*", metavar="REPOSITORY", help="by default all")
    parser.add_argument("--stack", default="prod", help="the stack (default: prod)")
    options = parser.parse_args(arguments)
    directory = Path.cwd()
    try:
        situation = read_situation(
            directory / f"Pulumi.{options.stack}.yaml",
            read_previous_state(options.stack, directory),
        )
    except ReleasesError as error:
        print(error, file=sys.stderr)
        return 1
    chosen = [
        drift
        for drift in drifts(situation)
        if not options.repositories or drift.repository in options.repositories
    ]
    if chosen:
        print(repair_script(chosen, options.stack), end="")
    else:
        print("# Every recorded gate is as declared.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
