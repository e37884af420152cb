"""What the linters for workflows say of the text, and that they would say something."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.workflows.published import text
from workflows.pins import pins

VARIANTS: dict[str, dict[str, Any]] = {
    "the defaults": {},
    "a class in the pattern": {"release_tags": "v[0-9]*"},
    "several secrets": {"secrets": ("DOCS_KEY", "PYPI_TOKEN")},
    "no secret": {"secrets": ()},
    "a name with dots": {"repository": "a.b-c_d"},
}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Where GitHub would look for workflows."""
    found = tmp_path / ".github" / "workflows"
    found.mkdir(parents=True)
    return found


def lint(program: str, *arguments: str, file: Path, content: str) -> tuple[int, str]:
    found = shutil.which(program)
    assert found, f'{program} is not on PATH: run scripts/install, then eval "$(scripts/env)"'
    file.write_text(content, encoding="utf-8")
    finished = subprocess.run([found, *arguments, file], capture_output=True, text=True, check=False)
    return finished.returncode, finished.stdout + finished.stderr


def actionlint(directory: Path, content: str) -> tuple[int, str]:
    return lint("actionlint", file=directory / "publish.yml", content=content)


def zizmor(directory: Path, content: str) -> tuple[int, str]:
    arguments = ("--offline", "--persona=pedantic", "--no-progress")
    return lint("zizmor", *arguments, file=directory / "publish.yml", content=content)


@pytest.mark.parametrize("changes", VARIANTS.values(), ids=VARIANTS)
def test_actionlint_finds_nothing(directory: Path, changes: dict[str, Any]) -> None:
    assert actionlint(directory, text(**changes)) == (0, "")


@pytest.mark.parametrize("changes", VARIANTS.values(), ids=VARIANTS)
def test_zizmor_finds_nothing_even_when_pedantic(directory: Path, changes: dict[str, Any]) -> None:
    code, output = zizmor(directory, text(**changes))

    assert code == 0, output
    assert "No findings to report" in output


def test_actionlint_would_find_a_mistake(directory: Path) -> None:
    code, output = actionlint(directory, text().replace("runs-on: ubuntu-latest", "runs-on: ubuntu-oldest"))

    assert code == 1
    assert "ubuntu-oldest" in output


@pytest.mark.parametrize(
    ("line", "instead", "finding"),
    [
        (str(pins()["actions/checkout"]), "actions/checkout@v7", "unpinned-uses"),
        ("concurrency:\n  group: publish-${{ github.ref }}\n  cancel-in-progress: false\n", "", "concurrency-limits"),
        ("permissions: {}\n", "permissions: write-all\n", "excessive-permissions"),
    ],
)
def test_zizmor_would_find_a_weakness(directory: Path, line: str, instead: str, finding: str) -> None:
    assert line in text()

    code, output = zizmor(directory, text().replace(line, instead))

    assert code != 0
    assert finding in output
