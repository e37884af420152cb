"""What `pulumi preview --json` says, as plain values: the steps in the order in which people should read them.

Steps that only prepare or finish another one are left out, as in Pulumi's own counts. Values that the engine knows to be secret
arrive as `[secret]` and stay so.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# What takes something away comes first.
ORDER = ("delete", "replace", "update", "create", "import")
TAKES_AWAY = ("delete", "replace")
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
PART_OF_PATH = re.compile(r"""\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.\[]+)""")


class Absent:
    """The value of a property that is not there."""


ABSENT = Absent()


@dataclass(frozen=True)
class Change:
    """One property of a resource that changes; `forces` when it does so by replacing the resource."""

    path: str
    old: Any
    new: Any
    forces: bool = False


@dataclass(frozen=True)
class Step:
    """What is to be done to one resource.

    Attributes:
        operation: In the engine's words, such as `update`.
        name: The resource's name in the program, such as `httpx/review`.
        kind: The last part of its type, such as `RepositoryRuleset`.
        changes: What an update or a replacement is about.
        retained: A deletion that only forgets: what is on GitHub stays.
        on_github: Whether GitHub has it at all; what groups others, or belongs to the engine, is in the state alone.
    """

    operation: str
    name: str
    kind: str
    changes: tuple[Change, ...] = ()
    retained: bool = False
    on_github: bool = True

    @property
    def takes_away(self) -> bool:
        return self.operation in TAKES_AWAY and self.on_github and not self.retained


@dataclass(frozen=True)
class Plan:
    """A preview's result. `errors` and `warnings` are the engine's and the program's own sentences."""

    steps: tuple[Step, ...] = ()
    unchanged: int = 0
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def count(self, operation: str) -> int:
        return sum(step.operation == operation for step in self.steps)


def read_plan(text: str, hidden: Collection[str] = ()) -> Plan | None:
    """The plan in the output of `pulumi preview --json`, without the texts that are `hidden`.

    Nothing where the engine ended before it had a plan.
    """
    try:
        digest = without(hidden, json.loads(text))
    except ValueError:
        return None
    steps = [read_step(step) for step in digest.get("steps") or [] if step["op"] not in UNCOUNTED]
    messages = digest.get("diagnostics") or []
    return Plan(
        steps=tuple(sorted(steps, key=precedence)),
        unchanged=(digest.get("changeSummary") or {}).get("same", 0),
        errors=tuple(messages_of(messages, "error")),
        warnings=tuple(messages_of(messages, "warning")),
    )


def without(hidden: Collection[str], value: Any) -> Any:
    """The value with `[secret]` wherever a hidden text stands in it."""
    if isinstance(value, dict):
        return {key: without(hidden, item) for key, item in value.items()}
    if isinstance(value, list):
        return [without(hidden, item) for item in value]
    if isinstance(value, str):
        for text in hidden:
            value = value.replace(text, "[secret]")
    return value


def precedence(step: Step) -> int:
    return ORDER.index(step.operation) if step.operation in ORDER else len(ORDER)


def messages_of(messages: list[Mapping[str, str]], severity: str) -> Iterator[str]:
    for message in messages:
        if message["severity"] == severity:
            yield message["message"].strip().removeprefix(f"{severity}: ")


def read_step(step: Mapping[str, Any]) -> Step:
    old, new = step.get("oldState") or {}, step.get("newState") or {}
    types, name = step["urn"].split("::")[-2:]
    of_the_engine = types.startswith("pulumi:")
    return Step(
        operation=step["op"],
        name=name,
        kind=types.rsplit(":", 1)[-1],
        changes=tuple(read_changes(differences(step), old, new)),
        retained=step["op"] == "delete" and bool(old.get("retainOnDelete")),
        on_github=bool((new or old).get("custom")) and not of_the_engine,
    )


def differences(step: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """The properties that differ, by path; by name alone where the provider knows no more."""
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
            forces=str(difference.get("kind", "")).endswith("-replace"),
        )


def value_at(path: str, value: Any) -> Any:
    """Follows a property's path such as `rules.pullRequest.reviewers[0]`; `ABSENT` where it leads nowhere."""
    for quoted, index, name in PART_OF_PATH.findall(path):
        try:
            value = value[int(index)] if index else value[quoted or name]
        except (KeyError, IndexError, TypeError):
            return ABSENT
    return value
