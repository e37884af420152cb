"""Tests of faults for queries that are too heavy, which a client can split into halves."""

from typing import Any

import httpx
import pytest

from simulated_github import Application
from simulated_github.control.faults import Fault
from tests.simulated_github.helpers.api_calls import expect_ok
from tests.simulated_github.helpers.graphql_calls import list_errors, run_query

NAMES = ("httpx", "httpcore", "starlette")


def query_repositories(*names: str) -> str:
    fields = (
        f'r{number}: repository(owner: "encode", name: "{name}") {{name}}'
        for number, name in enumerate(names)
    )
    return f"{{{' '.join(fields)}}}"


def send(client: httpx.Client, query: str, **variables: Any) -> httpx.Response:
    return client.post("/graphql", json={"query": query, "variables": variables})


def test_only_a_query_for_many_repositories_fails(github: Application, owner: httpx.Client) -> None:
    fault = Fault(repositories=2, status=502)
    github.faults.add(fault)

    response = send(owner, query_repositories(*NAMES))

    assert response.status_code == 502
    assert response.json()["data"] is None
    assert response.json()["errors"][0]["message"].startswith("Something went wrong")
    assert run_query(owner, query_repositories(*NAMES[:2]))["data"] == {
        "r0": {"name": "httpx"},
        "r1": {"name": "httpcore"},
    }
    expect_ok(owner.get("/orgs/encode/repos"))
    assert len(fault.struck) == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ('{organization(login: "encode") {repositories(first: 3) {nodes {name}}}}', 502),
        ('{organization(login: "encode") {repositories(first: 2) {nodes {name}}}}', 200),
        ('{organization(login: "encode") {repository(name: "httpx") {name}}}', 200),
        (
            'query($n: Int) {...{organization(login: "encode") {...On}}} fragment On on '
            "Organization {repositories(first: $n) {totalCount}}",
            502,
        ),
        ("{viewer {login}}", 200),
        ("{", 200),
    ],
)
def test_how_repositories_are_counted(
    github: Application, owner: httpx.Client, query: str, status: int
) -> None:
    github.faults.add(Fault(repositories=2, status=502))

    assert send(owner, query, n=50).status_code == status


def test_one_repository_is_left_out(github: Application, owner: httpx.Client) -> None:
    github.faults.add(Fault(partial="Encode/HttpCore"))

    body = run_query(owner, query_repositories(*NAMES))

    assert body["data"]["r1"] is None
    assert body["data"]["r0"] == {"name": "httpx"}
    assert body["data"]["r2"] == {"name": "starlette"}
    assert list_errors(body) == [("RESOURCE_LIMITS_EXCEEDED", ["r1"])]


def test_a_repository_named_by_variables_is_left_out(
    github: Application, owner: httpx.Client
) -> None:
    github.faults.add(Fault(partial="encode/httpx"))
    query = "query($o: String!, $n: String!) {repository(owner: $o, name: $n) {name}}"

    left_out = run_query(owner, query, o="encode", n="httpx")

    assert left_out["data"] == {"repository": None}
    assert list_errors(left_out) == [("RESOURCE_LIMITS_EXCEEDED", ["repository"])]
    assert "errors" not in run_query(owner, query, o="encode", n="httpcore")


def test_further_errors_stay(github: Application, owner: httpx.Client) -> None:
    github.faults.add(Fault(partial="encode/httpx"))

    body = run_query(owner, query_repositories("httpx", "nothing"))

    assert list_errors(body) == [("NOT_FOUND", ["r1"]), ("RESOURCE_LIMITS_EXCEEDED", ["r0"])]


def test_a_partial_fault_concerns_queries_only(github: Application, owner: httpx.Client) -> None:
    fault = Fault(partial="encode/httpx")
    github.faults.add(fault)

    assert expect_ok(owner.get("/repos/encode/httpx"))["name"] == "httpx"
    assert fault.struck == []
