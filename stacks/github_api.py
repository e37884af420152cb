"""GitHub's API, for reading only: what the stack declares is written by the provider and by nothing else.

Deliberately absent: any way to change something, and the token in any message.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from stacks.settings.problems import GitHubError, Problem

PUBLIC = "https://api.github.com/"
TIMEOUT_SECONDS = 30.0
# A query may ask for 500,000 nodes and should be answered within ten seconds; trees have to be read from git.
# https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
TREES_IN_ONE_REQUEST = 50


@dataclass(frozen=True)
class Credentials:
    """Where GitHub answers, and the token to ask with; the token is kept out of `repr`."""

    base_url: str
    token: str = field(repr=False)

    @property
    def is_public(self) -> bool:
        host = host_of(self.base_url)
        return host in ("api.github.com", "github.com") or host.endswith(".ghe.com")

    @property
    def rest(self) -> str:
        """The root of the REST API. As in the provider, any host that is not GitHub's own is an Enterprise Server."""
        if self.is_public:
            return self.base_url.replace("//github.com", "//api.github.com").rstrip("/")
        return self.base_url.rstrip("/").removesuffix("/api/v3") + "/api/v3"

    @property
    def graphql(self) -> str:
        return (
            f"{self.rest}/graphql" if self.is_public else f"{self.rest.removesuffix('/v3')}/graphql"
        )


