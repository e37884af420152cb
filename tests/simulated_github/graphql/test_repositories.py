"""Tests of repositories, their collaborators, environments and files in GraphQL responses."""

from typing import Any

import httpx
import pytest

from simulated_github import World, create_app
from simulated_github.git.objects import Signature
from simulated_github.records.accounts import Organization
from simulated_github.world.world_file import parse
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    CUSTOM_POLICIES,
    HTTPX,
    create_team,
    expect_ok,
    grant_access,
    put_environment,
    write_file,
)
from tests.simulated_github.helpers.checked_transport import connect
from tests.simulated_github.helpers.graphql_calls import (
    list_errors,
    read,
    read_repository,
    run_query,
)


def test_the_settings_of_a_repository(owner: httpx.Client) -> None:
    expect_ok(
        owner.patch(
            HTTPX, json={"allow_merge_commit": False, "allow_rebase_merge": False, "private": True}
        )
    )

    assert read_repository(
        owner,
        "nameWithOwner owner {__typename login} isArchived isPrivate isEmpty isFork isTemplate "
        "visibility mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed viewerCanAdminister "
        "defaultBranchRef {name prefix target {oid}}",
    ) == {
        "nameWithOwner": "encode/httpx",
        "owner": {"__typename": "Organization", "login": "encode"},
        "isArchived": False,
        "isPrivate": True,
        "isEmpty": False,
        "isFork": False,
        "isTemplate": False,
        "visibility": "PRIVATE",
        "mergeCommitAllowed": False,
        "squashMergeAllowed": True,
        "rebaseMergeAllowed": False,
        "viewerCanAdminister": True,
        "defaultBranchRef": {
            "name": "main",
            "prefix": "refs/heads/",
            "target": {"oid": expect_ok(owner.get(f"{HTTPX}/branches/main"))["commit"]["sha"]},
        },
    }


def test_an_empty_repository_has_no_default_branch(owner: httpx.Client) -> None:
    expect_ok(owner.post("/orgs/encode/repos", json={"name": "new"}))

    assert read_repository(owner, "isEmpty defaultBranchRef {name}", "new") == {
        "isEmpty": True,
        "defaultBranchRef": None,
    }


def test_a_transferred_repository_is_found_by_its_old_name(
    owner: httpx.Client, world: World
) -> None:
    user = world.user("owner-1")
    assert user is not None
    organization = Organization(77, "other", world.clock.stamp())
    organization.members[user.id] = "admin"
    world.add_organization(organization)
    expect_ok(owner.post(f"{HTTPX}/transfer", json={"new_owner": "other", "new_name": "moved"}))
    query = '{repository(owner: "encode", name: "httpx"%s) {nameWithOwner owner {login}}}'

    body = run_query(owner, query % ", followRenames: false")
    assert list_errors(body) == [("NOT_FOUND", ["repository"])]
    assert read(owner, query % "")["repository"] == {
        "nameWithOwner": "other/moved",
        "owner": {"login": "other"},
    }


def list_collaborators(client: httpx.Client, affiliation: str) -> dict[str, str]:
    """Return the permission of each collaborator by login."""
    edges = read_repository(
        client,
        f"collaborators(first: 100, affiliation: {affiliation}) "
        "{edges {permission node {login databaseId}}}",
    )["collaborators"]["edges"]
    return {edge["node"]["login"]: edge["permission"] for edge in edges}


def test_collaborators_by_affiliation(owner: httpx.Client, world: World) -> None:
    [repository] = [r for r in world.repositories.values() if r.name == "httpx"]
    [organization] = world.organizations.values()

    outside = list_collaborators(owner, "OUTSIDE")
    direct = list_collaborators(owner, "DIRECT")
    everyone = list_collaborators(owner, "ALL")

    outside_ids = repository.collaborators.keys() - organization.members.keys()
    assert set(direct) == {world.users[user_id].login for user_id in repository.collaborators}
    assert set(outside) == {world.users[user_id].login for user_id in outside_ids}
    assert 0 < len(outside) < len(direct) < len(everyone)
    assert everyone["owner-1"] == "ADMIN"
    assert direct.items() <= everyone.items()


def test_the_sources_of_a_role(owner: httpx.Client) -> None:
    create_team(owner, "operations", ["operator-1"])
    grant_access(owner, "operations", "maintain")
    expect_ok(owner.put(f"{HTTPX}/collaborators/operator-1", json={"permission": "triage"}))

    [edge] = read_repository(
        owner,
        'collaborators(first: 5, login: "operator-1") {edges {permission permissionSources '
        "{permission roleName organization {login} source {__typename ... on Organization {login} "
        "... on Team {slug} ... on Repository {name}}}}}",
    )["collaborators"]["edges"]

    assert edge["permission"] == "MAINTAIN"
    sources = edge["permissionSources"]
    assert [(s["permission"], s["roleName"], s["source"]) for s in sources] == [
        ("READ", "read", {"__typename": "Organization", "login": "encode"}),
        ("WRITE", "maintain", {"__typename": "Team", "slug": "operations"}),
        ("READ", "triage", {"__typename": "Repository", "name": "httpx"}),
    ]


