"""Where every trial starts, and where it should end."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from commands.sandbox import Sandbox, Saved
from simulated_github import SimulatedGitHub, World
from simulated_github.control.snapshot import snapshot

OWNER, REPOSITORY = "encode", "httpx"
CONFIGURATION: dict[str, Any] = {
    "github:owner": OWNER,
    "operations": {"members": ["operator-1", "operator-2"]},
    "maintainers": {
        "team-maintainers": ["owner-1"],
        "members": ["maintainer-1", "maintainer-11"],
    },
    "repositories": {REPOSITORY: None},
}
SEVERAL = {
    **CONFIGURATION,
    "repositories": dict.fromkeys((REPOSITORY, "databases", "httpcore", "starlette")),
}
UP = ("up", "--yes", "--skip-preview", "--suppress-outputs")
NUMBER = r"\d+"
_PASSING = ("id",)


def secret_of(repository: str) -> str:
    """The placeholder that stands for a repository's PyPI token, easy to search for."""
    return f"pypi-AgEIc0VjUmV0-of-{repository}"


SECRET = secret_of(REPOSITORY)


@dataclass(frozen=True)
class Sent:
    """One request of a first `up`: its method, its path with numbers left open, and the how-many-eth such request it is."""

    method: str
    path: str
    nth: int

    @property
    def reads(self) -> bool:
        """Whether it changes nothing. A question in GraphQL is a POST."""
        return self.method in ("GET", "HEAD") or self.path.endswith("/graphql")

    def __str__(self) -> str:
        return f"{self.method} {self.path.replace(NUMBER, 'N')}" + (
            f" ({self.nth})" if self.nth > 1 else ""
        )


@dataclass(frozen=True)
class Start:
    """The world and the stack before, what should be afterwards, and what an undisturbed run takes.

    Attributes:
        wanted: The state of GitHub after a run that nothing disturbed, as `lasting` has it.
        reads: The reads of such a run, in order.
        writes: Its writes.
        requests: How many requests it sends, all counted.
        limited: How many of them count against an hour's limit: not those that are answered with 304.
    """

    world: World
    saved: Saved
    repositories: tuple[str, ...]
    wanted: Any
    reads: tuple[Sent, ...]
    writes: tuple[Sent, ...]
    requests: int
    limited: int


def prepare(directory: Path, configuration: Mapping[str, Any] = CONFIGURATION) -> Start:
    """Declares the stack, and applies it once undisturbed. The state is kept in `directory`."""
    repositories = tuple(configuration["repositories"])
    with (
        SimulatedGitHub(OWNER) as github,
        Sandbox(github.url, deepcopy(dict(configuration))) as sandbox,
    ):
        sandbox.set_secrets({f"{name}.PYPI_TOKEN": secret_of(name) for name in repositories})
        world, saved = deepcopy(github.world), sandbox.save(directory)
        sandbox.pulumi(*UP)
        requests = tuple(
            told_apart((r.method, r.path.removeprefix("/api/v3")) for r in github.requests)
        )
        reads = tuple(each for each in requests if each.reads)
        writes = tuple(each for each in requests if not each.reads)
        limited = sum(request.status != HTTPStatus.NOT_MODIFIED for request in github.requests)
        return Start(
            world, saved, repositories, lasting(github.world), reads, writes, len(requests), limited
        )


def told_apart(requests: Iterable[tuple[str, str]]) -> Iterator[Sent]:
    """Requests told apart by their paths where possible, by their order where not."""
    seen = Counter[tuple[str, str]]()
    for method, path in requests:
        key = method, re.sub(r"(?<=/)\d+(?=/|$)", NUMBER.replace("\\", r"\\"), path)
        seen[key] += 1
        yield Sent(*key, seen[key])


def lasting(world: World) -> Any:
    """The state without what differs from run to run: numbers, commits, and the order of lists."""
    state = without(snapshot(world))
    for repository in state["repositories"].values():
        repository["refs"] = sorted(repository["refs"])
    state["rulesets"] = sorted(
        r.name for each in world.repositories.values() for r in each.rulesets.values()
    )
    return state


def without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without(item) for key, item in value.items() if key not in _PASSING}
    if isinstance(value, list):
        return sorted((without(item) for item in value), key=repr)
    return value
