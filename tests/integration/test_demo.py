"""The demo, played to its end: what its closing table says, and that it leaves nothing behind."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from commands.demo import Demo, cell, lines_about, summary
from commands.sandbox import Finished, Sandbox
from simulated_github import SimulatedGitHub
from tests.integration.rehearsed_stack import CONFIGURATION, RehearsedStack


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the demo shows of a small stack; `tmp_path` is the only place for its files."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    operations = {"members": ["operator-1", "operator-2", "operator-3"]}
    configuration = {
        **CONFIGURATION,
        "operations": operations,
        "repositories": {"httpx": None},
    }
    console = Console(width=150, record=True, file=StringIO())
    with SimulatedGitHub("encode") as github, Sandbox(github.url, configuration) as sandbox:
        Demo(github, sandbox, console).play()
    return [line.strip() for line in console.export_text().splitlines()]


def test_it_is_played_to_the_end_and_leaves_nothing_behind(
    shown: list[str], tmp_path: Path
) -> None:
    rows = {
        words[0]: words
        for line in shown
        if (words := [part.strip() for part in line.split("  ") if part.strip()])
    }

    assert rows["maintainer-1 .. maintainer-12"][1:] == [
        "yes -> no -> no",
        "yes",
        "yes -> no -> no",
        "not asked -> no -> no",
        "yes -> yes -> no",
    ]
    assert rows["operator-1 .. operator-3"][1:] == [
        "yes -> no -> no",
        "yes",
        "yes",
        "not asked -> yes -> yes",
        "yes -> yes -> no",
    ]
    assert rows["outsider-1"][1:] == ["no", "no", "no", "not asked -> no -> no", "no"]
    assert list(tmp_path.iterdir()) == []


def test_each_step_says_what_it_cost(declared: RehearsedStack) -> None:
    console = Console(width=150, record=True, file=StringIO())

    Demo(declared.github, declared.sandbox, console).preview()

    assert "requests to GitHub: 1 GET" in console.export_text()


def test_lines_and_counts_are_taken_from_what_the_engine_prints() -> None:
    finished = Finished(
        " +  github:index:TeamRepository httpx/team/operations create\n"
        " +  github:index:TeamRepository httpcore/team/operations create\n"
        "Resources:\n    + 2 to create\n\nDuration: 1s\n",
        0,
    )

    assert lines_about(finished, "httpx") == ["+  TeamRepository httpx/team/operations create"]
    assert summary(finished) == ["Resources:", "+ 2 to create"]


def test_a_cell_says_once_what_never_changed_and_every_stage_of_what_did() -> None:
    stages = [{"a": {"t": answer}} for answer in (True, True, False)]

    assert cell("a", "t", stages) == "yes -> yes -> no"
    assert cell("a", "t", stages[:2]) == "yes"
