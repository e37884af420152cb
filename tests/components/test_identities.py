"""Types and names of resources. A change of one deletes the resource and creates it again."""

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pulumi

import components
from components.release_repository import ReleaseRepository
from components.team import ManagedTeam
from tests.components.registrations import declare
from tests.components.test_release_repository import arguments

TYPES = {
    "httpx": "releases:index:ReleaseRepository",
    "httpx/repository": "github:index/repository:Repository",
    "httpx/team/maintainers": "github:index/teamRepository:TeamRepository",
    "httpx/team/operations": "github:index/teamRepository:TeamRepository",
    "httpx/deploy": "releases:index:DeployEnvironment",
    "httpx/deploy/environment": "github:index/repositoryEnvironment:RepositoryEnvironment",
    "httpx/deploy/tags": (
        "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy"
    ),
    "httpx/deploy/PYPI_TOKEN": "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret",
    "httpx/tags-created": "github:index/repositoryRuleset:RepositoryRuleset",
    "httpx/tags-kept": "github:index/repositoryRuleset:RepositoryRuleset",
    "httpx/publish.yml": "github:index/repositoryFile:RepositoryFile",
    "httpx/review": "github:index/repositoryRuleset:RepositoryRuleset",
    "operations": "releases:index:ManagedTeam",
    "operations/team": "github:index/team:Team",
    "operations/owner-1": "github:index/teamMembership:TeamMembership",
    "operations/operator-1": "github:index/teamMembership:TeamMembership",
}


def program() -> None:
    ReleaseRepository("httpx", arguments(create=True))
    ManagedTeam(
        "operations",
        {
            "team_name": "Ops",
            "description": "",
            "members": ["Operator-1"],
            "team_maintainers": ["owner-1"],
        },
    )


def test_types_and_names_stay() -> None:
    resources = declare(program)

    assert {name: resource.kind for name, resource in resources.items()} == TYPES


def test_no_two_resources_share_a_name() -> None:
    """A name alone is then enough to target a resource, and to import it."""
    assert len(declare(program)) == len(TYPES)


def test_every_component_has_a_listed_type() -> None:
    tokens = {token for token in TYPES.values() if token.startswith("releases:")}

    assert {f"releases:index:{component.__name__}" for component in component_classes()} == tokens


def test_every_component_is_called_as_pulumi_documents() -> None:
    for component in component_classes():
        parameters = inspect.signature(component).parameters.values()

        assert [parameter.name for parameter in parameters] == ["name", "args", "opts"]


def test_no_class_extends_a_resource_of_the_provider() -> None:
    assert {component.__bases__ for component in resource_classes()} == {
        (pulumi.ComponentResource,)
    }


def component_classes() -> Iterator[type]:
    for resource in resource_classes():
        if issubclass(resource, pulumi.ComponentResource):
            yield resource


def resource_classes() -> Iterator[type]:
    for module in pkgutil.iter_modules(components.__path__, "components."):
        for _, value in inspect.getmembers(import_module(module.name), inspect.isclass):
            if issubclass(value, pulumi.Resource) and value.__module__ == module.name:
                yield value
