"""An organization of any size, made from the example, and the configuration that declares it."""

from collections.abc import Sequence
from typing import Any

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
