"""GitHub's API description as ``githubkit`` has it: its operations, and the models of what they take and answer.

The package is imported by name, so that its many thousand models are no matter of the type checker.
"""

import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from simulated_github.not_served import CATEGORIES

VERSION = "2022-11-28"
_HEAD = re.compile(r"(?P<id>[\w-]+/[\w-]+)\n\n(?P<method>[A-Z]+) (?P<path>\S+)")


@cache
def operations() -> dict[str, tuple[str, str]]:
    """Method and path of every operation in the categories that are accounted for, by operation id."""
    return {name: place for name, place, _ in _methods()}


def _methods() -> Iterator[tuple[str, tuple[str, str], Any]]:
    client = importlib.import_module("githubkit").GitHub("a-token")
    rest = client.rest(VERSION)
    for category in CATEGORIES:
        for name, method in inspect.getmembers(getattr(rest, category.replace("-", "_")), inspect.ismethod):
            found = _HEAD.match(inspect.getdoc(method) or "")
            if found and not name.startswith("async_"):
                yield found["id"], (found["method"], found["path"]), method
