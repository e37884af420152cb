"""Errors name the place, the value, what is allowed and the remedy, in the parts that the stack's own problems have."""

from dataclasses import asdict, fields

from stacks.settings.problems import Problem as StackProblem
from stacks.settings.problems import SettingsError
from workflows.errors import PinsError, Problem, WorkflowError, shown

PROBLEM = Problem("runner", "''", "a label", "write one")


def test_a_problem_is_said_as_the_stack_says_its_own() -> None:
    assert str(PROBLEM) == str(StackProblem(**asdict(PROBLEM)))
    assert [field.name for field in fields(Problem)] == [field.name for field in fields(StackProblem)][:4]


def test_a_problem_without_a_value_names_its_place_alone() -> None:
    assert str(Problem("runner", "", "a label", "write one")).splitlines()[0] == "runner"


def test_the_stack_can_report_an_error_as_its_own() -> None:
    error = PinsError("The actions are not pinned", [PROBLEM])
    reported = SettingsError(error.title, [StackProblem(**asdict(problem)) for problem in error.problems])

    assert str(reported) == str(error).replace("1 problem", "1 problem, nothing was changed")


def test_every_error_is_a_value_error() -> None:
    assert issubclass(WorkflowError, ValueError)


def test_a_long_value_is_shortened() -> None:
    assert shown("a") == "'a'"
    assert len(shown("a" * 500)) == 80
