"""The commits that actions are pinned to."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("action-pins.yaml")


@dataclass(frozen=True)
class Pin:
    """An action at the commit of a release; as text it is what stands behind `uses:`."""

    action: str
    version: str
    commit: str

    def __str__(self) -> str:
        return f"{self.action}@{self.commit} # {self.version}"


@cache
def pins() -> dict[str, Pin]:
    """Every pin by the name of its action."""
    table = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {action: Pin(action, entry["version"], entry["commit"]) for action, entry in table.items()}
