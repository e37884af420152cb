"""The step that writes the comment, with a stand-in for `gh`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from commands.previews.comment import MARKER
from tests.github_workflows.workflow_files import DIRECTORY, load, step

STEP = step(load(DIRECTORY / "preview.yml")["jobs"]["comment"], "Write the comment")
RUN = "https://github.com/encode/release-stack/actions/runs/1"
STAND_IN = """\
#!{python}
import json, os, pathlib, sys
if "--jq" in sys.argv:
    print(os.environ["COMMENT_IDS"], end="")
else:
    body = pathlib.Path("preview.md").read_text()
    pathlib.Path("written.json").write_text(json.dumps([sys.argv[1:], body]))
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    stand_in = tmp_path / "bin" / "gh"
    stand_in.parent.mkdir()
    stand_in.write_text(STAND_IN.format(python=sys.executable), encoding="utf-8")
    stand_in.chmod(0o755)
    return tmp_path


def write_comment(directory: Path, comment_ids: str) -> tuple[list[str], str]:
    """Run the step where such comments exist; return the arguments and the text for `gh`."""
    subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEP["run"]],
        cwd=directory,
        env={
            "PATH": f"{directory / 'bin'}:{os.environ['PATH']}",
            "COMMENTS": "repos/encode/release-stack/issues",
            "NUMBER": "7",
            "MARKER": STEP["env"]["MARKER"],
            "RUN": RUN,
            "COMMENT_IDS": comment_ids,
        },
        check=True,
    )
    arguments, body = json.loads((directory / "written.json").read_text(encoding="utf-8"))
    return arguments, body


def test_the_first_push_writes_a_comment(directory: Path) -> None:
    (directory / "preview.md").write_text("the text\n", encoding="utf-8")

    arguments, body = write_comment(directory, comment_ids="")

    assert arguments[2:5] == ["--method", "POST", "repos/encode/release-stack/issues/7/comments"]
    assert body == "the text\n"


def test_a_later_push_edits_the_same_comment(directory: Path) -> None:
    (directory / "preview.md").write_text("the text\n", encoding="utf-8")

    arguments, _ = write_comment(directory, comment_ids="41\n42\n")

    assert arguments[2:5] == ["--method", "PATCH", "repos/encode/release-stack/issues/comments/41"]


@pytest.mark.parametrize("text", [None, ""], ids=["no artifact", "empty artifact"])
def test_a_preview_without_text_gets_a_comment_too(directory: Path, text: str | None) -> None:
    if text is not None:
        (directory / "preview.md").write_text(text, encoding="utf-8")

    _, body = write_comment(directory, comment_ids="41\n")

    assert body.startswith(f"{MARKER}\n### No preview\n")
    assert f"]({RUN})" in body
