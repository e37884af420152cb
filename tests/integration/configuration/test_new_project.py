"""A project that `pulumi new` makes from this one, and the spellings that a stack file may have."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from commands.sandbox import CODE, FILES, PROJECT, CommandResult, Sandbox, engine
from simulated_github import SimulatedGitHub
from simulated_github.control.snapshot import snapshot
from tests.integration.rehearsed_stack import CONFIGURATION, RehearsedStack, token_of

NAME = "acme-releases"
COMMAND = re.compile(r"remedy: +(pulumi config set .+)$", re.MULTILINE)
# What a user writes in place of the placeholders of a remedy.
VALUES = {
    "ORGANIZATION": "encode",
    "operations.members[0] LOGIN": "operator-1",
    "maintainers.members[0] LOGIN": "maintainer-1",
    "REPOSITORY": "httpx",
}


class NewProject(Sandbox):
    """A sandbox whose project `pulumi new` makes from a copy of this one, under another name."""

    def _copy(self) -> None:
        template = self._root / "template"
        template.mkdir()
        for name in (*CODE, *FILES):
            source = PROJECT / name
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, template / name, ignore=ignored)
            else:
                shutil.copy(source, template / name)
        self.directory.mkdir()
        arguments = ("--name", NAME, "--offline", "--generate-only", "--yes")
        subprocess.run(
            [engine(), "new", str(template), *arguments],
            cwd=self.directory,
            env={"PATH": os.environ["PATH"], "PULUMI_HOME": str(self._root / "new-home")},
            check=True,
            capture_output=True,
        )
        (self.directory / ".venv").symlink_to(self.program_environment)

    def run(self, command: str, standard_input: str = "") -> CommandResult:
        """Run a command as a user would: `pulumi ...`, with `standard_input` as its input."""
        program, *arguments = shlex.split(command)
        assert program == "pulumi"
        return self.pulumi(*arguments, standard_input=standard_input)

    def preview(self) -> CommandResult:
        return self.pulumi("preview", "--suppress-outputs", check=False)

    def up(self, *, check: bool = True) -> CommandResult:
        return self.pulumi("up", "--yes", "--skip-preview", "--suppress-outputs", check=check)


@pytest.fixture
def github() -> Iterator[SimulatedGitHub]:
    with SimulatedGitHub("encode") as github:
        yield github


@pytest.fixture
def new_project(github: SimulatedGitHub) -> Iterator[NewProject]:
    with NewProject(github.url, {}) as project:
        yield project


def command_with_values(command: str) -> str:
    """Return a remedy with a value in place of its placeholder."""
    for placeholder, value in VALUES.items():
        if placeholder in command.replace("'", ""):
            return command.replace(placeholder.split()[-1], value)
    raise AssertionError(f"no value for {command}")


def add_prefixes(configuration: dict[str, Any]) -> dict[str, Any]:
    """Return a configuration with the prefix that stack files had in earlier versions."""
    return {key if ":" in key else f"releases:{key}": configuration[key] for key in configuration}


def config_of(file: Path) -> dict[str, Any]:
    config: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))["config"]
    return config


def test_a_new_project_from_empty_to_applied(
    new_project: NewProject, github: SimulatedGitHub
) -> None:
    refused = new_project.preview()

    assert refused.code != 0
    assert "missing configuration value" not in refused.output
    assert "Traceback" not in refused.output
    assert github.requests == []
    commands = COMMAND.findall(refused.output)
    assert len(commands) == 4, refused.output
    for command in commands:
        new_project.run(command_with_values(command))
    refused = new_project.preview()
    assert "operations is a team of only one person" in refused.output

    new_project.run("""pulumi config set operations '{"members": ["operator-1", "operator-2"]}'""")
    previewed = new_project.preview()
    assert previewed.code == 0, previewed.output
    [command] = re.findall(r"pulumi config set --path '[^']+' --secret", previewed.output)[:1]
    new_project.run(command, standard_input=token_of("httpx"))
    # The repository has a publish workflow of its own.
    [command] = COMMAND.findall(new_project.up(check=False).output)
    assert command.endswith(".replace-workflow' true")
    new_project.run(command)
    new_project.up()

    environments = snapshot(github.world)["repositories"]["encode/httpx"]["environments"]
    assert [*environments] == ["deploy"]
    assert "unchanged" in new_project.preview().output
    assert set(config_of(new_project.stack_file)) >= {f"{NAME}:operations", f"{NAME}:secrets"}


def test_the_prefix_of_another_project_is_an_error(
    new_project: NewProject, github: SimulatedGitHub
) -> None:
    new_project.configuration = add_prefixes(CONFIGURATION)
    new_project.write_configuration()

    refused = new_project.preview()

    assert refused.code != 0
    assert "releases:operations is a key of the project releases" in refused.output
    assert github.requests == []
    [command] = set(re.findall(r"remedy: +(sed .+)$", refused.output, re.MULTILINE))
    subprocess.run(command, shell=True, cwd=new_project.directory, check=True)  # noqa: S602
    assert new_project.preview().code == 0


def test_a_stack_file_with_the_prefix_of_this_project(applied: RehearsedStack) -> None:
    file = applied.sandbox.stack_file
    applied.sandbox.configuration = add_prefixes(applied.configuration)
    applied.configure()
    assert "releases:operations" in config_of(file)

    assert applied.plan() == {}


def test_the_same_key_in_two_spellings_is_an_error(declared: RehearsedStack) -> None:
    declared.sandbox.configuration = {
        **declared.configuration,
        "releases:operations": {"members": ["operator-3"]},
    }
    declared.configure()

    with declared.requests() as requests:
        previewed = declared.preview(check=False)
        applied = declared.up(check=False)

    for refused in (previewed, applied):
        assert refused.code != 0
        assert (
            "operations is written twice, as `operations` and as `releases:operations`"
            in refused.output
        )
    assert requests == []
