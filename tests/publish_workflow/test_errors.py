"""Errors give place, value, allowed values and remedy, and share one base class."""

from publish_workflow.errors import (
    PinsError,
    Problem,
    PublishSettingsError,
    ReleasesError,
    format_value,
)
from stacks.settings import problems

PROBLEM = Problem("runner", "''", "a label", "write one")


def test_an_error_lists_every_problem() -> None:
    assert str(PinsError("The actions are not pinned", [PROBLEM, PROBLEM])).splitlines() == [
        "The actions are not pinned: 2 problems, nothing was changed",
        *("  runner is ''", "    allowed: a label", "    remedy:  write one") * 2,
    ]


def test_a_problem_without_a_value_shows_its_path_only() -> None:
    assert str(Problem("runner", "", "a label", "write one")).splitlines()[0] == "runner"


def test_all_errors_have_one_base_class() -> None:
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
    assert format_value("a") == "'a'"
    assert len(format_value("a" * 500)) == 80
