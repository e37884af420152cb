"""The GraphQL queries. Source: GitHub's public GraphQL schema."""

from typing import Any

import httpx
import pytest

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import HTTPX, create_team, expect_ok, expect_refusal


def ask(client: httpx.Client, query: str, **variables: Any) -> Any:
    return expect_ok(client.post("/graphql", json={"query": query, "variables": variables}))


def test_many_people_are_looked_up_in_one_query(owner: httpx.Client) -> None:
    answer = ask(
        owner, '{a: user(login: "operator-1") {login databaseId} b: user(login: "Nobody") {login}}'
    )

    assert answer["data"]["a"]["login"] == "operator-1"
    assert answer["data"]["b"] is None
    assert [(error["type"], error["path"], error["message"]) for error in answer["errors"]] == [
        ("NOT_FOUND", ["b"], "Could not resolve to a User with the login of 'Nobody'.")
    ]


@pytest.mark.parametrize("path", ["/graphql", "/api/graphql"])
def test_it_is_where_github_and_an_enterprise_server_have_it(
    owner: httpx.Client, path: str
) -> None:
    assert (
        expect_ok(owner.post(path, json={"query": "{viewer {login}}"}))["data"]["viewer"]["login"]
        == "owner-1"
    )


def test_repositories_are_found_by_a_former_name_too(owner: httpx.Client) -> None:
    expect_ok(owner.patch(HTTPX, json={"name": "httpx2"}))
    query = 'query($follow: Boolean) {repository(owner: "encode", name: "httpx", followRenames: $follow) {name}}'

    assert ask(owner, query, follow=True)["data"]["repository"]["name"] == "httpx2"
    assert ask(owner, query, follow=False)["data"]["repository"] is None


def test_a_repository_shows_what_one_may_do_and_its_default_branch(person: Person) -> None:
    query = '{repository(owner: "encode", name: "databases") {viewerPermission defaultBranchRef {name}}}'

    found = ask(person("maintainer-1"), query)["data"]["repository"]

    assert (found["viewerPermission"], found["defaultBranchRef"]["name"]) == ("WRITE", "master")


def scripts_of(client: httpx.Client, name: str, expression: str) -> Any:
    query = (
        f'{{repository(owner: "encode", name: "{name}") {{object(expression: "{expression}") '
        "{__typename ... on Tree {entries {name path mode type}}}}}"
    )
    return ask(client, query)["data"]["repository"]["object"]


@pytest.mark.parametrize("revision", ["HEAD", "main", "refs/heads/main"])
def test_a_directory_shows_its_entries_with_their_modes_as_numbers(
    owner: httpx.Client, revision: str
) -> None:
    """The schema has a whole number there: git's octal 100755 in decimal."""
    found = scripts_of(owner, "httpx", f"{revision}:scripts")

    assert found["__typename"] == "Tree"
    assert {"name": "build", "path": "scripts/build", "mode": 0o100755, "type": "blob"} in found[
        "entries"
    ]
    assert [entry["name"] for entry in found["entries"]] == ["build", "install", "publish", "test"]


def test_the_head_is_the_default_branch_whatever_its_name(owner: httpx.Client) -> None:
    assert scripts_of(owner, "databases", "HEAD:scripts") == scripts_of(
        owner, "databases", "master:scripts"
    )
    assert scripts_of(owner, "databases", "main:scripts") is None


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
def test_an_expression_may_stand_for_a_commit_a_directory_a_file_or_nothing(
    owner: httpx.Client, expression: str, kind: str | None
) -> None:
    found = scripts_of(owner, "httpx", expression)

    assert (found and found["__typename"]) == kind


def test_the_objects_of_a_repository_that_nobody_may_see_are_not_shown(
    owner: httpx.Client, person: Person
) -> None:
    expect_ok(owner.patch(HTTPX, json={"private": True}))

    answer = ask(
        person("outsider-1"),
        '{repository(owner: "encode", name: "httpx") {object(expression: "HEAD") {oid}}}',
    )

    assert (answer["data"]["repository"], answer["errors"][0]["type"]) == (None, "NOT_FOUND")


def test_teams_are_found_by_those_who_may_see_them(owner: httpx.Client, person: Person) -> None:
    create_team(owner, "operations")
    create_team(owner, "hidden", privacy="secret")
    query = '{organization(login: "encode") {a: team(slug: "operations") {name} b: team(slug: "hidden") {privacy}}}'

    assert ask(owner, query)["data"]["organization"] == {
        "a": {"name": "operations"},
        "b": {"privacy": "SECRET"},
    }
    assert ask(person("operator-1"), query)["data"]["organization"]["b"] is None


def test_without_a_token_nothing_is_answered(anyone: httpx.Client) -> None:
    expect_refusal(
        anyone.post("/graphql", json={"query": "{viewer {login}}"}), 401, "Requires authentication"
    )


def test_a_query_is_needed(owner: httpx.Client) -> None:
    expect_refusal(owner.post("/graphql", json={}), 400, "A query attribute must be specified")


def test_a_field_that_is_not_served_is_an_error_that_names_it(owner: httpx.Client) -> None:
    assert "bio" in ask(owner, '{user(login: "owner-1") {bio}}')["errors"][0]["message"]
