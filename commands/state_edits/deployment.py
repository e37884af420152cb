"""An exported state as data: which resources belong together, and edits without dangling links.

An import refuses a state in which a resource refers to a missing one.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

Resource = dict[str, Any]
REPOSITORY_COMPONENT = "releases:index:ReleaseRepository"
TEAM_COMPONENT = "releases:index:ManagedTeam"
GRANT = "github:index/teamRepository:TeamRepository"
MEMBERSHIP = "github:index/teamMembership:TeamMembership"
CREATED_REPOSITORY = "github:index/repository:Repository"
LISTS = ("dependencies", "aliases")
LINKS = ("parent", "deletedWith", "replaceOnChanges", "viewOf")


@dataclass(frozen=True)
class Deployment:
    """An exported state: `document` is the JSON of `pulumi stack export`."""

    document: Mapping[str, Any]

    @property
    def resources(self) -> list[Resource]:
        return list((self.document.get("deployment") or {}).get("resources") or [])

    @property
    def has_pending_operations(self) -> bool:
        return bool((self.document.get("deployment") or {}).get("pending_operations"))

    def with_resources(self, resources: Collection[Resource]) -> Self:
        deployment = {**self.document["deployment"], "resources": list(resources)}
        return type(self)({**self.document, "deployment": deployment})

    def component(self, kind: str, name: str) -> Resource | None:
        """Return the component of a type and a name, as the engine spells it."""
        return next(
            (
                resource
                for resource in self.resources
                if resource["type"] == kind and name_of(resource["urn"]) == name
            ),
            None,
        )

    def closure(self, component: Resource) -> list[Resource]:
        """Return a component with all resources below it, in the order of the state."""
        inside = {component["urn"]}
        for resource in self.resources:
            if resource.get("parent") in inside:
                inside.add(resource["urn"])
        return [resource for resource in self.resources if resource["urn"] in inside]

    def without(self, urns: Collection[str]) -> Self:
        """Return the state without resources, and without references to them."""
        return self.with_resources(
            [
                remove_references(resource, urns)
                for resource in self.resources
                if resource["urn"] not in urns
            ]
        )

    def without_numbers(self, key: str, name: str) -> Self:
        """Return the state in which no component records the number of a login or a slug.

        `key` is `people` or `teams`, the output of the components that holds the numbers.
        """
        return self.with_resources(
            [remove_number(resource, key, name) for resource in self.resources]
        )

    def renamed(self, names: Mapping[str, str]) -> Self:
        """Return the state in which repositories have other names, all changed at once.

        `names` has the new name by the old one. URNs, ids and the property `repository` follow.
        """
        urns: dict[str, str] = {}
        former: dict[str, str] = {}
        for old, new in names.items():
            component = self.component(REPOSITORY_COMPONENT, old)
            for resource in self.closure(component) if component else ():
                urns[resource["urn"]] = rename_urn(resource["urn"], old, new)
                former[resource["urn"]] = old
        resources = []
        for resource in self.resources:
            if old := former.get(resource["urn"], ""):
                resource = rename_properties(resource, old, names[old])
            resources.append(replace_urns(resource, urns))
        return self.with_resources(resources)


def name_of(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]


def remove_references(resource: Resource, removed: Collection[str]) -> Resource:
    """Return a resource without references to removed ones."""
    result = {
        key: value
        for key, value in resource.items()
        if not (key in LINKS and isinstance(value, str) and value in removed)
    }
    for key in LISTS:
        if key in result:
            result[key] = [urn for urn in result[key] or () if urn not in removed]
    if "propertyDependencies" in result:
        result["propertyDependencies"] = {
            name: [urn for urn in urns or () if urn not in removed]
            for name, urns in result["propertyDependencies"].items()
        }
    return result


def remove_number(resource: Resource, key: str, name: str) -> Resource:
    outputs = resource.get("outputs") or {}
    numbers = outputs.get(key)
    if resource["type"] not in (REPOSITORY_COMPONENT, TEAM_COMPONENT) or not numbers:
        return resource
    rest = {login: number for login, number in numbers.items() if login.lower() != name.lower()}
    return {**resource, "outputs": {**outputs, key: rest}}


def rename_urn(urn: str, old: str, new: str) -> str:
    """Return the URN of a resource of a renamed repository: `httpx/review` follows `httpx`."""
    head, name = urn.rsplit("::", 1)
    return f"{head}::{new}{name.removeprefix(old)}"


def rename_properties(resource: Resource, old: str, new: str) -> Resource:
    """Return a resource whose properties and id have the new name of its repository."""
    key = "name" if resource["type"] == CREATED_REPOSITORY else "repository"
    result = dict(resource)
    for part in ("inputs", "outputs"):
        values = resource.get(part) or {}
        if values.get(key) == old:
            result[part] = {**values, key: new}
    if resource.get("id"):
        result["id"] = rename_id(resource["type"], resource["id"], old, new)
        outputs = result.get("outputs") or {}
        if outputs.get("id") == resource["id"]:
            result["outputs"] = {**outputs, "id": result["id"]}
    return result


def rename_id(kind: str, identifier: str, old: str, new: str) -> str:
    """Return the id with the new name: `TEAM:httpx` for a grant, else `httpx:...` or a number."""
    parts = identifier.split(":")
    position = -1 if kind == GRANT else 0
    if parts[position] == old:
        parts[position] = new
    return ":".join(parts)


def replace_urns(resource: Resource, urns: Mapping[str, str]) -> Resource:
    """Return a resource whose URN and references follow renamed ones."""
    result = dict(resource)
    for key in ("urn", *LINKS):
        if isinstance(result.get(key), str):
            result[key] = urns.get(result[key], result[key])
    if "dependencies" in result:
        result["dependencies"] = [urns.get(urn, urn) for urn in result["dependencies"] or ()]
    if "propertyDependencies" in result:
        result["propertyDependencies"] = {
            name: [urns.get(urn, urn) for urn in values or ()]
            for name, values in result["propertyDependencies"].items()
        }
    result.pop("aliases", None)
    return result


def memberships(deployment: Deployment, login: str) -> Iterator[Resource]:
    """Yield the memberships of a person in the teams of the stack."""
    for resource in deployment.resources:
        if resource["type"] == MEMBERSHIP and (
            name_of(resource["urn"]).split("/")[-1] == login.lower()
        ):
            yield resource
