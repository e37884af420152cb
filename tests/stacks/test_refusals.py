"""The problems behind responses that refuse a read, and behind a missing one."""

import httpx
import pytest

from stacks.github_api import Credentials, GitHubReader
from stacks.github_responses import scopes_of
from stacks.settings.problems import GitHubError, Problem
from tests.stacks.api_responses import (
    BASE_URL,
    TOKEN,
    StubbedGitHub,
    always,
    reader,
    refusal_of,
)


@pytest.mark.parametrize(
    "failure",
    [httpx.ConnectError, httpx.ConnectTimeout, httpx.ReadError, httpx.RemoteProtocolError],
)
def test_github_cannot_be_reached(failure: type[httpx.TransportError]) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise failure(f"no route with {TOKEN}")

    assert refusal_of(fail) == Problem(
        "github:baseUrl",
        BASE_URL,
        f"an address where GitHub's API answers; this one did not ({failure.__name__})",
        "check the network and the address, and run `pulumi up` again",
    )


@pytest.mark.parametrize(
    "base_url", ["http://host:port/", "http://[::1", "nonsense", "ftp://ghe.example/"]
)
def test_a_malformed_address(base_url: str) -> None:
    with GitHubReader(Credentials(base_url, TOKEN)) as github, pytest.raises(GitHubError) as error:
        github.get("/orgs/encode")

    [problem] = error.value.problems
    assert problem.path == "github:baseUrl"
    assert problem.value == base_url


def test_a_response_that_is_not_from_github() -> None:
    problem = refusal_of(always(200, text="<html>Please log in</html>"))

    assert problem.path == "github:baseUrl"
    assert (
        problem.allowed
        == "an address where GitHub's API answers; this one did not (the response is not JSON)"
    )


def test_a_token_that_github_rejects() -> None:
    assert refusal_of(always(401, json={"message": "Bad credentials"})) == Problem(
        "GITHUB_TOKEN",
        "",
        "a token that GitHub accepts; it rejected this one (401)",
        "create another token and export it as GITHUB_TOKEN",
    )


def test_github_rejects_a_token_with_odd_characters() -> None:
    odd = Credentials(BASE_URL, "tökén")

    with (
        GitHubReader(odd, httpx.MockTransport(always(401, json={}))) as github,
        pytest.raises(GitHubError) as error,
    ):
        github.get("/orgs/encode")

    assert error.value.problems[0].path == "GITHUB_TOKEN"


@pytest.mark.parametrize(
    ("headers", "permission"),
    [
        ({}, ""),
        ({"X-Accepted-GitHub-Permissions": "members=read"}, ": members=read"),
        ({"X-Accepted-OAuth-Scopes": "admin:org, read:org"}, ": admin:org, read:org"),
    ],
)
def test_a_refusal_names_the_permission_it_needs(headers: dict[str, str], permission: str) -> None:
    assert refusal_of(always(403, json={}, headers=headers)) == Problem(
        "GITHUB_TOKEN",
        "refused at /api/v3/orgs/encode (403)",
        f"a token that may read it{permission}",
        "give the token this permission, or export the token of an organization owner",
    )


@pytest.mark.parametrize(("status", "headers"), [(429, {}), (403, {"X-RateLimit-Remaining": "0"})])
def test_a_rate_limit_is_not_a_missing_permission(status: int, headers: dict[str, str]) -> None:
    assert refusal_of(always(status, json={}, headers=headers)) == Problem(
        "/api/v3/orgs/encode",
        "refused by GitHub's rate limit",
        "fewer requests than GitHub's rate limit",
        "run `pulumi up` again later",
    )


def test_a_rate_limit_names_when_it_ends() -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1700000000"}

    assert (
        refusal_of(always(403, json={}, headers=headers)).remedy
        == "run `pulumi up` again after 22:13:20 UTC"
    )


def test_a_list_that_github_hides() -> None:
    with StubbedGitHub().reader() as github, pytest.raises(GitHubError) as error:
        list(github.items("/orgs/encode/teams"))

    [problem] = error.value.problems
    assert problem.path == "GITHUB_TOKEN"
    assert problem.value == "refused at /api/v3/orgs/encode/teams (404)"


def test_an_outage() -> None:
    assert refusal_of(always(502, text="")) == Problem(
        "/api/v3/orgs/encode",
        "refused with status 502",
        "a successful response",
        "run `pulumi up` again in a few minutes; see https://www.githubstatus.com",
    )


def test_a_refused_query_is_not_a_missing_user() -> None:
    document = {
        "data": None,
        "errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}],
    }

    with reader(always(200, json=document)) as github, pytest.raises(GitHubError) as error:
        github.user_ids(["tomchristie"])

    [problem] = error.value.problems
    assert problem.path == "/graphql"
    assert problem.value == "RATE_LIMITED"
    assert problem.allowed == "a response with data"


@pytest.mark.parametrize(
    ("headers", "scopes"),
    [
        ({}, None),
        ({"X-OAuth-Scopes": ""}, frozenset()),
        ({"X-OAuth-Scopes": "repo"}, frozenset({"repo"})),
        (
            {"X-OAuth-Scopes": "admin:org, repo,workflow"},
            frozenset({"admin:org", "repo", "workflow"}),
        ),
    ],
)
def test_the_scopes_of_a_token(headers: dict[str, str], scopes: frozenset[str] | None) -> None:
    assert scopes_of(httpx.Response(200, headers=headers)) == scopes
