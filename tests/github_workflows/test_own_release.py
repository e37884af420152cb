"""The release of this project: its stack file, its publish workflow and its distributions."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from commands.check_stack_file import check_stack_file
from stacks.publishing import workflow_text
from tests.github_workflows.workflow_files import DIRECTORY, PROJECT

STACK_FILE = PROJECT / "Pulumi.self.yaml"


def version_of(path: Path) -> str:
    version: str = tomllib.loads(path.read_text(encoding="utf-8"))["project"]["version"]
    return version


def test_the_publish_workflow_is_the_generated_one() -> None:
    settings = check_stack_file(STACK_FILE, "releases")
    [repository] = settings.repositories

    committed = (DIRECTORY / "publish.yml").read_text(encoding="utf-8")

    assert committed == workflow_text(settings, repository)


def test_the_two_distributions_have_one_version() -> None:
    simulator = PROJECT / "simulated_github" / "pyproject.toml"

    assert version_of(simulator) == version_of(PROJECT / "pyproject.toml")


def test_the_changelog_names_the_version() -> None:
    changelog = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert f"## {version_of(PROJECT / 'pyproject.toml')}" in changelog


def test_the_build_makes_a_wheel_and_a_source_archive(tmp_path: Path) -> None:
    command = ["pyproject-build", "--no-isolation", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(PROJECT / "simulated_github")], check=True, capture_output=True)
    subprocess.run(["twine", "check", "--strict", *tmp_path.iterdir()], check=True)

    version = version_of(PROJECT / "pyproject.toml")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"simulated_github-{version}-py3-none-any.whl",
        f"simulated_github-{version}.tar.gz",
    ]


@pytest.mark.integration
def test_the_release_is_rehearsed() -> None:
    command = [sys.executable, "-m", "commands.rehearse", "--stack", "self"]
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "encode/release-stack v0." in result.stdout
    assert "All checks passed" in result.stdout
