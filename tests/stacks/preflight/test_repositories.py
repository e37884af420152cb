"""Repositories that are missing or cannot be set up."""

from typing import Any

import pytest

from stacks.preflight import problems
from stacks.previous_state import PreviousState
from stacks.settings import Problem
from tests.stacks.preflight.situations import SNAPSHOT, repositories, situation, snapshot_with


def test_a_repository_that_is_not_there() -> None:
    assert problems(situation(snapshot_with(repositories={}))) == [
        Problem(
            "repositories.httpx",
            "no repository of the organization, or hidden from this token",
            "a repository that exists",
            "correct the name, say `create: true` to have it made, or remove the entry",
        )
    ]


def test_a_repository_that_is_to_be_created() -> None:
    assert (
        problems(
            situation(snapshot_with(repositories={}), repositories={"httpx": {"create": True}})
        )
        == []
    )


def test_a_repository_to_be_created_that_is_there() -> None:
    assert problems(situation(repositories={"httpx": {"create": True}})) == [
        Problem(
            "repositories.httpx.create",
            "true",
            "a repository that is not there yet",
            "remove `create`: the repository exists",
        )
    ]


@pytest.mark.parametrize(
    ("entry", "previous_state"),
    [
        ({"create": True}, {"httpx": 1}),
        ({"create": True}, {"httpx": None}),
        ({"create": True, "formerly": "old"}, {"old": 1}),
    ],
)
def test_a_repository_that_this_stack_created(
    entry: dict[str, Any], previous_state: dict[str, int | None]
) -> None:
    assert (
        problems(
            situation(
                previous_state=PreviousState(repositories=previous_state),
                repositories={"httpx": entry},
            )
        )
        == []
    )


def test_a_name_in_another_case() -> None:
    assert problems(situation(snapshot_with(repositories=repositories("HTTPX")))) == [
        Problem(
            "repositories.httpx",
            "'httpx'",
            "the name as GitHub writes it, HTTPX",
            "correct the key",
        )
    ]


def test_an_archived_repository() -> None:
    assert problems(
        situation(snapshot_with(repositories=repositories("httpx", archived=True)))
    ) == [
        Problem(
            "repositories.httpx",
            "archived",
            "a repository that can be written to",
            "unarchive it on GitHub, or remove the entry",
        )
    ]


@pytest.mark.parametrize("plan", ["free", "team"])
def test_a_private_repository_on_a_plan_without_private_gates(plan: str) -> None:
    assert problems(
        situation(snapshot_with(plan=plan, repositories=repositories("httpx", private=True)))
    ) == [
        Problem(
            "repositories.httpx",
            f"private, on the {plan} plan",
            "a public repository: in private ones, required reviewers need the Enterprise plan",
            "make the repository public, or remove the entry",
        )
    ]


@pytest.mark.parametrize("plan", ["enterprise", None])
def test_a_private_repository_on_a_plan_with_private_gates_or_unknown(plan: str | None) -> None:
    assert (
        problems(
            situation(snapshot_with(plan=plan, repositories=repositories("httpx", private=True)))
        )
        == []
    )


def test_what_is_wrong_with_a_repository_that_is_not_declared_is_nobodys_business() -> None:
    listed = {**repositories("broadcaster", archived=True, private=True), **SNAPSHOT.repositories}

    assert problems(situation(snapshot_with(repositories=listed))) == []
