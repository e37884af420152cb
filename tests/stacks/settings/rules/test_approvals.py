"""Approvals that nobody could give."""

from typing import Any

import pytest

from stacks.settings import Problem
from tests.stacks.settings.configurations import places, problems, settings

ALONE = {"members": ["a"]}


def operations_problem(repository: str = "httpx") -> Problem:
    return Problem(
        "operations",
        "a team of only one person",
        "at least two people: the user who pushed a release tag cannot approve its deployment, "
        f"and only this team creates the release tags of {repository}",
        "add a second person to operations, add `reviewers`, or set `tag-creators` to maintainers",
    )


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"tag-creators": "operations"},
        {"tag-creators": "maintain"},
        {"reviewers": {"users": ["A"]}},
    ],
)
def test_one_person_to_push_the_tag_and_to_approve_it(options: dict[str, Any]) -> None:
    assert problems(operations=ALONE, repositories={"httpx": options}) == [operations_problem()]


def test_only_the_first_affected_repository_is_reported() -> None:
    entries: dict[str, Any] = {
        "httpx": None,
        "databases": {"tag-creators": "maintainers"},
        "httpcore": None,
    }

    assert problems(operations=ALONE, repositories=entries) == [operations_problem("httpcore")]


@pytest.mark.parametrize(
    "options",
    [
        {"tag-creators": "maintainers"},
        {"reviewers": {"users": ["b"]}},
        {"reviewers": {"teams": ["security"]}},
    ],
)
def test_a_second_user_who_pushes_or_approves_is_enough(
    options: dict[str, Any],
) -> None:
    assert settings(operations=ALONE, repositories={"httpx": options})


def test_the_members_of_an_existing_team_are_unknown() -> None:
    assert settings(operations={"existing": "ops"})


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ({"reviewers": {"users": "b"}}, "repositories.httpx.reviewers.users"),
        ({"reviewers": {"teams": ["Core Team"]}}, "repositories.httpx.reviewers.teams[0]"),
        ({"tag-creators": "everybody"}, "repositories.httpx.tag-creators"),
    ],
)
def test_a_wrong_value_is_the_only_problem_of_approvals(
    options: dict[str, Any], place: str
) -> None:
    assert places(operations=ALONE, repositories={"httpx": options}) == [place]


# Pull requests


def people(count: int) -> dict[str, Any]:
    return {"members": [f"person-{number}" for number in range(count)]}


def test_more_approvals_than_other_writers() -> None:
    assert problems(
        operations=people(2), maintainers=people(4), repositories={"httpx": {"approvals": 4}}
    ) == [
        Problem(
            "repositories.httpx.approvals",
            "4",
            "at most 3: 4 people can write to httpx, and users cannot approve their own pull "
            "requests",
            "lower `approvals`, or add people to the teams",
        )
    ]


def test_as_many_approvals_as_other_writers() -> None:
    assert settings(
        operations=people(2), maintainers=people(4), repositories={"httpx": {"approvals": 3}}
    )


def test_people_of_both_teams_count_and_each_once() -> None:
    operations = {"members": ["person-0", "Person-1", "other"]}

    assert settings(operations=operations, maintainers=people(3), defaults={"approvals": 3})
    assert places(operations=operations, maintainers=people(3), defaults={"approvals": 4}) == [
        "defaults.approvals"
    ]


def test_maintainers_who_only_read_cannot_approve() -> None:
    entries = {
        "httpx": {"maintainers-permission": "read", "approvals": 2},
        "httpcore": {"approvals": 2},
    }

    assert places(operations=people(2), maintainers=people(5), repositories=entries) == [
        "repositories.httpx.approvals"
    ]


def test_too_many_approvals_in_the_defaults_are_one_problem() -> None:
    entries: dict[str, Any] = {
        "httpx": None,
        "httpcore": {"wait-minutes": 5},
        "starlette": {"approvals": 1},
    }

    assert places(defaults={"approvals": 10}, repositories=entries) == ["defaults.approvals"]


def test_a_single_writer_cannot_be_approved() -> None:
    refused = problems(
        operations=ALONE, maintainers=ALONE, defaults={"tag-creators": "maintainers"}
    )

    assert refused == [
        Problem(
            "maintainers",
            "1 person with write access to httpx",
            "at least two people: users cannot approve their own pull requests",
            "add people to the teams",
        )
    ]


def test_one_writer_where_maintainers_only_read() -> None:
    options = {"maintainers-permission": "read", "reviewers": {"users": ["b"]}}

    assert places(operations=ALONE, defaults=options) == ["operations"]


@pytest.mark.parametrize(
    "changes",
    [
        {"maintainers": {"existing": "core"}},
        {"operations": {"existing": "ops"}},
        {"defaults": {"approvals": 10, "teams": {"core": "write"}}},
        {"defaults": {"approvals": 10, "teams": {"core": "maintain"}}},
    ],
)
def test_an_existing_team_with_write_access_allows_approvals(changes: dict[str, Any]) -> None:
    assert settings(**{"defaults": {"approvals": 10}, **changes})


@pytest.mark.parametrize("permission", ["read", "triage"])
def test_an_existing_team_that_cannot_write_does_not_count(permission: str) -> None:
    assert places(defaults={"approvals": 10, "teams": {"docs": permission}}) == [
        "defaults.approvals"
    ]


def test_existing_maintainers_who_only_read_do_not_count() -> None:
    options = {"maintainers-permission": "read", "approvals": 2}

    assert places(maintainers={"existing": "core"}, repositories={"httpx": options}) == [
        "repositories.httpx.approvals"
    ]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        (
            {"maintainers": {"members": "person-1"}, "operations": ALONE},
            "maintainers.members",
        ),
        (
            {"defaults": {"maintainers-permission": "admin", "approvals": 9}},
            "defaults.maintainers-permission",
        ),
        ({"defaults": {"teams": ["core"], "approvals": 9}}, "defaults.teams"),
        ({"repositories": {"httpx": {"approvals": 11}}}, "repositories.httpx.approvals"),
    ],
)
def test_a_wrong_value_is_not_reported_as_too_few_people(
    changes: dict[str, Any], place: str
) -> None:
    assert places(**{"defaults": {"tag-creators": "maintainers"}, **changes}) == [place]
