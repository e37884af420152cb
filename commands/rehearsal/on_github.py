"""One repository on the simulated GitHub, as people use it through GitHub's API."""

import base64
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from commands.rehearsal.errors import RefusedError

Json = dict[str, Any]


class OnGitHub:
    """A repository, `OWNER/NAME`, of the GitHub at `url`. Use it as a context manager."""

    def __init__(self, url: str, repository: str) -> None:
        self._client = httpx.Client(
            base_url=f"{url}/repos/{repository}", timeout=30, trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def does(
        self, person: str, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> Any:
        """What GitHub answers a person. Raises `RefusedError` with its words when it refuses."""
        headers = {"Authorization": f"Bearer token-{person}"}
        answer = self._client.request(method, path, json=body, headers=headers)
        if not answer.is_success:
            raise RefusedError(said(answer))
        return answer.json() if answer.content else None

    def text(self, person: str, path: str) -> str:
        """The text of a file of the default branch."""
        return base64.b64decode(self.does(person, "GET", f"/contents/{path}")["content"]).decode()

    def has_branch(self, person: str, branch: str) -> bool:
        return branch in {
            found["name"] for found in self.does(person, "GET", "/branches?per_page=100")
        }

    def merge(self, author: str, readers: tuple[str, ...], branch: str, base: str) -> None:
        """A pull request: opened by one, approved by others, merged by the first."""
        number = self.does(
            author, "POST", "/pulls", {"title": branch, "head": branch, "base": base}
        )["number"]
        for reader in readers:
            self.does(reader, "POST", f"/pulls/{number}/reviews", {"event": "APPROVE"})
        self.does(author, "PUT", f"/pulls/{number}/merge", {})

    def run(self, person: str, number: int) -> Json:
        """A run as GitHub shows it."""
        found: Json = self.does(person, "GET", f"/actions/runs/{number}")
        return found

    def review(self, person: str, run: int, state: str) -> None:
        """Decides on the deployments that a run waits for: `approved` or `rejected`."""
        path = f"/actions/runs/{run}/pending_deployments"
        ids = [waiting["environment"]["id"] for waiting in self.does(person, "GET", path)]
        self.does(
            person, "POST", path, {"environment_ids": ids, "state": state, "comment": "Rehearsed"}
        )


def said(answer: httpx.Response) -> str:
    """The words of a refusal, with those of its details."""
    document = answer.json()
    details = document.get("errors") or []
    more = [
        detail if isinstance(detail, str) else str(detail.get("message", "")) for detail in details
    ]
    return " ".join(part for part in (f"{answer.status_code} {document['message']}", *more) if part)
