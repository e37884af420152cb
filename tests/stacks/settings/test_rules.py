"""The table of rules."""

from inspect import get_annotations, isfunction
from types import ModuleType

import pytest

from stacks.settings import Problem, approval_rules, people_rules, repository_rules, workflow_rules
from stacks.settings.declared import Declaration
from stacks.settings.rules import RULES, broken
from tests.stacks.settings.sound import SOUND, places


@pytest.mark.parametrize("module", [people_rules, repository_rules, workflow_rules, approval_rules])
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
def test_a_rule_assumes_nothing(rule: object) -> None:
    """Nothing at all is declared when everything was left out."""
    assert callable(rule)
    assert all(isinstance(problem, Problem) for problem in rule(Declaration()))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_has_nothing_against_a_sound_declaration(rule: object) -> None:
    assert callable(rule)
    assert list(rule(Declaration.model_validate(SOUND))) == []


def test_what_the_defaults_break_for_every_repository_is_one_problem() -> None:
    declaration = Declaration.model_validate(
        {
            **SOUND,
            "defaults": {"teams": {"operations": "read"}},
            "repositories": dict.fromkeys("abc"),
        }
    )

    assert [problem.path for problem in broken(declaration)] == ["defaults.teams"]


def test_a_mistake_of_shape_does_not_hide_a_broken_rule() -> None:
    found = places(
        operations={"members": ["operator-1", "operator-1", "x y"]},
        maintainers={},
        defaults={
            "approvals": "two",
            "reviewers": {"users": [f"p{number}" for number in range(6)]},
        },
        repositories={"httpx": {"create": "yes"}, "HTTPX": None},
        secrets={"flask": {"PYPI_TOKEN": "hunter2"}},
        applied_by={"id": 5},
    )

    assert found == [
        "applied-by",
        "defaults.approvals",
        "defaults.reviewers",
        "maintainers",
        "operations.members[1]",
        "operations.members[2]",
        "repositories.HTTPX",
        "repositories.httpx.create",
        "secrets.flask",
    ]
