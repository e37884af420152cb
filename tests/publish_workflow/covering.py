"""A sample of all combinations in which every two values meet at least once, and the choices to combine."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from publish_workflow.layouts import LAYOUTS
from tests.publish_workflow.published import text

CHOICES: dict[str, Sequence[Any]] = {
    "repository": ("httpx", "a.b-c_d", "on"),
    "release_tags": ("*", "v[0-9]*", "[0-9]*.[0-9]*"),
    "environment": ("deploy", "on"),
    "secrets": (("PYPI_TOKEN",), (), ("DOCS_KEY", "ON", "PYPI_TOKEN")),
    "python_version": ("3.x", "3.13", ">=3.12 <3.15"),
    "runner": ("ubuntu-latest", "ubuntu-24.04"),
    "publish_install": (
        "scripts/install",
        "python -m pip install --require-hashes -r requirements/publish.txt",
        "echo 'it is': \"#1\" && scripts/install",
    ),
    "timeout_minutes": (30, 1, 360),
    "environment_variables": (
        {},
        {"FORCE_COLOR": "1"},
        {"NO": "it's: #1", "A": "- [x] {y} & *z | %"},
    ),
    "permissions": (
        {},
        {"attestations": "write", "id-token": "write"},
        {"contents": "write", "packages": "read"},
    ),
    "deploys_docs": (False, True),
}
# Choices of every layout that are no option of a layout.
ALWAYS = ("repository", "release_tags", "environment")
Pair = tuple[tuple[str, int], tuple[str, int]]


def choices_of(layout: str) -> dict[str, Sequence[Any]]:
    return {
        name: values
        for name, values in CHOICES.items()
        if name in LAYOUTS[layout].options or name in ALWAYS
    }


def sample() -> dict[str, str]:
    """The texts of a covering sample of every layout, by layout and number."""
    return {
        f"{layout}-{number}": text(layout, **changes)
        for layout in LAYOUTS
        for number, changes in enumerate(covering(choices_of(layout)))
    }


def covering(choices: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Greedy: begins with a pair that is missing, and gives every other choice the value that adds the most pairs."""
    missing = pairs(choices)
    while missing:
        row = dict(min(missing))
        for name, values in choices.items():
            if name not in row:
                row[name] = max(
                    range(len(values)), key=lambda index: len(met(row | {name: index}) & missing)
                )
        missing -= met(row)
        yield {name: choices[name][index] for name, index in row.items()}


def pairs(choices: Mapping[str, Sequence[Any]]) -> set[Pair]:
    """Every two values of different choices, each by its place."""
    return {
        ((one, first), (other, second))
        for one, other in combinations(sorted(choices), 2)
        for first in range(len(choices[one]))
        for second in range(len(choices[other]))
    }


def met(row: Mapping[str, int]) -> set[Pair]:
    return set(combinations(sorted(row.items()), 2))
