"""Tests of pages. Source: GitHub's docs, "Using pagination in the GraphQL API"."""

from typing import Any

import httpx
import pytest

from tests.simulated_github.helpers.graphql_calls import (
    list_errors,
    read_organization,
    run_query,
)

MEMBERS = "membersWithRole"


def read_members(client: httpx.Client, arguments: str, fields: str) -> Any:
    return read_organization(client, f"{MEMBERS}({arguments}) {{{fields}}}")[MEMBERS]


def test_pages_follow_each_other_without_gaps(owner: httpx.Client) -> None:
    logins: list[str] = []
    after = "null"
    has_next_page = True
    while has_next_page:
        page = read_members(
            owner,
            f"first: 7, after: {after}",
            "totalCount nodes {login} pageInfo {hasNextPage hasPreviousPage endCursor}",
        )
        assert page["pageInfo"]["hasPreviousPage"] is bool(logins)
        logins += [member["login"] for member in page["nodes"]]
        after = f'"{page["pageInfo"]["endCursor"]}"'
        has_next_page = page["pageInfo"]["hasNextPage"]

    everyone = read_members(owner, "first: 100", "totalCount nodes {login}")
    assert logins == [member["login"] for member in everyone["nodes"]]
    assert len(logins) == everyone["totalCount"]


def test_the_last_items_before_a_cursor(owner: httpx.Client) -> None:
    edges = read_members(owner, "first: 5", "edges {cursor node {login}}")["edges"]

    page = read_members(
        owner,
        f'last: 2, before: "{edges[4]["cursor"]}"',
        "edges {cursor node {login}} pageInfo {startCursor hasNextPage hasPreviousPage}",
    )

    assert page["edges"] == edges[2:4]
    assert page["pageInfo"] == {
        "startCursor": edges[2]["cursor"],
        "hasNextPage": True,
        "hasPreviousPage": True,
    }


def test_an_empty_page_has_no_cursors(owner: httpx.Client) -> None:
    teams = read_organization(
        owner, "teams(first: 5) {totalCount edges {cursor} pageInfo {hasNextPage endCursor}}"
    )["teams"]

    assert teams == {
        "totalCount": 0,
        "edges": [],
        "pageInfo": {"hasNextPage": False, "endCursor": None},
    }


@pytest.mark.parametrize(
    ("arguments", "error_type", "message"),
    [
        (
            "",
            "MISSING_PAGINATION_BOUNDARIES",
            "You must provide a `first` or `last` value to properly paginate the "
            "`membersWithRole` connection.",
        ),
        (
            "(first: 101)",
            "EXCESSIVE_PAGINATION",
            "Requesting 101 records on the `membersWithRole` connection exceeds the `first` limit "
            "of 100 records.",
        ),
        (
            "(last: 101)",
            "EXCESSIVE_PAGINATION",
            "Requesting 101 records on the `membersWithRole` connection exceeds the `last` limit "
            "of 100 records.",
        ),
        (
            "(first: 0)",
            "ARGUMENT_LIMIT",
            "`first` on the `membersWithRole` connection must be within 1-100.",
        ),
        (
            '(first: 5, after: "nowhere")',
            "INVALID_CURSOR_ARGUMENTS",
            "`nowhere` does not appear to be a valid cursor.",
        ),
    ],
)
@pytest.mark.parametrize("field", ["nodes {login}", "...Page"])
def test_refused_pages(
    owner: httpx.Client, arguments: str, error_type: str, message: str, field: str
) -> None:
    query = f'{{organization(login: "encode") {{{MEMBERS}{arguments} {{{field}}}}}}}'
    fragment = "fragment Page on OrganizationMemberConnection {... {edges {role}}}"

    body = run_query(owner, query + (fragment if field == "...Page" else ""))

    assert list_errors(body) == [(error_type, ["organization", MEMBERS])]
    assert body["errors"][0]["message"] == message
    assert body["data"] == {"organization": None}


def test_a_count_alone_needs_no_page(owner: httpx.Client) -> None:
    organization = read_organization(owner, f"{MEMBERS} {{totalCount}}")

    assert organization[MEMBERS]["totalCount"] > 10
