"""actionlint and zizmor on this repository's workflows."""

import shutil
import subprocess
from pathlib import Path

from tests.github_workflows.workflow_files import DIRECTORY, FILES, PROJECT


def run(program: str, *arguments: str | Path) -> tuple[int, str]:
    path = shutil.which(program)
    assert path, f'{program} is not on PATH: run scripts/install, then eval "$(scripts/env)"'
    finished = subprocess.run(
        [path, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    return finished.returncode, finished.stdout + finished.stderr


def test_actionlint_finds_nothing() -> None:
    assert run("actionlint", *FILES) == (0, "")


def test_zizmor_finds_nothing_with_the_pedantic_persona() -> None:
    code, output = run(
        "zizmor", "--offline", "--persona=pedantic", "--no-progress", DIRECTORY.parent
    )

    assert code == 0, output


def test_the_one_ignored_finding_has_a_reason() -> None:
    accepted = [
        line
        for path in FILES
        for line in path.read_text(encoding="utf-8").splitlines()
        if "zizmor: ignore" in line
    ]

    assert accepted == [
        "          owner: ${{ github.repository_owner }} # zizmor: ignore[github-app]"
    ]
    assert "# The token is for every repository of the installation" in (
        DIRECTORY / "apply.yml"
    ).read_text(encoding="utf-8")
