"""Errors name the place, the value, what is allowed and the remedy, and stand on one ladder with those of the stack."""

from publish_workflow.errors import PinsError, Problem, PublishSettingsError, ReleasesError, shown
from stacks.settings import problems

PROBLEM = Problem("runner", "''", "a label", "write one")


def test_an_error_says_everything_that_is_wrong() -> None:
    assert str(PinsError("The actions are not pinned", [PROBLEM, PROBLEM])).splitlines() == [
        "The actions are not pinned: 2 problems, nothing was changed",
        *("  runner is ''", "    allowed: a label", "    remedy:  write one") * 2,
    ]


def test_a_problem_without_a_value_names_its_place_alone() -> None:
    assert str(Problem("runner", "", "a label", "write one")).splitlines()[0] == "runner"


def test_there_is_one_ladder() -> None:
    assert problems.Problem is Problem
    for error in (
        PinsError,
        PublishSettingsError,
        problems.SettingsError,
        problems.GitHubError,
        problems.StateError,
    ):
        assert issubclass(error, ReleasesError)


def test_a_long_value_is_shortened() -> None:
    assert shown("a") == "'a'"
    assert len(shown("a" * 500)) == 80
