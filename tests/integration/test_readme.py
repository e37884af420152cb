"""The README's tasks, done as they are written there."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from commands.sandbox import Sandbox
from simulated_github import SimulatedGitHub

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
TASKS = {
    title: re.findall(r"```(\w+)\n(.*?)```", text, flags=re.DOTALL)
    for title, text in re.findall(
        r"^### (.+?)\n(.*?)(?=^##|\Z)", README, flags=re.DOTALL | re.MULTILINE
    )
}


def configuration(task: str) -> dict[str, Any]:
    """What a task writes into the stack file."""
    texts = [text for language, text in TASKS[task] if language == "yaml"]
    return {key: value for text in texts for key, value in yaml.safe_load(text)["config"].items()}


def commands(task: str) -> list[list[str]]:
    """What a task runs, without the prompt; placeholders such as `TOKEN=...` are for the reader."""
    lines = [
        line
        for language, text in TASKS[task]
        if language == "console"
        for line in text.splitlines()
    ]
    assert all(line.startswith("$ ") for line in lines)
    return [shlex.split(line.removeprefix("$ ")) for line in lines if line.startswith("$ pulumi ")]


def do(sandbox: Sandbox, task: str) -> None:
    sandbox.configuration.update(configuration(task))
    sandbox.write_configuration()
    for _, *arguments in commands(task):
        if arguments[:2] == ["stack", "init"]:
            continue  # the sandbox did
        yes = ["--yes"] if arguments == ["up"] else []
        sandbox.pulumi(*arguments, *yes, answer="pypi-from-the-prompt\n")
    sandbox.read_configuration()


def test_the_first_start_and_every_task_after_it() -> None:
    with SimulatedGitHub("encode") as github, Sandbox(github.url, {}) as sandbox:
        httpx = github.world.repository("encode", "httpx")
        typesystem = github.world.repository("encode", "typesystem")
        assert httpx is not None
        assert typesystem is not None

        do(sandbox, "Start")
        assert httpx.environments["deploy"].secrets["PYPI_TOKEN"].value == "pypi-from-the-prompt"

        do(sandbox, "Add a repository")
        assert "deploy" in typesystem.environments

        do(sandbox, "Rotate a token")
        do(sandbox, "Rename a team")
        organization = github.world.organization("encode")
        assert organization is not None
        assert {team.slug for team in organization.teams.values()} == {
            "maintainers",
            "release-managers",
        }

        do(sandbox, "Remove a repository")
        assert typesystem.environments == {}
        assert "deploy" in httpx.environments

        do(sandbox, "Publish without a token")
        assert httpx.environments["deploy"].secrets == {}


@pytest.mark.parametrize(
    "task", [task for task in TASKS if any(language == "yaml" for language, _ in TASKS[task])]
)
def test_every_snippet_of_configuration_is_one(task: str) -> None:
    from stacks.settings.declaration import Declaration

    keys = {str(field.alias) for field in Declaration.model_fields.values()} | {"github:owner"}

    assert configuration(task).keys() <= keys
    Declaration.model_validate(
        {key: value for key, value in configuration(task).items() if key != "github:owner"}
    )