def test_collaborators_need_push_access(person: Person) -> None:
    body = run_query(
        person("outsider-1"),
        '{repository(owner: "encode", name: "httpx") {name collaborators(first: 5) {totalCount}}}',
    )

    assert body["data"]["repository"] == {"name": "httpx", "collaborators": None}
    assert list_errors(body) == [("FORBIDDEN", ["repository", "collaborators"])]
    assert body["errors"][0]["message"] == (
        "You do not have permission to view repository collaborators."
    )


def test_environments_have_their_protection_rules(owner: httpx.Client) -> None:
    team = create_team(owner, "operations")
    grant_access(owner, "operations", "push")
    environment = put_environment(
        owner,
        "pypi",
        wait_timer=30,
        prevent_self_review=True,
        reviewers=[{"type": "Team", "id": team["id"]}],
        deployment_branch_policy=CUSTOM_POLICIES,
    )
    put_environment(owner, "docs")

    response = read_repository(
        owner,
        "environments(first: 5) {totalCount nodes {databaseId name protectionRules(first: 5) "
        "{nodes {databaseId type timeout preventSelfReview reviewers(first: 6) {nodes "
        "{__typename ... on Team {databaseId slug} ... on User {login}}}}}}} "
        'environment(name: "PYPI") {name} missing: environment(name: "test") {name}',
    )

    rules = {rule["type"]: rule["id"] for rule in environment["protection_rules"]}
    nobody: dict[str, Any] = {"nodes": []}
    assert response["environment"] == {"name": "pypi"}
    assert response["missing"] is None
    assert response["environments"]["nodes"][0]["name"] == "docs"
    assert response["environments"]["nodes"][0]["protectionRules"] == {"nodes": []}
    assert response["environments"]["nodes"][1]["databaseId"] == environment["id"]
    assert response["environments"]["nodes"][1]["protectionRules"]["nodes"] == [
        {
            "databaseId": rules["wait_timer"],
            "type": "WAIT_TIMER",
            "timeout": 30,
            "preventSelfReview": None,
            "reviewers": nobody,
        },
        {
            "databaseId": rules["required_reviewers"],
            "type": "REQUIRED_REVIEWERS",
            "timeout": 0,
            "preventSelfReview": True,
            "reviewers": {
                "nodes": [{"__typename": "Team", "databaseId": team["id"], "slug": "operations"}]
            },
        },
        {
            "databaseId": rules["branch_policy"],
            "type": "BRANCH_POLICY",
            "timeout": 0,
            "preventSelfReview": None,
            "reviewers": nobody,
        },
    ]


def test_the_text_of_every_workflow_in_one_query(owner: httpx.Client) -> None:
    expect_ok(write_file(owner, ".github/workflows/ä.yml", "name: ä\n"))

    entries = read_repository(
        owner,
        'object(expression: "HEAD:.github/workflows") {... on Tree {entries {name path mode type '
        "size object {... on Blob {text byteSize isBinary isTruncated oid}}}}}",
    )["object"]["entries"]

    assert [entry["name"] for entry in entries] == ["publish.yml", "ä.yml"]
    assert entries[1]["path"] == ".github/workflows/ä.yml"
    assert entries[1]["size"] == 9
    blob = entries[1]["object"]
    sha = expect_ok(owner.get(f"{HTTPX}/contents/.github/workflows/ä.yml"))["sha"]
    assert blob == {
        "text": "name: ä\n",
        "byteSize": 9,
        "isBinary": False,
        "isTruncated": False,
        "oid": sha,
    }


@pytest.mark.parametrize("data", [b"a\0b", b"\xff\xfe"])
def test_a_binary_file_has_no_text(world: World, owner: httpx.Client, data: bytes) -> None:
    [repository] = [r for r in world.repositories.values() if r.name == "httpx"]
    head = repository.git.refs["refs/heads/main"]
    author = Signature("Owner", "owner@example.com", 0)
    commit = repository.git.commit((head,), {"x.bin": data}, "Add", author, author)
    repository.git.refs["refs/heads/main"] = commit

    blob = read_repository(
        owner, 'object(expression: "HEAD:x.bin") {... on Blob {text byteSize isBinary}}'
    )["object"]

    assert blob == {"text": None, "byteSize": len(data), "isBinary": True}


def test_a_long_text_is_cut(owner: httpx.Client) -> None:
    expect_ok(write_file(owner, "long.txt", "x" * 600_000))

    blob = read_repository(
        owner, 'object(expression: "HEAD:long.txt") {... on Blob {text byteSize isTruncated}}'
    )["object"]

    assert blob["byteSize"] == 600_000
    assert blob["isTruncated"] is True
    assert len(blob["text"]) == 512_000


def test_files_need_a_permission_of_an_app() -> None:
    document = {
        "users": ["owner-1"],
        "organizations": {"encode": {"owners": ["owner-1"], "repositories": {"httpx": {}}}},
        "apps": {"blind": {"installed-in": "encode", "permissions": {"members": "read"}}},
    }
    client = connect(create_app(parse(document)), {"authorization": "Bearer token-blind"})

    body = run_query(
        client,
        '{repository(owner: "encode", name: "httpx") {name object(expression: "HEAD") {oid}}}',
    )

    assert body["data"]["repository"] == {"name": "httpx", "object": None}
    assert list_errors(body) == [("FORBIDDEN", ["repository", "object"])]
