"""The state records the numbers behind names, and a preview reads them from there."""

import json
from typing import Any

import pytest

from tests.integration.on_github import create_team, send_request
from tests.integration.rehearsed_stack import OWNER, RehearsedStack, writes

ORGANIZATION = "/api/v3/orgs/encode"
QUERY = "/api/graphql"


@pytest.fixture
def reviewed(declared: RehearsedStack) -> RehearsedStack:
    """Return a stack with existing teams and named reviewers, applied once."""
    for slug in ("release-managers", "core", "docs"):
        create_team(declared, slug)
    membership = f"/orgs/{OWNER}/teams/release-managers/memberships/operator-1"
    send_request(declared, "PUT", membership, {"role": "member"})
    declared.configuration["operations"] = {"existing": "release-managers"}
    declared.configuration["maintainers"] = {"existing": "core"}
    declared.configuration["defaults"] = {
        "reviewers": {"users": ["Operator-3"], "teams": ["docs"]},
        "teams": {"docs": "triage"},
    }
    declared.configure()
    declared.up()
    return declared


def outputs_of(stack: RehearsedStack, component: str) -> dict[str, Any]:
    """Return the outputs of a component by the end of its URN."""
    deployment = json.loads(stack.sandbox.pulumi("stack", "export").output)["deployment"]
    [outputs] = [
        resource["outputs"]
        for resource in deployment["resources"]
        if resource["urn"].endswith(component)
    ]
    return dict(outputs)


def test_ids_of_people_teams_and_repositories_are_recorded(reviewed: RehearsedStack) -> None:
    teams = {slug: reviewed.organization()["teams"][slug]["id"] for slug in TEAMS}
    person = send_request(reviewed, "GET", "/users/operator-3")["id"]

    outputs = outputs_of(reviewed, "ReleaseRepository::httpx")
    assert outputs["repositoryId"] == reviewed.repository("httpx")["id"]
    assert outputs["people"] == {"operator-3": person}
    assert outputs["teams"] == teams

    reviewed.refresh()
    reviewed.up()
    assert outputs_of(reviewed, "ReleaseRepository::httpx") == outputs


TEAMS = ("core", "docs", "release-managers")


def test_the_people_of_managed_teams_are_recorded(applied: RehearsedStack) -> None:
    logins = ("operator-1", "operator-2")
    ids = {login: send_request(applied, "GET", f"/users/{login}")["id"] for login in logins}

    assert outputs_of(applied, "ManagedTeam::operations")["people"] == ids


def test_a_preview_queries_only_new_names(reviewed: RehearsedStack) -> None:
    with reviewed.requests() as requests:
        assert reviewed.plan() == {}
    assert [request.path for request in requests] == [ORGANIZATION]

    create_team(reviewed, "security")
    reviewed.repositories["httpx"] = {
        "reviewers": {"users": ["Operator-3", "operator-2"], "teams": ["docs", "security"]}
    }
    reviewed.configure()
    with reviewed.requests() as requests:
        assert reviewed.plan() == {"httpx/deploy/environment": "update"}
    assert [request.path for request in requests] == [QUERY, QUERY, ORGANIZATION]


def test_a_locked_state_ends_up_before_the_program(applied: RehearsedStack) -> None:
    [stack_file] = applied.sandbox.state.glob(".pulumi/stacks/*/prod.json")
    folder = stack_file.relative_to(applied.sandbox.state / ".pulumi/stacks").with_suffix("")
    lock = applied.sandbox.state / ".pulumi/locks/organization" / folder / "other.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text('{"pid": 1, "username": "ada", "hostname": "runner"}', encoding="utf-8")

    with applied.requests() as requests:
        locked = applied.up(check=False)

    assert locked.code != 0
    assert "the stack is currently locked by 1 lock(s)" in locked.output
    assert "pulumi cancel" in locked.output
    assert writes(requests) == []
