"""An operator who follows the remedies of a blocked `pulumi up`, and knows nothing else.

A command in a remedy is run as it is printed. Instructions for the stack file are followed by
their words, so a message that no pattern matches leaves the operator without a way on.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from commands.histories.organization import Organization
from commands.sandbox import PROJECT
from stacks.default_sigint import with_default_sigint

GH_HOST = "github.localhost"
# A command begins at the start of a remedy or of a clause, and ends with it.
COMMAND = re.compile(
    r"(?:^|(?<=: )|(?<=; )|(?<=then ))"
    r"((?:pulumi|gh|scripts/[a-z]+|for \w+ in) .*?)"
    r"(?=; (?:then|or|and|it|pulumi|with|`)|, (?:which|after)|; if |$)"
)
ALTERNATIVE = re.compile(r"; or[ ,]")


@dataclass(frozen=True)
class Remedy:
    """One remedy of a blocked `pulumi up`: the place that it is for, and its text."""

    place: str
    text: str


def read_remedies(output: str) -> Iterator[Remedy]:
    """Yield every remedy in the output of `pulumi up`, each once."""
    seen: set[Remedy] = set()
    lines = [line.strip() for line in output.splitlines()]
    for number, line in enumerate(lines):
        if line.startswith("remedy:"):
            place = lines[number - 2].split(" is ", 1)[0]
            remedy = Remedy(place, line.removeprefix("remedy:").strip())
            if remedy not in seen:
                yield remedy
            seen.add(remedy)


def commands_in(text: str) -> list[str]:
    """Return the commands of a remedy, without those of its alternatives."""
    return COMMAND.findall(ALTERNATIVE.split(text)[0])


class Operator:
    """Follows remedies in the shell and in the stack file."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization

    def follow(self, output: str) -> list[str]:
        """Follow the remedies in the output of `up`, and return what was done."""
        if "if the state was lost, restore a backup" in output and self._organization.backup:
            self._organization.import_state(self._organization.backup)
            self._organization.backup = None
            return ["restores the backup of the state"]
        actions: list[str] = []
        for remedy in read_remedies(output):
            edits_first = not remedy.text.startswith("scripts/rename")
            if edits_first:
                actions += self._edit(remedy)
            actions += [self._run(command) for command in commands_in(remedy.text)]
            if not edits_first:
                actions += self._edit(remedy)
        return actions

    def _edit(self, remedy: Remedy) -> Iterator[str]:
        """Edit the stack file as a remedy says."""
        for pattern, edit in EDITS.items():
            if match := pattern.search(remedy.text):
                edit(self._organization, remedy, *match.groups())
                self._organization.configure()
                yield f"edits the stack file: {match[0][:80]}"

    def _run(self, command: str) -> str:
        """Run a command line as the operator's shell does."""
        sandbox = self._organization.sandbox
        environment = {
            **sandbox.environment,
            "PULUMI_STACK": sandbox.stack,
            "PYTHONPATH": str(PROJECT),
            "GH_HOST": GH_HOST,
            "GH_TOKEN": sandbox.token,
            **({"HTTP_PROXY": sandbox.url} if "gh " in command else {}),
        }
        if command.startswith("scripts/forget"):
            self._organization.forget(command.split()[1])
        finished = subprocess.run(
            with_default_sigint(["bash", "-ec", program_line(command)]),
            cwd=sandbox.directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        sandbox.read_configuration()
        self._organization.remove_unused_secrets()
        action = f"`{command[:100]}` ends with {finished.returncode}"
        if finished.returncode:
            action += f" ({' '.join(finished.stdout.split())[-300:]})"
        return action


def program_line(command: str) -> str:
    """Return a command of `scripts/` as the program that it starts, for the stack of a sandbox."""
    script, *arguments = command.split()
    if script not in ("scripts/forget", "scripts/rename"):
        return command
    name = script.removeprefix("scripts/")
    return f"{sys.executable} -m commands.state_edits.{name} {' '.join(arguments)} --yes"


def rename_key(organization: Organization, remedy: Remedy, new: str, old: str) -> None:
    move_key(organization, key_of(remedy.place), new, formerly=old)


def rename_key_alone(organization: Organization, remedy: Remedy, new: str) -> None:
    move_key(organization, key_of(remedy.place), new)
    organization.entries[new].pop("formerly", None)


def key_of(place: str) -> str:
    """Return the key of a path such as `repositories.httpx` or `repositories["a.b"]`."""
    return place.removeprefix("repositories").strip('.["]')


def move_key(organization: Organization, key: str, new: str, **options: Any) -> None:
    """Rename the key of an entry and of its secrets."""
    entry = {**(organization.entries.pop(key) or {}), **options}
    organization.entries[new] = entry
    secrets = organization.configuration.get("secrets") or {}
    if key in secrets:
        secrets[new] = secrets.pop(key)
    organization.rename(key, new)


def rename_keys(organization: Organization, _: Remedy, pairs: str) -> None:
    """Rename several keys at once: `alpha to beta, beta to alpha`."""
    moves = dict(
        pair.split(" to ")
        for pair in pairs.split(", ")
        if not organization.names_its_repository(pair.split(" to ")[0])
    )
    for key in moves:
        move_key(organization, key, f"{key} (moving)")
    for key, new in moves.items():
        move_key(organization, f"{key} (moving)", new)
        organization.entries[new].pop("formerly", None)


def write_login(organization: Organization, _: Remedy, new: str, old: str) -> None:
    organization.people[new] = organization.people.pop(old)
    replace_login(organization, old, [new])


def remove_login(organization: Organization, _: Remedy, login: str) -> None:
    """Remove a login; another person takes the place in operations."""
    replace_login(organization, login, ["operator-3"])
    organization.people["operator-3"] = organization.user_id("operator-3")


def replace_login(organization: Organization, login: str, logins: list[str]) -> None:
    for role in ("operations", "maintainers"):
        team = organization.configuration[role]
        if login in team.get("members", ()):
            position = team["members"].index(login)
            team["members"][position : position + 1] = [
                name for name in logins if name not in team["members"]
            ]


EDITS: dict[re.Pattern[str], Callable[..., None]] = {
    re.compile(
        r"rename the key to (\S+?), also under `secrets`, and add `formerly: (\S+)`"
    ): rename_key,
    re.compile(
        r"^rename the key to (\S+?), also under `secrets`, without `formerly`"
    ): rename_key_alone,
    re.compile(r"all without `formerly`: (.+)$"): rename_keys,
    re.compile(r"write (\S+) wherever the stack file has (\S+?);"): write_login,
    re.compile(r"^remove (\S+) from the stack file"): remove_login,
}
