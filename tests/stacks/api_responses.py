"""A stand-in for GitHub's API that responds from tables."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from stacks.github_api import Credentials, GitHubReader
from stacks.settings.problems import GitHubError, Problem

TOKEN = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"
BASE_URL = "http://127.0.0.1:8080/"
HEAD = "5c9a1f0c6a1a4f7b9d0e8c3b2a1f0e9d8c7b6a59"


@dataclass
class StubbedGitHub:
    """GitHub's API: REST responses by path, and GraphQL responses by name.

    Attributes:
        pages: The responses to GET by path and query, without `per_page`; any other path is a 404.
        people: The ids of users by lower-case login.
        teams: The ids of teams by slug.
        repositories: The fields of repositories by name; any other repository is hidden.
        requests: Every request so far.
    """

    pages: Mapping[str, Any] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)
    teams: Mapping[str, int] = field(default_factory=dict)
    repositories: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
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
            r'(n\d+): repository\(owner: "encode", name: "(.+?)"\)', query
        ):
            fields[alias] = self.repositories.get(name)
        if "teams(first" in query:
            fields["teams"] = {"nodes": [], "pageInfo": {"hasNextPage": False}}
        return {"organization": fields} if "organization(" in query else fields

    @property
    def paths(self) -> list[str]:
        """The path of every request so far, without the root of the API."""
        return [request.url.path.removeprefix("/api/v3") for request in self.requests]


def stub_organization() -> StubbedGitHub:
    """Return an organization with the repository `httpx`, every declared user, and no team."""
    scopes = {"X-OAuth-Scopes": "repo, workflow, admin:org"}
    plan = {"plan": {"name": "free"}, "default_repository_permission": "read"}
    logins = ["operator-1", "operator-2", "maintainer-1", "maintainer-2", "maintainer-3"]
    members = [{"login": login, "id": number} for number, login in enumerate(logins, 2)]
    pages = {
        "/orgs/encode": httpx.Response(200, json=plan, headers=scopes),
        "/orgs/encode/members?role=admin": [{"login": "Owner-1", "id": 1}],
        "/orgs/encode/members?role=member": members,
        "/user/memberships/orgs/encode": {"role": "admin"},
        "/repos/encode/httpx/environments": {"environments": []},
        "/repos/encode/httpx/actions/secrets": {"secrets": []},
        "/orgs/encode/actions/secrets": {"secrets": []},
        "/orgs/encode/dependabot/secrets": {"secrets": []},
        "/orgs/encode/codespaces/secrets": {"secrets": []},
        "/orgs/encode/actions/permissions/workflow": {
            "default_workflow_permissions": "read",
            "can_approve_pull_request_reviews": False,
        },
        "/orgs/encode/actions/permissions": {
            "enabled_repositories": "all",
            "allowed_actions": "all",
        },
        "/repositories/1": {"id": 1},
    }
    return StubbedGitHub(pages, repositories={"httpx": repository_fields()})


def repository_fields(**changes: Any) -> dict[str, Any]:
    """Return the fields of `httpx` in GraphQL, which has the scripts of every layout."""
    scripts = ("install", "build", "publish")
    return {
        "databaseId": 1,
        "name": "httpx",
        "owner": {"login": "encode"},
        "isArchived": False,
        "isPrivate": False,
        "mergeCommitAllowed": True,
        "squashMergeAllowed": True,
        "rebaseMergeAllowed": True,
        "defaultBranchRef": {
            "name": "main",
            "target": {"oid": HEAD},
            "branchProtectionRule": None,
        },
        "rulesets": {"nodes": [], "pageInfo": {"hasNextPage": False}},
        "collaborators": {"edges": [], "pageInfo": {"hasNextPage": False}},
        "workflows": None,
        "scripts": {"entries": [{"name": name, "mode": 0o100755} for name in scripts]},
        **changes,
    }


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
