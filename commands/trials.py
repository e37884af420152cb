"""Who may do what in a repository, found by trying: with each person's token, against a copy of the simulated GitHub.

Nothing here reads a setting. A trial does on GitHub what a person would do, and looks whether it went through.
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
    """GitHub did not let somebody do something."""


class Scene:
    """A repository of a simulated GitHub at which people try things; a context manager. `url` is where it answers."""

    def __init__(self, url: str, owner: str, repository: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=30.0)
        self._numbers = itertools.count(1)
        self.repository = f"/repos/{owner}/{repository}"
        self.default_branch: str = self._client.get(self.repository).json()["default_branch"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def number(self) -> int:
        """A number that was not used before, for the names of branches and tags."""
        return next(self._numbers)

    def does(
        self, person: str, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> Any:
        """What GitHub answers a person. Raises `RefusedError` when it refuses."""
        headers = {"Authorization": f"Bearer token-{person}"}
        response = self._client.request(
            method, f"{self.repository}{path}", json=body, headers=headers
        )
        if not response.is_success:
            raise RefusedError(response.text)
        return response.json() if response.content else None

    def state(self) -> Any:
        """All that the simulated GitHub knows, with opened secrets."""
        return self._client.get("/_simulator/state").json()

    def head(self) -> str:
        """The commit of the default branch."""
        sha: str = self._client.get(f"{self.repository}/branches/{self.default_branch}").json()[
            "commit"
        ]["sha"]
        return sha

    def branch(self, person: str) -> str:
        """A new branch of a person's."""
        name = f"try-{self.number()}"
        self.does(person, "POST", "/git/refs", {"ref": f"refs/heads/{name}", "sha": self.head()})
        return name

    def write(self, person: str, path: str, text: str, branch: str) -> str:
        """A commit of a new file by a person; returns its id."""
        content = base64.b64encode(text.encode()).decode()
        body = {"message": "Try", "content": content, "branch": branch}
        sha: str = self.does(person, "PUT", f"/contents/{path}", body)["commit"]["sha"]
        return sha

    def tag(self, person: str) -> str:
        name = f"9.{self.number()}"
        self.does(person, "POST", "/git/refs", {"ref": f"refs/tags/{name}", "sha": self.head()})
        return name

    def pull_request(self, author: str) -> int:
        branch = self.branch(author)
        self.write(author, f"notes/{branch}.md", "A note.\n", branch)
        body = {"title": "A note", "head": branch, "base": self.default_branch}
        number: int = self.does(author, "POST", "/pulls", body)["number"]
        return number


@dataclass(frozen=True)
class Cast:
    """The people of a trial. `others` are those who may help: write, review and tag, but are not the one who tries."""

    authors: Sequence[str]
    reviewers: Sequence[str]
    taggers: Sequence[str]

    def author(self, person: str) -> str:
        return next(other for other in self.authors if other != person)

    def reviewer(self, person: str) -> str:
        return next(other for other in self.reviewers if other not in (person, self.author(person)))

    def tagger(self, person: str) -> str:
        return next(other for other in self.taggers if other != person)


def merges_unreviewed(scene: Scene, cast: Cast, person: str) -> bool:
    number = scene.pull_request(cast.author(person))
    return went_through(lambda: scene.does(person, "PUT", f"/pulls/{number}/merge", {}))


def merges_reviewed(scene: Scene, cast: Cast, person: str) -> bool:
    number = scene.pull_request(cast.author(person))
    scene.does(cast.reviewer(person), "POST", f"/pulls/{number}/reviews", {"event": "APPROVE"})
    return went_through(lambda: scene.does(person, "PUT", f"/pulls/{number}/merge", {}))


def creates_tag(scene: Scene, _: Cast, person: str) -> bool:
    return went_through(lambda: scene.tag(person))


def approves_release(scene: Scene, cast: Cast, person: str) -> bool | None:
    """Nothing where a release waits for nobody."""
    tagger = cast.tagger(person)
    tag = scene.tag(tagger)
    runs = scene.does(tagger, "GET", "/actions/runs?event=push&per_page=100")["workflow_runs"]
    waiting = [run for run in runs if run["head_branch"] == tag and run["status"] == "waiting"]
    if not waiting:
        return None
    path = f"/actions/runs/{waiting[0]['id']}/pending_deployments"
    pending = scene.does(tagger, "GET", path)
    body = {
        "environment_ids": [pending[0]["environment"]["id"]],
        "state": "approved",
        "comment": "Try",
    }
    return went_through(lambda: scene.does(person, "POST", path, body))


def reads_token(scene: Scene, _: Cast, person: str) -> bool:
    """Whether a workflow that somebody pushes to a branch of theirs is handed the token, with or without the environment."""
    return any(
        steals(scene, person, environment) for environment in ("", "\n    environment: deploy")
    )


def steals(scene: Scene, person: str, environment: str) -> bool:
    with suppress(RefusedError):
        branch = scene.branch(person)
        sha = scene.write(
            person,
            f".github/workflows/{branch}.yml",
            TOKEN_THIEF.format(environment=environment),
            branch,
        )
        runs = [run for run in scene.state()["runs"] if run["head_sha"] == sha]
        handed = (
            secret["name"] for run in runs for job in run["jobs"] for secret in job["secrets"]
        )
        return "PYPI_TOKEN" in handed
    return False


def went_through(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except RefusedError:
        return False
    return True


TRIALS: dict[str, Callable[[Scene, Cast, str], bool | None]] = {
    "merge unreviewed": merges_unreviewed,
    "merge reviewed": merges_reviewed,
    "create a tag": creates_tag,
    "approve a release": approves_release,
    "read the token": reads_token,
}


def try_everything(
    scene: Scene, cast: Cast, people: Sequence[str]
) -> dict[str, dict[str, bool | None]]:
    """For each person, which of the trials went through."""
    return {
        person: {name: trial(scene, cast, person) for name, trial in TRIALS.items()}
        for person in people
    }
