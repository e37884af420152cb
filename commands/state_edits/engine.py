"""The engine's commands that read and write a state, in the directory of the stack."""

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from commands.sandbox import engine
from commands.state_edits.deployment import Deployment, name_of
from stacks.default_sigint import with_default_sigint


class StateError(Exception):
    """A state that cannot be read or written; the message is for the operator."""


@dataclass(frozen=True)
class Stack:
    """A stack of the project in `directory`."""

    name: str
    directory: Path

    @property
    def file(self) -> Path:
        return self.directory / f"Pulumi.{self.name}.yaml"

    @property
    def project(self) -> str:
        document = yaml.safe_load((self.directory / "Pulumi.yaml").read_text(encoding="utf-8"))
        return str(document["name"])

    def export(self) -> Deployment:
        """Return the state; secrets stay encrypted. Raise `StateError` when it cannot be edited."""
        finished = self._run("stack", "export")
        if finished.returncode:
            raise StateError(f"The state of {self.name} cannot be exported:\n{finished.stderr}")
        deployment = Deployment(json.loads(finished.stdout))
        if deployment.has_pending_operations:
            raise StateError(
                f"The state of {self.name} has pending operations: an earlier `pulumi up` was "
                f"interrupted\n    allowed: a state without them\n    remedy:  pulumi refresh "
                f"--stack {self.name}, which asks about each of them"
            )
        return deployment

    def save(self, deployment: Deployment) -> Path:
        """Write a state to a new file that only the user can read, and return its path."""
        descriptor, name = tempfile.mkstemp(prefix=f"{self.name}-before-", suffix=".json")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(deployment.document, file, indent=4)
        return Path(name)

    def load(self, deployment: Deployment) -> None:
        """Replace the state. Raise `StateError` when the engine refuses, and changes nothing."""
        edited = self.save(deployment)
        try:
            finished = self._run("stack", "import", "--file", str(edited))
        finally:
            edited.unlink()
        if finished.returncode:
            hint = ""
            if "locked" in finished.stderr:
                hint = (
                    "\n    remedy:  wait until the other run ends; if there is none: pulumi cancel "
                    f"--stack {self.name}"
                )
            raise StateError(
                f"The state of {self.name} was not changed:\n{finished.stderr.rstrip()}{hint}"
            )

    def preview(self) -> dict[str, str] | str:
        """Return the operations of the next `up` by resource, or the engine's message."""
        finished = self._run("preview", "--json")
        if finished.returncode:
            return message_of(finished.stdout) or finished.stderr
        steps = json.loads(finished.stdout)["steps"]
        return {name_of(step["urn"]): step["op"] for step in steps if step["op"] != "same"}

    def _run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [engine(), *arguments, "--stack", self.name, "--non-interactive"]
        return subprocess.run(
            with_default_sigint([*command, "--color", "never"]),
            cwd=self.directory,
            capture_output=True,
            text=True,
            check=False,
        )


def message_of(output: str) -> str:
    """Return the messages of a preview that failed."""
    try:
        document: dict[str, Any] = json.loads(output)
    except ValueError:
        return output
    return "\n".join(item["message"].rstrip() for item in document.get("diagnostics") or ())


def selected_stack(directory: Path) -> str:
    """Return the name of the stack that `pulumi stack select` chose. Raise `StateError`."""
    finished = subprocess.run(
        with_default_sigint([engine(), "stack", "--show-name", "--non-interactive"]),
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise StateError("No stack is selected\n    remedy:  add --stack NAME")
    return finished.stdout.strip()
