"""The table of `docs/threat-model.md`, and the tests that it names."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "docs" / "threat-model.md").read_text(encoding="utf-8")
TEST_NAME = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
THREATS = 31


class Threat(NamedTuple):
    """A row of the table."""

    number: int
    cause: str
    status: str
    answer: str
    tests: list[tuple[str, str]]


def threats() -> list[Threat]:
    rows = [
        line.strip("| ").split(" | ") for line in PAGE.splitlines() if re.match(r"\| \d+ \|", line)
    ]
    return [
        Threat(
            int(row[0]), row[1], row[2], row[3], TEST_NAME.findall(row[4] if len(row) > 4 else "")
        )
        for row in rows
    ]


@cache
def functions_of(path: str) -> frozenset[str]:
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_threat_is_listed_once_in_order() -> None:
    assert [threat.number for threat in threats()] == list(range(1, THREATS + 1))


@pytest.mark.parametrize("threat", threats(), ids=lambda threat: str(threat.number))
def test_a_threat_has_a_cause_a_status_and_an_answer(threat: Threat) -> None:
    assert threat.cause
    assert threat.status in {"closed", "in part", "open"}
    assert threat.answer.endswith(".")


@pytest.mark.parametrize("threat", threats(), ids=lambda threat: str(threat.number))
def test_the_tests_of_a_threat_exist(threat: Threat) -> None:
    assert threat.tests or threat.status == "open"
    for path, name in threat.tests:
        assert name in functions_of(path), f"{path}::{name}"


def test_every_reference_to_a_test_is_in_the_table() -> None:
    assert PAGE.count("::test_") == sum(len(threat.tests) for threat in threats())


def test_the_counts_below_the_table_are_right() -> None:
    count = Counter(threat.status for threat in threats())

    assert (
        f"Of these {THREATS}, {count['closed']} are closed, {count['in part']} in part, "
        f"and {count['open']} open."
    ) in PAGE
