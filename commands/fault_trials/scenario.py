"""The initial state of every fault trial, and the state that it must reach."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from commands.sandbox import Sandbox, SavedStack
from simulated_github import SimulatedGitHub, World
from simulated_github.control.snapshot import snapshot

OWNER = "encode"
REPOSITORY = "httpx"
# The repositories of the simulated GitHub have a publish workflow already.
ENTRY = {"replace-workflow": True}
CONFIGURATION: dict[str, Any] = {
    "github:owner": OWNER,
    "operations": {"members": ["operator-1", "operator-2"]},
    "maintainers": {
        "team-maintainers": ["owner-1"],
        "members": ["maintainer-1", "maintainer-11"],
    },
    "repositories": {REPOSITORY: ENTRY},
}
FOUR_REPOSITORIES = {
    **CONFIGURATION,
    "repositories": dict.fromkeys((REPOSITORY, "databases", "httpcore", "starlette"), ENTRY),
}
UP = ("up", "--yes", "--skip-preview", "--suppress-outputs")
NUMBER = r"\d+"
VOLATILE_KEYS = ("id",)


def placeholder_token(repository: str) -> str:
    """Return a stand-in for a repository's PyPI token that is easy to search for."""
    return f"pypi-AgEIc0VjUmV0-of-{repository}"


SECRET = placeholder_token(REPOSITORY)


@dataclass(frozen=True)
class RequestPattern:
    """One request of a first `up`.

    Attributes:
        method: Its method.
        path: A regular expression for its path; ids are any number.
        nth: The position of the request among all that match `method` and `path`, from 1.
    """

    method: str
    path: str
    nth: int

    @property
    def is_read(self) -> bool:
        """Whether the request changes nothing. A GraphQL query is a POST."""
        return self.method in ("GET", "HEAD") or self.path.endswith("/graphql")

    def __str__(self) -> str:
        position = f" ({self.nth})" if self.nth > 1 else ""
        return f"{self.method} {self.path.replace(NUMBER, 'N')}{position}"


@dataclass(frozen=True)
class Scenario:
    """A declared stack and its GitHub, before and after an undisturbed first `up`.

    Attributes:
        expected_state: The state of GitHub after an undisturbed run, as `stable_state` returns it.
        reads: The reads of such a run, in order.
        writes: Its writes, in order.
        request_count: The number of its requests.
        limited_count: The number of requests that count against the hourly limit: all but those
            that are answered with 304.
    """

    world: World
    saved: SavedStack
    repositories: tuple[str, ...]
    expected_state: Any
    reads: tuple[RequestPattern, ...]
    writes: tuple[RequestPattern, ...]
    request_count: int
    limited_count: int


def prepare(directory: Path, configuration: Mapping[str, Any] = CONFIGURATION) -> Scenario:
    """Declare the stack, save it in `directory`, and apply it once without a fault."""
    repositories = tuple(configuration["repositories"])
    with (
        SimulatedGitHub(OWNER) as github,
        Sandbox(github.url, deepcopy(dict(configuration))) as sandbox,
    ):
        sandbox.set_secrets(
            {f"{name}.PYPI_TOKEN": placeholder_token(name) for name in repositories}
        )
        world = deepcopy(github.world)
        saved = sandbox.save(directory)
        sandbox.pulumi(*UP)
        patterns = tuple(
            request_patterns((r.method, r.path.removeprefix("/api/v3")) for r in github.requests)
        )
        return Scenario(
            world=world,
            saved=saved,
            repositories=repositories,
            expected_state=stable_state(github.world),
            reads=tuple(pattern for pattern in patterns if pattern.is_read),
            writes=tuple(pattern for pattern in patterns if not pattern.is_read),
            request_count=len(patterns),
            limited_count=sum(r.status != HTTPStatus.NOT_MODIFIED for r in github.requests),
        )


def request_patterns(requests: Iterable[tuple[str, str]]) -> Iterator[RequestPattern]:
    """Yield a pattern for each method and path; equal patterns differ in their position."""
    counts = Counter[tuple[str, str]]()
    for method, path in requests:
        key = method, re.sub(r"(?<=/)\d+(?=/|$)", NUMBER.replace("\\", r"\\"), path)
        counts[key] += 1
        yield RequestPattern(*key, counts[key])


def stable_state(world: World) -> Any:
    """Return the state of GitHub without ids, commits and the order of lists, which vary."""
    state = without_ids(snapshot(world))
    for repository in state["repositories"].values():
        repository["refs"] = sorted(repository["refs"])
    state["rulesets"] = sorted(
        ruleset.name
        for repository in world.repositories.values()
        for ruleset in repository.rulesets.values()
    )
    return state


def without_ids(value: Any) -> Any:
    """Return a value without the ids in it, and with its lists in a fixed order."""
    if isinstance(value, dict):
        return {key: without_ids(item) for key, item in value.items() if key not in VOLATILE_KEYS}
    if isinstance(value, list):
        return sorted((without_ids(item) for item in value), key=repr)
    return value
