"""GitHub's API, for reading only: only the provider writes.

Deliberately absent: any way to change something, and the token in any message.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

import httpx

from stacks.github_pacing import Pacer
from stacks.github_responses import (
    failed_query,
    is_forbidden,
    is_json,
    is_outage,
    is_unfinished,
    refusal,
    retry_delay,
)
from stacks.settings.problems import GitHubError, Problem

PUBLIC = "https://api.github.com/"
TIMEOUT_SECONDS = 30.0
NAMES_IN_ONE_REQUEST = 100
# A request for reading costs a point, and GitHub allows 900 points in a minute. Source:
# https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
REQUESTS_PER_SECOND = 15
# Below the 100 concurrent requests that the same page allows.
CONCURRENT_REQUESTS = 8
# The waits before a failed request for reading is sent again.
RETRY_DELAYS = (1.0, 3.0)
# Assumption: each of these can happen once, and the next request succeeds.
DROPPED = (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError, httpx.ReadTimeout)
UNREADABLE = "GitHub could not be read"

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Credentials:
    """The address of GitHub's API and the token for it; the token is kept out of `repr`."""

    base_url: str
    token: str = field(repr=False)

    @property
    def is_public(self) -> bool:
        host = host_name(self.base_url)
        return host in ("api.github.com", "github.com") or host.endswith(".ghe.com")

    @property
    def rest(self) -> str:
        """The root of the REST API.

        As in the provider, any host that is not GitHub's own is an Enterprise Server.
        """
        if self.is_public:
            return self.base_url.replace("//github.com", "//api.github.com").rstrip("/")
        return self.base_url.rstrip("/").removesuffix("/api/v3") + "/api/v3"

    @property
    def graphql(self) -> str:
        root = self.rest if self.is_public else self.rest.removesuffix("/v3")
        return f"{root}/graphql"


@dataclass(frozen=True)
class QueryResult:
    """The result of a GraphQL query: its data, and the errors of fields that could not be read."""

    data: dict[str, Any]
    errors: tuple[dict[str, Any], ...] = ()


class UnfinishedError(GitHubError):
    """A request that GitHub did not finish: an outage, a dropped connection, a large query."""


