"""An organization of any size, its configuration, and a simulated GitHub that serves it."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import yaml

from commands.sandbox import PROJECT
from simulated_github.world.world_file import RepositoryFile, WorldFile, read

OWNER = "encode"
TEAMS: dict[str, Any] = {
    "github:owner": OWNER,
    "operations": {"members": ["operator-1", "operator-2", "operator-3"]},
    "maintainers": {"members": [f"maintainer-{number}" for number in range(1, 11)]},
}


def names(count: int) -> list[str]:
    """Return the names of the repositories, sorted."""
    return [f"package-{number:04d}" for number in range(1, count + 1)]


def world(count: int) -> WorldFile:
    """Return the world `encode` with `count` repositories like its own packages."""
    example = read(OWNER)
    repositories = {name: RepositoryFile(like="package") for name in names(count)}
    organization = example.organizations[OWNER].model_copy(update={"repositories": repositories})
    return example.model_copy(update={"organizations": {OWNER: organization}})


def configuration(repositories: Sequence[str]) -> dict[str, Any]:
    """Return a configuration that declares these repositories, without their tokens."""
    return {**TEAMS, "repositories": dict.fromkeys(repositories)}


class ServedGitHub:
    """A simulated GitHub in its own process, whose share of the time can be measured."""

    def __init__(self, url: str, process: psutil.Process) -> None:
        self.url = url
        self.process = process

    def clear_requests(self) -> None:
        """Empty the log of requests."""
        httpx.delete(f"{self.url}/_simulator/requests", timeout=60).raise_for_status()

    def count_requests(self) -> Counter[str]:
        """Return the number of logged requests of each method."""
        log = httpx.get(f"{self.url}/_simulator/requests", timeout=60).json()
        return Counter(request["method"] for request in log)


@contextmanager
def serve(size: int, directory: Path) -> Iterator[ServedGitHub]:
    """Serve an organization with `size` repositories, as a context manager."""
    file = directory / f"world-{size}.yaml"
    file.write_text(
        yaml.safe_dump(world(size).model_dump(by_alias=True, mode="json", exclude_unset=True)),
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "simulated_github", "--world", str(file), "--port", "0"]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None  # noqa: S101 - a pipe was requested above
        yield ServedGitHub(process.stdout.readline().strip(), psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()
