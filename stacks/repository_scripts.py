"""Which scripts repositories have, looked up many at a time: what a publish workflow runs has to be there."""

import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from stacks.github_api import GitHubReader

DIRECTORY = "scripts"


@dataclass(frozen=True)
class Scripts:
    """The files in a repository's `scripts` by name, on its default branch, and whether each can be executed."""

    executable: Mapping[str, bool]

    def missing(self, paths: Iterable[str]) -> list[str]:
        return [path for path in paths if self.name(path) not in self.executable]

    def not_executable(self, paths: Iterable[str]) -> list[str]:
        return [path for path in paths if self.executable.get(self.name(path)) is False]

    @staticmethod
    def name(path: str) -> str:
        return path.removeprefix(f"{DIRECTORY}/")


def read_scripts(reader: GitHubReader, owner: str, names: Iterable[str]) -> dict[str, Scripts]:
    """The scripts of an organization's repositories by lower-case name, in one request for fifty.

    A repository that GitHub does not answer for is left out. Raises `GitHubError` when it answers nothing at all.
    """
    answers = reader.trees(owner, list(names), f"HEAD:{DIRECTORY}")
    return {name.lower(): scripts_of(entries) for name, entries in answers.items()}


def scripts_of(entries: Iterable[Mapping[str, Any]]) -> Scripts:
    """The same from the entries of a tree. What a link leads to is taken to be executable."""
    files = ((entry["name"], entry["mode"]) for entry in entries if not stat.S_ISDIR(entry["mode"]))
    return Scripts({name: stat.S_ISLNK(mode) or bool(mode & stat.S_IXUSR) for name, mode in files})
