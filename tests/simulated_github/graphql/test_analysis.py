"""Tests of the checks before a query runs.

Source: GitHub's docs, "Rate limits and query limits for the GraphQL API", with its example.
"""

from typing import Any

import httpx
import pytest

from simulated_github import Application
from simulated_github.records.accounts import Token
from tests.simulated_github.helpers.checked_transport import connect
from tests.simulated_github.helpers.graphql_calls import list_errors, read, run_query


def nest_connections(*sizes: int) -> str:
    """Return a query for repositories, their rulesets and the rules of each, in these pages."""
    repositories, rulesets, rules = sizes
    return (
        f'query {{rateLimit {{cost nodeCount}} organization(login: "encode") {{'
        f"repositories(first: {repositories}) {{nodes {{rulesets(first: {rulesets}) {{nodes {{"
        f"rules(first: {rules}) {{nodes {{type}}}}}}}}}}}}}}}}"
    )


@pytest.mark.parametrize(
    ("sizes", "nodes", "cost"),
    [
        ((50, 20, 10), 50 + 50 * 20 + 50 * 20 * 10, round((1 + 50 + 50 * 20) / 100)),
        ((1, 1, 1), 3, 1),
    ],
)
def test_nodes_and_cost(
    owner: httpx.Client, sizes: tuple[int, int, int], nodes: int, cost: int
) -> None:
    assert read(owner, nest_connections(*sizes))["rateLimit"] == {"cost": cost, "nodeCount": nodes}


def test_variables_and_fragments_count(owner: httpx.Client) -> None:
    query = (
        "query($size: Int = 40, $rules: Int) {"
        'rateLimit {nodeCount} a: repository(owner: "encode", name: "httpx") {...Part} '
        'b: repository(owner: "encode", name: "httpx") {...Part}} '
        "fragment Part on Repository "
        "{rulesets(first: $size) {nodes {... {rules(last: $rules) {nodes {type}}}}}}"
    )

    node_count = read(owner, query, rules=10)["rateLimit"]["nodeCount"]

    assert node_count == 2 * (40 + 40 * 10)


def test_a_query_for_too_many_nodes_is_refused(owner: httpx.Client) -> None:
    body = run_query(owner, nest_connections(100, 100, 50))

    assert "data" not in body
    assert list_errors(body) == [("MAX_NODE_LIMIT_EXCEEDED", None)]
    assert body["errors"][0]["message"] == (
        "This query requests up to 510,100 possible nodes which exceeds the maximum limit of "
        "500,000."
    )


def test_the_limit_itself_is_allowed(owner: httpx.Client) -> None:
    assert read(owner, nest_connections(100, 100, 48))["rateLimit"]["nodeCount"] == 490_100


def test_the_rate_is_that_of_the_token(owner: httpx.Client, github: Application) -> None:
    github.limits.set(60, 3600)

    rate = read(owner, "{rateLimit {limit remaining used resetAt}}")["rateLimit"]

    assert (rate["limit"], rate["remaining"], rate["used"]) == (60, 59, 1)
    assert rate["resetAt"].endswith("Z")


def query_with_scopes(github: Application, scopes: set[str], query: str) -> Any:
    owner = github.world.user("owner-1")
    assert owner is not None
    github.world.tokens["narrow"] = Token(owner, frozenset(scopes))
    return run_query(connect(github, {"authorization": "Bearer narrow"}), query)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ("teams(first: 5) {nodes {slug}}", "slug"),
        ('team(slug: "operations") {...{name}}', "name"),
        ("membersWithRole(first: 5) {edges {role}}", "role"),
    ],
)
def test_teams_and_members_need_a_scope(github: Application, fields: str, field: str) -> None:
    """Source: raycast/extensions issue 3881: the query as a whole is refused, without a path."""
    query = f'{{organization(login: "encode") {{{fields}}}}}'

    body = query_with_scopes(github, {"repo"}, query)

    assert "data" not in body
    assert list_errors(body) == [("INSUFFICIENT_SCOPES", None)]
    assert (
        f"The '{field}' field requires one of the following scopes: ['read:org'"
        in (body["errors"][0]["message"])
    )
    assert "only been granted the: ['repo'] scopes" in body["errors"][0]["message"]
    assert list_errors(query_with_scopes(github, {"repo", "admin:org"}, query)) == []
