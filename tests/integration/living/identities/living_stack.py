"""A rehearsed stack whose operator follows the commands that a blocked `pulumi up` prints."""

import subprocess
from typing import Any

import httpx

from commands.histories.operator import commands_in, read_remedies
from commands.histories.publishing import ungated_releases
from commands.sandbox import PROJECT, CommandResult
from stacks.default_sigint import with_default_sigint
from tests.integration.rehearsed_stack import RehearsedStack, writes


class LivingStack(RehearsedStack):
    """The stack, its simulated GitHub, and what people do on GitHub's pages."""

    def set_tokens(self) -> None:
        """Store no token: a repository of the checkpoint publishes without one."""

    def blocked_up(self) -> CommandResult:
        """Run `pulumi up`, which has to fail before its first write."""
        with self.requests() as requests:
            result = self.up(check=False)
        assert result.code != 0, result.output
        assert writes(requests) == []
        return result

    def follow_commands(self, result: CommandResult) -> list[str]:
        """Run every command in the remedies of a blocked `pulumi up` as it is printed.

        Return the commands.
        """
        commands = [
            command
            for remedy in read_remedies(result.output)
            for command in commands_in(remedy.text)
        ]
        for command in commands:
            self.run(command)
        return commands

    def run(self, command: str) -> None:
        """Run a command line in the directory of the stack; fail unless it succeeds."""
        line = f"{PROJECT}/{command} --yes" if command.startswith("scripts/") else command
        environment = {
            **self.sandbox.environment,
            "PULUMI_STACK": self.sandbox.stack,
            "GH_HOST": "github.localhost",
            "GH_TOKEN": self.sandbox.token,
            "HTTP_PROXY": self.sandbox.url,
            "NO_PROXY": "127.0.0.1",
        }
        finished = subprocess.run(
            with_default_sigint(["bash", "-ec", line]),
            cwd=self.sandbox.directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stdout
        self.sandbox.read_configuration()

    def change_person(self, method: str, path: str, login: str | None = None) -> Any:
        """Let an account be registered, renamed or deleted, as its owner does on GitHub's pages."""
        body = {"login": login} if login else None
        url = f"{self.github.url}/_simulator/people{path}"
        response = httpx.request(method, url, json=body)
        assert response.is_success, response.text
        return response.json() if response.content else None

    def members(self, team: str) -> set[str]:
        """Return the people in a team, and those who are invited to it."""
        organization = self.organization()
        invited = {
            login
            for login, invitation in organization["invitations"].items()
            if team in invitation["teams"]
        }
        return set(organization["teams"][team]["members"]) | invited

    def ungated_releases(self) -> list[str]:
        """Return each release that a person with write or maintain starts without an approval."""
        repositories = self.github.world.repositories.values()
        names = [(repository.owner.login, repository.name) for repository in repositories]
        return ungated_releases(self.github.world, names)
