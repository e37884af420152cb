"""The organization of a history: the requests of its owner, and the stack that declares it."""

import json
import random
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx

from commands.sandbox import CommandResult, Sandbox, SavedStack
from simulated_github import SimulatedGitHub, World
from simulated_github.records.accounts import Organization as Account
from simulated_github.records.repositories import Repository

WORLD = Path(__file__).with_name("world.yaml")
OWNER = "first"
OTHER_OWNER = "second"
# What a person adds to a workflow file by hand.
EDIT = "# edited by hand"
OWNER_LOGIN = "owner-1"
UP = ("up", "--yes", "--skip-preview", "--suppress-outputs")
REFRESH = ("refresh", "--yes", "--skip-preview", "--suppress-outputs")
CONFIGURATION: dict[str, Any] = {
    "github:owner": OWNER,
    "operations": {"members": ["operator-1", "operator-2"]},
    "maintainers": {"members": ["maintainer-1", "maintainer-2"]},
    "repositories": {
        "alpha": {"secrets": ["PYPI_TOKEN"]},
        "beta": {"publish": "trusted-publishing"},
    },
}


class Organization:
    """A stack, its simulated GitHub, and the people who change both.

    Attributes:
        people: The id of each person that the stack file means, by the login it has there.
        repositories: The id of the repository that each entry means, by its key.
        saved: The stack of the start.
        first_state: The state of the start.
        program: The directory of the program that the engine runs; by default this project's.
        problems: What went wrong outside of this stack's own `up`.
        backup: The last state before it was lost; `None` where it is not lost.
    """

    def __init__(
        self, github: SimulatedGitHub, sandbox: Sandbox, saved: SavedStack, seed: int
    ) -> None:
        self.github = github
        self.sandbox = sandbox
        self.saved = saved
        self.random = random.Random(seed)  # noqa: S311  a seed repeats the history
        self.people = {
            login: self.user_id(login)
            for team in ("operations", "maintainers")
            for login in self.configuration[team].get("members", ())
        }
        self.repositories = {key: self.repository_named(key).id for key in self.entries}
        self.first_state = self.export_state()
        self.backup: dict[str, Any] | None = None
        self.program: Path | None = None
        self.problems: list[str] = []

    @property
    def world(self) -> World:
        return self.github.world

    @property
    def account(self) -> Account:
        """The organization's record."""
        account = self.world.organization(OWNER)
        if account is None:
            raise LookupError(f"there is no organization {OWNER}")
        return account

    @property
    def configuration(self) -> dict[str, Any]:
        return self.sandbox.configuration

    @property
    def entries(self) -> dict[str, Any]:
        entries: dict[str, Any] = self.configuration["repositories"]
        return entries

    def user_id(self, login: str) -> int:
        user = self.world.user(login)
        if user is None:
            raise LookupError(f"there is no user {login}")
        return user.id

    def repository_named(self, name: str, owner: str = OWNER) -> Repository:
        repository = self.world.repository(owner, name)
        if repository is None:
            raise LookupError(f"there is no repository {owner}/{name}")
        return repository

    def owned_repositories(self) -> list[Repository]:
        """Return the repositories that the organization owns."""
        return [
            repository
            for repository in self.world.repositories.values()
            if repository.owner.login == OWNER
        ]

    def request(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Send a request of the owner; return its JSON.

        Raise `httpx.HTTPStatusError` when it is refused.
        """
        response = httpx.request(
            method,
            f"{self.github.url}{path}",
            json=body,
            headers={"Authorization": f"Bearer token-{OWNER_LOGIN}"},
            timeout=30.0,
        )
        response.raise_for_status()
        return response.json() if response.content else None

    def rename(self, key: str, new: str) -> None:
        """Follow an entry whose key changes."""
        if key in self.repositories:
            self.repositories[new] = self.repositories.pop(key)

    def names_its_repository(self, key: str) -> bool:
        """Return whether a key is the name that the repository it means has now."""
        repository = self.world.repository(OWNER, key)
        return repository is not None and repository.id == self.repositories.get(key)

    def forget(self, key: str) -> None:
        """Let an entry mean the repository that has its name now."""
        repository = self.world.repository(OWNER, key)
        self.repositories.pop(key, None)
        if repository is not None and key in self.entries:
            self.repositories[key] = repository.id

    def remove_unused_secrets(self) -> None:
        """Remove the secrets of entries that were removed, as a reviewed change does."""
        secrets = self.configuration.get("secrets") or {}
        unused = [key for key in secrets if key not in self.entries]
        for key in unused:
            del secrets[key]
        if unused:
            self.configure()

    def configure(self) -> None:
        """Write the configuration to the stack file."""
        self.sandbox.write_configuration()

    def pulumi(self, *arguments: str) -> CommandResult:
        return self.sandbox.pulumi(*arguments, check=False)

    def up(self) -> CommandResult:
        return self.pulumi(*UP)

    def export_state(self) -> dict[str, Any]:
        """Return the state, as `pulumi stack export` prints it."""
        output = self.sandbox.pulumi("stack", "export").output
        state: dict[str, Any] = json.loads(output[output.index("{") :])
        return state

    def import_state(self, state: Mapping[str, Any]) -> None:
        self.sandbox.pulumi("stack", "import", "--force", standard_input=json.dumps(state))

    def urns(self, suffix: str) -> list[str]:
        """Return the URNs of the recorded resources whose names end with `suffix`."""
        resources = self.export_state()["deployment"].get("resources") or []
        return [resource["urn"] for resource in resources if resource["urn"].endswith(suffix)]


class Start:
    """The applied stack from which every history starts."""

    def __init__(self, world: World, saved: SavedStack) -> None:
        self._world = world
        self.saved = saved

    @property
    def world(self) -> World:
        """Return a copy of the world, which the history may change."""
        return deepcopy(self._world)


def prepare(directory: Path) -> Start:
    """Apply the stack of the histories once, and save it; its state is copied to `directory`."""
    with (
        SimulatedGitHub(str(WORLD)) as github,
        Sandbox(github.url, deepcopy(CONFIGURATION)) as sandbox,
    ):
        sandbox.set_secrets({"alpha.PYPI_TOKEN": "pypi-of-alpha"})
        sandbox.pulumi(*UP)
        return Start(deepcopy(github.world), sandbox.save(directory))
