"""Writes the page on what the simulated GitHub serves: by GitHub's operation ids, made from the table of operations."""

from itertools import groupby
from pathlib import Path

from simulated_github.http.routing import Operation
from simulated_github.operations import OPERATIONS
from simulated_github.operations.not_served import NOT_SERVED, Reason

PAGE = Path(__file__).parents[1] / "docs" / "simulator-coverage.md"
_HEAD = """\
# What the simulated GitHub serves

Made by `python -m commands.coverage` from the table of operations; the names are the operation ids
of GitHub's REST API description.
"""
_SERVED = "| operation | request | role or token | App permission |\n|---|---|---|---|"
_LEFT_OUT = """\
## Deliberately not served

A `*` stands for any text; what is served is excepted. Of the categories of the API that are not named on this page,
nothing is served.

| operations | why not |
|---|---|"""


def page() -> str:
    """The page's text."""
    ordered = sorted(OPERATIONS, key=lambda operation: operation.id)
    categories = [
        _category(name, list(found))
        for name, found in groupby(ordered, lambda operation: operation.id.split("/")[0])
    ]
    count = f"{len(OPERATIONS)} operations are served, and GraphQL queries for users, organizations, teams and repositories."
    reasons = "\n".join([_LEFT_OUT, *(_reason(reason) for reason in NOT_SERVED)])
    return "\n".join([_HEAD, count, "", *categories, reasons]) + "\n"


def _category(name: str, found: list[Operation]) -> str:
    return "\n".join(
        [f"## {name} ({len(found)})", "", _SERVED, *(_row(operation) for operation in found), ""]
    )


def _row(operation: Operation) -> str:
    path = operation.path.replace("...}", "}")
    return f"| `{operation.id}` | `{operation.method} {path}` | {operation.requires.description} | {operation.requires.permission or '-'} |"


def _reason(reason: Reason) -> str:
    return f"| {', '.join(f'`{name}`' for name in reason.ids)} | {reason.why} |"


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")
    print(f"docs/{PAGE.name}: {len(OPERATIONS)} operations")


if __name__ == "__main__":
    main()
