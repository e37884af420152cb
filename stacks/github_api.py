"""GitHub's API, for reading only: only the provider writes.

Deliberately absent: any way to change something, and the token in any message.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from stacks.github_responses import failed_query, is_forbidden, is_json, refusal
from stacks.settings.problems import GitHubError, Problem

PUBLIC = "https://api.github.com/"
TIMEOUT_SECONDS = 30.0
NAMES_IN_ONE_REQUEST = 100
# A query may request 500,000 nodes and should take less than ten seconds; trees are read from git.
# Source: https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
TREES_IN_ONE_REQUEST = 50
UNREADABLE = "GitHub could not be read"


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


class GitHubReader:
    """A connection for reading GitHub, one request at a time. Use it as a context manager.

    Every method raises `GitHubError` when GitHub cannot be reached, or refuses a request.
    """

    def __init__(
        self, credentials: Credentials, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._credentials = credentials
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

    def user_ids(self, logins: Sequence[str]) -> dict[str, int]:
        """Return the ids of users by login, in the spelling of `logins`, 100 in one request.

        Logins that GitHub does not have are left out.
        """
        ids: dict[str, int] = {}
        for batch in batches(logins, NAMES_IN_ONE_REQUEST):
            document = self._query(aliased_fields(batch, "user(login: {name}) {{ databaseId }}"))
            ids |= database_ids(batch, document["data"])
        return ids

    def team_ids(self, owner: str, slugs: Sequence[str]) -> dict[str, int]:
        """Return the ids of an organization's teams by slug, 100 in one request.

        Slugs that the organization does not have are left out.
        """
        ids: dict[str, int] = {}
        for batch in batches(slugs, NAMES_IN_ONE_REQUEST):
            fields = aliased_fields(batch, "team(slug: {name}) {{ databaseId }}")
            document = self._query(f"organization(login: {json.dumps(owner)}) {{ {fields} }}")
            ids |= database_ids(batch, document["data"].get("organization") or {})
        return ids

    def trees(
        self, owner: str, repositories: Sequence[str], expression: str
    ) -> dict[str, list[dict[str, Any]]]:
        """Return the entries of one directory, such as `HEAD:scripts`, by repository name.

        One request reads 50 repositories. A repository without the directory has no entries; one
        that is hidden or that the token cannot read is left out.
        Source: `Repository.object`, `Tree` and `TreeEntry` in GitHub's public GraphQL schema.
        """
        trees: dict[str, list[dict[str, Any]]] = {}
        entries = "... on Tree {{ entries {{ name mode }} }}"
        tree = f"object(expression: {json.dumps(expression)}) {{{{ {entries} }}}}"
        selection = f"repository(owner: {json.dumps(owner)}, name: {{name}}) {{{{ {tree} }}}}"
        for batch in batches(repositories, TREES_IN_ONE_REQUEST):
            document = self._query(aliased_fields(batch, selection))
            errors = document.get("errors", ())
            failed = {error["path"][0] for error in errors if error.get("path")}
            for number, name in enumerate(batch):
                repository = document["data"].get(f"n{number}")
                if repository and f"n{number}" not in failed:
                    trees[name] = (repository["object"] or {}).get("entries") or []
        return trees

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

    def _query(self, fields: str) -> dict[str, Any]:
        """Return the response of a query.

        It has data, and maybe errors, each with the path of a field that could not be read.
        """
        body = {"query": f"query {{ {fields} }}"}
        response = self._expect_json(self._send("POST", self._credentials.graphql, body))
        document: dict[str, Any] = response.json()
        if not document.get("data"):
            raise GitHubError(UNREADABLE, [failed_query(document)])
        return document

    def _send(self, method: str, url: str, body: dict[str, str] | None = None) -> httpx.Response:
        try:
            return self._client.request(method, url, json=body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._unreachable(type(error).__name__) from None

    def _expect_json(self, response: httpx.Response) -> httpx.Response:
        if not response.is_success:
            raise GitHubError(UNREADABLE, [refusal(response)])
        if not is_json(response):
            raise self._unreachable("the response is not JSON")
        return response

    def _unreachable(self, reason: str) -> GitHubError:
        problem = Problem(
            "github:baseUrl",
            self._credentials.base_url,
            f"an address where GitHub's API answers; this one did not ({reason})",
            "check the network and the address, and run `pulumi up` again",
        )
        return GitHubError(UNREADABLE, [problem])


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
