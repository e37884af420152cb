"""The preview of a stack as a comment for a pull request, or as text for a terminal.

Deliberately absent: writing the comment to GitHub. The job that runs a pull request's code must not
be able to.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commands.previews.markdown import block, code, document, size, truncate
from commands.previews.preview_json import ABSENT, SIGNS, Change, Preview, Step, one_line
from commands.previews.preview_run import PreviewRun, read_run, run_preview
from commands.previews.text import as_text

# The workflow finds the comment to edit by this first line.
MARKER = "<!-- release stack: preview -->"
# GitHub refuses a longer comment ("Body is too long (maximum is 65536 characters)"), and a longer
# summary of a step:
# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits
COMMENT_BYTES = 65_536
SUMMARY_BYTES = 1_048_576
MESSAGES_BYTES = 12_000
VALUE_CHARACTERS = 80
MAX_CHANGES = 8
HEADER = "| | Resource | Kind | Changes |\n|---|---|---|---|"


@dataclass(frozen=True)
class Origin:
    """The commit that was previewed and the address of the workflow run; empty where unknown."""

    commit: str = ""
    run: str = ""


def comment(run: PreviewRun, origin: Origin, limit: int = COMMENT_BYTES) -> str:
    """Return the comment, in at most `limit` bytes of UTF-8.

    Rows at the end of the table are left out to keep within the limit; their number is given.
    """
    preview = run.preview
    title = f"### Preview of {code(run.stack)}" if run.stack else "### Preview"
    if run.failed or preview is None:
        return document([MARKER, f"{title}: failed", *failure(run), footer(origin)])
    top = [MARKER, f"{title}: {preview.totals}", removal_alert(preview)]
    bottom = [messages("Warnings", preview.warnings), footer(origin, preview.unchanged)]
    note = omitted_rows(len(preview.steps), origin)
    room = limit - size(document([*top, HEADER, note, *bottom]))
    return document([*top, *table(preview.steps, room, origin), *bottom])


def removal_alert(preview: Preview) -> str:
    """Return an alert when something is removed from GitHub, or an empty text."""
    counts = preview.removals
    if not counts:
        return ""
    advice = "Access, a gate, a secret or a workflow is removed: read these rows first."
    return f"> [!CAUTION]\n> **On GitHub, {counts}.** {advice}"


def table(steps: Sequence[Step], room: int, origin: Origin) -> list[str]:
    """Return a table in at most `room` bytes, and a note on the rows that are left out."""
    lines = [HEADER] if steps else []
    for number, step in enumerate(steps):
        line = row(step)
        room -= size(f"\n{line}")
        if room < 0:
            return ["\n".join(lines), omitted_rows(len(steps) - number, origin)]
        lines.append(line)
    return ["\n".join(lines)]


def row(step: Step) -> str:
    sign = f"{code(SIGNS.get(step.operation, '?'))} {step.operation}"
    name = code(step.name)
    if step.removes:
        sign = f"**{sign}**"
        name = f"**{name}**"
    return f"| {sign} | {name} | {code(step.kind)} | {changes(step)} |"


def changes(step: Step) -> str:
    """Return the cell on the changes of a step."""
    if step.retained:
        return "removed from the state, kept on GitHub"
    if not step.on_github:
        return "only in the state"
    lines = [describe(change) for change in step.changes[:MAX_CHANGES]]
    if len(step.changes) > MAX_CHANGES:
        lines.append(f"and {len(step.changes) - MAX_CHANGES} more")
    return "<br>".join(lines)


def describe(change: Change) -> str:
    """Return a property and, where both are short, its values."""
    name = code(change.path)
    if change.forces_replacement:
        name = f"**{name}** (forces the replacement)"
    old = short_value(change.old)
    new = short_value(change.new)
    if old is None or new is None:
        return name
    if change.old is ABSENT:
        return f"{name}: {new} is added"
    if change.new is ABSENT:
        return f"{name}: {old} is removed"
    return f"{name}: {old} → {new}"


def short_value(value: Any) -> str | None:
    """Return a value that fits on one line, as code; `None` for other values."""
    if value is ABSENT or value is None:
        return "nothing"
    text = one_line(value, VALUE_CHARACTERS)
    return None if text is None else code(text)


def failure(run: PreviewRun) -> list[str]:
    """Return the errors and warnings of a run that failed."""
    preview = run.preview or Preview()
    errors = messages("Errors", [*preview.errors, run.messages.strip()])
    warnings = messages("Warnings", preview.warnings)
    return [errors or "Pulumi ended without a message.", warnings]


def messages(title: str, sentences: Iterable[str]) -> str:
    text = "\n".join(sentence for sentence in sentences if sentence)
    return f"**{title}**\n\n{block(truncate(text, MESSAGES_BYTES))}" if text else ""


def omitted_rows(number: int, origin: Origin) -> str:
    source = f"[the run's summary]({origin.run})" if origin.run else "`pulumi preview`"
    return f"**… and {number} more**, which {source} shows."


def footer(origin: Origin, unchanged: int | None = None) -> str:
    parts = [] if unchanged is None else [f"{unchanged} unchanged"]
    parts += [f"commit {code(origin.commit[:12])}"] if origin.commit else []
    parts += [f"[the run]({origin.run})"] if origin.run else []
    return " · ".join(parts)


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/preview-comment",
        description="Preview a stack as a comment for a pull request, or as text for a terminal.",
    )
    parser.add_argument("--stack", default="prod", help="the stack (default: prod)")
    parser.add_argument(
        "--text", action="store_true", help="print text for a terminal instead of Markdown"
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="read the output of `pulumi preview --json` from standard input instead",
    )
    parser.add_argument("--commit", default="", help="the commit that is previewed")
    parser.add_argument("--run", default="", help="the workflow run that the comment links to")
    parser.add_argument(
        "--summary",
        type=Path,
        help="a file to add the whole comment to, such as $GITHUB_STEP_SUMMARY",
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the preview; return the exit code of `pulumi preview`."""
    options = parse_arguments(arguments)
    if options.json:
        run = read_run(sys.stdin.read(), os.environ)
    else:
        run = run_preview(options.stack, Path.cwd(), os.environ)
    origin = Origin(options.commit, options.run)
    if options.summary:
        with options.summary.open("a", encoding="utf-8") as summary:
            summary.write(comment(run, origin, SUMMARY_BYTES))
    print(as_text(run) if options.text else comment(run, origin), end="")
    return run.code


if __name__ == "__main__":
    sys.exit(main())
