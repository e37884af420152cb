"""The page `docs/publish-workflow.md` agrees with the code."""

import hashlib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from publish_workflow.layouts import LAYOUTS
from publish_workflow.steps import RETENTION_DAYS
from stacks.settings.model import key_of
from stacks.settings.options import UNAVAILABLE_VALUES, Options, is_unavailable
from tests.publish_workflow.published import step, text

PAGE = (Path(__file__).parents[2] / "docs" / "publish-workflow.md").read_text(encoding="utf-8")


def row(name: str) -> list[str]:
    """Return the cells of a row in the table of layouts."""
    line = next(
        line for line in PAGE.splitlines() if line.startswith(f"| {name} |".replace("  ", " "))
    )
    return [cell.strip() for cell in line.strip("|").split("|")[1:]]


def commands() -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]


def test_the_table_has_every_layout() -> None:
    assert row("") == [f"`{name}`" for name in LAYOUTS]


def test_the_table_has_the_options_of_each_layout() -> None:
    options = [set(re.findall(r"`([a-z-]+)`", cell)) for cell in row("Extra options")]

    assert options == [
        {key_of(Options, name) for name in UNAVAILABLE_VALUES if not is_unavailable(layout, name)}
        for layout in LAYOUTS
    ]


def test_the_table_has_the_scripts_that_run() -> None:
    scripts = [tuple(re.findall(r"`(scripts/[a-z]+)`", cell)) for cell in row("Repository scripts")]

    assert scripts == [layout.scripts for layout in LAYOUTS.values()]


def test_the_example_is_valid() -> None:
    [example] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    command = yaml.safe_load(example)["repositories"]["httpx"]["publish-install"]

    assert step("publish", "Install", publish_install=command)["run"] == command


def test_the_page_has_the_retention_of_the_workflow() -> None:
    assert f"kept for {RETENTION_DAYS} days" in PAGE
    assert f"retention-days: {RETENTION_DAYS} " in text()


@pytest.mark.parametrize(("reviewed", "output"), [(True, "reviewed\n"), (False, "")])
def test_the_commands_recognize_a_reviewed_commit(
    tmp_path: Path, reviewed: bool, output: str
) -> None:
    origin = tmp_path / "origin"
    clone = tmp_path / "clone"
    git = [
        "git",
        "-c",
        "user.name=A",
        "-c",
        "user.email=a@example.org",
        "-c",
        "commit.gpgsign=false",
    ]
    subprocess.run([*git, "init", "--quiet", origin], check=True)
    subprocess.run(
        [*git, "-C", origin, "commit", "--quiet", "--allow-empty", "--message=a"], check=True
    )
    subprocess.run([*git, "clone", "--quiet", origin, clone], check=True)
    if not reviewed:
        subprocess.run([*git, "-C", origin, "checkout", "--quiet", "--detach"], check=True)
        subprocess.run(
            [*git, "-C", origin, "commit", "--quiet", "--allow-empty", "--message=b"], check=True
        )
    subprocess.run([*git, "-C", origin, "tag", "0.21.1"], check=True)
    lines = [command for command in commands() if command.startswith("git ")]

    finished = subprocess.run(
        ["bash", "-ec", "\n".join(lines)], cwd=clone, check=False, capture_output=True, text=True
    )

    assert finished.stdout == output
    assert finished.stderr.count("fatal") == 0, finished.stderr


def test_the_command_prints_checksums(tmp_path: Path) -> None:
    file = tmp_path / "dist" / "httpx-0.21.1.tar.gz"
    file.parent.mkdir()
    file.write_bytes(b"built")
    [command] = [line for line in commands() if line.startswith("python ")]
    line = f"{shlex.quote(sys.executable)} {command.removeprefix('python ')}"

    finished = subprocess.run(
        ["bash", "-ec", line],
        cwd=tmp_path,
        env=dict(os.environ),
        check=True,
        capture_output=True,
        text=True,
    )

    assert finished.stdout == f"{hashlib.sha256(b'built').hexdigest()} dist/{file.name}\n"
