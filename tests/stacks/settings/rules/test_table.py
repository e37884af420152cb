"""The table of rules."""

from inspect import get_annotations, isfunction
from types import ModuleType

import pytest

from stacks.settings import Problem
from stacks.settings import people_rules as people
from stacks.settings import repository_rules as repositories
from stacks.settings import workflow_rules as workflows
from stacks.settings.declaration import Declaration
from stacks.settings.rules import RULES, broken_rules
from tests.stacks.settings.configurations import VALID, places


@pytest.mark.parametrize("module", [people, repositories, workflows])
def test_every_rule_of_a_module_is_in_the_table(module: ModuleType) -> None:
    own = [
        value
        for value in vars(module).values()
        if isfunction(value) and value.__module__ == module.__name__
    ]
    rules = [
        function for function in own if list(get_annotations(function)) == ["declaration", "return"]
    ]

    assert rules
    assert set(rules) <= set(RULES)


def test_each_rule_is_in_the_table_once() -> None:
    assert len(set(RULES)) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_accepts_an_empty_declaration_as_input(rule: object) -> None:
    """Nothing at all is declared when everything was left out."""
    assert callable(rule)
    assert all(isinstance(problem, Problem) for problem in rule(Declaration()))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_accepts_a_valid_declaration(rule: object) -> None:
    assert callable(rule)
    assert list(rule(Declaration.model_validate(VALID))) == []


def test_a_default_that_breaks_a_rule_is_one_problem() -> None:
    declaration = Declaration.model_validate(
        {
            **VALID,
            "defaults": {"teams": {"operations": "read"}},
            "repositories": dict.fromkeys("abc"),
        }
    )

    assert [problem.path for problem in broken_rules(declaration)] == ["defaults.teams"]


def test_all_broken_rules_are_reported_at_once() -> None:
    paths = places(
        operations={"members": ["operator-1", "operator-2", "operator-1"]},
        maintainers={},
        defaults={"reviewers": {"users": [f"p{number}" for number in range(6)]}},
        repositories={"httpx": None, "HTTPX": None},
        secrets={"flask": {"PYPI_TOKEN": "hunter2"}},
        applied_by={"id": 5},
    )

    assert paths == [
        "applied-by",
        "defaults.reviewers",
        "maintainers",
        "operations.members[2]",
        "repositories.HTTPX",
        "secrets.flask",
    ]


def test_rules_wait_until_the_shape_is_right() -> None:
    paths = places(
        operations={"members": ["operator-1", "operator-1", "x y"]},
        defaults={"approvals": "two"},
        repositories={"httpx": {"create": "yes"}, "HTTPX": None},
    )

    assert paths == ["defaults.approvals", "operations.members[2]", "repositories.httpx.create"]
