"""What the argument of `scripts/forget` names in the state, and what stays behind on GitHub."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from commands.state_edits.deployment import (
    GRANT,
    MEMBERSHIP,
    REPOSITORY_COMPONENT,
    TEAM_COMPONENT,
    Deployment,
    Resource,
    memberships,
    name_of,
)
from publish_workflow.errors import shorten
from stacks.settings.problems import join_names

Kind = Literal["repository", "role", "team", "person"]
KINDS: tuple[Kind, ...] = ("repository", "role", "team", "person")
TEAM = "github:index/team:Team"
ENVIRONMENT = "github:index/repositoryEnvironment:RepositoryEnvironment"
SECRET = "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret"
RULESET = "github:index/repositoryRuleset:RepositoryRuleset"
FILE = "github:index/repositoryFile:RepositoryFile"
FORM = ("owner", "repositoryName", "workflowName", "environmentName")


class SelectionError(Exception):
    """A name that the state does not have, or has twice; the message is for the operator."""


@dataclass(frozen=True)
class Selection:
    """A part of the state that can be forgotten.

    Attributes:
        kind: What it is.
        name: Its name in the state: a key, a role, a slug or a login.
        resources: Its resources.
        number: Its recorded number on GitHub, if the state has one.
        workflow: Whether it is only the workflow file of a repository.
    """

    kind: Kind
    name: str
    resources: tuple[Resource, ...]
    number: int | None = None
    workflow: bool = False

    @property
    def urns(self) -> frozenset[str]:
        return frozenset(resource["urn"] for resource in self.resources)

    def forget(self, deployment: Deployment, *, deleted: bool) -> Deployment:
        """Return the state without the selection.

        `deleted` says that GitHub no longer has the team. Then its grants go, too: nothing is left
        to revoke. A team that still exists keeps them, so that the stack can go on with them.
        """
        removed = set(self.urns)
        if self.kind in ("role", "team") and deleted:
            removed |= {
                resource["urn"]
                for resource in deployment.resources
                if resource["type"] == GRANT and resource["id"].split(":")[0] == str(self.number)
            }
        result = deployment.without(removed)
        if self.kind == "person":
            result = result.without_numbers("people", self.name)
        if self.kind == "team":
            result = result.without_numbers("teams", self.name)
        return result


def select(deployment: Deployment, name: str, kind: Kind | None, *, workflow: bool) -> Selection:
    """Return what a name stands for in the state. Raise `SelectionError` if that is unclear."""
    if workflow:
        return select_workflow(deployment, name)
    selections = [
        selection
        for candidate in KINDS
        if kind in (None, candidate)
        and (selection := SELECTORS[candidate](deployment, name)) is not None
    ]
    if not selections:
        raise SelectionError(
            f"The state has nothing called {name!r}\n"
            f"    allowed: {', '.join(names_in(deployment)) or 'nothing: the state is empty'}\n"
            "    remedy:  check the spelling; upper and lower case matter for repositories"
        )
    if len(selections) > 1:
        kinds = " or ".join(f"--kind {selection.kind}" for selection in selections)
        raise SelectionError(
            f"The state has more than one thing called {name!r}\n"
            f"    allowed: one of them\n    remedy:  add {kinds}"
        )
    return selections[0]


def select_workflow(deployment: Deployment, name: str) -> Selection:
    """Return the workflow file of a repository."""
    component = deployment.component(REPOSITORY_COMPONENT, name)
    closure = deployment.closure(component) if component else []
    files = tuple(resource for resource in closure if resource["type"] == FILE)
    if not files:
        raise SelectionError(
            f"The state has no workflow file of a repository called {name!r}\n"
            f"    allowed: {', '.join(repositories_in(deployment)) or 'none'}\n"
            "    remedy:  check the spelling; upper and lower case matter"
        )
    return Selection("repository", name, files, workflow=True)


def select_repository(deployment: Deployment, name: str) -> Selection | None:
    component = deployment.component(REPOSITORY_COMPONENT, name)
    if component is None:
        return None
    closure = deployment.closure(component)
    numbers = [
        outputs.get("repositoryId") or outputs.get("repoId")
        for resource in closure
        if (outputs := resource.get("outputs") or {})
    ]
    number = next((int(number) for number in numbers if number), None)
    return Selection("repository", name, tuple(closure), number)


def select_role(deployment: Deployment, name: str) -> Selection | None:
    component = deployment.component(TEAM_COMPONENT, name)
    if component is None:
        return None
    closure = deployment.closure(component)
    number = next((int(item["id"]) for item in closure if item["type"] == TEAM), None)
    return Selection("role", name, tuple(closure), number)


def select_team(deployment: Deployment, name: str) -> Selection | None:
    """Return an existing team by its slug: its recorded number, and its own grants."""
    number = recorded_number(deployment, "teams", name)
    grants = tuple(
        resource
        for resource in deployment.resources
        if resource["type"] == GRANT and name_of(resource["urn"]).endswith(f"/team/@{name}")
    )
    if number is None and not grants:
        return None
    return Selection("team", name, grants, number)


def select_person(deployment: Deployment, name: str) -> Selection | None:
    number = recorded_number(deployment, "people", name)
    resources = tuple(memberships(deployment, name))
    if number is None and not resources:
        return None
    return Selection("person", name, resources, number)


SELECTORS = {
    "repository": select_repository,
    "role": select_role,
    "team": select_team,
    "person": select_person,
}


def recorded_number(deployment: Deployment, key: str, name: str) -> int | None:
    """Return the number that a component recorded for a login (`people`) or a slug (`teams`)."""
    for resource in deployment.resources:
        numbers: dict[str, Any] = (resource.get("outputs") or {}).get(key) or {}
        is_component = resource["type"] in (REPOSITORY_COMPONENT, TEAM_COMPONENT)
        for login, number in numbers.items() if is_component else ():
            if login.lower() == name.lower():
                return int(number)
    return None


def names_in(deployment: Deployment) -> list[str]:
    """Return the repositories, roles and people of the state."""
    people = {
        name_of(resource["urn"]).split("/")[-1]
        for resource in deployment.resources
        if resource["type"] == MEMBERSHIP
    }
    roles = [
        name_of(resource["urn"])
        for resource in deployment.resources
        if resource["type"] == TEAM_COMPONENT
    ]
    return [*repositories_in(deployment), *roles, *sorted(people)]


def repositories_in(deployment: Deployment) -> list[str]:
    return [
        name_of(resource["urn"])
        for resource in deployment.resources
        if resource["type"] == REPOSITORY_COMPONENT
    ]


def remains(selection: Selection) -> Iterator[str]:
    """Yield what stays on GitHub and PyPI, one line for each thing."""
    if selection.kind == "role":
        logins = [name_of(item["urn"]).split("/")[-1] for item in of(selection, MEMBERSHIP)]
        yield f"the team, its access to repositories, and its people: {join_names(logins)}"
    elif selection.kind == "team":
        yield f"the access of the team {selection.name} to repositories"
    elif selection.kind == "person":
        teams = [name_of(item["urn"]).split("/")[0] for item in selection.resources]
        yield f"the person's memberships, if any: {join_names(teams)}"
    else:
        yield from remains_of_repository(selection)


def remains_of_repository(selection: Selection) -> Iterator[str]:
    for item in of(selection, FILE):
        outputs = item.get("outputs") or {}
        yield (
            f"the workflow {outputs.get('file')} on the branch {outputs.get('branch')}, which any "
            "release tag starts"
        )
    for item in of(selection, ENVIRONMENT):
        yield f"the environment {(item.get('outputs') or {}).get('environment')}, as it is now"
    names = [str((item.get("outputs") or {}).get("secretName")) for item in of(selection, SECRET)]
    if names:
        yield f"the secrets of the environment: {join_names(names)}; revoke the tokens on PyPI"
    rulesets = [str((item.get("outputs") or {}).get("name")) for item in of(selection, RULESET)]
    if rulesets:
        yield f"the rulesets: {join_names(rulesets)}"
    grants = [name_of(item["urn"]).split("/")[-1] for item in of(selection, GRANT)]
    if grants:
        yield f"the access of the teams: {join_names(grants)}"
    for publisher in publishers(selection.resources):
        yield f"a trusted publisher on PyPI, until you remove it there: {publisher}"


def of(selection: Selection, kind: str) -> list[Resource]:
    return [resource for resource in selection.resources if resource["type"] == kind]


def publishers(resources: Sequence[Resource]) -> Iterator[str]:
    """Yield every trusted publisher that was ever declared, as the values of PyPI's form."""
    for resource in resources:
        outputs = resource.get("outputs") or {}
        for publisher in outputs.get("trustedPublishers") or ():
            yield " · ".join(shorten(str(publisher.get(key))) for key in FORM)
