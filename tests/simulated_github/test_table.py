"""Tests of every operation with several users: none crashes, and none writes unauthorized."""

import re
from collections import Counter

import httpx
import pytest

from simulated_github.http.routing import Operation
from simulated_github.operations import OPERATIONS
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    CUSTOM_POLICIES,
    HTTPX,
    create_ruleset,
    create_team,
    expect_ok,
    put_environment,
    put_secret,
)

WRITES = [operation for operation in OPERATIONS if operation.method != "GET"]
#: Operations for every user: about themselves, or as a reader of a public repository.
FOR_READERS = {
    "orgs/update-membership-for-authenticated-user",
    "repos/accept-invitation-for-authenticated-user",
    "repos/decline-invitation-for-authenticated-user",
    "repos/remove-collaborator",
    "pulls/create-review",
    "actions/review-pending-deployments-for-run",
}
PARTS = {
    "owner": "encode",
    "repo": "httpx",
    "org": "encode",
    "team_slug": "operations",
    "username": "operator-1",
    "environment_name": "deploy",
    "secret_name": "PYPI_TOKEN",
    "path...": "README.md",
    "ref...": "heads/main",
    "branch...": "main",
    "app_slug": "release-stack",
    "sha...": "main",
}


@pytest.fixture(autouse=True)
def create_objects(owner: httpx.Client) -> None:
    create_team(owner, "operations", ["operator-1"])
    put_environment(owner, deployment_branch_policy=CUSTOM_POLICIES)
    expect_ok(put_secret(owner, f"{HTTPX}/environments/deploy/secrets", "PYPI_TOKEN", "x"))
    create_ruleset(owner, [{"type": "deletion"}])


def fill_path(operation: Operation) -> str:
    return re.sub(r"\{([^}]+)\}", lambda part: PARTS.get(part[1], "1"), operation.path)


def list_ids(operations: list[Operation]) -> list[str]:
    return [operation.id for operation in operations]


def test_an_operation_is_in_the_table_once() -> None:
    assert {
        name: count for name, count in Counter(o.id for o in OPERATIONS).items() if count > 1
    } == {}


@pytest.mark.parametrize("operation", WRITES, ids=list_ids(WRITES))
def test_nothing_is_written_without_a_token(anyone: httpx.Client, operation: Operation) -> None:
    assert anyone.request(operation.method, fill_path(operation), json={}).status_code == 401


@pytest.mark.parametrize("operation", WRITES, ids=list_ids(WRITES))
def test_an_outsider_writes_nothing(person: Person, operation: Operation) -> None:
    response = person("outsider-1").request(operation.method, fill_path(operation), json={})

    refusals = {403, 404, 422} if operation.id in FOR_READERS else {403, 404}
    if operation.id == "repos/remove-collaborator":
        refusals.add(204)  # the path's user is no collaborator: nothing is removed
    assert response.status_code in refusals


@pytest.mark.parametrize(
    "login", ["owner-1", "maintainer-1", "operator-1", "outsider-1", "release-stack"]
)
@pytest.mark.parametrize("operation", OPERATIONS, ids=[operation.id for operation in OPERATIONS])
def test_no_operation_crashes(person: Person, login: str, operation: Operation) -> None:
    assert person(login).request(operation.method, fill_path(operation), json={}).status_code < 500
