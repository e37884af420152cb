"""Teams that are there already, are missing, or cannot review."""

from typing import Any

import pytest

from stacks.preflight import problems
from stacks.previous_state import PreviousState
from stacks.settings import Problem
from tests.stacks.preflight.situations import situation, snapshot_with, teams


def test_a_team_that_is_there_already() -> None:
    assert problems(situation(snapshot_with(teams=teams("operations")))) == [
        Problem(
            "operations.name",
            "'operations'",
            "a name that no team has yet: this stack did not make that team, and will not take it over unasked",
            "`pulumi config set --path 'operations.existing' operations` to use it as it is, or another name",
        )
    ]


def test_a_team_that_an_earlier_up_made_and_did_not_record() -> None:
    snapshot = snapshot_with(teams=teams("operations"))

    [problem] = problems(
        situation(snapshot, PreviousState(unfinished_teams=frozenset({"operations"})))
    )

    assert problem.path == "operations.name"
    assert "an earlier `pulumi up` began to make and did not record" in problem.value
    assert problem.remedy.startswith("gh api -X DELETE orgs/encode/teams/operations")


def test_a_team_that_was_left_over_may_be_used_as_it_is() -> None:
    snapshot = snapshot_with(teams=teams("operations"))
    previous_state = PreviousState(unfinished_teams=frozenset({"operations"}))

    assert (
        problems(situation(snapshot, previous_state, operations={"existing": "operations"})) == []
    )


def test_a_team_that_this_stack_made() -> None:
    assert (
        problems(
            situation(
                snapshot_with(teams=teams("operations")), PreviousState(teams={"operations": 1})
            )
        )
        == []
    )


def test_a_team_of_the_new_name_that_is_another_one() -> None:
    snapshot = snapshot_with(teams=teams("operations", "release-ops"))
    renamed = {"name": "Release ops", "members": ["a", "b"]}

    [problem] = problems(
        situation(snapshot, PreviousState(teams={"operations": 1}), operations=renamed)
    )

    assert (problem.path, problem.value) == ("operations.name", "'Release ops'")


def test_a_team_of_this_stack_that_is_about_to_be_renamed() -> None:
    renamed = {"name": "Release ops", "members": ["a", "b"]}

    assert (
        problems(
            situation(
                snapshot_with(teams=teams("operations")),
                PreviousState(teams={"operations": 1}),
                operations=renamed,
            )
        )
        == []
    )


def no_team(place: str, slug: str) -> Problem:
    return Problem(
        f"{place}",
        f"'{slug}'",
        "the slug of a team of the organization",
        "correct the slug, or create the team",
    )


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"operations": {"existing": "core"}}, "operations.existing"),
        ({"maintainers": {"existing": "core"}}, "maintainers.existing"),
        ({"repositories": {"httpx": {"teams": {"core": "read"}}}}, "repositories.httpx.teams.core"),
        (
            {"repositories": {"httpx": {"reviewers": {"teams": ["core"]}}}},
            "repositories.httpx.reviewers.teams[0]",
        ),
        ({"defaults": {"teams": {"core": "read"}}}, "defaults.teams.core"),
        ({"defaults": {"reviewers": {"teams": ["core"]}}}, "defaults.reviewers.teams[0]"),
    ],
)
def test_an_existing_team_that_is_not_there(changes: dict[str, Any], place: str) -> None:
    assert problems(situation(**changes)) == [no_team(place, "core")]
    assert problems(situation(snapshot_with(teams=teams("core")), **changes)) == []


def test_the_maintainers_as_reviewers_before_their_team_is_made() -> None:
    assert problems(situation(defaults={"reviewers": {"teams": ["maintainers"]}})) == []


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"operations": {"existing": "core"}}, "operations.existing"),
        (
            {"repositories": {"httpx": {"reviewers": {"teams": ["core", "docs"]}}}},
            "repositories.httpx.reviewers.teams[0]",
        ),
        (
            {"repositories": {"httpx": {"reviewers": {"teams": ["docs", "core"]}}}},
            "repositories.httpx.reviewers.teams[1]",
        ),
        ({"defaults": {"reviewers": {"teams": ["core"]}}}, "defaults.reviewers.teams[0]"),
    ],
)
def test_a_secret_team_that_should_review(changes: dict[str, Any], place: str) -> None:
    listed_teams = {**teams("docs"), **teams("core", secret=True)}

    assert problems(situation(snapshot_with(teams=listed_teams), **changes)) == [
        Problem(
            f"{place}",
            "'core'",
            "a visible team: GitHub takes no secret team as reviewer",
            "make it visible",
        )
    ]


def test_a_secret_team_that_only_has_access() -> None:
    snapshot = snapshot_with(teams=teams("core", secret=True))

    assert problems(situation(snapshot, defaults={"teams": {"core": "read"}})) == []


def test_a_team_of_this_stack_that_somebody_made_secret() -> None:
    """It is made visible again before anything else."""
    snapshot = snapshot_with(teams=teams("operations", "maintainers", secret=True))
    previous_state = PreviousState(teams={"operations": 1, "maintainers": 2})

    assert (
        problems(
            situation(snapshot, previous_state, defaults={"reviewers": {"teams": ["maintainers"]}})
        )
        == []
    )
