"""An operator who follows the remedies of a blocked `pulumi up`, and knows nothing else."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from commands.histories.organization import Organization
from commands.sandbox import PROJECT
from stacks.default_sigint import with_default_sigint

GH_HOST = "github.localhost"
COMMAND = re.compile(r"^(?:pulumi|gh|git|scripts/[a-z-]+|for|unset|export) ")
HEREDOC = re.compile(r"<<'?([A-Z]+)'?$")


@dataclass(frozen=True)
class Remedy:
    """One remedy of a blocked `pulumi up`: the place that it is for, and its text."""

    place: str
    text: str


def read_remedies(output: str) -> Iterator[Remedy]:
    """Yield every remedy in the output of `pulumi up`, without the engine's indentation."""
    place = ""
    lines = [line.strip() for line in output.splitlines()]
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if line.startswith("allowed:"):
            place = lines[number - 2].split(" is ", 1)[0]
        if not line.startswith("remedy:"):
            continue
        text = [line.removeprefix("remedy:").strip()]
        if heredoc := HEREDOC.search(line):
            while number < len(lines) and text[-1] != heredoc[1]:
                text.append(lines[number])
                number += 1
        yield Remedy(place, "\n".join(text))


class Operator:
    """Follows remedies in the shell and in the stack file."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization

    def follow(self, output: str) -> list[str]:
        """Follow the remedies in the output of `up`, each once; return what was done."""
        remedies = dict.fromkeys(read_remedies(output))
        return [action for remedy in remedies if (action := self._follow(remedy))]

    def _follow(self, remedy: Remedy) -> str | None:
        if COMMAND.match(remedy.text):
            return self._run(remedy.text)
        return None

    def _run(self, command: str) -> str:
        """Run a command line as the operator's shell does."""
        sandbox = self._organization.sandbox
        environment = {
            **sandbox.environment,
            "GH_HOST": GH_HOST,
            "GH_TOKEN": sandbox.token,
            "HTTP_PROXY": sandbox.url,
            "NO_PROXY": "127.0.0.1,localhost",
            "PYTHONPATH": str(PROJECT),
        }
        finished = subprocess.run(
            with_default_sigint(["bash", "-ec", command]),
            cwd=sandbox.directory,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        sandbox.read_configuration()
        return f"`{command.splitlines()[0][:90]}` ends with {finished.returncode}"
