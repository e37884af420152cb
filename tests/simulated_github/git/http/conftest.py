"""A simulated GitHub over a socket, and the real git of somebody who talks to it."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from simulated_github import SimulatedGitHub
from simulated_github.world.world_file import WorldFile
from tests.simulated_github.helpers.api_calls import expect_ok

GIT = shutil.which("git") or "git"


@dataclass(frozen=True)
class Told:
    """How a git command ended, and what it printed."""

    code: int
    text: str

    def done(self) -> str:
        """What it printed; it must have gone through."""
        assert self.code == 0, self.text
        return self.text

    def refused(self, *sentences: str) -> None:
        """It must have been refused, with these sentences."""
        assert self.code != 0, self.text
        assert [sentence for sentence in sentences if sentence not in self.text] == [], self.text


@dataclass(frozen=True)
class Git:
    """Somebody's git in a folder; without a login, nobody's."""

    folder: Path
    base: str
    login: str

    def __call__(self, *arguments: str) -> Told:
        """Run git; it asks nobody anything and reads no configuration but the folder's."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "true",
            "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "ada@users.example",
            "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@users.example",
        }
        command = [GIT, "-c", "protocol.version=2", "-c", "gc.auto=0", *arguments]
        finished = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Told(finished.returncode, finished.stdout + finished.stderr)

    def url(self, repository: str = "httpx", token: str | None = None) -> str:
        """A repository's address with the login and its token in it."""
        secret = f"token-{self.login}" if token is None else token
        who = f"{self.login}:{secret}@" if self.login else ""
        return f"http://{who}{self.base}/encode/{repository}.git"

    def commit(self, path: str, text: str) -> str:
        """Commit a file; the commit's sha."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)
        self("add", path).done()
        self("commit", "-m", f"Write {path}").done()
        return self("rev-parse", "HEAD").done().strip()


Clone = Callable[..., Git]


@pytest.fixture
def served(world_file: WorldFile) -> Iterator[SimulatedGitHub]:
    with SimulatedGitHub(world_file) as github:
        yield github


@pytest.fixture
def owner(served: SimulatedGitHub) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=served.url, headers={"authorization": "Bearer token-owner-1"}
    ) as client:
        yield client


@pytest.fixture
def clone(served: SimulatedGitHub, tmp_path: Path) -> Clone:
    """Clone a repository as somebody."""

    def of(login: str, repository: str = "httpx", *options: str) -> Git:
        base = served.url.removeprefix("http://")
        folder = tmp_path / login / repository
        folder.parent.mkdir(parents=True, exist_ok=True)
        outside = Git(folder.parent, base, login)
        outside("clone", *options, outside.url(repository), repository).done()
        return Git(folder, base, login)

    return of


def refs(owner: httpx.Client) -> dict[str, Any]:
    """Every ref of httpx, and where it is."""
    found: dict[str, Any] = expect_ok(owner.get("/_simulator/state"))["repositories"][
        "encode/httpx"
    ]["refs"]
    return found
