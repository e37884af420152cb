"""Fixtures: a simulated GitHub for each test, and clients that act as its users.

The clients compare every request and response with GitHub's API description.
"""

from collections.abc import Callable

import httpx
import pytest

from simulated_github import Application, World, create_app
from simulated_github.world.world_file import WorldFile, read
from tests.simulated_github.helpers.checked_transport import connect

Person = Callable[[str], httpx.Client]


@pytest.fixture(scope="session")
def world_file() -> WorldFile:
    return read("encode")


@pytest.fixture
def github(world_file: WorldFile) -> Application:
    return create_app(world_file)


@pytest.fixture
def world(github: Application) -> World:
    return github.world


@pytest.fixture
def person(github: Application) -> Person:
    """Return a client with the token `token-NAME`."""

    def create_client(name: str) -> httpx.Client:
        return connect(github, {"authorization": f"Bearer token-{name}"})

    return create_client


@pytest.fixture
def owner(person: Person) -> httpx.Client:
    return person("owner-1")


@pytest.fixture
def anyone(github: Application) -> httpx.Client:
    """Return a client without a token."""
    return connect(github, {})
