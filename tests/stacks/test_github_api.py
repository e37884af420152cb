"""Reading GitHub: addresses, pages, ids, and the problems of refusals."""

from typing import Any

import httpx
import pytest

from stacks.github_api import Credentials, GitHubReader
from stacks.github_pacing import Pacer
from stacks.settings.problems import GitHubError
from tests.stacks.api_responses import (
    BASE_URL,
    TOKEN,
    StubbedGitHub,
    always,
    reader,
)

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
