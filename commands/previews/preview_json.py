"""The output of `pulumi preview --json` as plain values.

Steps that only prepare or finish another step are left out, as in Pulumi's own counts. The engine
writes secret values as `[secret]`.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Steps that remove something come first.
ORDER = ("delete", "replace", "update", "create", "import")
REMOVALS = ("delete", "replace")
SIGNS = {"delete": "-", "replace": "+-", "update": "~", "create": "+", "import": "="}
UNCOUNTED = (
    "same",
    "create-replacement",
    "delete-replaced",
    "discard-replaced",
    "read",
    "read-replacement",
    "refresh",
    "remove-pending-replace",
)
PATH_PART = re.compile(r"""\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.\[]+)""")


class Absent:
    """The value of a missing property."""


ABSENT = Absent()


@dataclass(frozen=True)
class Change:
    """A change of one property; `forces_replacement` when it replaces the resource."""

    path: str
    old: Any
    new: Any
    forces_replacement: bool = False


@dataclass(frozen=True)
class Step:
    """An operation on one resource.

    Attributes:
        operation: The engine's name of it, such as `update`.
        name: The resource's name in the program, such as `httpx/review`.
        kind: The last part of its type, such as `RepositoryRuleset`.
        changes: The properties that an update or a replacement changes.
        retained: Whether a deletion only affects the state: the object on GitHub stays.
        on_github: Whether GitHub has the resource. Components and providers are only in the state.
    """

    operation: str
    name: str
    kind: str
    changes: tuple[Change, ...] = ()
    retained: bool = False
    on_github: bool = True

    @property
    def removes(self) -> bool:
        """Whether the step removes something from GitHub."""
        return self.operation in REMOVALS and self.on_github and not self.retained


@dataclass(frozen=True)
class Preview:
    """The result of a preview, with the errors and warnings of the engine and the program."""

    steps: tuple[Step, ...] = ()
    unchanged: int = 0
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def count(self, operation: str) -> int:
        """Return the number of steps with an operation."""
        return sum(step.operation == operation for step in self.steps)

    @property
    def totals(self) -> str:
        """The numbers of steps, such as `1 to delete, 2 to create`."""
        operations = [*ORDER, *sorted({step.operation for step in self.steps} - set(ORDER))]
        counts = {operation: self.count(operation) for operation in operations}
        texts = [f"{count} to {operation}" for operation, count in counts.items() if count]
        return ", ".join(texts) or "nothing to do"

    @property
    def removals(self) -> str:
        """The numbers of steps that remove something from GitHub, or an empty text."""
        operations = [step.operation for step in self.steps if step.removes]
        counts = {operation: operations.count(operation) for operation in REMOVALS}
        return " and ".join(f"{count} to {name}" for name, count in counts.items() if count)


def read_preview(text: str, credentials: Collection[str] = ()) -> Preview | None:
    """Return the preview in the output of `pulumi preview --json`, without credentials in it.

    Return `None` where the engine ended before it wrote one.
    """
    try:
        document = hide_credentials(credentials, json.loads(text))
    except ValueError:
        return None
    steps = [read_step(step) for step in document.get("steps") or [] if step["op"] not in UNCOUNTED]
    diagnostics = document.get("diagnostics") or []
    return Preview(
        steps=tuple(sorted(steps, key=sort_key)),
        unchanged=(document.get("changeSummary") or {}).get("same", 0),
        errors=tuple(messages_of(diagnostics, "error")),
        warnings=tuple(messages_of(diagnostics, "warning")),
    )


def hide_credentials(credentials: Collection[str], value: Any) -> Any:
    """Return a value with `[secret]` in place of every credential."""
    if isinstance(value, dict):
        return {key: hide_credentials(credentials, item) for key, item in value.items()}
    if isinstance(value, list):
        return [hide_credentials(credentials, item) for item in value]
    if isinstance(value, str):
        for credential in credentials:
            value = value.replace(credential, "[secret]")
    return value


def sort_key(step: Step) -> int:
    return ORDER.index(step.operation) if step.operation in ORDER else len(ORDER)


def messages_of(diagnostics: list[Mapping[str, str]], severity: str) -> Iterator[str]:
    for diagnostic in diagnostics:
        if diagnostic["severity"] == severity:
            yield diagnostic["message"].strip().removeprefix(f"{severity}: ")


def read_step(step: Mapping[str, Any]) -> Step:
    old = step.get("oldState") or {}
    new = step.get("newState") or {}
    types, name = step["urn"].split("::")[-2:]
    is_engine_resource = types.startswith("pulumi:")
    return Step(
        operation=step["op"],
        name=name,
        kind=types.rsplit(":", 1)[-1],
        changes=tuple(read_changes(differences(step), old, new)),
        retained=step["op"] == "delete" and bool(old.get("retainOnDelete")),
        on_github=bool((new or old).get("custom")) and not is_engine_resource,
    )


def differences(step: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Return the properties that differ, by path, or by name where there are no details."""
    return step.get("detailedDiff") or {name: {} for name in step.get("diffReasons") or []}


def read_changes(
    diff: Mapping[str, Mapping[str, Any]], old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    for path, difference in sorted(diff.items()):
        before = old.get("inputs") if difference.get("inputDiff") else old.get("outputs")
        yield Change(
            path=path,
            old=value_at(path, before),
            new=value_at(path, new.get("inputs")),
            forces_replacement=str(difference.get("kind", "")).endswith("-replace"),
        )


def one_line(value: Any, limit: int) -> str | None:
    """Return a value as text on one line of up to `limit` characters; `None` for other values."""
    if isinstance(value, list | dict):
        return None
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return None if len(text) > limit or "\n" in text else text or '""'


def value_at(path: str, value: Any) -> Any:
    """Return the value at a path such as `rules.pullRequest.reviewers[0]`, or `ABSENT`."""
    for quoted, index, name in PATH_PART.findall(path):
        try:
            value = value[int(index)] if index else value[quoted or name]
        except (KeyError, IndexError, TypeError):
            return ABSENT
    return value
