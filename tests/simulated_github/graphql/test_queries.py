"""Tests of the GraphQL queries. Source: GitHub's public GraphQL schema."""

from typing import Any

import httpx
import pytest

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import HTTPX, create_team, expect_ok, expect_refusal
from tests.simulated_github.helpers.graphql_calls import run_query


def test_one_query_reads_many_users(owner: httpx.Client) -> None:
    response = run_query(
        owner, '{a: user(login: "operator-1") {login databaseId} b: user(login: "Nobody") {login}}'
    )

    assert response["data"]["a"]["login"] == "operator-1"
    assert response["data"]["b"] is None
    assert [(error["type"], error["path"], error["message"]) for error in response["errors"]] == [
        ("NOT_FOUND", ["b"], "Could not resolve to a User with the login of 'Nobody'.")
    ]


@pytest.mark.parametrize("path", ["/graphql", "/api/graphql"])
def test_the_paths_of_github_and_of_enterprise_server(owner: httpx.Client, path: str) -> None:
    assert (
        expect_ok(owner.post(path, json={"query": "{viewer {login}}"}))["data"]["viewer"]["login"]
        == "owner-1"
    )


def test_a_former_name_finds_the_repository(owner: httpx.Client) -> None:
    expect_ok(owner.patch(HTTPX, json={"name": "httpx2"}))
    query = (
        "query($follow: Boolean) "
        '{repository(owner: "encode", name: "httpx", followRenames: $follow) {name}}'
    )

    assert run_query(owner, query, follow=True)["data"]["repository"]["name"] == "httpx2"
    assert run_query(owner, query, follow=False)["data"]["repository"] is None


def test_the_permission_and_default_branch_of_a_repository(person: Person) -> None:
    query = (
        '{repository(owner: "encode", name: "databases") '
        "{viewerPermission defaultBranchRef {name}}}"
    )

    repository = run_query(person("maintainer-1"), query)["data"]["repository"]

    assert repository["viewerPermission"] == "WRITE"
    assert repository["defaultBranchRef"]["name"] == "master"


def get_object(client: httpx.Client, name: str, expression: str) -> Any:
    query = (
        f'{{repository(owner: "encode", name: "{name}") {{object(expression: "{expression}") '
        "{__typename ... on Tree {entries {name path mode type}}}}}"
    )
    return run_query(client, query)["data"]["repository"]["object"]


@pytest.mark.parametrize("revision", ["HEAD", "main", "refs/heads/main"])
def test_the_entries_of_a_directory_have_numeric_modes(owner: httpx.Client, revision: str) -> None:
    """The mode is a whole number in the schema: git's octal 100755 in decimal."""
    tree = get_object(owner, "httpx", f"{revision}:scripts")

    assert tree["__typename"] == "Tree"
    assert {"name": "build", "path": "scripts/build", "mode": 0o100755, "type": "blob"} in tree[
        "entries"
    ]
    assert [entry["name"] for entry in tree["entries"]] == ["build", "install", "publish", "test"]


def test_head_is_the_default_branch(owner: httpx.Client) -> None:
    assert get_object(owner, "databases", "HEAD:scripts") == get_object(
        owner, "databases", "master:scripts"
    )
    assert get_object(owner, "databases", "main:scripts") is None


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("HEAD", "Commit"),
        ("HEAD:", "Tree"),
        ("HEAD:README.md", "Blob"),
        ("HEAD:nothing/here", None),
        ("nothing:scripts", None),
    ],
)
def test_the_type_of_an_expressions_object(
    owner: httpx.Client, expression: str, kind: str | None
) -> None:
    item = get_object(owner, "httpx", expression)

    assert (item and item["__typename"]) == kind


def test_the_objects_of_a_hidden_repository_are_not_found(
    owner: httpx.Client, person: Person
) -> None:
    expect_ok(owner.patch(HTTPX, json={"private": True}))

    response = run_query(
        person("outsider-1"),
        '{repository(owner: "encode", name: "httpx") {object(expression: "HEAD") {oid}}}',
    )

    assert response["data"]["repository"] is None
    assert response["errors"][0]["type"] == "NOT_FOUND"


def test_a_secret_team_is_hidden_from_other_users(owner: httpx.Client, person: Person) -> None:
    create_team(owner, "operations")
    create_team(owner, "hidden", privacy="secret")
    query = (
        '{organization(login: "encode") '
        '{a: team(slug: "operations") {name} b: team(slug: "hidden") {privacy}}}'
    )

    assert run_query(owner, query)["data"]["organization"] == {
        "a": {"name": "operations"},
        "b": {"privacy": "SECRET"},
    }
    assert run_query(person("operator-1"), query)["data"]["organization"]["b"] is None


def test_a_query_requires_a_token(anyone: httpx.Client) -> None:
    expect_refusal(
        anyone.post("/graphql", json={"query": "{viewer {login}}"}), 401, "Requires authentication"
    )


def test_a_request_without_a_query_is_a_400(owner: httpx.Client) -> None:
    expect_refusal(owner.post("/graphql", json={}), 400, "A query attribute must be specified")


def test_an_unknown_field_is_an_error_that_names_it(owner: httpx.Client) -> None:
    assert "bio" in run_query(owner, '{user(login: "owner-1") {bio}}')["errors"][0]["message"]
