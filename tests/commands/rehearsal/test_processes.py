"""Programs run without anything of the person who starts them, and none is left."""

import os
import signal
import sys
from pathlib import Path

import pytest

from commands.rehearsal.errors import StoppedError
from commands.rehearsal.processes import MARK, Processes

# Leaves its parent's session and group, and ignores the request to end.
STUBBORN = (
    "import os, signal, subprocess, sys;"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "subprocess.Popen([sys.executable, '-c', sys.argv[1]], start_new_session=True, stdout=subprocess.PIPE).stdout.readline()"
)
WAITS = "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); signal.pause()"


def test_a_program_sees_nothing_of_the_person_who_starts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "mine")
    with Processes(tmp_path) as processes:
        ended = processes.run(["env"], tmp_path)

    seen = dict(line.split("=", 1) for line in ended.output.splitlines() if "=" in line)
    assert "GITHUB_TOKEN" not in seen
    assert seen["HOME"] == str(tmp_path / "home")
    assert seen["PIP_NO_INDEX"] == "1"
    assert seen[MARK] == processes.mark


def test_what_it_prints_and_how_it_ends_is_known(tmp_path: Path) -> None:
    with Processes(tmp_path) as processes:
        ended = processes.run(["sh", "-c", "echo out; echo err >&2; exit 3"], tmp_path)

    assert (ended.code, ended.output) == (3, "out\nerr\n")


def test_a_program_that_is_not_there_is_named_with_the_remedy(tmp_path: Path) -> None:
    with (
        Processes(tmp_path) as processes,
        pytest.raises(StoppedError, match="no `not-a-program` on PATH: run scripts/install"),
    ):
        processes.run(["not-a-program"], tmp_path)


def test_one_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with (
        Processes(tmp_path) as processes,
        pytest.raises(StoppedError, match="did not end within 0 seconds"),
    ):
        processes.run([sys.executable, "-c", WAITS], tmp_path, seconds=0.2)

    assert processes.left() == []


def test_nothing_is_left_of_a_program_that_left_its_group_and_ignores_requests(
    tmp_path: Path,
) -> None:
    with Processes(tmp_path) as processes:
        processes.run([sys.executable, "-c", STUBBORN, WAITS], tmp_path)
        left = processes.left()

    assert len(left) == 1
    assert processes.left() == []


def test_programs_of_another_rehearsal_are_left_alone(tmp_path: Path) -> None:
    with Processes(tmp_path / "mine") as mine, Processes(tmp_path / "other") as other:
        other.run([sys.executable, "-c", STUBBORN, WAITS], tmp_path)
        mine.end()

        assert len(other.left()) == 1
        os.kill(other.left()[0].pid, signal.SIGKILL)
