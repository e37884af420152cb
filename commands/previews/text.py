"""A preview as text for a terminal."""

from collections.abc import Iterator, Sequence
from typing import Any

from commands.previews.preview_json import ABSENT, SIGNS, Change, Preview, Step, one_line
from commands.previews.preview_run import PreviewRun

VALUE_CHARACTERS = 60


def as_text(run: PreviewRun) -> str:
    """Return the result, the steps with their changes, and the errors and warnings."""
    title = f"Preview of {run.stack}" if run.stack else "Preview"
    preview = run.preview or Preview()
    if run.failed:
        errors = [*preview.errors, run.messages.strip()]
        text = messages("Errors", errors) or ["", "Pulumi ended without a message."]
        lines = [f"{title}: failed", *text]
    else:
        totals = f"{title}: {preview.totals}, {preview.unchanged} unchanged"
        lines = [totals, *removal_alert(preview), *step_lines(preview.steps)]
    lines += messages("Warnings", preview.warnings)
    return "".join(f"{printable(line)}\n" for line in lines)


def removal_alert(preview: Preview) -> list[str]:
    if not preview.removals:
        return []
    advice = "access, a gate, a secret or a workflow is removed."
    return ["", f"CAUTION: on GitHub, {preview.removals}: {advice}"]


def step_lines(steps: Sequence[Step]) -> Iterator[str]:
    """Yield a line for each step, with its changes below it."""
    if steps:
        yield ""
    operation_width = max((len(step.operation) for step in steps), default=0)
    name_width = max((len(step.name) for step in steps), default=0)
    for step in steps:
        sign = SIGNS.get(step.operation, "?")
        operation = f"{sign:2} {step.operation:{operation_width}}"
        yield f"{operation}  {step.name:{name_width}}  {step.kind}{note(step)}"
        for change in step.changes:
            yield f"{'':{operation_width}}     {describe(change)}"


def note(step: Step) -> str:
    if step.retained:
        return " (kept on GitHub)"
    return "" if step.on_github else " (only in the state)"


def describe(change: Change) -> str:
    """Return a property and, where both are short, its values."""
    name = f"{change.path} (forces the replacement)" if change.forces_replacement else change.path
    old = short_value(change.old)
    new = short_value(change.new)
    return name if old is None or new is None else f"{name}: {old} -> {new}"


def short_value(value: Any) -> str | None:
    """Return a value that fits on one line; `None` for other values."""
    if value is ABSENT or value is None:
        return "nothing"
    return one_line(value, VALUE_CHARACTERS)


def messages(title: str, sentences: Sequence[str]) -> list[str]:
    lines = [line for sentence in sentences if sentence for line in sentence.splitlines()]
    return ["", title, *(f"  {line}" for line in lines)] if lines else []


def printable(line: str) -> str:
    """Return a line without control characters, which a terminal would interpret."""
    return "".join(character if character.isprintable() else "?" for character in line)
