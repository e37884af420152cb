"""A small stack on a simulated GitHub, run by the real engine and the real provider."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

from commands.sandbox import CommandResult, Sandbox, SavedStack
from simulated_github import LoggedRequest, SimulatedGitHub, World
from simulated_github.control.snapshot import snapshot

OWNER = "encode"
CONFIGURATION: dict[str, Any] = {
    "github:owner": OWNER,
    "operations": {"members": ["operator-1", "operator-2"]},
    "maintainers": {
        "team-maintainers": ["owner-1"],
        "members": ["maintainer-1", "maintainer-11"],
    },
    "repositories": {"httpx": None, "databases": None},
}
RESOURCES_PER_REPOSITORY = (
    9  # two grants, environment, tag policy, secret, workflow, three rulesets
)


def token_of(repository: str) -> str:
    """Return a placeholder for a repository's PyPI token, easy to search for."""
    return f"pypi-AgEIc0VjUmV0-{repository}"


@dataclass(frozen=True)
class Checkpoint:
    """A saved stack and its GitHub, from which tests start."""

    world: World
    saved: SavedStack


class RehearsedStack:
    """One stack and its simulated GitHub. Use it as a context manager."""

    def __init__(
        self, checkpoint: Checkpoint | None = None, *, token: str = "token-owner-1"
    ) -> None:
        self._checkpoint = checkpoint
        self._token = token

    @classmethod
    def from_sandbox(cls, github: SimulatedGitHub, sandbox: Sandbox) -> Self:
        """Return the stack of a sandbox that a test entered itself."""
        stack = cls()
        stack.github = github
        stack.sandbox = sandbox
        return stack

    def __enter__(self) -> Self:
        checkpoint = self._checkpoint
        world = checkpoint.world if checkpoint else "encode"
        saved = checkpoint.saved if checkpoint else None
        with ExitStack() as entered:
            self.github = entered.enter_context(SimulatedGitHub(world))
            if not checkpoint:
                delete_old_workflows(self.github)
            configuration = deepcopy(CONFIGURATION)
            self.sandbox = entered.enter_context(
                Sandbox(self.github.url, configuration, token=self._token, saved=saved)
            )
            self.set_tokens()
            self._entered = entered.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._entered.close()

    def save_checkpoint(self, directory: Path) -> Checkpoint:
        """Save the stack and its GitHub; the state is copied to `directory`."""
        return Checkpoint(deepcopy(self.github.world), self.sandbox.save(directory))

    @property
    def configuration(self) -> dict[str, Any]:
        return self.sandbox.configuration

    @property
    def repositories(self) -> dict[str, Any]:
        entries: dict[str, Any] = self.configuration["repositories"]
        return entries

    def set_tokens(self) -> None:
        """Store a token for each repository that has none."""
        stored = self.configuration.get("secrets") or {}
        missing = [name for name in self.repositories if name not in stored]
        if missing:
            self.sandbox.set_secrets({f"{name}.PYPI_TOKEN": token_of(name) for name in missing})

    def configure(self) -> None:
        """Write `configuration` to the stack file."""
        self.sandbox.write_configuration()

    def up(self, *, check: bool = True) -> CommandResult:
        return self.sandbox.pulumi(
            "up", "--yes", "--skip-preview", "--suppress-outputs", check=check
        )

    def refresh(self) -> CommandResult:
        return self.sandbox.pulumi("refresh", "--yes", "--skip-preview", "--suppress-outputs")

    def preview(self, *, check: bool = True) -> CommandResult:
        return self.sandbox.pulumi("preview", "--suppress-outputs", check=check)

    def plan(self) -> dict[str, str]:
        """Return the planned operations by resource name, without unchanged resources."""
        finished = self.sandbox.pulumi("preview", "--json")
        steps = json.loads(finished.output[finished.output.index("{\n") :])["steps"]
        return {name_of(step["urn"]): step["op"] for step in steps if step["op"] != "same"}

    def state(self) -> dict[str, Any]:
        """Return everything on the simulated GitHub."""
        return snapshot(self.github.world)

    def repository(self, name: str) -> dict[str, Any]:
        repository: dict[str, Any] = self.state()["repositories"][f"{OWNER}/{name}"]
        return repository

    def organization(self) -> dict[str, Any]:
        organization: dict[str, Any] = self.state()["organizations"][OWNER]
        return organization

    @contextmanager
    def requests(self) -> Iterator[list[LoggedRequest]]:
        """Yield the requests to GitHub inside the block; the list is filled at its end."""
        start = len(self.github.requests)
        requests = list[LoggedRequest]()
        yield requests
        requests += self.github.requests[start:]


def delete_old_workflows(github: SimulatedGitHub) -> None:
    """Delete the workflows that the repositories have in the world file, as their owner would."""
    with httpx.Client(
        base_url=github.url, headers={"Authorization": "Bearer token-owner-1"}, timeout=30.0
    ) as owner:
        for repository in list(github.world.repositories.values()):
            address = f"/repos/{OWNER}/{repository.name}/contents/.github/workflows/publish.yml"
            file = owner.get(address)
            if file.is_success:
                body = {"message": "Remove the old workflow", "sha": file.json()["sha"]}
                owner.request("DELETE", address, json=body).raise_for_status()


def name_of(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]


def writes(requests: list[LoggedRequest]) -> list[str]:
    """Return the requests that change something, as `METHOD path`, without GraphQL queries."""
    return [
        f"{r.method} {r.path}"
        for r in requests
        if r.method != "GET" and not r.path.endswith("/graphql")
    ]
