"""Tests of every operation with every role: lower roles are refused, the others succeed.

`least_roles` declares who may do what and shares nothing with the simulator. Sources of the
statuses: GitHub's docs, "Troubleshooting the REST API" (401 without a token, 404 instead of 403 for
private repositories) and each operation's page. Refused requests change nothing, so these tests
share one world of each visibility; tests of successful writes create their own.
"""

from fnmatch import fnmatchcase
from functools import cache

import pytest

from simulated_github import Application
from simulated_github.control.snapshot import snapshot
from simulated_github.http.routing import Operation
from simulated_github.operations import OPERATIONS
from tests.simulated_github.helpers.api_calls import HTTPX, expect_ok
from tests.simulated_github.helpers.full_organization import (
    create_client,
    create_everything,
    create_full_organization,
    fill_path,
)
from tests.simulated_github.helpers.least_roles import (
    ANONYMOUS,
    ANYONE,
    LEAST,
    PUBLIC_ROLES_OF,
    READ,
    ROLES_OF,
    SIGNED_IN,
    find_least_role,
)

ROLES_BY_VISIBILITY = {"private": ROLES_OF, "public": PUBLIC_ROLES_OF}
#: Only for installations. Source: its REST page.
FOR_APPS = "apps/list-repos-accessible-to-installation"
#: Readable on a public repository, but only with a token. Source: the page of the first.
#: Assumption: the second.
NEVER_ANONYMOUS = {"repos/get-collaborator-permission-level", "repos/list-teams"}
READS = [operation for operation in OPERATIONS if operation.method == "GET"]
WRITES = [operation for operation in OPERATIONS if operation.method != "GET"]
#: An archived repository can be unarchived, deleted and transferred.
#: Source: GitHub's docs, "Archiving repositories".
ALSO_ARCHIVED = {"repos/update", "repos/delete", "repos/transfer"}
ON_REPOSITORY = [o for o in OPERATIONS if "/{owner}/{repo}" in o.path and o.id not in ALSO_ARCHIVED]
FOR_USERS = [
    o
    for o in OPERATIONS
    if (o.path.startswith("/user/") and o.id != "users/get-by-id") or o.path == "/user"
]


def list_ids(operations: list[Operation] | tuple[Operation, ...]) -> list[str]:
    return [operation.id for operation in operations]


def create_world(visibility: str) -> tuple[Application, dict[str, str]]:
    github = create_full_organization(visibility)
    return github, create_everything(create_client(github, "owner-1"))


share_world = cache(create_world)


def send(github: Application, operation: Operation, path: str, login: str) -> int:
    content = b"" if operation.method == "GET" else b"{}"
    return create_client(github, login).request(operation.method, path, content=content).status_code


def is_permitted(operation: Operation, visibility: str, login: str) -> bool:
    least_role = find_least_role(operation.id)
    open_to_all = visibility == "public" and least_role == READ and operation.method == "GET"
    return least_role in ROLES_BY_VISIBILITY[visibility][login] or (
        open_to_all and operation.id not in NEVER_ANONYMOUS
    )


def list_refusal_statuses(operation: Operation, visibility: str, login: str) -> set[int]:
    """Return the possible statuses of a refusal; a private repository is hidden from outsiders."""
    hidden = (
        visibility == "private"
        and operation.path.startswith("/repos/")
        and login in (ANONYMOUS, "outsider-1")
    )
    if hidden:
        return {404}
    return {401} if login == ANONYMOUS else {403, 404}


@pytest.mark.parametrize("visibility", ROLES_BY_VISIBILITY)
@pytest.mark.parametrize("operation", OPERATIONS, ids=list_ids(OPERATIONS))
def test_a_lower_role_is_refused_and_changes_nothing(operation: Operation, visibility: str) -> None:
    github, parts = share_world(visibility)
    before = snapshot(github.world)
    path = fill_path(operation, parts)

    for login in ROLES_BY_VISIBILITY[visibility]:
        if not is_permitted(operation, visibility, login):
            assert send(github, operation, path, login) in list_refusal_statuses(
                operation, visibility, login
            ), login
    assert snapshot(github.world) == before


@pytest.mark.parametrize("visibility", ROLES_BY_VISIBILITY)
@pytest.mark.parametrize("operation", READS, ids=list_ids(READS))
def test_a_sufficient_role_reads(operation: Operation, visibility: str) -> None:
    """Every object exists, so a 404 in the other tests is a refusal."""
    github, parts = share_world(visibility)

    for login in ROLES_BY_VISIBILITY[visibility]:
        if (
            is_permitted(operation, visibility, login)
            and operation.id != FOR_APPS
            and not _is_hidden(operation, login)
        ):
            assert send(github, operation, fill_path(operation, parts), login) in (200, 204), login