class GitHubReader:
    """A connection that asks GitHub one question after the other. Use it as a context manager.

    Every method raises `GitHubError` when GitHub cannot be reached, rejects the token, or refuses the question.
    """

    def __init__(
        self, credentials: Credentials, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._credentials = credentials
        self._client = httpx.Client(
            headers={
                # In bytes, so that GitHub is who rejects a token with odd characters.
                b"Authorization": f"Bearer {credentials.token}".encode(),
                b"Accept": b"application/vnd.github+json",
                b"X-GitHub-Api-Version": b"2022-11-28",
            },
            transport=transport,
            timeout=TIMEOUT_SECONDS,
            follow_redirects=True,
        )

    def __enter__(self) -> "GitHubReader":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def find(self, path: str) -> httpx.Response | None:
        """The answer for a path such as `/orgs/encode`, or nothing where GitHub has none (404)."""
        response = self._send("GET", self._credentials.rest + path)
        return None if response.status_code == 404 else self._accepted(response)

    def items(self, path: str, key: str | None = None) -> Iterator[dict[str, Any]]:
        """Every item of a list, over all its pages; `key` names the list inside an answer that wraps it."""
        yield from self._pages(self._first_page(path), key)

    def shown(self, path: str) -> httpx.Response | None:
        """The answer for a path, or nothing where GitHub has none (404) or does not show it to this token (403)."""
        response = self._send("GET", self._credentials.rest + path)
        return (
            None if response.status_code == 404 or is_hidden(response) else self._accepted(response)
        )

    def shown_items(self, path: str, key: str) -> list[dict[str, Any]] | None:
        """Every item of a list that may not be there (404); nothing at all where this token does not see it (403)."""
        response = self._first_page(path)
        if is_hidden(response):
            return None
        return [] if response.status_code == 404 else list(self._pages(response, key))

    def people(self, logins: Sequence[str]) -> dict[str, int]:
        """The ids of people by login, as it was given; a login that nobody has is left out. A hundred in one request."""
        found: dict[str, int] = {}
        for batch in batches(logins):
            answer = self._query(each(batch, "user(login: {name}) {{ databaseId }}"))
            found |= ids(batch, answer)
        return found

    def teams(self, owner: str, slugs: Sequence[str]) -> dict[str, int]:
        """The ids of an organization's teams by slug, likewise."""
        found: dict[str, int] = {}
        for batch in batches(slugs):
            fields = each(batch, "team(slug: {name}) {{ databaseId }}")
            answer = self._query(f"organization(login: {json.dumps(owner)}) {{ {fields} }}")
            found |= ids(batch, answer.get("organization") or {})
        return found

    def trees(
        self, owner: str, repositories: Sequence[str], expression: str
    ) -> dict[str, list[dict[str, Any]]]:
        """The entries of one directory, such as `HEAD:scripts`, in each of many repositories, by the name that was given.

        Fifty in one request. Where there is no such directory there are no entries; a repository that is not shown, or may not
        be looked into, is left out.
        Source: `Repository.object`, `Tree` and `TreeEntry` in GitHub's public GraphQL schema.
        """
        found: dict[str, list[dict[str, Any]]] = {}
        for batch in batches(repositories, TREES_IN_ONE_REQUEST):
            tree = f"object(expression: {json.dumps(expression)}) {{{{ ... on Tree {{{{ entries {{{{ name mode }}}} }}}} }}}}"
            answer = self._answer(
                each(
                    batch,
                    f"repository(owner: {json.dumps(owner)}, name: {{name}}) {{{{ {tree} }}}}",
                )
            )
            failed = {error["path"][0] for error in answer.get("errors", ()) if error.get("path")}
            for number, name in enumerate(batch):
                repository = answer["data"].get(f"n{number}")
                if repository and f"n{number}" not in failed:
                    found[name] = (repository["object"] or {}).get("entries") or []
        return found

    def _first_page(self, path: str) -> httpx.Response:
        return self._send(
            "GET", f"{self._credentials.rest}{path}{'&' if '?' in path else '?'}per_page=100"
        )

    def _pages(self, response: httpx.Response, key: str | None) -> Iterator[dict[str, Any]]:
        while True:
            answer = self._accepted(response).json()
            yield from answer[key] if key else answer
            url = response.links.get("next", {}).get("url")
            if not url:
                return
            response = self._send("GET", url)

    def _query(self, fields: str) -> dict[str, Any]:
        data: dict[str, Any] = self._answer(fields)["data"]
        return data

    def _answer(self, fields: str) -> dict[str, Any]:
        """An answer that has data, and maybe errors beside it: each with the path of what could not be answered."""
        response = self._accepted(
            self._send("POST", self._credentials.graphql, {"query": f"query {{ {fields} }}"})
        )
        answer: dict[str, Any] = response.json()
        if not answer.get("data"):
            raise GitHubError("GitHub was asked before the first write", [unanswered(answer)])
        return answer

    def _send(self, method: str, url: str, body: dict[str, str] | None = None) -> httpx.Response:
        try:
            return self._client.request(method, url, json=body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._unreachable(type(error).__name__) from None

    def _accepted(self, response: httpx.Response) -> httpx.Response:
        if not response.is_success:
            raise GitHubError("GitHub was asked before the first write", [refusal(response)])
        if not is_json(response):
            raise self._unreachable("the answer is no JSON")
        return response

    def _unreachable(self, reason: str) -> GitHubError:
        problem = Problem(
            "github:baseUrl",
            self._credentials.base_url,
            f"an address where GitHub's API answers; this one did not ({reason})",
            "check the network and the address, and run `pulumi up` again",
        )
        return GitHubError("GitHub was asked before the first write", [problem])


def host_of(url: str) -> str:
    try:
        return httpx.URL(url).host
    except httpx.InvalidURL:
        return ""


def is_json(response: httpx.Response) -> bool:
    try:
        response.json()
    except ValueError:
        return False
    return True


def batches(names: Sequence[str], size: int = 100) -> Iterator[Sequence[str]]:
    return (names[start : start + size] for start in range(0, len(names), size))


def each(names: Sequence[str], field_of: str) -> str:
    """One aliased field for each name, numbered, since a login is no GraphQL name."""
    return " ".join(
        f"n{number}: {field_of.format(name=json.dumps(name))}" for number, name in enumerate(names)
    )


def ids(names: Sequence[str], answer: dict[str, Any]) -> dict[str, int]:
    """What an answer says of each name; nothing for one that was not found."""
    found = {name: answer.get(f"n{number}") for number, name in enumerate(names)}
    return {name: value["databaseId"] for name, value in found.items() if value}


def refusal(response: httpx.Response) -> Problem:
    """What an answer that is no success means for the person who runs the stack."""
    path = response.request.url.path
    if response.status_code == 401:
        return Problem(
            "GITHUB_TOKEN",
            "",
            "a token that GitHub accepts; it rejected this one (401)",
            "make a new token and export it",
        )
    if is_limited(response):
        remedy = f"run `pulumi up` again {next_hour(response)}"
        return Problem(path, "asked too often", "fewer requests than GitHub's rate limit", remedy)
    if response.status_code in (403, 404):
        wanted = response.headers.get("X-Accepted-GitHub-Permissions") or response.headers.get(
            "X-Accepted-OAuth-Scopes"
        )
        return Problem(
            "GITHUB_TOKEN",
            f"refused at {path} ({response.status_code})",
            f"a token that may read it{f': {wanted}' if wanted else ''}",
            "give the token this permission, or use one of an organization owner",
        )
    return Problem(
        path,
        f"status {response.status_code}",
        "an answer of GitHub",
        "run `pulumi up` again a little later",
    )


def is_limited(response: httpx.Response) -> bool:
    """Whether GitHub refuses because it was asked too often: the primary limit, or a secondary one.

    Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
    """
    spent = (
        response.headers.get("X-RateLimit-Remaining") == "0" or "Retry-After" in response.headers
    )
    return response.status_code == 429 or (response.status_code == 403 and spent)


def is_hidden(response: httpx.Response) -> bool:
    return response.status_code == 403 and not is_limited(response)


def next_hour(response: httpx.Response) -> str:
    """When there are requests again, as GitHub says in `X-RateLimit-Reset` (seconds since 1970).

    Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#checking-the-status-of-your-rate-limit
    """
    reset = response.headers.get("X-RateLimit-Reset", "")
    return (
        f"after {datetime.fromtimestamp(int(reset), UTC):%H:%M:%S} UTC"
        if reset.isdecimal()
        else "later"
    )


def unanswered(answer: dict[str, Any]) -> Problem:
    """GraphQL refuses with a status of success; what was not found is no refusal, and has data beside it."""
    types = ", ".join(str(error.get("type", "error")) for error in answer.get("errors", ()))
    remedy = "run `pulumi up` again later, or with an organization owner's token"
    return Problem("/graphql", types, "an answer with data", remedy)


def scopes_of(response: httpx.Response) -> frozenset[str] | None:
    """The scopes of a classic token; unknown (`None`) for tokens that have permissions instead.

    Source: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps (the header X-OAuth-Scopes).
    """
    header = response.headers.get("X-OAuth-Scopes")
    return None if header is None else frozenset(re.findall(r"[^,\s]+", header))
