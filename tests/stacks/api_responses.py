"""A stand-in for GitHub's API that responds from tables."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from stacks.github_api import Credentials, GitHubReader

TOKEN = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"
BASE_URL = "http://127.0.0.1:8080/"


@dataclass
class StubbedGitHub:
    """GitHub's API: REST responses by path, and GraphQL responses by name.

    Attributes:
        pages: The responses to GET by path and query, without `per_page`; any other path is a 404.
        people: The ids of users by lower-case login.
        teams: The ids of teams by slug.
        scripts: The modes of the files in `scripts` by repository, or `None` for a repository
            without the directory; any other repository is hidden.
        requests: Every request so far.
    """

    pages: Mapping[str, Any] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)
    teams: Mapping[str, int] = field(default_factory=dict)
    scripts: Mapping[str, Mapping[str, int] | None] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)

    def reader(self, base_url: str = BASE_URL) -> GitHubReader:
        return GitHubReader(Credentials(base_url, TOKEN), httpx.MockTransport(self.respond))

    def respond(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.path.endswith("/graphql"):
            return httpx.Response(
                200, json={"data": self.graphql(json.loads(request.content)["query"])}
            )
        url = request.url.copy_remove_param("per_page")
        page = self.pages.get(url.raw_path.decode().removeprefix("/api/v3"))
        if page is None:
            return httpx.Response(404, json={"message": "Not Found"})
        return page if isinstance(page, httpx.Response) else httpx.Response(200, json=page)

    def graphql(self, query: str) -> dict[str, Any]:
        """Return the data for a query of aliased fields."""
        ids = {"user": self.people, "team": self.teams}
        fields: dict[str, Any] = {}
        for alias, kind, name in re.findall(r'(n\d+): (user|team)\(\w+: "([^"]+)"\)', query):
            number = ids[kind].get(name.lower())
            fields[alias] = number and {"databaseId": number}
        for alias, name in re.findall(
            r'(n\d+): repository\(owner: "encode", name: "([^"]+)"\)', query
        ):
            fields[alias] = self.directory(name) if name in self.scripts else None
        return {"organization": fields} if "organization(" in query else fields

    def directory(self, repository: str) -> dict[str, Any]:
        """Return `object(expression: "HEAD:scripts")` as the GraphQL schema has it."""
        files = self.scripts[repository]
        entries = [{"name": name, "mode": mode} for name, mode in (files or {}).items()]
        return {"object": None if files is None else {"entries": entries}}

    @property
    def paths(self) -> list[str]:
        """The path of every request so far, without the root of the API."""
        return [request.url.path.removeprefix("/api/v3") for request in self.requests]
