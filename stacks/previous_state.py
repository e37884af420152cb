"""The previous state of this stack: the teams and repositories that an earlier `up` set up.

A program cannot read its own state through the engine, so the `pulumi` on PATH exports it. Secrets
in an export stay encrypted.
"""

import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from publish_workflow.publish import managing_organization
from stacks.default_sigint import with_default_sigint
from stacks.settings.problems import Problem, StateError

SECRET = "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret"
TEAM = "github:index/team:Team"
TEAM_COMPONENT = "releases:index:ManagedTeam"
REPOSITORY_COMPONENT = "releases:index:ReleaseRepository"
REPOSITORY = "github:index/repository:Repository"
MEMBERSHIP = "github:index/teamMembership:TeamMembership"
IDENTITY_TOKEN = "id-token: write"
COMPONENT_PREFIX = "releases:index:"
COMPONENTS = (TEAM_COMPONENT, REPOSITORY_COMPONENT)


@dataclass(frozen=True)
class RecordedResource:
    """A resource in the state, with its inputs and outputs in the provider's spelling.

    Attributes:
        name: Its name in the program, such as `httpx/deploy/tags`.
        parent: The URN of its parent.
        is_deleted_on_removal: Whether the engine deletes it on GitHub when it is no longer
            declared.
    """

    urn: str
    type: str
    name: str
    id: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict, repr=False)
    outputs: Mapping[str, Any] = field(default_factory=dict, repr=False)
    parent: str = ""
    is_deleted_on_removal: bool = False


@dataclass(frozen=True)
class RecordedRepository:
    """What the state has of one repository.

    Attributes:
        key: Its key in the stack file when it was recorded.
        id: Its numeric id; `None` where no resource has recorded it yet.
        resources: Its resources by their place: the name without the key and the slash, such as
            `deploy/environment`, `deploy/PYPI_TOKEN`, `publish.yml`, `review`, `team/operations`.
        people: The numeric ids of its reviewers that are people, by lower-case login.
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

    @property
    def secret_names(self) -> frozenset[str]:
        """The names of its environment secrets."""
        return frozenset(
            str(resource.inputs.get("secretName", ""))
            for resource in self.resources.values()
            if resource.type == SECRET
        )


@dataclass(frozen=True)
class PreviousState:
    """The parts of the state that matter before an `up`.

    Attributes:
        teams: The numeric id of each team that the stack manages, by its role.
        repositories: The numeric id of each repository by its key; `None` where no resource has
            recorded it yet.
        unfinished_teams: The roles of teams that an earlier `up` did not finish creating.
        people: The numeric id of each lower-case login that a component has recorded.
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
        deployment = json.loads(finished.stdout).get("deployment") or {}
    except (OSError, subprocess.CalledProcessError, json.JSONDecodeError):
        raise StateError("The state of the stack cannot be read", [unreadable(stack)]) from None
    return parse_resources(deployment.get("resources") or ())


def parse_resources(resources: Iterable[Mapping[str, Any]]) -> PreviousState:
    """Return the teams and repositories in the resources of an exported state.

    Left out are a resource that the engine has replaced and still has to delete, and one that it
    deleted first and still has to create again.
    """
    recorded = {
        resource.urn: resource
        for exported in resources
        if not exported.get("delete")
        and not exported.get("pendingReplacement")
        and (resource := recorded_resource(exported))
    }
    components = [resource for resource in recorded.values() if resource.type in COMPONENTS]
    children: dict[str, list[RecordedResource]] = {component.urn: [] for component in components}
    for resource in recorded.values():
        is_component = resource.type.startswith(COMPONENT_PREFIX)
        if not is_component and (component := component_above(resource, recorded)):
            children[component.urn].append(resource)
    teams = {
        role_of(resource.name): number
        for resource in recorded.values()
        if resource.type == TEAM and (number := number_of(resource.id))
    }
    started_teams = {resource.name for resource in components if resource.type == TEAM_COMPONENT}
    entries = {
        component.name: recorded_repository(component, children[component.urn])
        for component in components
        if component.type == REPOSITORY_COMPONENT
    }
    return PreviousState(
        teams=teams,
        repositories={key: entry.id for key, entry in entries.items()},
        unfinished_teams=frozenset(started_teams - teams.keys()),
        people=merge(ids_in(component.outputs, "people") for component in components),
        existing_teams=merge(entry.teams for entry in entries.values()),
        entries=entries,
        memberships={
            (role, login.lower()): resource
            for resource in recorded.values()
            if resource.type == MEMBERSHIP
            for role, _, login in [resource.name.partition("/")]
        },
    )


