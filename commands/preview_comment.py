"""Previews a stack and tells a pull request what it found: `scripts/preview-comment --stack prod` prints the comment.

Deliberately absent: writing the comment to GitHub. The job that runs a pull request's code must not be able to.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commands.markdown import block, clipped, code, document, size
from commands.preview_json import ABSENT, ORDER, TAKES_AWAY, Change, Plan, Step, read_plan, without
from commands.sandbox import interruptible

# By this first line the workflow finds the comment that it edits.
MARKER = "<!-- release stack: preview -->"
# GitHub refuses a longer comment ("Body is too long (maximum is 65536 characters)"), and a longer summary of a job's step:
# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits
COMMENT_BYTES = 65_536
SUMMARY_BYTES = 1_048_576
MESSAGES_BYTES = 12_000
VALUE_CHARACTERS = 80
CHANGES_SHOWN = 8
SIGNS = {"delete": "-", "replace": "+-", "update": "~", "create": "+", "import": "="}
HEADER = "| | Resource | Kind | Changes |\n|---|---|---|---|"
# What the environment of a preview holds and its text never may. Shorter values could be words of it by chance.
CREDENTIALS = (
    "AWS_SECRET_ACCESS_KEY",
    "GITHUB_TOKEN",
    "PULUMI_ACCESS_TOKEN",
    "PULUMI_CONFIG_PASSPHRASE",
)
SHORTEST_CREDENTIAL = 6


@dataclass(frozen=True)
class Preview:
    """A preview that ended: `plan` is nothing when the engine did not get that far, `complaints` is what it printed besides."""

    stack: str
    code: int
    plan: Plan | None
    complaints: str = ""


@dataclass(frozen=True)
class Origin:
    """The commit that was previewed and the address of the run, where they are known."""

    commit: str = ""
    run: str = ""


def run_preview(stack: str, directory: Path, environment: Mapping[str, str]) -> Preview:
    """Runs `pulumi preview`. A failure of it is a result like any other."""
    command = ["pulumi", "preview", "--json", "--stack", stack, "--non-interactive"]
    finished = subprocess.run(
        interruptible([*command, "--color", "never"]),
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    hidden = credentials(environment)
    return Preview(
        stack,
        finished.returncode,
        read_plan(finished.stdout, hidden),
        without(hidden, finished.stderr),
    )


def credentials(environment: Mapping[str, str]) -> list[str]:
    values = [environment.get(name, "") for name in CREDENTIALS]
    return [value for value in values if len(value) >= SHORTEST_CREDENTIAL]


def comment(preview: Preview, origin: Origin, limit: int = COMMENT_BYTES) -> str:
    """The text, in at most `limit` bytes of UTF-8: rows of the table give way, from its end, and are counted."""
    plan = preview.plan
    if preview.code or plan is None:
        return document(
            [
                MARKER,
                f"### Preview of {code(preview.stack)}: failed",
                *failure(preview),
                footer(origin),
            ]
        )
    top = [MARKER, f"### Preview of {code(preview.stack)}: {totals(plan)}", losses(plan)]
    bottom = [messages("Warnings", plan.warnings), footer(origin, plan.unchanged)]
    room = limit - size(document([*top, HEADER, left_out(len(plan.steps), origin), *bottom]))
    return document([*top, *table(plan.steps, room, origin), *bottom])


def totals(plan: Plan) -> str:
    operations = [*ORDER, *sorted({step.operation for step in plan.steps} - set(ORDER))]
    counted = [
        f"{plan.count(operation)} to {operation}"
        for operation in operations
        if plan.count(operation)
    ]
    return ", ".join(counted) or "nothing to do"


def losses(plan: Plan) -> str:
    """An alert when something goes away; nothing otherwise."""
    lost = [step.operation for step in plan.steps if step.takes_away]
    if not lost:
        return ""
    counted = [
        f"{lost.count(operation)} to {operation}" for operation in TAKES_AWAY if operation in lost
    ]
    warning = "Access, a gate, a secret or a workflow goes away: read these rows first."
    return f"> [!CAUTION]\n> **On GitHub, {' and '.join(counted)}.** {warning}"


def table(steps: Sequence[Step], room: int, origin: Origin) -> list[str]:
    """As many rows as `room` bytes hold, and a sentence about the others."""
    lines = [HEADER] if steps else []
    for number, step in enumerate(steps):
        line = row(step)
        room -= size(f"\n{line}")
        if room < 0:
            return ["\n".join(lines), left_out(len(steps) - number, origin)]
        lines.append(line)
    return ["\n".join(lines)]


def row(step: Step) -> str:
    sign, name = f"{code(SIGNS.get(step.operation, '?'))} {step.operation}", code(step.name)
    if step.takes_away:
        sign, name = f"**{sign}**", f"**{name}**"
    return f"| {sign} | {name} | {code(step.kind)} | {changes(step)} |"


def changes(step: Step) -> str:
    if step.retained:
        return "forgotten here, kept on GitHub"
    if not step.on_github:
        return "in the state alone"
    shown = [describe(change) for change in step.changes[:CHANGES_SHOWN]]
    if len(step.changes) > CHANGES_SHOWN:
        shown.append(f"and {len(step.changes) - CHANGES_SHOWN} more")
    return "<br>".join(shown)


def describe(change: Change) -> str:
    """A property and, where both are short, its values."""
    name = (
        f"**{code(change.path)}** (forces the replacement)" if change.forces else code(change.path)
    )
    old, new = plain(change.old), plain(change.new)
    if old is None or new is None:
        return name
    if change.old is ABSENT:
        return f"{name}: {new} is new"
    if change.new is ABSENT:
        return f"{name}: {old} goes"
    return f"{name}: {old} → {new}"


def plain(value: Any) -> str | None:
    """A short value as code, or empty; nothing for one that does not fit a line."""
    if value is ABSENT or value is None:
        return "nothing"
    if isinstance(value, list | dict):
        return None
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return None if len(text) > VALUE_CHARACTERS or "\n" in text else code(text or '""')


def failure(preview: Preview) -> list[str]:
    plan = preview.plan or Plan()
    said = messages("Errors", [*plan.errors, preview.complaints.strip()])
    return [said or "Pulumi ended without a message.", messages("Warnings", plan.warnings)]


def messages(title: str, sentences: Iterable[str]) -> str:
    text = "\n".join(sentence for sentence in sentences if sentence)
    return f"**{title}**\n\n{block(clipped(text, MESSAGES_BYTES))}" if text else ""


def left_out(number: int, origin: Origin) -> str:
    where = f"[the run's summary]({origin.run})" if origin.run else "`pulumi preview`"
    return f"**… and {number} more**, which {where} shows."


def footer(origin: Origin, unchanged: int | None = None) -> str:
    parts = [] if unchanged is None else [f"{unchanged} unchanged"]
    parts += [f"commit {code(origin.commit[:12])}"] if origin.commit else []
    parts += [f"[the run]({origin.run})"] if origin.run else []
    return " · ".join(parts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the comment; ends with the code of `pulumi preview`."""
    parser = argparse.ArgumentParser(
        prog="scripts/preview-comment", description="Preview a stack as a comment."
    )
    parser.add_argument("--stack", default="prod", help="the stack (default: prod)")
    parser.add_argument("--commit", default="", help="the commit that is previewed")
    parser.add_argument(
        "--run", default="", help="the address of the run that the comment links to"
    )
    parser.add_argument(
        "--summary",
        type=Path,
        help="a file that the whole result is added to, such as $GITHUB_STEP_SUMMARY",
    )
    options = parser.parse_args(arguments)
    preview = run_preview(options.stack, Path.cwd(), os.environ)
    origin = Origin(options.commit, options.run)
    if options.summary:
        with options.summary.open("a", encoding="utf-8") as summary:
            summary.write(comment(preview, origin, SUMMARY_BYTES))
    print(comment(preview, origin), end="")
    return preview.code


if __name__ == "__main__":
    sys.exit(main())