class GitHubReader:
    """A connection for reading GitHub, which threads may share. Use it as a context manager.

    It sends at most 15 requests in a second to GitHub's own service. After an outage or a dropped
    connection it sends a request again, twice at most. Every method raises `GitHubError` when
    GitHub cannot be reached, or refuses a request.

    `sleep` waits for a number of seconds.
    """

    def __init__(
        self,
        credentials: Credentials,
        transport: httpx.BaseTransport | None = None,
        pacer: Pacer | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._credentials = credentials
        self._pacer = pacer or Pacer(REQUESTS_PER_SECOND if credentials.is_public else None)
        self._sleep = sleep
        self._client = httpx.Client(
            headers={
                # In bytes: GitHub rejects a token with odd characters, and not the client.
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

    def get(self, path: str) -> httpx.Response | None:
        """Return the response for a path such as `/orgs/encode`, or `None` for 404."""
        response = self._send("GET", self._credentials.rest + path)
        return None if response.status_code == 404 else self._expect_json(response)

    def get_if_permitted(self, path: str) -> httpx.Response | None:
        """Return the response for a path, or `None` for 404 and for 403."""
        response = self._send("GET", self._credentials.rest + path)
        if response.status_code == 404 or is_forbidden(response):
            return None
        return self._expect_json(response)

    def items(self, path: str, key: str | None = None) -> Iterator[dict[str, Any]]:
        """Yield every item of a list, over all its pages.

        `key` names the list inside a response that wraps it.
        """
        yield from self._pages(self._first_page(path), key)

    def items_if_permitted(self, path: str, key: str) -> list[dict[str, Any]] | None:
        """Return every item of a list, none for 404, or `None` for 403."""
        response = self._first_page(path)
        if is_forbidden(response):
            return None
        return [] if response.status_code == 404 else list(self._pages(response, key))

    def items_if_visible(self, path: str, key: str | None = None) -> list[dict[str, Any]] | None:
        """Return every item of a list, or `None` for 404 and for 403."""
        response = self._first_page(path)
        if response.status_code == 404 or is_forbidden(response):
            return None
        return list(self._pages(response, key))

    def user_ids(self, logins: Sequence[str]) -> dict[str, int]:
        """Return the ids of users by login, in the spelling of `logins`, 100 in one request.

        Logins that GitHub does not have are left out.
        """

        def query(batch: Sequence[str]) -> str:
            return f"query {{ {aliased_fields(batch, 'user(login: {name}) {{ databaseId }}')} }}"

        ids: dict[str, int] = {}
        for batch, result in self.query_in_batches(logins, NAMES_IN_ONE_REQUEST, query):
            ids |= database_ids(batch, result.data)
        return ids

    def team_ids(self, owner: str, slugs: Sequence[str]) -> dict[str, int]:
        """Return the ids of an organization's teams by slug, 100 in one request.

        Slugs that the organization does not have are left out.
        """

        def query(batch: Sequence[str]) -> str:
            fields = aliased_fields(batch, "team(slug: {name}) {{ databaseId }}")
            return f"query {{ organization(login: {json.dumps(owner)}) {{ {fields} }} }}"

        ids: dict[str, int] = {}
        for batch, result in self.query_in_batches(slugs, NAMES_IN_ONE_REQUEST, query):
            ids |= database_ids(batch, result.data.get("organization") or {})
        return ids

    def query(self, document: str) -> QueryResult:
        """Return the result of one GraphQL query."""
        return self._query(document, RETRY_DELAYS)

    def query_in_batches(
        self, names: Sequence[str], size: int, document: Callable[[Sequence[str]], str]
    ) -> list[tuple[Sequence[str], QueryResult]]:
        """Return the result of each batch of names; `document` returns the query for a batch.

        A query that GitHub does not finish is halved and sent again, down to one name. The queries
        are sent one after the other: GitHub allows a minute of computing in each minute.
        Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
        """
        return [
            part for batch in batches(names, size) for part in self._query_in_parts(batch, document)
        ]

    def concurrently(
        self, function: Callable[[Item], Result], items: Iterable[Item]
    ) -> list[Result]:
        """Return the result of `function` for each item, computed by a few threads.

        The first error ends it: no further item is begun.
        """
        with ThreadPoolExecutor(CONCURRENT_REQUESTS) as executor:
            futures = [executor.submit(function, item) for item in items]
            try:
                return [future.result() for future in futures]
            except BaseException:
                executor.shutdown(wait=False, cancel_futures=True)
                raise

    def _query_in_parts(
        self, names: Sequence[str], document: Callable[[Sequence[str]], str]
    ) -> Iterator[tuple[Sequence[str], QueryResult]]:
        is_single = len(names) == 1
        try:
            yield names, self._query(document(names), RETRY_DELAYS if is_single else ())
        except UnfinishedError:
            if is_single:
                raise
            middle = len(names) // 2
            yield from self._query_in_parts(names[:middle], document)
            yield from self._query_in_parts(names[middle:], document)

    def _first_page(self, path: str) -> httpx.Response:
        separator = "&" if "?" in path else "?"
        return self._send("GET", f"{self._credentials.rest}{path}{separator}per_page=100")

    def _pages(self, response: httpx.Response, key: str | None) -> Iterator[dict[str, Any]]:
        while True:
            document = self._expect_json(response).json()
            yield from document[key] if key else document
            url = response.links.get("next", {}).get("url")
            if not url:
                return
            response = self._send("GET", url)

    def _query(self, document: str, delays: Sequence[float]) -> QueryResult:
        body = {"query": document}
        response = self._send("POST", self._credentials.graphql, body, delays)
        result: dict[str, Any] = self._expect_json(response).json()
        errors = tuple(result.get("errors") or ())
        if is_unfinished(result):
            raise UnfinishedError(UNREADABLE, [failed_query(errors)])
        if not result.get("data"):
            raise GitHubError(UNREADABLE, [failed_query(errors)])
        return QueryResult(result["data"], errors)

    def _send(
        self,
        method: str,
        url: str,
        body: dict[str, str] | None = None,
        delays: Sequence[float] = RETRY_DELAYS,
    ) -> httpx.Response:
        """Return the response, after an outage that of a later attempt.

        `delays` are the waits before each further attempt, in seconds.
        """
        for attempt in count():
            self._pacer.wait()
            delay = delays[attempt] if attempt < len(delays) else None
            try:
                response = self._client.request(method, url, json=body)
            except DROPPED as error:
                if delay is None:
                    raise self._unreachable(type(error).__name__, UnfinishedError) from None
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise self._unreachable(type(error).__name__) from None
            else:
                delay = None if delay is None else retry_delay(response, delay)
                if delay is None:
                    return response
            self._sleep(delay)
        raise AssertionError("unreachable")

    def _expect_json(self, response: httpx.Response) -> httpx.Response:
        if is_outage(response):
            raise UnfinishedError(UNREADABLE, [refusal(response)])
        if not response.is_success:
            raise GitHubError(UNREADABLE, [refusal(response)])
        if not is_json(response):
            raise self._unreachable("the response is not JSON")
        return response

    def _unreachable(self, reason: str, error: type[GitHubError] = GitHubError) -> GitHubError:
        problem = Problem(
            "github:baseUrl",
            self._credentials.base_url,
            f"an address where GitHub's API answers; this one did not ({reason})",
            "check the network and the address, and run `pulumi up` again",
        )
        return error(UNREADABLE, [problem])


def host_name(url: str) -> str:
    try:
        return httpx.URL(url).host
    except httpx.InvalidURL:
        return ""


def batches(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (names[start : start + size] for start in range(0, len(names), size))


def aliased_fields(names: Sequence[str], selection: str) -> str:
    """Return one field for each name under a numbered alias: a login is not a GraphQL name."""
    return " ".join(
        f"n{number}: {selection.format(name=json.dumps(name))}" for number, name in enumerate(names)
    )


def database_ids(names: Sequence[str], fields: dict[str, Any]) -> dict[str, int]:
    """Return the id of each name that the aliased fields have."""
    values = {name: fields.get(f"n{number}") for number, name in enumerate(names)}
    return {name: value["databaseId"] for name, value in values.items() if value}
