"""What the state of this stack holds already: the teams and repositories that an earlier `up` set up.

A program cannot see its own state through the engine, so it is exported by the same `pulumi` that runs the program. Nothing in
an export is decrypted.
"""

import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stacks.settings.problems import Problem, StateError

TEAM = "github:index/team:Team"
TEAM_COMPONENT = "releases:index:ManagedTeam"
REPOSITORY_COMPONENT = "releases:index:ReleaseRepository"
REPOSITORY = "github:index/repository:Repository"


@dataclass(frozen=True)
class PreviousState:
    """The state in the two respects that matter before an `up`.

    Attributes:
        teams: The numeric id of each team by the role it has here.
        repositories: The numeric id of each repository by its key; `None` where no resource recorded it yet.
        unfinished_teams: The roles of teams that an earlier `up` began to make and never recorded.
    """

    teams: Mapping[str, int] = field(default_factory=dict)
    repositories: Mapping[str, int | None] = field(default_factory=dict)
    unfinished_teams: frozenset[str] = frozenset()


def read_previous_state(stack: str, directory: Path) -> PreviousState:
    """What the state of a stack holds. `directory` is where its `Pulumi.yaml` stands.

    Raises `StateError` when it cannot be exported.
    """
    # The Automation API's `export_stack` would have every secret decrypted.
    command = ["pulumi", "stack", "export", "--stack", stack, "--non-interactive"]
    try:
        finished = subprocess.run(command, cwd=directory, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        raise StateError("The state of the stack cannot be read", [unreadable(stack)]) from None
    return read((json.loads(finished.stdout).get("deployment") or {}).get("resources") or ())


def read(resources: Iterable[Mapping[str, Any]]) -> PreviousState:
    """The same from the resources of an exported state."""
    teams: dict[str, int] = {}
    begun: set[str] = set()
    repositories: dict[str, int | None] = {}
    keys: dict[str, str] = {}
    for resource in resources:
        urn, kind = str(resource["urn"]), resource["type"]
        if kind == REPOSITORY_COMPONENT:
            keys[urn] = name_of(urn)
            repositories.setdefault(keys[urn], None)
        elif kind == TEAM_COMPONENT:
            begun.add(name_of(urn))
        elif kind == TEAM:
            teams[role_of(urn)] = int(resource["id"])
        if (key := keys.get(str(resource.get("parent")))) is not None:
            keys[urn] = key
            repositories[key] = repository_id(resource) or repositories[key]
    return PreviousState(teams, repositories, frozenset(begun - teams.keys()))


def unreadable(stack: str) -> Problem:
    command = f"pulumi stack export --stack {stack}"
    return Problem(
        "the state", "", "one that the engine exports", f"run `{command}` to see why it does not"
    )


def name_of(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]


def role_of(urn: str) -> str:
    """The role of a team, after which the component that holds it is named."""
    return name_of(urn).removesuffix("/team")


def repository_id(resource: Mapping[str, Any]) -> int | None:
    outputs = resource.get("outputs") or {}
    number = (
        outputs.get("repoId") if resource["type"] == REPOSITORY else outputs.get("repositoryId")
    )
    return int(number) if number else None
