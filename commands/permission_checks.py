"""Checks of who may do what in a repository, tried with each person's own token.

They read no setting. A check sends the requests of a person to a copy of the simulated GitHub, and
reports whether GitHub allowed them.
"""

import base64
import itertools
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

import httpx

TOKEN_THIEF = """\
name: Thief
on: push
jobs:
  thief:
    runs-on: ubuntu-latest{environment}
    steps:
      - run: env
        env:
          STOLEN: ${{{{ secrets.PYPI_TOKEN }}}}
"""


class RefusedError(Exception):
    """A response of GitHub that refuses a request."""


class RepositoryClient:
    """A client for one repository of the simulated GitHub at `url`, as a context manager.

    Every request is sent with the token of a person.
    """

    def __init__(self, url: str, owner: str, repository: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=30.0)
        self._numbers = itertools.count(1)
        self.repository = f"/repos/{owner}/{repository}"
        self.default_branch: str = self._client.get(self.repository).json()["default_branch"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def unique_number(self) -> int:
        """Return an unused number for the name of a branch or a tag."""
        return next(self._numbers)

    def request(
        self, person: str, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the body of GitHub's response to a person. Raise `RefusedError` on a refusal."""
        headers = {"Authorization": f"Bearer token-{person}"}
        response = self._client.request(
            method, f"{self.repository}{path}", json=body, headers=headers
        )
        if not response.is_success:
            raise RefusedError(response.text)
        return response.json() if response.content else None

    def state(self) -> Any:
        """Return the state of the simulated GitHub, with decrypted secrets."""
        return self._client.get("/_simulator/state").json()

    def head(self) -> str:
        """Return the commit of the default branch."""
        path = f"{self.repository}/branches/{self.default_branch}"
        sha: str = self._client.get(path).json()["commit"]["sha"]
        return sha

    def create_branch(self, person: str) -> str:
        """Create a branch as a person, and return its name."""
        name = f"try-{self.unique_number()}"
        self.request(person, "POST", "/git/refs", {"ref": f"refs/heads/{name}", "sha": self.head()})
        return name

    def create_file(self, person: str, path: str, text: str, branch: str) -> str:
        """Commit a new file to a branch as a person, and return the commit."""
        content = base64.b64encode(text.encode()).decode()
        body = {"message": "Try", "content": content, "branch": branch}
        sha: str = self.request(person, "PUT", f"/contents/{path}", body)["commit"]["sha"]
        return sha

    def create_tag(self, person: str) -> str:
        """Create a release tag as a person, and return its name."""
        name = f"9.{self.unique_number()}"
        self.request(person, "POST", "/git/refs", {"ref": f"refs/tags/{name}", "sha": self.head()})
        return name

    def open_pull_request(self, author: str) -> int:
        """Open a pull request as its author, and return its number."""
        branch = self.create_branch(author)
        self.create_file(author, f"notes/{branch}.md", "A note.\n", branch)
        body = {"title": "A note", "head": branch, "base": self.default_branch}
        number: int = self.request(author, "POST", "/pulls", body)["number"]
        return number


@dataclass(frozen=True)
class People:
    """The other people in a check, besides the person whose permission is checked.

    Attributes:
        authors: People who may open pull requests; at least two.
        reviewers: People who may review them; at least three.
        taggers: People who may create release tags; at least two.
    """

    authors: Sequence[str]
    reviewers: Sequence[str]
    taggers: Sequence[str]

    def author_for(self, person: str) -> str:
        return next(author for author in self.authors if author != person)

    def reviewer_for(self, person: str) -> str:
        excluded = (person, self.author_for(person))
        return next(reviewer for reviewer in self.reviewers if reviewer not in excluded)

    def tagger_for(self, person: str) -> str:
        return next(tagger for tagger in self.taggers if tagger != person)


def can_merge_unreviewed(client: RepositoryClient, people: People, person: str) -> bool:
    number = client.open_pull_request(people.author_for(person))
    return is_allowed(lambda: client.request(person, "PUT", f"/pulls/{number}/merge", {}))


def can_merge_reviewed(client: RepositoryClient, people: People, person: str) -> bool:
    number = client.open_pull_request(people.author_for(person))
    reviewer = people.reviewer_for(person)
    client.request(reviewer, "POST", f"/pulls/{number}/reviews", {"event": "APPROVE"})
    return is_allowed(lambda: client.request(person, "PUT", f"/pulls/{number}/merge", {}))


def can_create_tag(client: RepositoryClient, _: People, person: str) -> bool:
    return is_allowed(lambda: client.create_tag(person))


def can_approve_release(client: RepositoryClient, people: People, person: str) -> bool | None:
    """Return whether a person can approve a release, or `None` where releases do not wait."""
    tagger = people.tagger_for(person)
    tag = client.create_tag(tagger)
    runs = client.request(tagger, "GET", "/actions/runs?event=push&per_page=100")["workflow_runs"]
    waiting = [run for run in runs if run["head_branch"] == tag and run["status"] == "waiting"]
    if not waiting:
        return None
    path = f"/actions/runs/{waiting[0]['id']}/pending_deployments"
    pending = client.request(tagger, "GET", path)
    body = {
        "environment_ids": [pending[0]["environment"]["id"]],
        "state": "approved",
        "comment": "Try",
    }
    return is_allowed(lambda: client.request(person, "POST", path, body))


def can_read_token(client: RepositoryClient, _: People, person: str) -> bool:
    """Return whether a workflow on a person's own branch gets the PyPI token.

    The workflow is tried without an environment, and with `environment: deploy`.
    """
    return any(
        gets_token(client, person, environment) for environment in ("", "\n    environment: deploy")
    )


def gets_token(client: RepositoryClient, person: str, environment: str) -> bool:
    with suppress(RefusedError):
        branch = client.create_branch(person)
        sha = client.create_file(
            person,
            f".github/workflows/{branch}.yml",
            TOKEN_THIEF.format(environment=environment),
            branch,
        )
        runs = [run for run in client.state()["runs"] if run["head_sha"] == sha]
        secrets = (
            secret["name"] for run in runs for job in run["jobs"] for secret in job["secrets"]
        )
        return "PYPI_TOKEN" in secrets
    return False


def is_allowed(attempt: Callable[[], object]) -> bool:
    """Return whether GitHub allows the requests of `attempt`."""
    try:
        attempt()
    except RefusedError:
        return False
    return True


PERMISSION_CHECKS: dict[str, Callable[[RepositoryClient, People, str], bool | None]] = {
    "merge unreviewed": can_merge_unreviewed,
    "merge reviewed": can_merge_reviewed,
    "create a tag": can_create_tag,
    "approve a release": can_approve_release,
    "read the token": can_read_token,
}


def check_permissions(
    client: RepositoryClient, people: People, persons: Sequence[str]
) -> dict[str, dict[str, bool | None]]:
    """Return the result of each check for each person."""
    return {
        person: {name: check(client, people, person) for name, check in PERMISSION_CHECKS.items()}
        for person in persons
    }
