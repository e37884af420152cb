"""The tables and the map of docs/architecture.md against the repository."""

import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (.+?\?) \| \[(.+?)\]\((.+?)\) \| `(.+?)` \|$", PAGE, re.MULTILINE)
MAP = re.search(r"## The folders\n\n```\n(.*?)```", PAGE, re.DOTALL)


def test_there_are_answers() -> None:
    assert len(ROWS) >= 20


@pytest.mark.parametrize(
    ("text", "link", "name"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_the_file_answers_the_question(text: str, link: str, name: str) -> None:
    file = (PROJECT / "docs" / link).resolve()

    assert file.relative_to(PROJECT).as_posix().startswith(text)
    assert re.search(rf"(?<!\w){re.escape(name)}(?!\w)", file.read_text(encoding="utf-8"))


def test_the_map_shows_every_folder() -> None:
    assert MAP is not None
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    folders = {name.split("/")[0] for name in tracked if "/" in name and not name.startswith(".")}
    on_the_map = set(re.findall(r"^(\w+)/", MAP[1], re.MULTILINE))

    assert on_the_map == folders


@pytest.mark.parametrize("package", ["stacks", "simulated_github"])
def test_the_map_shows_every_room_of(package: str) -> None:
    assert MAP is not None
    section = re.search(rf"^{package}/.*\n((?:  .*\n)*)", MAP[1], re.MULTILINE)
    assert section is not None
    rooms = {path.parent.name for path in (PROJECT / package).glob("*/__init__.py")}

    assert set(re.findall(r"^  (\w+)/", section[1], re.MULTILINE)) == rooms