def recorded_resource(exported: Mapping[str, Any]) -> RecordedResource | None:
    """Return one resource of an export, or `None` for one without a name."""
    urn = str(exported.get("urn") or "")
    if not urn:
        return None
    return RecordedResource(
        urn=urn,
        type=str(exported.get("type") or ""),
        name=name_of(urn),
        id=str(exported.get("id") or ""),
        inputs=exported.get("inputs") or {},
        outputs=exported.get("outputs") or {},
        parent=str(exported.get("parent") or ""),
        is_deleted_on_removal=exported.get("retainOnDelete") is not True,
    )


def component_above(
    resource: RecordedResource, recorded: Mapping[str, RecordedResource]
) -> RecordedResource | None:
    """Return the team or repository that a resource belongs to, at any depth."""
    parent = recorded.get(resource.parent)
    while parent and parent.type not in COMPONENTS:
        parent = recorded.get(parent.parent)
    return parent


def recorded_repository(
    component: RecordedResource, children: Sequence[RecordedResource]
) -> RecordedRepository:
    """Return what the state has of one repository.

    States of the first versions have no id in the outputs of the component.
    """
    outputs = component.outputs
    ids = (repository_id(resource) for resource in (component, *children))
    replaced = outputs.get("replacedWorkflow")
    publishers = outputs.get("trustedPublishers")
    resources = {place_of(resource.name): resource for resource in children}
    if not isinstance(publishers, list):
        publishers = publishers_in(resources.get("publish.yml"))
    return RecordedRepository(
        key=component.name,
        id=next(filter(None, ids), None),
        resources=resources,
        people=ids_in(outputs, "people"),
        teams=ids_in(outputs, "teams"),
        trusted_publishers=tuple(publishers),
        archived=outputs.get("archived") is True,
        retired=outputs.get("retired") is True,
        replaced_workflow=replaced if isinstance(replaced, dict) else None,
    )


def publishers_in(workflow: RecordedResource | None) -> list[dict[str, str]]:
    """Return the trusted publisher in a workflow file that version 0.1.0 recorded.

    Its state has no output for it. A job that can request an identity token may be one.
    """
    inputs = workflow.inputs if workflow else {}
    content = str(inputs.get("content") or "")
    owner = managing_organization(content)
    if owner is None or IDENTITY_TOKEN not in content:
        return []
    return [
        {
            "owner": owner,
            "repositoryName": str(inputs.get("repository")),
            "workflowName": str(inputs.get("file")).rpartition("/")[2],
            "environmentName": "deploy",
        }
    ]


def ids_in(outputs: Mapping[str, Any], key: str) -> dict[str, int]:
    """Return the ids by lower-case name in an output of a component."""
    ids = outputs.get(key)
    numbers = ids if isinstance(ids, dict) else {}
    return {name.lower(): number for name, value in numbers.items() if (number := number_of(value))}


def number_of(value: Any) -> int | None:
    """Return a numeric id that the state has as a number or as text, or `None`."""
    text = f"{value:.0f}" if isinstance(value, float) else str(value or "")
    return int(text) if text.isdecimal() else None


def merge(mappings: Iterable[Mapping[str, int]]) -> dict[str, int]:
    return {name: number for mapping in mappings for name, number in mapping.items()}


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


def role_of(name: str) -> str:
    """Return the role of a team, which is the name of its component."""
    return name.removesuffix("/team")


def place_of(name: str) -> str:
    """Return the place of a resource in its repository: its name without the key and the slash.

    After an `up` that stopped in the middle of a rename, some names still have the former key.
    """
    return name.partition("/")[2]


def repository_id(resource: RecordedResource) -> int | None:
    key = "repoId" if resource.type == REPOSITORY else "repositoryId"
    return number_of(resource.outputs.get(key))
