"""A stack over a living organization: people change GitHub, and an operator follows messages."""

import subprocess
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx

from commands.histories.operator import read_remedies
from commands.histories.publishing import ungated_releases
from commands.sandbox import PROJECT, CommandResult, Sandbox
from simulated_github import SimulatedGitHub
from simulated_github.control.snapshot import snapshot
from stacks.default_sigint import with_default_sigint
from tests.integration.rehearsed_stack import Checkpoint, writes

OWNER = "acme"
WORLD = Path(__file__).with_name("world.yaml")
CONFIGURATION: dict[str, Any] = {
    "github:owner": OWNER,
    "operations": {"members": ["ann", "bob"]},
    "maintainers": {"members": ["ann", "bob", "cleo"]},
    "repositories": {
        "gadget": {"publish": "trusted-publishing", "release-tags": "*"},
        "widget": None,
    },
}


class LivingStack:
    """A stack, its simulated GitHub, and an operator with a shell."""

    def __init__(self, github: SimulatedGitHub, sandbox: Sandbox) -> None:
        self.github = github
        self.sandbox = sandbox

    @property
    def repositories(self) -> dict[str, Any]:
        entries: dict[str, Any] = self.sandbox.configuration["repositories"]
        return entries

    def up(self) -> CommandResult:
        return self.sandbox.pulumi(
            "up", "--yes", "--skip-preview", "--suppress-outputs", check=False
        )

    def blocked_up(self) -> str:
        """Return the output of an `up` that stops before its first write."""
        start = len(self.github.requests)
        finished = self.up()
        assert finished.code != 0, finished.output
        assert "nothing was changed" in finished.output, finished.output
        assert writes(self.github.requests[start:]) == []
        return finished.output

    def follow(self, output: str) -> list[str]:
        """Run the command of every remedy in the output of a blocked `up`; return them."""
        commands = list(dict.fromkeys(remedy.text for remedy in read_remedies(output)))
        for command in commands:
            self.run(command)
        return commands

    def run(self, command: str) -> str:
        """Run a command line as the operator's shell does; fail unless it succeeds."""
        environment = {
            **self.sandbox.environment,
            "GH_HOST": "github.localhost",
            "GH_TOKEN": self.sandbox.token,
            "HTTP_PROXY": self.sandbox.url,
            "NO_PROXY": "127.0.0.1",
            "PULUMI_STACK": self.sandbox.stack,
            "PYTHONPATH": str(PROJECT),
        }
        finished = subprocess.run(
            with_default_sigint(["bash", "-ec", command]),
            cwd=self.sandbox.directory,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, f"{command}\n{finished.stdout}\n{finished.stderr}"
        self.sandbox.read_configuration()
        return finished.stdout

    def apply(self) -> None:
        """Apply the stack, and check that nothing is left to do and no person can publish."""
        finished = self.up()
        assert finished.code == 0, finished.output
        again = self.sandbox.pulumi("preview", "--diff", "--expect-no-changes", check=False)
        assert again.code == 0, again.output
        assert self.ungated_releases() == []

    def ungated_releases(self) -> list[str]:
        """Return each release that a person with write or maintain starts without an approval."""
        return ungated_releases(self.github.world, [(OWNER, name) for name in self.repositories])

    def send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        person: str = "boss",
    ) -> Any:
        """Send a request as a person, and return the JSON of the response."""
        headers = {"Authorization": f"Bearer token-{person}"}
        url = f"{self.github.url}{path}"
        response = httpx.request(method, url, json=body, headers=headers, timeout=30.0)
        assert response.is_success, response.text
        return response.json() if response.content else None

    def write_file(self, repository: str, path: str, text: str | None) -> None:
        """Write a file to the default branch as the owner, or delete it without a text."""
        address = f"/repos/{OWNER}/{repository}/contents/{path}"
        headers = {"Authorization": "Bearer token-boss"}
        current = httpx.get(f"{self.github.url}{address}", headers=headers, timeout=30.0)
        body = {"message": "A change by hand"}
        if current.is_success:
            body["sha"] = current.json()["sha"]
        if text is None:
            self.send("DELETE", address, body)
        else:
            body["content"] = b64encode(text.encode()).decode()
            self.send("PUT", address, body)

    def gates(self) -> Any:
        """Return the environments and rulesets of every repository, without ids and times.

        Names of environments ignore case.
        """
        repositories = snapshot(self.github.world)["repositories"]
        return {
            name: {
                "environments": {
                    environment.lower(): without_numbers(value)
                    for environment, value in parts["environments"].items()
                },
                "rulesets": without_numbers(parts["rulesets"]),
            }
            for name, parts in repositories.items()
        }


def without_numbers(value: Any) -> Any:
    """Return a value without the keys that differ for an object that was created again."""
    if isinstance(value, dict):
        return {
            key: without_numbers(item)
            for key, item in value.items()
            if key not in ("id", "created_at", "updated_at")
        }
    return [without_numbers(item) for item in value] if isinstance(value, list) else value


@contextmanager
def living_stack(checkpoint: Checkpoint | None = None) -> Iterator[LivingStack]:
    """Yield the stack, from a checkpoint or not applied yet."""
    world = deepcopy(checkpoint.world) if checkpoint else str(WORLD)
    saved = checkpoint.saved if checkpoint else None
    with (
        SimulatedGitHub(world) as github,
        Sandbox(github.url, deepcopy(CONFIGURATION), token="token-boss", saved=saved) as sandbox,
    ):
        if saved:
            # Operators have selected their stack; a new sandbox has not.
            sandbox.pulumi("stack", "select")
        else:
            sandbox.set_secrets({"widget.PYPI_TOKEN": "pypi-of-widget"})
        yield LivingStack(github, sandbox)
