"""The table of rules: each has nothing against a sound situation, and all look at once."""

import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module

import pytest

from stacks import preflight
from stacks.preflight import RULES, Situation, problems, warnings
from stacks.settings import Problem
from tests.stacks.preflight.situations import situation, snapshot_with, teams

Rule = Callable[[Situation], Iterator[Problem]]


def test_a_sound_situation() -> None:
    assert problems(situation()) == []
    assert warnings(situation()) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_has_nothing_against_a_sound_situation(rule: Rule) -> None:
    assert list(rule(situation())) == []


def test_every_rule_is_in_the_table_once() -> None:
    """A rule is a function of a situation that yields problems."""
    modules = [
        import_module(module.name)
        for module in pkgutil.iter_modules(preflight.__path__, "stacks.preflight.")
    ]
    rules = {
        value.__name__ for module in modules for value in vars(module).values() if is_rule(value)
    }

    assert rules == {rule.__name__ for rule in RULES}
    assert len(rules) == len(RULES)


def is_rule(value: object) -> bool:
    return getattr(value, "__annotations__", {}) == {
        "situation": Situation,
        "return": Iterator[Problem],
    }


def test_everything_is_found_at_once() -> None:
    snapshot = snapshot_with(
        scopes=frozenset({"repo"}),
        is_owner=False,
        missing_people=frozenset({"operator-1"}),
        owners=frozenset({"operator-2"}),
        teams=teams("maintainers"),
        repositories={},
    )

    assert [problem.path for problem in problems(situation(snapshot))] == [
        "GITHUB_TOKEN",
        "GITHUB_TOKEN",
        "GITHUB_TOKEN",
        "operations.members[0]",
        "operations.members[1]",
        "maintainers.name",
        "repositories.httpx",
    ]
