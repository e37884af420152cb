"""The two teams, their people, and who applies the stack."""

from typing import Any

import pytest

from stacks.settings import Problem
from tests.stacks.settings.configurations import places, problems, settings

PERSON = "at least one login in `members` or `team-maintainers`, or the slug of an `existing` team"
ONCE = "each login once, as a member or as a team maintainer (case does not matter)"


@pytest.mark.parametrize("role", ["operations", "maintainers"])
@pytest.mark.parametrize(
    ("team", "value"),
    [
        (None, "missing"),
        ({}, "an empty team"),
        ({"members": []}, "an empty team"),
        ({"name": "people"}, "an empty team"),
    ],
)
def test_an_empty_team(role: str, team: Any, value: str) -> None:
    remedy = f"pulumi config set --path '{role}.members[0]' LOGIN"

    assert Problem(f"{role}", value, PERSON, remedy) in problems(**{role: team})


@pytest.mark.parametrize(
    "team",
    [{"team-maintainers": ["a", "b"]}, {"existing": "ops"}, {"members": ["a", "b"], "name": "Ops"}],
)
def test_a_team_with_people_or_one_that_exists(team: Any) -> None:
    assert settings(operations=team)


def test_a_team_with_misspelled_members_is_not_empty() -> None:
    assert places(operations={"members": ["x y", "z y"]}) == [
        "operations.members[0]",
        "operations.members[1]",
    ]
    assert places(operations={"members": "operator-1"}) == ["operations.members"]
    assert places(operations={"existing": "Ops Team"}) == ["operations.existing"]


@pytest.mark.parametrize(
    "extra_keys",
    [
        {"members": ["a"]},
        {"team-maintainers": ["a"]},
        {"name": "Ops"},
        {"description": "Signs off."},
    ],
)
def test_an_existing_team_with_keys_of_a_managed_one(extra_keys: dict[str, Any]) -> None:
    assert problems(operations={"existing": "ops", **extra_keys}) == [
        Problem(
            "operations.existing",
            "'ops'",
            "either `existing` alone, or the other keys without it",
            "remove `existing` to let the stack manage the team, or remove the other keys",
        )
    ]


@pytest.mark.parametrize(
    ("operations", "maintainers"),
    [
        ({"existing": "core"}, {"existing": "core"}),
        ({"name": "Core", "members": ["a", "b"]}, {"name": "core", "members": ["a", "b", "c"]}),
        ({"existing": "maintainers"}, {"members": ["a", "b"]}),
    ],
)
def test_one_team_for_both(operations: dict[str, Any], maintainers: dict[str, Any]) -> None:
    [problem] = problems(operations=operations, maintainers=maintainers)

    assert problem.path == "maintainers"
    assert problem.value in (
        "the team 'core', like operations",
        "the team 'maintainers', like operations",
    )
    assert (
        problem.allowed
        == "two different teams: one merges pull requests, the other approves releases"
    )
    assert problem.remedy == "name another team"


def test_a_name_without_a_slug_is_not_the_same_team() -> None:
    people = {"members": ["a", "b", "c"]}

    assert places(
        operations={"name": "maintainers", **people}, maintainers={"name": "a/b", **people}
    ) == ["maintainers.name"]


@pytest.mark.parametrize(
    ("team", "place", "login"),
    [
        ({"members": ["a", "b", "A"]}, "members[2]", "A"),
        ({"members": ["a", "b", "a"]}, "members[2]", "a"),
        ({"team-maintainers": ["a"], "members": ["b", "a"]}, "members[1]", "a"),
        ({"team-maintainers": ["a", "b", "B"]}, "team-maintainers[2]", "B"),
    ],
)
def test_the_same_person_twice(team: dict[str, Any], place: str, login: str) -> None:
    expected = Problem(f"operations.{place}", f"'{login}'", ONCE, "remove one of the two")

    assert expected in problems(operations=team)


def test_one_person_in_both_teams() -> None:
    assert settings(operations={"members": ["a", "b"]}, maintainers={"members": ["a", "b", "c"]})


@pytest.mark.parametrize("app", [{"app": "release-stack"}, {"id": 12}])
def test_an_incomplete_app(app: dict[str, Any]) -> None:
    assert problems(applied_by=app) == [
        Problem(
            "applied-by",
            "incomplete",
            "the app's slug and its numeric id, both on the page of the app's settings",
            "pulumi config set --path 'applied-by.app' SLUG; "
            "pulumi config set --path 'applied-by.id' ID",
        )
    ]


def test_an_app_with_a_mistake_is_not_called_incomplete() -> None:
    assert places(applied_by={"app": "release-stack", "id": "12"}) == ["applied-by.id"]
    assert places(applied_by={"app": "Release", "id": 12}) == ["applied-by.app"]


@pytest.mark.parametrize("app", [None, {}, {"app": "release-stack", "id": 12}])
def test_no_app_or_a_whole_one(app: Any) -> None:
    assert settings(applied_by=app)
