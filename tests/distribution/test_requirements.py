"""The two requirements files, and the one that operators run with."""

import tomllib
from pathlib import Path

import pytest

from commands.sandbox import Sandbox
from simulated_github import SimulatedGitHub
from tests.distribution.environments import PROJECT, Environment, pins


def load_toml(path: Path) -> dict[str, dict[str, list[str]]]:
    document: dict[str, dict[str, list[str]]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return document


def names(requirements: list[str]) -> set[str]:
    return {requirement.split(">=")[0].split("<")[0] for requirement in requirements}


def test_development_has_the_same_versions_as_operators() -> None:
    development = pins("requirements-dev.txt")
    program = pins("requirements.txt")

    assert program
    assert {name: development.get(name) for name in program} == program


def test_operators_install_nothing_for_tests() -> None:
    assert {"pytest", "uvicorn", "dulwich", "twine"}.isdisjoint(pins("requirements.txt"))


def test_every_package_has_hashes() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (PROJECT / name).read_text(encoding="utf-8")
        blocks = text.replace("\\\n", "").splitlines()
        assert [line for line in blocks if "==" in line and "--hash=sha256:" not in line] == []


def test_the_simulator_is_tested_with_what_it_depends_on() -> None:
    simulator = load_toml(PROJECT / "simulated_github" / "pyproject.toml")
    stack = load_toml(PROJECT / "pyproject.toml")
    installed = names(stack["dependency-groups"]["simulator"] + stack["project"]["dependencies"])

    assert names(simulator["project"]["dependencies"]) <= installed


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return an environment with only the packages of requirements.txt."""
    environment = Environment.create(tmp_path_factory.mktemp("operator") / "environment")
    environment.install("--require-hashes", "--requirement", PROJECT / "requirements.txt")
    return environment


def test_the_program_previews_from_an_empty_environment(operator: Environment) -> None:
    with SimulatedGitHub("encode") as github, Sandbox(github.url) as sandbox:
        (sandbox.directory / ".venv").unlink()
        (sandbox.directory / ".venv").symlink_to(operator.directory)
        preview = sandbox.pulumi("preview", environment=operator.variables())

    assert "to create" in preview.output
    assert "httpx/deploy" in preview.output
    operator.run("python", "-c", "import importlib.util as u; assert not u.find_spec('pytest')")


@pytest.mark.parametrize(
    "module", ["commands.previews.comment", "commands.check_stack_file", "commands.forget_secrets"]
)
def test_operators_can_run_the_commands_they_need(operator: Environment, module: str) -> None:
    operator.run("python", "-c", f"import {module}", directory=PROJECT)
