"""A sample of option combinations that has each pair of values at least once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import combinations
from typing import Any

from publish_workflow.layouts import LAYOUTS, PublishSettings
from stacks.settings.options import OPTIONS, is_unavailable
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
# Fields that every layout has, and that no option of a layout sets.
COMMON_FIELDS = ("repository", "release_tags", "environment")
Pair = tuple[tuple[str, int], tuple[str, int]]


def options_of(layout: str) -> set[str]:
    """Return the fields of `PublishSettings` that a stack file can set in a layout."""
    available = {name for name in OPTIONS if not is_unavailable(layout, name)}
    options = {"secrets" if name == "secret_names" else name for name in available}
    return options & {field.name for field in fields(PublishSettings)} - {"release_tags", "layout"}


def choices_of(layout: str) -> dict[str, Sequence[Any]]:
    return {
        name: values
        for name, values in CHOICES.items()
        if name in options_of(layout) or name in COMMON_FIELDS
    }


def sample() -> dict[str, str]:
    """Return the texts of a covering sample, by layout and number."""
    return {
        f"{layout}-{number}": text(layout, **changes)
        for layout in LAYOUTS
        for number, changes in enumerate(covering(choices_of(layout)))
    }


def covering(choices: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Yield combinations until each pair of values has occurred.

    Start each one with a missing pair, and give every other choice the value that adds the most
    missing pairs.
    """
    missing = pairs(choices)
    while missing:
        row = dict(min(missing))
        for name, values in choices.items():
            if name not in row:
                row[name] = max(
                    range(len(values)),
                    key=lambda index: len(pairs_in(row | {name: index}) & missing),
                )
        missing -= pairs_in(row)
        yield {name: choices[name][index] for name, index in row.items()}


def pairs(choices: Mapping[str, Sequence[Any]]) -> set[Pair]:
    """Return each pair of values of two choices, as indexes."""
    return {
        ((left, i), (right, j))
        for left, right in combinations(sorted(choices), 2)
        for i in range(len(choices[left]))
        for j in range(len(choices[right]))
    }


def pairs_in(row: Mapping[str, int]) -> set[Pair]:
    return set(combinations(sorted(row.items()), 2))
