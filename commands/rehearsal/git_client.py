"""The real git, as several people use it against one repository of the simulated GitHub."""

import base64
import re
from collections.abc import Mapping
from pathlib import Path

from commands.rehearsal.errors import RefusedError, StoppedError
from commands.rehearsal.processes import Ended, Processes

NOISE = re.compile(
    r"hint:.*|To http.*|error: failed to push.*|fatal: unable to access.*|Review all repository rules at.*|remote: *$"
    r"|\s*! \[remote rejected\].*"
)


class Clone:
    """A clone of `OWNER/NAME` at `directory`, which everybody of a rehearsal works in, each with a token of their own."""

    def __init__(self, processes: Processes, url: str, repository: str, directory: Path) -> None:
        self._processes = processes
        self._url = url
        self.repository = repository
        self.directory = directory

    def fetch(self, person: str) -> None:
        """Makes the clone, or brings it up to date. Raises `StoppedError` when git cannot."""
        if not self.directory.exists():
            self.directory.mkdir(parents=True)
            self._local("init", "--quiet", "--initial-branch", "nowhere")
            self._local("remote", "add", "origin", f"{self._url}/{self.repository}.git")
        ended = self._remote(person, "fetch", "--quiet", "--tags", "origin")
        if ended.code:
            raise StoppedError(f"git fetch failed: {words(ended.output)}")

    def commit(self, person: str, branch: str, files: Mapping[str, str], message: str) -> str:
        """A commit of some files by somebody, on a new local branch that begins at the fetched one; its id."""
        self._local("checkout", "--quiet", "--force", "-B", f"work-{person}", f"origin/{branch}")
        for path, text in files.items():
            file = self.directory / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        self._local("add", "--all")
        self._local("commit", "--quiet", "--message", message, person=person)
        return self.id_of("HEAD")

    def id_of(self, revision: str) -> str:
        """The id of the commit that a revision is at."""
        return self._local("rev-parse", f"{revision}^{{commit}}").strip()

    def push(self, person: str, *refspecs: str) -> None:
        """Pushes as somebody. Raises `RefusedError` with the words of the remote side when it is refused."""
        ended = self._remote(person, "push", "origin", *refspecs)
        if ended.code:
            raise RefusedError(words(ended.output))

    def _remote(self, person: str, *arguments: str) -> Ended:
        login = base64.b64encode(f"{person}:token-{person}".encode()).decode()
        header = {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.{self._url}/.extraheader",
            "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {login}",
        }
        return self._processes.run(["git", *arguments], self.directory, header)

    def _local(self, *arguments: str, person: str = "nobody") -> str:
        who = {
            f"GIT_{role}_{part}": text
            for role in ("AUTHOR", "COMMITTER")
            for part, text in identity(person).items()
        }
        ended = self._processes.run(["git", *arguments], self.directory, who)
        if ended.code:
            raise StoppedError(f"git {arguments[0]} failed: {words(ended.output)}")
        return ended.output


def identity(person: str) -> dict[str, str]:
    return {"NAME": person, "EMAIL": f"{person}@users.example"}


def words(output: str) -> str:
    """What the remote side says, without what is said at every push; git's own words where it says nothing."""
    lines = [line.removeprefix("remote:").strip() for line in output.splitlines()]
    return (
        " ".join(line for line in lines if line and not NOISE.fullmatch(line))
        or " ".join(lines)
        or "no reason given"
    )
