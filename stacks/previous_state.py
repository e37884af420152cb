"""The previous state of this stack: the teams and repositories that an earlier `up` set up.

A program cannot read its own state through the engine, so the `pulumi` on PATH exports it. Secrets
in an export stay encrypted.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stacks.settings.problems import Problem, StateError

TEAM = "github:index/team:Team"
TEAM_COMPONENT = "releases:index:ManagedTeam"
REPOSITORY_COMPONENT = "releases:index:ReleaseRepository"
REPOSITORY = "github:index/repository:Repository"
# Replaces itself by the command that follows, with the default handler for SIGINT.
RESTORE_SIGINT = (
    "import os, signal, sys; "
    "signal.signal(signal.SIGINT, signal.SIG_DFL); "
    "os.execvp(sys.argv[1], sys.argv[1:])"
)


@dataclass(frozen=True)
class RecordedResource:
    """A resource in the state, with its inputs and outputs in the provider's spelling.

    Attributes:
        name: Its name in the program, such as `httpx/deploy/tags`.
        parent: The URN of its parent.
    """

    urn: str
    type: str
    name: str
    id: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict, repr=False)
    outputs: Mapping[str, Any] = field(default_factory=dict, repr=False)
    parent: str = ""


@dataclass(frozen=True)
class RecordedRepository:
    """What the state has of one repository.

    Attributes:
        key: Its key in the stack file when it was recorded.
        id: Its numeric id; `None` where no resource has recorded it yet.
        resources: Its resources by their place: the name without the key and the slash, such as
            `deploy/environment`, `deploy/PYPI_TOKEN`, `publish.yml`, `review`, `team/operations`.
        people: The numeric ids of its reviewers that are people, by login.
        teams: The numeric ids of existing teams with access or review, by slug.
        trusted_publishers: Every trusted publisher that was ever declared for it, oldest first, as
            the values of PyPI's form.
        archived: Whether the last `up` froze it, since it is declared as archived.
        retired: Whether the last `up` retired its gate.
        replaced_workflow: The commit and path of the workflow file that `replace-workflow`
            replaced, if it did.
    """

    key: str
    id: int | None = None
    resources: Mapping[str, RecordedResource] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)
    teams: Mapping[str, int] = field(default_factory=dict)
    trusted_publishers: tuple[Mapping[str, str], ...] = ()
    archived: bool = False
    retired: bool = False
    replaced_workflow: Mapping[str, str] | None = None


@dataclass(frozen=True)
class PreviousState:
    """The parts of the state that matter before an `up`.

    Attributes:
        teams: The numeric id of each team that the stack manages, by its role.
        repositories: The numeric id of each repository by its key; `None` where no resource has
            recorded it yet.
        unfinished_teams: The roles of teams that an earlier `up` did not finish creating.
        people: The numeric id of each login that a component has recorded.
        existing_teams: The numeric id of each existing team that a component has recorded, by slug.
        entries: What the state has of each repository, by its key.
        memberships: The resource of each team membership by role and lower-case login.
    """

    teams: Mapping[str, int] = field(default_factory=dict)
    repositories: Mapping[str, int | None] = field(default_factory=dict)
    unfinished_teams: frozenset[str] = frozenset()
    people: Mapping[str, int] = field(default_factory=dict)
    existing_teams: Mapping[str, int] = field(default_factory=dict)
    entries: Mapping[str, RecordedRepository] = field(default_factory=dict)
    memberships: Mapping[tuple[str, str], RecordedResource] = field(default_factory=dict)


def read_previous_state(stack: str, directory: Path) -> PreviousState:
    """Read the state of a stack; `directory` contains its `Pulumi.yaml`.

    Raise `StateError` when the state cannot be exported.
    """
    # The Automation API's `export_stack` would decrypt every secret.
    command = ["pulumi", "stack", "export", "--stack", stack, "--non-interactive"]
    try:
        finished = subprocess.run(
            with_default_sigint(command), cwd=directory, capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        raise StateError("The state of the stack cannot be read", [unreadable(stack)]) from None
    deployment = json.loads(finished.stdout).get("deployment") or {}
    return parse_resources(deployment.get("resources") or ())


def with_default_sigint(command: Sequence[str]) -> list[str]:
    """Return the command line that runs `command` with the default handler for SIGINT.

    A shell starts background programs with SIGINT ignored, and the engine inherits that. At the end
    of every command the engine sends SIGINT to the language host, and waits five seconds before it
    kills a language host that ignores the signal.
    """
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        return list(command)
    # Not `preexec_fn`, which may deadlock: the SDK runs threads.
    return [sys.executable, "-I", "-S", "-c", RESTORE_SIGINT, *command]


def parse_resources(resources: Iterable[Mapping[str, Any]]) -> PreviousState:
    """Return the teams and repositories in the resources of an exported state."""
    teams: dict[str, int] = {}
    started_teams: set[str] = set()
    repositories: dict[str, int | None] = {}
    keys: dict[str, str] = {}
    for resource in resources:
        urn = str(resource["urn"])
        kind = resource["type"]
        if kind == REPOSITORY_COMPONENT:
            keys[urn] = name_of(urn)
            repositories.setdefault(keys[urn], None)
        elif kind == TEAM_COMPONENT:
            started_teams.add(name_of(urn))
        elif kind == TEAM:
            teams[role_of(urn)] = int(resource["id"])
        if (key := keys.get(str(resource.get("parent")))) is not None:
            keys[urn] = key
            repositories[key] = repository_id(resource) or repositories[key]
    return PreviousState(teams, repositories, frozenset(started_teams - teams.keys()))


def unreadable(stack: str) -> Problem:
    command = f"pulumi stack export --stack {stack}"
    return Problem(
        f"the state of {stack}",
        "unreadable",
        "a state that `pulumi` can export",
        f"{command}, which prints the error",
    )


def name_of(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]


def role_of(urn: str) -> str:
    """Return the role of a team, which is the name of its component."""
    return name_of(urn).removesuffix("/team")


def repository_id(resource: Mapping[str, Any]) -> int | None:
    outputs = resource.get("outputs") or {}
    key = "repoId" if resource["type"] == REPOSITORY else "repositoryId"
    return int(outputs[key]) if outputs.get(key) else None
