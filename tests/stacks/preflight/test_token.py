"""The owner, scopes and permissions of the token."""

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

    assert problem.path == "GITHUB_TOKEN"
    assert problem.value == f"without the scope {missing}"
    assert problem.allowed.startswith(
        f"a token with the scopes repo, workflow, admin:org; {missing} is for "
    )
    assert problem.remedy == (
        "export a token with these scopes as GITHUB_TOKEN; with the GitHub CLI: "
        f"unset GITHUB_TOKEN; gh auth refresh -s {missing}; export GITHUB_TOKEN=$(gh auth token)"
    )


def test_a_token_without_any_scope() -> None:
    assert len(problems(situation(snapshot_with(scopes=frozenset())))) == 3


def test_a_token_with_permissions_instead_of_scopes() -> None:
    assert problems(situation(snapshot_with(scopes=None))) == []


def test_a_token_with_extra_scopes() -> None:
    assert (
        problems(
            situation(snapshot_with(scopes=frozenset({"repo", "workflow", "admin:org", "gist"})))
        )
        == []
    )


def test_a_token_of_a_user_who_is_not_an_owner() -> None:
    assert problems(situation(snapshot_with(is_owner=False))) == [
        Problem(
            "GITHUB_TOKEN",
            "the token of a user who does not own the organization",
            "the token of an organization owner, or of a GitHub App that `applied-by` declares",
            "export an owner's token as GITHUB_TOKEN; for an app's token, set `applied-by.app` "
            "and `applied-by.id`",
        )
    ]


def test_an_app_needs_no_scopes_and_owns_nothing() -> None:
    app = AppOnGitHub(5, dict.fromkeys(APP_PERMISSIONS, "write"))

    assert (
        problems(situation(snapshot_with(is_owner=None, scopes=frozenset(), app=app), **APP)) == []
    )


@pytest.mark.parametrize(
    ("app", "allowed", "remedy"),
    [
        (
            None,
            "the slug and the id of an app; there is no app release-stack",
            "copy the slug and the id from the app's settings page",
        ),
        (
            AppOnGitHub(6, dict.fromkeys(APP_PERMISSIONS, "write")),
            "the app's own id, 6",
            "pulumi config set --path 'applied-by.id' 6",
        ),
    ],
)
def test_an_app_that_is_not_the_declared_one(
    app: AppOnGitHub | None, allowed: str, remedy: str
) -> None:
    assert problems(situation(snapshot_with(is_owner=None, app=app), **APP)) == [
        Problem(
            "applied-by",
            "release-stack with the id 5",
            allowed,
            remedy,
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

    assert problem.path == "applied-by"
    assert problem.value == f"release-stack without the permission {permission}: {needed}"
    assert f"{permission}: {needed}" in problem.allowed
    assert (
        problem.remedy
        == "grant the permission in the app's settings, and accept it in the organization's"
    )


def test_an_app_with_exactly_the_needed_permissions() -> None:
    app = AppOnGitHub(
        5, {permission: needed for permission, (needed, _) in APP_PERMISSIONS.items()}
    )

    assert problems(situation(snapshot_with(is_owner=None, app=app), **APP)) == []
