"""Reading GitHub: addresses, pages, ids, and the problems of refusals."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from stacks.github_api import Credentials, GitHubReader
from stacks.github_pacing import Pacer
from stacks.github_responses import scopes_of
from stacks.settings.problems import GitHubError, Problem
from tests.stacks.api_responses import BASE_URL, TOKEN, StubbedGitHub

Handler = Callable[[httpx.Request], httpx.Response]


def reader(handler: Handler, base_url: str = BASE_URL) -> GitHubReader:
    return GitHubReader(
        Credentials(base_url, TOKEN), httpx.MockTransport(handler), sleep=lambda _: None
    )


def always(status: int, **response: Any) -> Handler:
    return lambda _: httpx.Response(status, **response)


def refusal_of(handler: Handler) -> Problem:
    """Return the one problem of a refused request, the same for each way to read."""
    refusals = []
    for read in (
        lambda github: github.get("/orgs/encode"),
        lambda github: list(github.items("/orgs/encode")),
    ):
        with reader(handler) as github, pytest.raises(GitHubError) as error:
            read(github)
        assert TOKEN not in f"{error.value} {error.value!r}"
        refusals.append(error.value.problems)
    assert refusals[0] == refusals[1]
    [problem] = refusals[0]
    return problem


# Addresses


@pytest.mark.parametrize(
    ("base_url", "rest", "graphql"),
    [
        ("https://api.github.com/", "https://api.github.com", "https://api.github.com/graphql"),
        ("https://api.github.com", "https://api.github.com", "https://api.github.com/graphql"),
        ("https://github.com/", "https://api.github.com", "https://api.github.com/graphql"),
        (
            "https://api.acme.ghe.com/",
            "https://api.acme.ghe.com",
            "https://api.acme.ghe.com/graphql",
        ),
        ("https://ghe.example/", "https://ghe.example/api/v3", "https://ghe.example/api/graphql"),
        (
            "https://ghe.example/api/v3/",
            "https://ghe.example/api/v3",
            "https://ghe.example/api/graphql",
        ),
        (
            "http://127.0.0.1:8080/",
            "http://127.0.0.1:8080/api/v3",
            "http://127.0.0.1:8080/api/graphql",
        ),
    ],
)
def test_the_addresses_of_the_api(base_url: str, rest: str, graphql: str) -> None:
    credentials = Credentials(base_url, TOKEN)

    assert credentials.rest == rest
    assert credentials.graphql == graphql


def test_credentials_do_not_show_the_token() -> None:
    assert TOKEN not in repr(Credentials(BASE_URL, TOKEN))


# Requests


def test_a_request_has_the_token_and_the_api_version() -> None:
    stub = StubbedGitHub({"/orgs/encode": {"login": "encode"}})

    with stub.reader() as github:
        response = github.get("/orgs/encode")

    assert response is not None
    assert response.json() == {"login": "encode"}
    [request] = stub.requests
    assert str(request.url) == "http://127.0.0.1:8080/api/v3/orgs/encode"
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.headers["X-GitHub-Api-Version"] == "2022-11-28"


def test_a_missing_page_is_none() -> None:
    with StubbedGitHub().reader() as github:
        assert github.get("/orgs/encode") is None


def test_a_list_is_read_over_all_its_pages() -> None:
    def pages(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params.get("page", "1"))
        link = f'<{request.url.copy_set_param("page", page + 1)}>; rel="next"' if page < 3 else ""
        return httpx.Response(200, json=[{"id": page}], headers={"Link": link})

    with reader(pages) as github:
        assert [item["id"] for item in github.items("/orgs/encode/repos")] == [1, 2, 3]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/orgs/encode/repos", "per_page=100"),
        ("/orgs/encode/members?role=admin", "role=admin&per_page=100"),
    ],
)
def test_pages_have_the_maximum_length(path: str, query: str) -> None:
    queries: list[str] = []

    def record(request: httpx.Request) -> httpx.Response:
        queries.append(request.url.query.decode())
        return httpx.Response(200, json=[])

    with reader(record) as github:
        assert list(github.items(path)) == []

    assert queries == [query]


def test_a_list_inside_an_object() -> None:
    with reader(
        always(200, json={"total_count": 1, "secrets": [{"name": "PYPI_TOKEN"}]})
    ) as github:
        assert list(github.items("/repos/encode/httpx/actions/secrets", "secrets")) == [
            {"name": "PYPI_TOKEN"}
        ]


def test_one_request_reads_a_hundred_ids() -> None:
    names = [f"person-{number}" for number in range(250)]
    stub = StubbedGitHub(people={name: number for number, name in enumerate(names, 1)})

    with stub.reader() as github:
        ids = github.user_ids([*names, "missing"])

    assert ids == {name: number for number, name in enumerate(names, 1)}
    assert [request.url.path for request in stub.requests] == ["/api/graphql"] * 3


def test_a_login_keeps_its_spelling() -> None:
    with StubbedGitHub(people={"tomchristie": 7}).reader() as github:
        assert github.user_ids(["TomChristie"]) == {"TomChristie": 7}


def test_teams_are_read_in_their_organization() -> None:
    stub = StubbedGitHub(teams={"core": 3})

    with stub.reader() as github:
        assert github.team_ids("encode", ["core", "docs"]) == {"core": 3}

    assert b'organization(login: \\"encode\\")' in stub.requests[0].content


def test_no_names_need_no_request() -> None:
    stub = StubbedGitHub()

    with stub.reader() as github:
        assert github.user_ids([]) == {}
        assert github.team_ids("encode", []) == {}

    assert stub.requests == []


def test_teams_of_an_organization_that_is_hidden() -> None:
    with reader(always(200, json={"data": {"organization": None}})) as github:
        assert github.team_ids("encode", ["core"]) == {}


def test_results_keep_the_order_of_their_items() -> None:
    with StubbedGitHub().reader() as github:
        assert github.concurrently(lambda number: number * 2, range(50)) == list(range(0, 100, 2))


def test_the_first_failure_ends_the_rest() -> None:
    begun: list[int] = []

    def fail(number: int) -> None:
        begun.append(number)
        raise GitHubError("GitHub could not be read", [])

    with StubbedGitHub().reader() as github, pytest.raises(GitHubError):
        github.concurrently(fail, range(1000))

    assert len(begun) < 1000


@pytest.mark.parametrize(
    ("base_url", "paced"), [("https://api.github.com/", True), (BASE_URL, False)]
)
def test_only_requests_to_the_public_service_are_paced(
    monkeypatch: pytest.MonkeyPatch, base_url: str, paced: bool
) -> None:
    limits: list[float | None] = []
    monkeypatch.setattr("stacks.github_api.Pacer", limits.append)

    GitHubReader(Credentials(base_url, TOKEN))

    assert limits == [15 if paced else None]


def test_each_attempt_keeps_the_pace() -> None:
    waits: list[float] = []
    pacer = Pacer(10, lambda: 100.0, waits.append)
    handler = always(503, text="")

    with (
        GitHubReader(
            Credentials(BASE_URL, TOKEN),
            httpx.MockTransport(handler),
            pacer=pacer,
            sleep=lambda _: None,
        ) as github,
        pytest.raises(GitHubError),
    ):
        github.get("/orgs/encode")

    assert [round(wait, 6) for wait in waits] == [0.1, 0.2]


# Further attempts


def attempts_of(*responses: httpx.Response | type[httpx.TransportError]) -> tuple[list[float], Any]:
    """Return the waits of a read that gets these responses in turn, and its JSON or error."""
    remaining = list(responses)
    waits: list[float] = []

    def respond(request: httpx.Request) -> httpx.Response:
        response = remaining.pop(0)
        if isinstance(response, httpx.Response):
            return response
        raise response("lost", request=request)

    github = GitHubReader(
        Credentials(BASE_URL, TOKEN), httpx.MockTransport(respond), sleep=waits.append
    )
    try:
        response = github.get("/orgs/encode")
    except GitHubError as error:
        return waits, error
    return waits, response and response.json()


GOOD = httpx.Response(200, json={"login": "encode"})


@pytest.mark.parametrize(
    "failure",
    [
        httpx.Response(502, text=""),
        httpx.Response(503, text=""),
        httpx.Response(504, text=""),
        httpx.ReadError,
        httpx.RemoteProtocolError,
        httpx.ReadTimeout,
    ],
)
def test_an_outage_is_waited_for(failure: Any) -> None:
    assert attempts_of(failure, failure, GOOD) == ([1.0, 3.0], {"login": "encode"})


@pytest.mark.parametrize(
    ("status", "retry_after", "waits"),
    [
        (503, "7", [7.0]),
        (429, "2", [2.0]),
        (403, "2", [2.0]),
        (503, "soon", [1.0]),
        (503, "11", None),
        (429, "60", None),
    ],
)
def test_a_short_retry_after_is_honored(
    status: int, retry_after: str, waits: list[float] | None
) -> None:
    refused = httpx.Response(status, json={}, headers={"Retry-After": retry_after})

    seconds, result = attempts_of(refused, GOOD)

    if waits is None:
        assert seconds == []
        assert isinstance(result, GitHubError)
    else:
        assert (seconds, result) == (waits, {"login": "encode"})


@pytest.mark.parametrize(
    "failure", [httpx.ConnectError, httpx.ConnectTimeout, httpx.Response(500, text="")]
)
def test_an_unreachable_host_is_not_tried_again(failure: Any) -> None:
    seconds, result = attempts_of(failure)

    assert seconds == []
    assert isinstance(result, GitHubError)


# Refusals


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


# Scopes


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