def _is_hidden(operation: Operation, login: str) -> bool:
    """Return whether an operation is about members, whom an outsider does not see."""
    return login == "outsider-1" and operation.id.startswith(
        ("orgs/check-membership", "orgs/get-membership")
    )


@pytest.mark.parametrize("operation", WRITES, ids=list_ids(WRITES))
def test_a_sufficient_role_writes(operation: Operation) -> None:
    """The body is empty and may be refused with another status than 401 and 403."""
    github, parts = create_world("private")

    for login in ROLES_OF:
        if is_permitted(operation, "private", login):
            response_status = send(github, operation, fill_path(operation, parts), login)
            # a run in progress cannot be re-run, which is a 403 for everyone
            refusals = {401} if operation.id.startswith("actions/re-run") else {401, 403}
            assert response_status not in refusals, login


@cache
def share_archived_world() -> tuple[Application, dict[str, str]]:
    github, parts = create_world("public")
    expect_ok(create_client(github, "owner-1").patch(HTTPX, json={"archived": True}))
    return github, parts


@pytest.mark.parametrize("operation", ON_REPOSITORY, ids=list_ids(ON_REPOSITORY))
def test_an_archived_repository_is_read_only(
    operation: Operation,
) -> None:
    """Source: GitHub's docs, "Archiving repositories": read-only for all users.

    Archiving switches vulnerability alerts off, so the check of them is a 404.
    """
    reads = (404,) if operation.id == "repos/check-vulnerability-alerts" else (200, 204)
    github, parts = share_archived_world()
    before = snapshot(github.world)
    response_status = send(github, operation, fill_path(operation, parts), "owner-1")

    assert response_status in (reads if operation.method == "GET" else (403,))
    assert snapshot(github.world) == before


@pytest.mark.parametrize("operation", OPERATIONS, ids=list_ids(OPERATIONS))
@pytest.mark.parametrize("token", ["without-scopes", "metadata-app", "read-app"])
def test_a_token_is_limited_by_its_scopes_and_permissions(operation: Operation, token: str) -> None:
    """An owner's token without scopes, an App with only metadata, and an App that only reads.

    Sources: GitHub's docs, "Scopes for OAuth apps" and "Permissions required for GitHub Apps";
    every App reads `metadata`.
    """
    github, parts = share_world("private")
    before = snapshot(github.world)
    response_status = send(github, operation, fill_path(operation, parts), token)

    assert snapshot(github.world) == before
    if operation.method != "GET" or (
        token != "read-app"
        and find_least_role(operation.id) not in (ANYONE, SIGNED_IN)
        and operation.id not in IN_METADATA
    ):
        assert response_status in (403, 404)


#: Operations that every App may use. Source: that page, permission "Metadata".
IN_METADATA = {
    "repos/get",
    "repos/list-collaborators",
    "repos/check-collaborator",
    "repos/get-collaborator-permission-level",
    "repos/get-all-topics",
    "repos/get-repo-rulesets",
    "repos/get-repo-ruleset",
    "repos/get-branch-rules",
}


@pytest.mark.parametrize(
    "operation", [o for o in READS if o.id in IN_METADATA], ids=sorted(IN_METADATA)
)
def test_a_token_without_scopes_does_not_read_metadata(operation: Operation) -> None:
    github, parts = share_world("private")

    assert send(github, operation, fill_path(operation, parts), "without-scopes") == 404


@pytest.mark.parametrize("operation", FOR_USERS, ids=list_ids(FOR_USERS))
def test_apps_are_refused_operations_for_users(operation: Operation) -> None:
    """Source: GitHub's docs, "Permissions required for GitHub Apps", which omits them."""
    github, parts = share_world("public")

    assert send(github, operation, fill_path(operation, parts), "write-app") == 403


def test_the_table_of_least_roles_is_complete() -> None:
    patterns = [pattern for _, row in LEAST for pattern in row]

    assert [
        name
        for name in list_ids(OPERATIONS)
        if not any(fnmatchcase(name, pattern) for pattern in patterns)
    ] == []
    assert [
        pattern
        for pattern in patterns
        if not any(fnmatchcase(name, pattern) for name in list_ids(OPERATIONS))
    ] == []
