"""The request that repairs an environment names only reviewers whom GitHub stores."""

from dataclasses import replace
from typing import Any

import pytest

from stacks.preflight import Situation
from stacks.preflight.gate import drifts
from tests.stacks.preflight.gates import (
    gate_situation,
    repository_on_github,
    urn,
    with_environment,
)
from tests.stacks.preflight.situations import teams

ENVIRONMENT = "repos/encode/httpx/environments/deploy"


def changed_gate(**changes: Any) -> Situation:
    """Return the situation of an environment without reviewers; `changes` are of the snapshot."""
    situation = gate_situation(with_environment(reviewer_team_ids=frozenset()))
    return replace(situation, snapshot=replace(situation.snapshot, **changes))


def test_a_deleted_team_is_not_put_as_a_reviewer() -> None:
    """Another rule stops, and names the command that lets go of the team."""
    assert len(list(drifts(changed_gate()))) == 1
    assert list(drifts(changed_gate(teams=teams("maintainers")))) == []


def test_a_missing_environment_of_a_deleted_team_is_let_go_of() -> None:
    situation = gate_situation(replace(repository_on_github(), environments={}))
    snapshot = replace(situation.snapshot, teams=teams("maintainers"))

    [drift] = drifts(replace(situation, snapshot=snapshot))

    assert drift.requests == ()
    assert urn("deploy/environment") in drift.lost


def test_access_comes_before_the_reviewer() -> None:
    on_github = replace(
        with_environment(reviewer_team_ids=frozenset()), team_permissions={1: "write"}
    )

    [drift] = drifts(gate_situation(on_github))

    grant, request = drift.requests
    assert grant == (
        "gh api -X PUT orgs/encode/teams/operations/repos/encode/httpx -f permission=maintain"
    )
    assert request.startswith(f"gh api -X PUT {ENVIRONMENT} ")


@pytest.mark.parametrize(
    ("base_permission", "number", "count"), [("read", 9, 1), ("none", 9, 0), ("read", 8, 0)]
)
def test_a_person_is_put_with_access_alone(base_permission: str, number: int, count: int) -> None:
    """No request names a person without access, or one whose login another account has."""
    entry = {"httpx": {"reviewers": {"users": ["Ann"]}}}
    situation = gate_situation(with_environment(can_admins_bypass=True), repositories=entry)
    state = replace(situation.previous_state, people={"ann": 9})
    snapshot = replace(
        situation.snapshot,
        people={"ann": number},
        members=frozenset({"ann"}),
        base_permission=base_permission,
    )

    requests = [
        request
        for drift in drifts(replace(situation, previous_state=state, snapshot=snapshot))
        for request in drift.requests
    ]

    assert len(requests) == count
    assert all('"id": 9' in request for request in requests)


def test_an_existing_team_of_another_number_is_not_put() -> None:
    situation = gate_situation(
        with_environment(can_admins_bypass=True), operations={"existing": "operations"}
    )
    state = replace(situation.previous_state, teams={"maintainers": 1})
    other_number = replace(state, existing_teams={"operations": 3})

    assert len(list(drifts(replace(situation, previous_state=state)))) == 1
    assert list(drifts(replace(situation, previous_state=other_number))) == []
