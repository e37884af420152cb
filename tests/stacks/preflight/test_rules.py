"""The tables of rules: a situation without problems passes each, and all of them run."""

import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest

from stacks import preflight
from stacks.preflight import RULES, WARNING_RULES, Situation, problems, warnings
from stacks.preflight.situation import shell_loop, summarize_names
from stacks.settings import Problem
from tests.stacks.preflight.situations import situation, snapshot_with, teams

Rule = Callable[[Situation], Iterator[Any]]


def test_a_situation_without_problems() -> None:
    assert problems(situation()) == []
    assert warnings(situation()) == []


@pytest.mark.parametrize("rule", [*RULES, *WARNING_RULES], ids=lambda rule: rule.__name__)
def test_a_situation_without_problems_passes_each_rule(rule: Rule) -> None:
    assert list(rule(situation())) == []


@pytest.mark.parametrize(("table", "result"), [(RULES, Problem), (WARNING_RULES, str)])
def test_every_rule_is_in_its_table_once(table: tuple[Rule, ...], result: Any) -> None:
    modules = [
        import_module(module.name)
        for module in pkgutil.iter_modules(preflight.__path__, "stacks.preflight.")
    ]
    rules = {
        value.__name__
        for module in modules
        for value in vars(module).values()
        if is_rule(value, result)
    }

    assert rules == {rule.__name__ for rule in table}
    assert len(rules) == len(table)


def is_rule(value: object, result: Any) -> bool:
    """Return whether a value is a function of a situation that yields problems or warnings."""
    return getattr(value, "__annotations__", {}) == {
        "situation": Situation,
        "return": Iterator[result],
    }


def test_all_problems_are_reported_at_once() -> None:
    snapshot = snapshot_with(
        scopes=frozenset({"repo"}),
        is_owner=False,
        unknown_logins=frozenset({"operator-1"}),
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


def test_a_warning_counts_and_lists_more_than_one_name() -> None:
    assert summarize_names(["httpx"], "lacks it", "repositories lack it") == "httpx lacks it"
    assert (
        summarize_names(["httpcore", "httpx"], "lacks it", "repositories lack it")
        == "2 repositories lack it: httpcore, httpx"
    )


def test_a_long_list_of_names_is_cut_short() -> None:
    names = [f"r{number:02}" for number in range(20)]

    assert summarize_names(names, "", "repositories lack it").endswith("r11 and 8 more")


def test_one_command_covers_every_name() -> None:
    names = [f"r{number:02}" for number in range(20)]

    assert shell_loop(["httpx"], "echo {}") == "echo httpx"
    assert shell_loop(names, "echo {}") == f"for name in {' '.join(names)}; do echo $name; done"
