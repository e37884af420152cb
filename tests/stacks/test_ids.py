"""The numbers of people and teams, asked for only where one is needed."""

from typing import Any

import pytest

from stacks.ids import Ids, names_needing_ids, read_ids
from stacks.settings.problems import GitHubError, Problem
from tests.stacks.answers import Answers
from tests.stacks.settings.configurations import settings


@pytest.mark.parametrize(
    ("changes", "people", "teams"),
    [
        ({}, [], []),
        ({"defaults": {"reviewers": {"users": ["b", "a"]}}}, ["a", "b"], []),
        ({"defaults": {"reviewers": {"teams": ["security"]}}}, [], ["security"]),
        ({"defaults": {"reviewers": {"teams": ["maintainers"]}}}, [], []),
        ({"defaults": {"teams": {"docs": "read"}}}, [], []),
        ({"operations": {"existing": "ops"}}, [], ["ops"]),
        ({"maintainers": {"existing": "core"}}, [], []),
        (
            {"maintainers": {"existing": "core"}, "defaults": {"tag-creators": "maintainers"}},
            [],
            ["core"],
        ),
        (
            {"maintainers": {"existing": "core"}, "defaults": {"reviewers": {"teams": ["core"]}}},
            [],
            ["core"],
        ),
        ({"defaults": {"tag-creators": "maintainers"}}, [], []),
    ],
)
def test_who_needs_a_number(changes: dict[str, Any], people: list[str], teams: list[str]) -> None:
    assert names_needing_ids(settings(**changes)) == (people, teams)


def test_a_name_is_asked_for_once_whatever_the_number_of_repositories() -> None:
    names = [f"r{number}" for number in range(50)]
    reviewers = {"users": ["tomchristie"], "teams": ["security"]}
    answers = Answers(people={"tomchristie": 7}, teams={"security": 3})

    with answers.reader() as reader:
        found = read_ids(
            reader, settings(defaults={"reviewers": reviewers}, repositories=dict.fromkeys(names))
        )

    assert found == Ids(people={"tomchristie": 7}, teams={"security": 3})
    assert len(answers.asked) == 2


def test_nothing_is_asked_where_no_number_is_needed() -> None:
    answers = Answers()

    with answers.reader() as reader:
        assert read_ids(reader, settings()) == Ids()

    assert answers.asked == []


def test_names_that_github_does_not_know_are_all_reported_where_they_stand() -> None:
    changes: dict[str, Any] = {
        "operations": {"existing": "ops"},
        "defaults": {"reviewers": {"users": ["known", "gone"]}},
        "repositories": {"httpx": None, "httpcore": {"reviewers": {"teams": ["hidden"]}}},
    }

    with Answers(people={"known": 7}).reader() as reader, pytest.raises(GitHubError) as error:
        read_ids(reader, settings(**changes))

    somebody, some_team = (
        "the login of somebody on GitHub",
        "the slug of a team of the organization",
    )
    remedy = "correct the slug, or create the team"
    assert list(error.value.problems) == [
        Problem(
            "defaults.reviewers.users[1]",
            "'gone'",
            somebody,
            "correct the login, or remove it",
        ),
        Problem("repositories.httpcore.reviewers.teams[0]", "'hidden'", some_team, remedy),
        Problem("operations.existing", "'ops'", some_team, remedy),
    ]
