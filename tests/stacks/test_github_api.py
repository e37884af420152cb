"""Asking GitHub: addresses, pages, people, and what refusals mean."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from stacks.github_api import Credentials, GitHubReader, scopes_of
from stacks.settings.problems import GitHubError, Problem
from tests.stacks.answers import BASE_URL, TOKEN, Answers

Answering = Callable[[httpx.Request], httpx.Response]


def reader(answering: Answering, base_url: str = BASE_URL) -> GitHubReader:
    return GitHubReader(Credentials(base_url, TOKEN), httpx.MockTransport(answering))


def always(status: int, **answer: Any) -> Answering:
    return lambda _: httpx.Response(status, **answer)


def refused(answering: Answering) -> Problem:
    """The one problem of a question that GitHub refuses, from each of the ways to ask."""
    found = []
    for ask in (
        lambda github: github.find("/orgs/encode"),
        lambda github: list(github.items("/orgs/encode")),
    ):
        with reader(answering) as github, pytest.raises(GitHubError) as error:
            ask(github)
        assert TOKEN not in f"{error.value} {error.value!r}"
        found.append(error.value.problems)
    assert found[0] == found[1]
    [problem] = found[0]
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
def test_where_the_api_is(base_url: str, rest: str, graphql: str) -> None:
    credentials = Credentials(base_url, TOKEN)

    assert (credentials.rest, credentials.graphql) == (rest, graphql)


def test_credentials_do_not_show_the_token() -> None:
    assert TOKEN not in repr(Credentials(BASE_URL, TOKEN))


# Questions


def test_a_question_carries_the_token_and_the_version_of_the_api() -> None:
    answers = Answers({"/orgs/encode": {"login": "encode"}})

    with answers.reader() as github:
        found = github.find("/orgs/encode")

    assert found is not None
    assert found.json() == {"login": "encode"}
    [request] = answers.asked
    assert str(request.url) == "http://127.0.0.1:8080/api/v3/orgs/encode"
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.headers["X-GitHub-Api-Version"] == "2022-11-28"


def test_what_github_does_not_have_is_nothing() -> None:
    with Answers().reader() as github:
        assert github.find("/orgs/encode") is None


def test_a_list_is_read_over_all_its_pages() -> None:
    def pages(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params.get("page", "1"))
        following = (
            f'<{request.url.copy_set_param("page", page + 1)}>; rel="next"' if page < 3 else ""
        )
        return httpx.Response(200, json=[{"id": page}], headers={"Link": following})

    with reader(pages) as github:
        assert [item["id"] for item in github.items("/orgs/encode/repos")] == [1, 2, 3]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/orgs/encode/repos", "per_page=100"),
        ("/orgs/encode/members?role=admin", "role=admin&per_page=100"),
    ],
)
def test_pages_are_as_long_as_github_makes_them(path: str, query: str) -> None:
    asked: list[str] = []

    def note(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.query.decode())
        return httpx.Response(200, json=[])

    with reader(note) as github:
        assert list(github.items(path)) == []

    assert asked == [query]


def test_a_list_inside_an_answer() -> None:
    with reader(
        always(200, json={"total_count": 1, "secrets": [{"name": "PYPI_TOKEN"}]})
    ) as github:
        assert list(github.items("/repos/encode/httpx/actions/secrets", "secrets")) == [
            {"name": "PYPI_TOKEN"}
        ]


def test_people_and_teams_are_looked_up_a_hundred_at_a_time() -> None:
    names = [f"person-{number}" for number in range(250)]
    answers = Answers(people={name: number for number, name in enumerate(names, 1)})

    with answers.reader() as github:
        found = github.people([*names, "nobody"])

    assert found == {name: number for number, name in enumerate(names, 1)}
    assert [request.url.path for request in answers.asked] == ["/api/graphql"] * 3


def test_a_login_is_found_as_it_was_written() -> None:
    with Answers(people={"tomchristie": 7}).reader() as github:
        assert github.people(["TomChristie"]) == {"TomChristie": 7}


def test_teams_are_looked_up_in_their_organization() -> None:
    answers = Answers(teams={"core": 3})

    with answers.reader() as github:
        assert github.teams("encode", ["core", "docs"]) == {"core": 3}

    assert b'organization(login: \\"encode\\")' in answers.asked[0].content


def test_a_directory_of_many_repositories_is_read_fifty_at_a_time() -> None:
    names = [f"r{number}" for number in range(1, 51)]
    answers = Answers(scripts={name: {"build": 33261} for name in [*names, "last"]})

    with answers.reader() as github:
        found = github.trees("encode", [*names, "last", "hidden"], "HEAD:scripts")

    assert found == {name: [{"name": "build", "mode": 33261}] for name in [*names, "last"]}
    queries = [json.loads(request.content)["query"] for request in answers.asked]
    assert [query.count("repository(") for query in queries] == [50, 2]
    assert queries[1] == (
        'query { n0: repository(owner: "encode", name: "last") '
        '{ object(expression: "HEAD:scripts") { ... on Tree { entries { name mode } } } } '
        'n1: repository(owner: "encode", name: "hidden") '
        '{ object(expression: "HEAD:scripts") { ... on Tree { entries { name mode } } } } }'
    )


@pytest.mark.parametrize(
    "found",
    [None, {}, {"entries": None}, {"entries": []}],
    ids=["nothing", "a file", "none", "empty"],
)
def test_where_there_is_no_such_directory_there_are_no_entries(
    found: dict[str, Any] | None,
) -> None:
    with reader(always(200, json={"data": {"n0": {"object": found}}})) as github:
        assert github.trees("encode", ["httpx"], "HEAD:scripts") == {"httpx": []}


def test_a_repository_that_may_not_be_looked_into_is_left_out() -> None:
    """The object is null then, as it is where there is no such directory; only an error beside it tells the two apart."""
    data = {"n0": {"object": None}, "n1": {"object": None}, "n2": None}
    errors = [
        {"type": "FORBIDDEN", "path": ["n0", "object"]},
        {"type": "NOT_FOUND", "path": ["n2"]},
    ]

    with reader(always(200, json={"data": data, "errors": errors})) as github:
        assert github.trees("encode", ["closed", "without", "hidden"], "HEAD:scripts") == {
            "without": []
        }


def test_nobody_to_look_up_is_no_request() -> None:
    answers = Answers()

    with answers.reader() as github:
        assert (
            github.people([]),
            github.teams("encode", []),
            github.trees("encode", [], "HEAD:"),
        ) == ({}, {}, {})

    assert answers.asked == []


def test_teams_of_an_organization_that_is_hidden() -> None:
    with reader(always(200, json={"data": {"organization": None}})) as github:
        assert github.teams("encode", ["core"]) == {}


# Refusals


@pytest.mark.parametrize(
    "failure",
    [httpx.ConnectError, httpx.ConnectTimeout, httpx.ReadError, httpx.RemoteProtocolError],
)
def test_github_cannot_be_reached(failure: type[httpx.TransportError]) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise failure(f"no route with {TOKEN}")

    assert refused(fail) == Problem(
        "github:baseUrl",
        BASE_URL,
        f"an address where GitHub's API answers; this one did not ({failure.__name__})",
        "check the network and the address, and run `pulumi up` again",
    )


@pytest.mark.parametrize(
    "base_url", ["http://host:port/", "http://[::1", "nonsense", "ftp://ghe.example/"]
)
def test_an_address_that_is_none(base_url: str) -> None:
    with GitHubReader(Credentials(base_url, TOKEN)) as github, pytest.raises(GitHubError) as error:
        github.find("/orgs/encode")

    [problem] = error.value.problems
    assert (problem.path, problem.value) == ("github:baseUrl", base_url)


def test_an_answer_of_something_else_than_github() -> None:
    problem = refused(always(200, text="<html>Please log in</html>"))

    assert problem.path == "github:baseUrl"
    assert (
        problem.allowed
        == "an address where GitHub's API answers; this one did not (the answer is no JSON)"
    )


def test_a_token_that_github_rejects() -> None:
    assert refused(always(401, json={"message": "Bad credentials"})) == Problem(
        "GITHUB_TOKEN",
        "",
        "a token that GitHub accepts; it rejected this one (401)",
        "make a new token and export it",
    )


def test_a_token_with_odd_characters_is_githubs_to_reject() -> None:
    odd = Credentials(BASE_URL, "tökén")

    with (
        GitHubReader(odd, httpx.MockTransport(always(401, json={}))) as github,
        pytest.raises(GitHubError) as error,
    ):
        github.find("/orgs/encode")

    assert error.value.problems[0].path == "GITHUB_TOKEN"


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({}, ""),
        ({"X-Accepted-GitHub-Permissions": "members=read"}, ": members=read"),
        ({"X-Accepted-OAuth-Scopes": "admin:org, read:org"}, ": admin:org, read:org"),
    ],
)
def test_a_refusal_names_the_permission_that_github_wants(
    headers: dict[str, str], wanted: str
) -> None:
    assert refused(always(403, json={}, headers=headers)) == Problem(
        "GITHUB_TOKEN",
        "refused at /api/v3/orgs/encode (403)",
        f"a token that may read it{wanted}",
        "give the token this permission, or use one of an organization owner",
    )


@pytest.mark.parametrize(("status", "headers"), [(429, {}), (403, {"X-RateLimit-Remaining": "0"})])
def test_a_rate_limit_is_not_taken_for_a_missing_permission(
    status: int, headers: dict[str, str]
) -> None:
    assert refused(always(status, json={}, headers=headers)) == Problem(
        "/api/v3/orgs/encode",
        "asked too often",
        "fewer requests than GitHub's rate limit",
        "run `pulumi up` again later",
    )


def test_a_rate_limit_names_the_moment_at_which_it_ends() -> None:
    ends = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1700000000"}

    assert (
        refused(always(403, json={}, headers=ends)).remedy
        == "run `pulumi up` again after 22:13:20 UTC"
    )


def test_a_list_that_github_hides() -> None:
    with Answers().reader() as github, pytest.raises(GitHubError) as error:
        list(github.items("/orgs/encode/teams"))

    [problem] = error.value.problems
    assert (problem.path, problem.value) == (
        "GITHUB_TOKEN",
        "refused at /api/v3/orgs/encode/teams (404)",
    )


def test_an_outage() -> None:
    assert refused(always(502, text="")) == Problem(
        "/api/v3/orgs/encode",
        "status 502",
        "an answer of GitHub",
        "run `pulumi up` again a little later",
    )


def test_a_query_that_is_refused_is_not_taken_for_people_who_are_missing() -> None:
    answer = {
        "data": None,
        "errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}],
    }

    with reader(always(200, json=answer)) as github, pytest.raises(GitHubError) as error:
        github.people(["tomchristie"])

    [problem] = error.value.problems
    assert (problem.path, problem.value, problem.allowed) == (
        "/graphql",
        "RATE_LIMITED",
        "an answer with data",
    )


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
