"""Fixtures: a simulated GitHub over TCP, and the real git client of a user."""

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
class CommandResult:
    """The exit code and the output of a git command."""

    code: int
    text: str

    def expect_ok(self) -> str:
        """Return the output; fail when git failed."""
        assert self.code == 0, self.text
        return self.text

    def expect_refusal(self, *messages: str) -> None:
        """Fail unless git failed with these messages."""
        assert self.code != 0, self.text
        assert [message for message in messages if message not in self.text] == [], self.text


@dataclass(frozen=True)
class Git:
    """The git client of a user in a folder; anonymous without a login."""

    folder: Path
    base: str
    login: str

    def __call__(self, *arguments: str) -> CommandResult:
        """Run git without prompts, with the configuration of the folder alone."""
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
        return CommandResult(finished.returncode, finished.stdout + finished.stderr)

    def url(self, repository: str = "httpx", token: str | None = None) -> str:
        """Return the address of a repository, with the login and its token."""
        secret = f"token-{self.login}" if token is None else token
        credentials = f"{self.login}:{secret}@" if self.login else ""
        return f"http://{credentials}{self.base}/encode/{repository}.git"

    def commit(self, path: str, text: str) -> str:
        """Commit a file and return the commit's sha."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)
        self("add", path).expect_ok()
        self("commit", "-m", f"Write {path}").expect_ok()
        return self("rev-parse", "HEAD").expect_ok().strip()


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
    """Return a function that clones a repository as a user."""

    def clone_as(login: str, repository: str = "httpx", *options: str) -> Git:
        base = served.url.removeprefix("http://")
        folder = tmp_path / login / repository
        folder.parent.mkdir(parents=True, exist_ok=True)
        parent = Git(folder.parent, base, login)
        parent("clone", *options, parent.url(repository), repository).expect_ok()
        return Git(folder, base, login)

    return clone_as


def get_refs(owner: httpx.Client) -> dict[str, Any]:
    """Return every ref of httpx with its sha."""
    state = expect_ok(owner.get("/_simulator/state"))
    refs: dict[str, Any] = state["repositories"]["encode/httpx"]["refs"]
    return refs
