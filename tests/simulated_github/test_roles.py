"""Every operation, asked for by everybody: whoever is too small is refused and changes nothing, others get through.

Who may do what is in ``least_roles``, which shares nothing with the simulator. Sources of the statuses: GitHub's docs,
"Troubleshooting the REST API" (401 without a token, 404 in place of 403 for what is private) and each operation's page.
What is refused changes nothing, so that these tests share one world of each visibility; a write that gets through has its own.
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
    ANYONE,
    LEAST,
    PUBLIC,
    READ,
    SIGNED_IN,
    STANDING,
    find_least_role,
)

STANDINGS = {"private": STANDING, "public": PUBLIC}
#: For installations and nobody else. Source: its REST page.
FOR_APPS = "apps/list-repos-accessible-to-installation"
#: Read on a public repository, and yet not without a token. Source: the pages of both; that of teams is an assumption.
NEVER_ANONYMOUS = {"repos/get-collaborator-permission-level", "repos/list-teams"}
READS = [operation for operation in OPERATIONS if operation.method == "GET"]
WRITES = [operation for operation in OPERATIONS if operation.method != "GET"]
#: An archived repository is taken back, deleted or given away all the same. Source: GitHub's docs, "Archiving repositories".
ALSO_ARCHIVED = {"repos/update", "repos/delete", "repos/transfer"}
ON_REPOSITORY = [o for o in OPERATIONS if "/{owner}/{repo}" in o.path and o.id not in ALSO_ARCHIVED]
OF_PEOPLE = [
    o
    for o in OPERATIONS
    if (o.path.startswith("/user/") and o.id != "users/get-by-id") or o.path == "/user"
]


def names(operations: list[Operation] | tuple[Operation, ...]) -> list[str]:
    return [operation.id for operation in operations]


def fresh(visibility: str) -> tuple[Application, dict[str, str]]:
    github = create_full_organization(visibility)
    return github, create_everything(create_client(github, "owner-1"))


shared = cache(fresh)


def status(github: Application, operation: Operation, path: str, who: str) -> int:
    content = b"" if operation.method == "GET" else b"{}"
    return create_client(github, who).request(operation.method, path, content=content).status_code


def may(operation: Operation, visibility: str, who: str) -> bool:
    wanted = find_least_role(operation.id)
    open_to_all = visibility == "public" and wanted == READ and operation.method == "GET"
    return wanted in STANDINGS[visibility][who] or (
        open_to_all and operation.id not in NEVER_ANONYMOUS
    )


def refusals(operation: Operation, visibility: str, who: str) -> set[int]:
    """A private repository is not there for whoever may not see it."""
    hidden = (
        visibility == "private"
        and operation.path.startswith("/repos/")
        and who in ("nobody", "outsider-1")
    )
    return {404} if hidden else {401} if who == "nobody" else {403, 404}


@pytest.mark.parametrize("visibility", STANDINGS)
@pytest.mark.parametrize("operation", OPERATIONS, ids=names(OPERATIONS))
def test_whoever_is_too_small_is_refused_and_changes_nothing(
    operation: Operation, visibility: str
) -> None:
    github, parts = shared(visibility)
    before = snapshot(github.world)
    path = fill_path(operation, parts)

    for who in STANDINGS[visibility]:
        if not may(operation, visibility, who):
            assert status(github, operation, path, who) in refusals(operation, visibility, who), who
    assert snapshot(github.world) == before


@pytest.mark.parametrize("visibility", STANDINGS)
@pytest.mark.parametrize("operation", READS, ids=names(READS))
def test_whoever_may_reads_it(operation: Operation, visibility: str) -> None:
    """What is asked for is there, so that a 404 elsewhere is a refusal and nothing else."""
    github, parts = shared(visibility)

    for who in STANDINGS[visibility]:
        if (
            may(operation, visibility, who)
            and operation.id != FOR_APPS
            and not _is_missing(operation, who)
        ):
            assert status(github, operation, fill_path(operation, parts), who) in (200, 204), who


def _is_missing(operation: Operation, who: str) -> bool:
    """Members are concealed from outsiders, who are no members themselves."""
    return who == "outsider-1" and operation.id.startswith(
        ("orgs/check-membership", "orgs/get-membership")
    )


@pytest.mark.parametrize("operation", WRITES, ids=names(WRITES))
def test_whoever_may_write_is_not_refused(operation: Operation) -> None:
    """An empty body may be wrong, a run may not be over: everything but 401 and 403 shows that the sender was let in."""
    github, parts = fresh("private")

    for who in STANDING:
        if may(operation, "private", who):
            found = status(github, operation, fill_path(operation, parts), who)
            assert found not in (401, 403) or (
                found,
                operation.id.startswith("actions/re-run"),
            ) == (403, True), who


@cache
def archived() -> tuple[Application, dict[str, str]]:
    github, parts = fresh("public")
    expect_ok(create_client(github, "owner-1").patch(HTTPX, json={"archived": True}))
    return github, parts


@pytest.mark.parametrize("operation", ON_REPOSITORY, ids=names(ON_REPOSITORY))
def test_an_archived_repository_is_read_and_not_written_also_by_owners(
    operation: Operation,
) -> None:
    """Source: GitHub's docs, "Archiving repositories": read-only for all users."""
    github, parts = archived()
    before = snapshot(github.world)
    found = status(github, operation, fill_path(operation, parts), "owner-1")

    assert found in (200, 204) if operation.method == "GET" else found == 403
    assert snapshot(github.world) == before


@pytest.mark.parametrize("operation", OPERATIONS, ids=names(OPERATIONS))
@pytest.mark.parametrize("token", ["without-scopes", "knows-nothing", "reads"])
def test_a_token_may_less_than_its_holder(operation: Operation, token: str) -> None:
    """An owner's token without scopes, an App without permissions and one that only reads. Sources: GitHub's docs, "Scopes for
    OAuth apps" and "Permissions required for GitHub Apps"; ``metadata`` is read by every App."""
    github, parts = shared("private")
    before = snapshot(github.world)
    found = status(github, operation, fill_path(operation, parts), token)

    assert snapshot(github.world) == before
    if operation.method != "GET" or (
        token != "reads"
        and find_least_role(operation.id) not in (ANYONE, SIGNED_IN)
        and operation.id not in OF_METADATA
    ):
        assert found in (403, 404)


#: What every App may read. Source: the table of the permission "Metadata" in the same page.
OF_METADATA = {
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
    "operation", [o for o in READS if o.id in OF_METADATA], ids=sorted(OF_METADATA)
)
def test_metadata_is_nothing_for_a_token_without_scopes(operation: Operation) -> None:
    github, parts = shared("private")

    assert status(github, operation, fill_path(operation, parts), "without-scopes") == 404


@pytest.mark.parametrize("operation", OF_PEOPLE, ids=names(OF_PEOPLE))
def test_what_is_about_the_sender_is_not_for_apps(operation: Operation) -> None:
    """Source: GitHub's docs, "Permissions required for GitHub Apps": installations are not among those who may."""
    github, parts = shared("public")

    assert status(github, operation, fill_path(operation, parts), "writes") == 403


def test_every_operation_has_a_least_role_and_every_pattern_an_operation() -> None:
    patterns = [pattern for _, row in LEAST for pattern in row]

    assert [
        name
        for name in names(OPERATIONS)
        if not any(fnmatchcase(name, pattern) for pattern in patterns)
    ] == []
    assert [
        pattern
        for pattern in patterns
        if not any(fnmatchcase(name, pattern) for name in names(OPERATIONS))
    ] == []
