"""An organization on the simulated GitHub, and snapshots of it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from simulated_github import Application, create_app
from simulated_github.in_process import InProcess
from simulated_github.world.world_file import parse
from stacks.github_api import Credentials, GitHubReader
from stacks.previous_state import PreviousState
from stacks.snapshot import RepositoryOnGitHub, Snapshot
from stacks.snapshot.reading import read_organization
from tests.stacks.settings.configurations import settings

BASE_URL = "http://127.0.0.1:8080/"
PEOPLE = ["operator-1..2", "maintainer-1..3"]
FILES = {
    "README.md": "# <repository>",
    "scripts/build": "#!/bin/sh",
    ".github/workflows/test.yml": "on: push\njobs: {}\n",
}
Interception = Callable[[httpx.Request], httpx.Response | None]


def pass_all(_: httpx.Request) -> None:
    return None


class SharedTransport(httpx.BaseTransport):
    """A transport that threads share; `intercept` may respond in place of the application."""

    def __init__(self, application: Application, intercept: Interception) -> None:
        self._application = InProcess(application)
        self._intercept = intercept
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            return self._intercept(request) or self._application.handle_request(request)


@dataclass
class Organization:
    """The organization `encode` with its owner `owner-1`.

    Attributes:
        waits: The seconds that readers waited before they sent a request again.
    """

    application: Application
    waits: list[float] = field(default_factory=list)

    def client(self, person: str = "owner-1") -> httpx.Client:
        """Return a client that acts as a person, to prepare the organization."""
        return httpx.Client(
            transport=InProcess(self.application),
            base_url="http://127.0.0.1:8080/api/v3",
            headers={"authorization": f"Bearer token-{person}"},
        )

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request as the owner; return the JSON of the response."""
        with self.client() as client:
            response = client.request(method, path, json=body)
        assert response.is_success, response.text
        return response.json() if response.content else None

    def reader(
        self, token: str = "token-owner-1", intercept: Interception = pass_all
    ) -> GitHubReader:
        return GitHubReader(
            Credentials(BASE_URL, token),
            SharedTransport(self.application, intercept),
            sleep=self.waits.append,
        )

    def snapshot(
        self,
        previous_state: PreviousState | None = None,
        *,
        token: str = "token-owner-1",
        intercept: Interception = pass_all,
        deep: bool = False,
        **changes: Any,
    ) -> Snapshot:
        """Return the snapshot of this organization; `changes` are keys of the configuration."""
        self.application.requests.clear()
        with self.reader(token, intercept) as reader:
            return read_organization(
                reader, settings(**changes), previous_state or PreviousState(), deep=deep
            )

    def repository(self, **changes: Any) -> RepositoryOnGitHub:
        """Return the repository `httpx` of a snapshot."""
        return self.snapshot(**changes).repositories["httpx"]

    def id_of(self, name: str) -> int:
        return int(self.send("GET", f"/repos/encode/{name}")["id"])

    @property
    def paths(self) -> list[str]:
        """The paths of the requests since the last snapshot began, without the API's prefix."""
        return [request.path.removeprefix("/api/v3") for request in self.application.requests]


def create_organization(*names: str, **changes: Any) -> Organization:
    """Return an organization with these repositories; `changes` are keys of its world file."""
    document = {
        "users": ["owner-1", *PEOPLE, "outsider-1..3"],
        "file-sets": {"package": FILES},
        "organizations": {
            "encode": {
                "owners": ["owner-1"],
                "members": PEOPLE,
                "repositories": {name: {"files": "package"} for name in names or ["httpx"]},
                **{key.replace("_", "-"): value for key, value in changes.items()},
            },
            "projects": {"owners": ["owner-1"]},
        },
        "tokens": {"token-of-a-member": {"user": "maintainer-1", "scopes": ["repo", "admin:org"]}},
        "apps": {
            "blind-app": {
                "installed-in": "encode",
                "permissions": {"metadata": "read", "members": "read"},
            }
        },
    }
    return Organization(create_app(parse(document)))
