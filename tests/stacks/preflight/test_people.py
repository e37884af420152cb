"""People whom GitHub does not know, and owners among the members."""

from typing import Any

import pytest

from stacks.preflight import problems
from stacks.settings import Problem
from tests.stacks.preflight.situations import repositories, situation, snapshot_with


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"operations": {"members": ["a", "Gone-1"]}}, "operations.members[1]"),
        (
            {"maintainers": {"members": ["a", "b"], "team-maintainers": ["Gone-1"]}},
            "maintainers.team-maintainers[0]",
        ),
        (
            {"repositories": {"httpx": {"reviewers": {"users": ["a", "Gone-1"]}}}},
            "repositories.httpx.reviewers.users[1]",
        ),
        ({"defaults": {"reviewers": {"users": ["Gone-1"]}}}, "defaults.reviewers.users[0]"),
    ],
)
def test_somebody_whom_github_does_not_know(changes: dict[str, Any], place: str) -> None:
    assert problems(situation(snapshot_with(missing_people=frozenset({"gone-1"})), **changes)) == [
        Problem(
            f"{place}",
            "'Gone-1'",
            "the login of somebody on GitHub",
            "correct the login, or remove it",
        )
    ]


def test_a_missing_reviewer_of_the_defaults_is_one_problem_for_all_repositories() -> None:
    names = ["a", "b", "c"]
    snapshot = snapshot_with(
        missing_people=frozenset({"gone-1"}), repositories=repositories(*names)
    )
    defaults = {"reviewers": {"users": ["Gone-1"]}}

    assert (
        len(problems(situation(snapshot, defaults=defaults, repositories=dict.fromkeys(names))))
        == 1
    )


@pytest.mark.parametrize("role", ["operations", "maintainers"])
def test_an_owner_among_the_members(role: str) -> None:
    team: dict[str, Any] = {role: {"members": ["a", "b", "Owner-1"]}}

    [problem] = problems(situation(**team))

    assert (problem.path, problem.value) == (f"{role}.members[2]", "'Owner-1'")
    assert "GitHub shows an owner as a maintainer of every team" in problem.allowed
    assert problem.remedy == f"move Owner-1 to {role}.team-maintainers"


def test_an_owner_among_the_team_maintainers() -> None:
    assert problems(situation(operations={"members": ["a"], "team-maintainers": ["Owner-1"]})) == []
