"""The ids of users and teams, read only where one is needed."""

from typing import Any

import pytest

from stacks.ids import Ids, names_needing_ids, read_ids, unknown_team, unknown_user
from stacks.settings.problems import GitHubError, Problem
from tests.stacks.api_responses import StubbedGitHub
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
def test_names_that_need_an_id(
    changes: dict[str, Any], people: list[str], teams: list[str]
) -> None:
    assert names_needing_ids(settings(**changes)) == (people, teams)


def test_a_name_is_read_once_for_all_repositories() -> None:
    names = [f"r{number}" for number in range(50)]
    reviewers = {"users": ["tomchristie"], "teams": ["security"]}
    github = StubbedGitHub(people={"tomchristie": 7}, teams={"security": 3})

    with github.reader() as reader:
        ids = read_ids(
            reader,
            settings(defaults={"reviewers": reviewers}, repositories=dict.fromkeys(names)),
            Ids(),
        )

    assert ids == Ids(people={"tomchristie": 7}, teams={"security": 3})
    assert len(github.requests) == 2


def test_no_request_where_no_id_is_needed() -> None:
    github = StubbedGitHub()

    with github.reader() as reader:
        assert read_ids(reader, settings(), Ids()) == Ids()

    assert github.requests == []


def test_every_unknown_name_is_reported_with_its_path() -> None:
    changes: dict[str, Any] = {
        "operations": {"existing": "ops"},
        "defaults": {"reviewers": {"users": ["known", "gone"]}},
        "repositories": {"httpx": None, "httpcore": {"reviewers": {"teams": ["hidden"]}}},
    }

    with StubbedGitHub(people={"known": 7}).reader() as reader, pytest.raises(GitHubError) as error:
        read_ids(reader, settings(**changes), Ids())

    assert list(error.value.problems) == [
        unknown_user("defaults.reviewers.users[1]", "gone"),
        unknown_team("repositories.httpcore.reviewers.teams[0]", "hidden", "encode"),
        unknown_team("operations.existing", "ops", "encode"),
    ]


def test_a_problem_names_what_is_allowed_and_the_command() -> None:
    assert unknown_user("operations.members[0]", "gone") == Problem(
        "operations.members[0]",
        "'gone'",
        "the login of a GitHub user",
        "correct the login, or remove it",
    )
    assert unknown_team("operations.existing", "ops", "encode") == Problem(
        "operations.existing",
        "'ops'",
        "the slug of a team of the organization",
        "correct the slug, or create the team: "
        "gh api orgs/encode/teams -f name=ops -f privacy=closed",
    )
