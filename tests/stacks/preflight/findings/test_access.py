"""Maintainers and admins that the stack file does not declare."""

from dataclasses import replace
from typing import Any

import pytest

from stacks.preflight import Situation, problems, warnings
from stacks.snapshot import CollaboratorOnGitHub, TeamOnGitHub
from tests.stacks.preflight.gates import gate_situation, repository_on_github
from tests.stacks.preflight.situations import situation, snapshot_with


def with_collaborator(login: str, permission: str) -> Situation:
    people = (CollaboratorOnGitHub(login, 9, permission),)
    return gate_situation(replace(repository_on_github(), collaborators=people))


@pytest.mark.parametrize(
    ("login", "permission", "count"),
    [
        ("stranger", "admin", 1),
        ("stranger", "maintain", 1),
        ("stranger", "write", 0),
        ("Owner-1", "admin", 0),
        ("Operator-1", "maintain", 0),
        ("operator-1", "admin", 1),
        ("maintainer-1", "maintain", 1),
    ],
)
def test_people_with_a_role_of_their_own(login: str, permission: str, count: int) -> None:
    reported = warnings(with_collaborator(login, permission))

    assert len(reported) == count
    for warning in reported:
        assert warning.startswith(f"httpx has {login} as a collaborator with the role {permission}")
        assert f"gh api -X DELETE repos/encode/httpx/collaborators/{login}. Accept" in warning


def with_team(permission: str, **changes: Any) -> Situation:
    on_github = repository_on_github()
    permissions = {**on_github.team_permissions, 3: permission}
    whole = gate_situation(replace(on_github, team_permissions=permissions), **changes)
    teams = {**whole.snapshot.teams, "docs": TeamOnGitHub(3, "docs", False)}
    return replace(whole, snapshot=replace(whole.snapshot, teams=teams))


@pytest.mark.parametrize(("permission", "count"), [("admin", 1), ("maintain", 1), ("write", 0)])
def test_a_team_with_a_role_by_hand(permission: str, count: int) -> None:
    reported = warnings(with_team(permission))

    assert len(reported) == count
    for warning in reported:
        assert warning.startswith(f"httpx gives the team docs the role {permission}. Each member")
        assert "gh api -X DELETE orgs/encode/teams/docs/repos/encode/httpx. Accept" in warning


def test_a_team_with_a_declared_role() -> None:
    entry = {"httpx": {"teams": {"docs": "maintain"}}}

    assert warnings(with_team("maintain", repositories=entry)) == []
    assert len(warnings(with_team("admin", repositories=entry))) == 1


@pytest.mark.parametrize(("team_id", "permission"), [(1, "maintain"), (2, "admin")])
def test_the_teams_of_the_stack_with_a_higher_role(team_id: int, permission: str) -> None:
    on_github = repository_on_github()
    permissions = {**on_github.team_permissions, team_id: permission}

    [warning] = warnings(gate_situation(replace(on_github, team_permissions=permissions)))

    assert f"the role {permission}" in warning


def test_an_existing_operations_team_may_maintain() -> None:
    changes = {"operations": {"existing": "docs"}}

    assert not any("team docs" in text for text in warnings(with_team("maintain", **changes)))


@pytest.mark.parametrize(("permission", "count"), [("admin", 1), ("write", 0), (None, 0)])
def test_the_base_permission(permission: str | None, count: int) -> None:
    reported = problems(situation(snapshot_with(base_permission=permission)))

    assert len(reported) == count
    for problem in reported:
        assert problem.remedy.startswith(
            "gh api -X PATCH orgs/encode -f default_repository_permission=read --silent\n"
        )
