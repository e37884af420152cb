"""Tests of the coverage page and the table of operations against GitHub's API description."""

import re
from fnmatch import fnmatchcase

from commands import coverage
from simulated_github.operations import OPERATIONS
from simulated_github.operations.not_served import CATEGORIES, NOT_SERVED
from tests.simulated_github.helpers.api_description import list_operations

DESCRIBED = {
    name: place for name, place in list_operations().items() if name.split("/")[0] in CATEGORIES
}
SERVED = {operation.id for operation in OPERATIONS}
PATTERNS = [pattern for reason in NOT_SERVED for pattern in reason.operation_ids]


def anonymize(path: str) -> str:
    """Return a path without the names of its parts."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def test_the_page_is_current() -> None:
    """Run `python -m commands.coverage` to regenerate it."""
    assert coverage.PAGE.read_text(encoding="utf-8") == coverage.page()


def test_every_operation_has_githubs_id_method_and_path() -> None:
    served = {
        operation.id: (operation.method, anonymize(operation.path)) for operation in OPERATIONS
    }

    assert served == {
        name: (DESCRIBED[name][0], anonymize(DESCRIBED[name][1]))
        for name in served
        if name in DESCRIBED
    }


def test_every_unserved_operation_has_a_reason() -> None:
    unexplained = {
        name
        for name in DESCRIBED.keys() - SERVED
        if not any(fnmatchcase(name, pattern) for pattern in PATTERNS)
    }

    assert unexplained == set()


def test_every_reason_matches_an_unserved_operation() -> None:
    unused = [
        p for p in PATTERNS if not any(fnmatchcase(name, p) for name in DESCRIBED.keys() - SERVED)
    ]

    assert unused == []
