"""What the linters for workflows say."""

import shutil
import subprocess
from pathlib import Path

from tests.github_workflows.workflow_files import DIRECTORY, FILES, PROJECT


def run(program: str, *arguments: str | Path) -> tuple[int, str]:
    found = shutil.which(program)
    assert found, f'{program} is not on PATH: run scripts/install, then eval "$(scripts/env)"'
    finished = subprocess.run(
        [found, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    return finished.returncode, finished.stdout + finished.stderr


def test_actionlint_finds_nothing() -> None:
    assert run("actionlint", *FILES) == (0, "")


def test_zizmor_finds_nothing_even_when_pedantic() -> None:
    code, output = run(
        "zizmor", "--offline", "--persona=pedantic", "--no-progress", DIRECTORY.parent
    )

    assert code == 0, output


def test_one_finding_is_accepted_and_says_why() -> None:
    accepted = [
        line
        for path in FILES
        for line in path.read_text(encoding="utf-8").splitlines()
        if "zizmor: ignore" in line
    ]

    assert accepted == [
        "          owner: ${{ github.repository_owner }} # zizmor: ignore[github-app]"
    ]
    assert "# For every repository that the app is installed on" in (
        DIRECTORY / "apply.yml"
    ).read_text(encoding="utf-8")
