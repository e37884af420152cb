"""Declared reviewers without access to a repository, whom GitHub would drop."""

from dataclasses import replace
from typing import Any

import pytest

from stacks.preflight import Situation, problems, warnings
from stacks.preflight.access import Access, reviewers
from stacks.snapshot import CollaboratorOnGitHub
from tests.stacks.preflight.situations import repositories, situation, snapshot_with, teams

ANN = CollaboratorOnGitHub("Ann", 9, "read")
EXISTING = {"maintainers": {"existing": "core"}}
PEOPLE = {"members": ["operator-1", "operator-2", "ANN"]}


def reviewed(
    entry: dict[str, Any], snapshot: dict[str, Any] | None = None, **changes: Any
) -> Situation:
    """Return the situation of `httpx`; `changes` are keys of the configuration."""
    present = {
        "teams": teams("core"),
        "members": frozenset({"ann"}),
        "repositories": repositories("httpx"),
        **(snapshot or {}),
    }
    return situation(snapshot_with(**present), repositories={"httpx": entry}, **changes)


def access_of(checked: Situation) -> list[Access]:
    return [access for _, access in reviewers(checked)]


TEAM = {"reviewers": {"teams": ["core"]}}
PERSON = {"reviewers": {"users": ["Ann"]}}


@pytest.mark.parametrize(
    ("entry", "snapshot", "access"),
    [
        (TEAM, {}, Access.NO),
        ({**TEAM, "teams": {"core": "triage"}}, {}, Access.YES),
        (TEAM, {"repositories": repositories("httpx", team_permissions={1: "read"})}, Access.YES),
        (TEAM, {"repositories": repositories("httpx", team_permissions={2: "read"})}, Access.NO),
        (
            TEAM,
            {"repositories": repositories("httpx", unseen=frozenset({"team_permissions"}))},
            Access.UNKNOWN,
        ),
        ({"reviewers": {"teams": ["maintainers"]}}, {}, Access.YES),
    ],
)
def test_the_access_of_a_team(entry: Any, snapshot: dict[str, Any], access: Access) -> None:
    assert access_of(reviewed(entry, snapshot)) == [access]


@pytest.mark.parametrize(
    ("snapshot", "changes", "access"),
    [
        ({}, {}, Access.NO),
        ({"base_permission": "read"}, {}, Access.YES),
        ({"base_permission": "read", "members": frozenset()}, {}, Access.NO),
        ({"base_permission": None}, {}, Access.UNKNOWN),
        ({"owners": frozenset({"ann"})}, {}, Access.YES),
        ({"repositories": repositories("httpx", collaborators=(ANN,))}, {}, Access.YES),
        (
            {"repositories": repositories("httpx", unseen=frozenset({"collaborators"}))},
            {},
            Access.UNKNOWN,
        ),
        ({}, {"operations": PEOPLE}, Access.YES),
        ({}, {"maintainers": PEOPLE}, Access.YES),
        # An invitation to the organization gives no access before it is accepted.
        ({"members": frozenset()}, {"operations": PEOPLE}, Access.NO),
        ({}, EXISTING, Access.UNKNOWN),
        ({"members": frozenset()}, EXISTING, Access.NO),
        (
            {"repositories": repositories("httpx", team_permissions={7: "read"})},
            {},
            Access.UNKNOWN,
        ),
    ],
)
def test_the_access_of_a_person(
    snapshot: dict[str, Any], changes: dict[str, Any], access: Access
) -> None:
    assert access_of(reviewed(PERSON, snapshot, **changes)) == [access]


@pytest.mark.parametrize(
    "snapshot",
    [
        {"teams": {}, "unknown_logins": frozenset({"ann"})},
        {"repositories": repositories("httpx", archived=True)},
        {"repositories": {}},
    ],
)
def test_reviewers_that_other_rules_report(snapshot: dict[str, Any]) -> None:
    entry = {"reviewers": {"users": ["Ann"], "teams": ["core"]}}

    assert access_of(reviewed(entry, snapshot)) == []


def test_a_team_without_access() -> None:
    [problem] = problems(reviewed(TEAM))

    assert problem.path == "repositories.httpx.reviewers.teams[0]"
    assert problem.value == "'core', a team without access to httpx"
    assert problem.remedy == "pulumi config set --path 'repositories.httpx.teams.core' read"


def test_teams_in_the_defaults_are_one_problem() -> None:
    names = ["a", "b.c"]
    snapshot = snapshot_with(teams=teams("core", "docs"), repositories=repositories(*names))
    declared = dict.fromkeys(names)

    [problem] = problems(situation(snapshot, repositories=declared, defaults=TEAM))

    assert problem.value == "'core', a team without access to a, b.c"
    assert problem.remedy == (
        "pulumi config set --path 'repositories.a.teams.core' read && "
        "pulumi config set --path 'repositories[\"b.c\"].teams.core' read"
    )
    granted = {**TEAM, "teams": {"docs": "read"}}
    [problem] = problems(situation(snapshot, repositories=declared, defaults=granted))
    assert problem.remedy == "pulumi config set --path 'defaults.teams.core' read"


@pytest.mark.parametrize(
    ("members", "end"),
    [
        (frozenset({"ann"}), "pull"),
        (frozenset[str](), "pull; then Ann accepts the invitation of GitHub"),
    ],
)
def test_a_person_without_access(members: frozenset[str], end: str) -> None:
    [problem] = problems(reviewed(PERSON, {"members": members}))

    assert problem.value == "'Ann', a person without access to httpx"
    assert problem.remedy == (
        f"gh api -X PUT repos/encode/httpx/collaborators/Ann -f permission={end}"
    )


def test_a_person_without_access_to_a_new_repository() -> None:
    checked = reviewed({**PERSON, "create": True}, {"repositories": {}})

    [problem] = problems(checked)

    assert "after `pulumi up` has created the repository" in problem.remedy


def test_access_that_cannot_be_seen_is_a_warning() -> None:
    checked = reviewed(PERSON, **EXISTING)

    assert problems(checked) == []
    [warning] = warnings(replace(checked))
    assert warning.startswith("httpx has the reviewer Ann, whose access cannot be seen. ")
    assert warning.endswith("gh api repos/encode/httpx/collaborators/Ann --silent")
