"""The commits that actions are pinned to."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from publish_workflow.errors import PinsError, Problem, shown

FILE = Path(__file__).with_name("action-pins.yaml")
PLACE = "publish_workflow/action-pins.yaml"
TITLE = "The actions of the publish workflow are not pinned"
ACTION = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+")
VERSION = re.compile(r"v(\d+)\.(\d+)\.(\d+)")
COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Pin:
    """An action at the commit of a release; as text it is what stands behind `uses:`."""

    action: str
    version: str
    commit: str

    def __str__(self) -> str:
        return f"{self.action}@{self.commit} # {self.version}"


# Each part of a pin: the pattern that it has to match in full, that pattern in words, and the remedy.
PARTS: dict[str, tuple[re.Pattern[str], str, str]] = {
    "version": (
        VERSION,
        "the full version of a release, such as v7.0.1",
        "write the release's whole version: a shorter tag such as v7 moves",
    ),
    "commit": (
        COMMIT,
        "the 40 hexadecimal digits of a commit",
        "run scripts/update-pins, or write the commit that the version's tag leads to",
    ),
}


def pinned(action: str) -> Pin:
    """The pin of an action. Raises `PinsError` where there is none, or the file of pins is not sound."""
    found = pins().get(action)
    if found is None:
        known = ", ".join(pins())
        raise PinsError(
            TITLE,
            [
                Problem(
                    PLACE,
                    f"without {shown(action)}",
                    f"a pin of each action, as of {known}",
                    f"add {action} to it",
                )
            ],
        )
    return found


@cache
def pins() -> dict[str, Pin]:
    """Every pin by the name of its action. Raises `PinsError` with everything that is wrong with the file."""
    return parse(FILE.read_text(encoding="utf-8"))


def parse(text: str) -> dict[str, Pin]:
    """The pins that a text holds. Raises `PinsError` with everything that is wrong with it."""
    try:
        table, found = yaml.safe_load(text), list(repeated(text))
    except yaml.YAMLError as error:
        raise PinsError(
            TITLE, [Problem(PLACE, "", "YAML", f"correct it: {' '.join(str(error).split())}")]
        ) from None
    found += problems(table)
    if found:
        raise PinsError(TITLE, found)
    return {
        action: Pin(action, entry["version"], entry["commit"]) for action, entry in table.items()
    }


def repeated(text: str) -> Iterator[Problem]:
    """Of two entries with one name, readers of YAML take the last and say nothing."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    names = [key.value for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(
                PLACE,
                f"with {shown(name)} {count} times",
                "each action once",
                "keep the entry that is right",
            )


def problems(table: Any) -> Iterator[Problem]:
    if not isinstance(table, dict) or not table:
        yield Problem(
            PLACE,
            shown(table),
            "actions, each with a version and a commit",
            "write it as it was before",
        )
        return
    for action, entry in table.items():
        yield from problems_of(action, entry)


def problems_of(action: Any, entry: Any) -> Iterator[Problem]:
    if not isinstance(action, str) or not ACTION.fullmatch(action):
        yield Problem(
            PLACE,
            f"with the action {shown(action)}",
            "owner/name",
            "name the repository of the action",
        )
        return
    if not isinstance(entry, dict) or set(entry) != set(PARTS):
        yield Problem(
            f"{PLACE}: {action}", shown(entry), "version and commit, and nothing else", "write both"
        )
        return
    for part, (pattern, allowed, remedy) in PARTS.items():
        if not isinstance(entry[part], str) or not pattern.fullmatch(entry[part]):
            yield Problem(f"{PLACE}: {action}.{part}", shown(entry[part]), allowed, remedy)
