"""Approvals that nobody could give."""

from typing import Any

import pytest

from stacks.settings import Problem
from tests.stacks.settings.configurations import places, problems, settings

ALONE = {"members": ["a"]}


def alone(repository: str = "httpx") -> Problem:
    return Problem(
        "operations",
        "one person alone",
        "two people at least: who pushes a release tag cannot approve its deployment, and the tags of "
        f"{repository} belong to this team",
        "add a second person to operations, name further reviewers, or let the maintainers create tags",
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
    assert problems(operations=ALONE, repositories={"httpx": options}) == [alone()]


def test_it_is_said_once_and_of_the_first_repository_in_question() -> None:
    entries: dict[str, Any] = {
        "httpx": None,
        "databases": {"tag-creators": "maintainers"},
        "httpcore": None,
    }

    assert problems(operations=ALONE, repositories=entries) == [alone("httpcore")]


@pytest.mark.parametrize(
    "options",
    [
        {"tag-creators": "maintainers"},
        {"reviewers": {"users": ["b"]}},
        {"reviewers": {"teams": ["security"]}},
    ],
)
def test_one_person_in_operations_and_somebody_else_to_push_or_approve(
    options: dict[str, Any],
) -> None:
    assert settings(operations=ALONE, repositories={"httpx": options})


def test_nobody_knows_who_is_in_an_existing_team() -> None:
    assert settings(operations={"existing": "ops"})


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ({"reviewers": {"users": "b"}}, "repositories.httpx.reviewers.users"),
        ({"reviewers": {"teams": ["Core Team"]}}, "repositories.httpx.reviewers.teams[0]"),
        ({"tag-creators": "everybody"}, "repositories.httpx.tag-creators"),
    ],
)
def test_a_mistake_in_what_would_help_is_the_only_problem(
    options: dict[str, Any], place: str
) -> None:
    assert places(operations=ALONE, repositories={"httpx": options}) == [place]


# Pull requests


def people(count: int) -> dict[str, Any]:
    return {"members": [f"person-{number}" for number in range(count)]}


def test_more_approvals_than_there_are_others() -> None:
    assert problems(
        operations=people(2), maintainers=people(4), repositories={"httpx": {"approvals": 4}}
    ) == [
        Problem(
            "repositories.httpx.approvals",
            "4",
            "at most 3: 4 people can write to httpx, and nobody approves their own pull request",
            "lower `approvals`, or add people to the teams",
        )
    ]


def test_as_many_approvals_as_there_are_others() -> None:
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


def test_too_many_approvals_in_the_defaults_are_reported_there_and_once() -> None:
    entries: dict[str, Any] = {
        "httpx": None,
        "httpcore": {"wait-minutes": 5},
        "starlette": {"approvals": 1},
    }

    assert places(defaults={"approvals": 10}, repositories=entries) == ["defaults.approvals"]


def test_one_writer_cannot_be_approved_by_anybody() -> None:
    found = problems(operations=ALONE, maintainers=ALONE, defaults={"tag-creators": "maintainers"})

    assert found == [
        Problem(
            "maintainers",
            "1 person with write access to httpx",
            "two people at least: nobody approves their own pull request",
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
def test_who_is_in_an_existing_team_that_can_write_is_unknown(changes: dict[str, Any]) -> None:
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
def test_a_mistake_in_what_counts_is_not_taken_for_too_few_people(
    changes: dict[str, Any], place: str
) -> None:
    assert places(**{"defaults": {"tag-creators": "maintainers"}, **changes}) == [place]
