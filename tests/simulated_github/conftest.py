"""A simulated GitHub of its own for every test, and the people who talk to it.

What they send and what they are told is held against GitHub's API description (see ``checked_transport``).
"""

from collections.abc import Callable

import httpx
import pytest

from simulated_github import Application, World, create_app
from simulated_github.world.world_file import WorldFile, read
from tests.simulated_github.helpers.checked_transport import CheckedTransport

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
    """A client with the token ``token-NAME``."""

    def of(name: str) -> httpx.Client:
        return client(github, {"authorization": f"Bearer token-{name}"})

    return of


@pytest.fixture
def owner(person: Person) -> httpx.Client:
    return person("owner-1")


@pytest.fixture
def anyone(github: Application) -> httpx.Client:
    """A client without a token."""
    return client(github, {})


def client(github: Application, headers: dict[str, str]) -> httpx.Client:
    return httpx.Client(
        transport=CheckedTransport(github), base_url="http://github.test", headers=headers
    )
