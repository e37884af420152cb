"""Whose token it is, and what it may do."""

from typing import Any

import pytest

from stacks.preflight import problems
from stacks.preflight.token import APP_PERMISSIONS
from stacks.settings import Problem
from stacks.snapshot import AppOnGitHub
from tests.stacks.preflight.situations import SNAPSHOT, situation, snapshot_with

APP: dict[str, Any] = {"applied_by": {"app": "release-stack", "id": 5}}


@pytest.mark.parametrize("missing", ["repo", "workflow", "admin:org"])
def test_a_token_without_a_scope(missing: str) -> None:
    assert SNAPSHOT.scopes is not None
    [problem] = problems(situation(snapshot_with(scopes=SNAPSHOT.scopes - {missing})))

    assert (problem.path, problem.value) == ("GITHUB_TOKEN", f"without the scope {missing}")
    assert problem.allowed.startswith(
        f"a token with the scopes repo, workflow, admin:org; {missing} is for "
    )
    assert problem.remedy == "add the scope to the token, or make a new one"


def test_a_token_without_any_scope() -> None:
    assert len(problems(situation(snapshot_with(scopes=frozenset())))) == 3


def test_a_token_that_has_permissions_in_place_of_scopes() -> None:
    assert problems(situation(snapshot_with(scopes=None))) == []


def test_a_token_with_more_scopes_than_needed() -> None:
    assert (
        problems(
            situation(snapshot_with(scopes=frozenset({"repo", "workflow", "admin:org", "gist"})))
        )
        == []
    )


def test_a_token_of_somebody_who_does_not_own_the_organization() -> None:
    assert problems(situation(snapshot_with(is_owner=False))) == [
        Problem(
            "GITHUB_TOKEN",
            "the token of somebody who does not own the organization",
            "a token of an organization owner, or a GitHub App under applied-by",
            "use an owner's token",
        )
    ]


def test_an_app_owns_nothing_and_has_no_scopes() -> None:
    app = AppOnGitHub(5, dict.fromkeys(APP_PERMISSIONS, "write"))

    assert (
        problems(situation(snapshot_with(is_owner=None, scopes=frozenset(), app=app), **APP)) == []
    )


@pytest.mark.parametrize(
    ("app", "allowed"),
    [
        (None, "an app and its own id; there is no such app"),
        (
            AppOnGitHub(6, dict.fromkeys(APP_PERMISSIONS, "write")),
            "an app and its own id, which is 6",
        ),
    ],
)
def test_an_app_that_is_not_the_declared_one(app: AppOnGitHub | None, allowed: str) -> None:
    assert problems(situation(snapshot_with(is_owner=None, app=app), **APP)) == [
        Problem(
            "applied-by",
            "release-stack with the id 5",
            allowed,
            "copy both from the page of the app's settings",
        )
    ]


INSUFFICIENT = [
    (permission, needed, level)
    for permission, (needed, _) in APP_PERMISSIONS.items()
    for level in {"write": (None, "read"), "read": (None,)}[needed]
]


@pytest.mark.parametrize(("permission", "needed", "level"), INSUFFICIENT)
def test_an_app_without_a_permission(permission: str, needed: str, level: str | None) -> None:
    permissions = {**dict.fromkeys(APP_PERMISSIONS, "write"), permission: level}
    app = AppOnGitHub(5, {name: granted for name, granted in permissions.items() if granted})

    [problem] = problems(situation(snapshot_with(is_owner=None, app=app), **APP))

    assert (problem.path, problem.value) == (
        "applied-by",
        f"release-stack without the permission {permission}: {needed}",
    )
    assert f"{permission}: {needed}" in problem.allowed
    assert (
        problem.remedy
        == "grant the permission in the app's settings, and accept it in the organization's"
    )


def test_an_app_with_just_the_permissions_it_needs() -> None:
    app = AppOnGitHub(
        5, {permission: needed for permission, (needed, _) in APP_PERMISSIONS.items()}
    )

    assert problems(situation(snapshot_with(is_owner=None, app=app), **APP)) == []
