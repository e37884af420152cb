"""The commits that the actions of the publish workflow are pinned to."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from publish_workflow.errors import PinsError, Problem, format_value

FILE = Path(__file__).with_name("action-pins.yaml")
PLACE = "publish_workflow/action-pins.yaml"
TITLE = "The actions of the publish workflow are not pinned"
ACTION = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+")
VERSION = re.compile(r"v(\d+)\.(\d+)\.(\d+)")
COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Pin:
    """An action at the commit of a release; its text follows `uses:`."""

    action: str
    version: str
    commit: str

    def __str__(self) -> str:
        return f"{self.action}@{self.commit} # {self.version}"


# The pattern of each part of a pin, the same in words, and the remedy.
PARTS: dict[str, tuple[re.Pattern[str], str, str]] = {
    "version": (
        VERSION,
        "the full version of a release, such as v7.0.1",
        "write the release's whole version: a shorter tag such as v7 moves",
    ),
    "commit": (
        COMMIT,
        "the 40 hexadecimal digits of a commit",
        "run scripts/update-pins, or write the commit that the version's tag points to",
    ),
}


def read_pin(action: str) -> Pin:
    """Return the pin of an action. Raise `PinsError` without one, or when the file is invalid."""
    pin = read_pins().get(action)
    if pin is None:
        allowed = f"a pin of each action, like those of {', '.join(read_pins())}"
        problem = Problem(PLACE, f"without {format_value(action)}", allowed, f"add {action} to it")
        raise PinsError(TITLE, [problem])
    return pin


@cache
def read_pins() -> dict[str, Pin]:
    """Return every pin by the name of its action. Raise `PinsError` when the file is invalid."""
    return parse_pins(FILE.read_text(encoding="utf-8"))


def parse_pins(text: str) -> dict[str, Pin]:
    """Return the pins in a text. Raise `PinsError` listing every problem in it."""
    try:
        table = yaml.safe_load(text)
        problems = [*repeated_actions(text), *invalid_entries(table)]
    except yaml.YAMLError as error:
        problem = Problem(PLACE, "", "YAML", f"correct it: {' '.join(str(error).split())}")
        raise PinsError(TITLE, [problem]) from None
    if problems:
        raise PinsError(TITLE, problems)
    return {
        action: Pin(action, entry["version"], entry["commit"]) for action, entry in table.items()
    }


def repeated_actions(text: str) -> Iterator[Problem]:
    """Yield a problem for each action with several entries; YAML silently takes the last one."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    names = [key.value for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(
                PLACE,
                f"with {format_value(name)} {count} times",
                "each action once",
                "remove the wrong entries",
            )


def invalid_entries(table: Any) -> Iterator[Problem]:
    if not isinstance(table, dict) or not table:
        yield Problem(
            PLACE,
            format_value(table),
            "actions, each with a version and a commit",
            "restore the file from version control",
        )
        return
    for action, entry in table.items():
        yield from invalid_parts(action, entry)


def invalid_parts(action: Any, entry: Any) -> Iterator[Problem]:
    if not isinstance(action, str) or not ACTION.fullmatch(action):
        yield Problem(
            PLACE,
            f"with the action {format_value(action)}",
            "owner/name",
            "name the repository of the action",
        )
        return
    if not isinstance(entry, dict) or set(entry) != set(PARTS):
        yield Problem(
            f"{PLACE}: {action}",
            format_value(entry),
            "version and commit, and nothing else",
            "write both",
        )
        return
    for part, (pattern, allowed, remedy) in PARTS.items():
        if not isinstance(entry[part], str) or not pattern.fullmatch(entry[part]):
            yield Problem(f"{PLACE}: {action}.{part}", format_value(entry[part]), allowed, remedy)
