"""Types and names are what the state knows a resource by: a change here takes things down and sets them up anew."""

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pulumi

import components
from components.release_repository import ReleaseRepository
from components.team import ManagedTeam
from tests.components.declaring import declare
from tests.components.test_release_repository import arguments

TYPES = {
    "httpx": "releases:index:ReleaseRepository",
    "httpx/repository": "github:index/repository:Repository",
    "httpx/team/maintainers": "github:index/teamRepository:TeamRepository",
    "httpx/team/operations": "github:index/teamRepository:TeamRepository",
    "httpx/deploy": "releases:index:DeployEnvironment",
    "httpx/deploy/environment": "github:index/repositoryEnvironment:RepositoryEnvironment",
    "httpx/deploy/tags": "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy",
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
        team_name="Ops",
        description="",
        members=["Operator-1"],
        team_maintainers=["owner-1"],
    )


def test_every_type_and_name_is_pinned() -> None:
    assert {name: each.kind for name, each in declare(program).items()} == TYPES


def test_no_two_resources_share_a_name() -> None:
    """A name alone is then enough to target, to import and to talk about."""
    assert len(declare(program)) == len(TYPES)


def test_every_component_is_pinned() -> None:
    tokens = {token for token in TYPES.values() if token.startswith("releases:")}

    assert {f"releases:index:{component.__name__}" for component in component_classes()} == tokens


def component_classes() -> Iterator[type]:
    for found in pkgutil.iter_modules(components.__path__, "components."):
        for _, value in inspect.getmembers(import_module(found.name), inspect.isclass):
            if issubclass(value, pulumi.ComponentResource) and value.__module__ == found.name:
                yield value
