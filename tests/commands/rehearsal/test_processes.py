"""Programs run without the user's environment, and none remains."""

import os
import signal
import sys
from pathlib import Path

import pytest

from commands.rehearsal.errors import StoppedError
from commands.rehearsal.processes import MARK, Processes

# Starts a process in another session and group, which ignores the request to end.
DETACHES = (
    "import os, signal, subprocess, sys;"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "command = [sys.executable, '-c', sys.argv[1]];"
    "child = subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE);"
    "child.stdout.readline()"
)
WAITS = (
    "import signal;"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('ready', flush=True);"
    "signal.pause()"
)


def test_a_program_does_not_see_the_users_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "mine")
    with Processes(tmp_path) as processes:
        result = processes.run(["env"], tmp_path)

    environment = dict(line.split("=", 1) for line in result.output.splitlines() if "=" in line)
    assert "GITHUB_TOKEN" not in environment
    assert environment["HOME"] == str(tmp_path / "home")
    assert environment["PIP_NO_INDEX"] == "1"
    assert environment[MARK] == processes.mark


def test_a_result_has_the_exit_code_and_all_output(tmp_path: Path) -> None:
    with Processes(tmp_path) as processes:
        result = processes.run(["sh", "-c", "echo out; echo err >&2; exit 3"], tmp_path)

    assert result.code == 3
    assert result.output == "out\nerr\n"


def test_a_missing_program_is_named_with_the_remedy(tmp_path: Path) -> None:
    with (
        Processes(tmp_path) as processes,
        pytest.raises(StoppedError, match="no `not-a-program` on PATH: run scripts/install"),
    ):
        processes.run(["not-a-program"], tmp_path)


def test_a_program_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with (
        Processes(tmp_path) as processes,
        pytest.raises(StoppedError, match="did not end within 0 seconds"),
    ):
        processes.run([sys.executable, "-c", WAITS], tmp_path, seconds=0.2)

    assert processes.running() == []


def test_a_detached_process_is_ended(tmp_path: Path) -> None:
    with Processes(tmp_path) as processes:
        processes.run([sys.executable, "-c", DETACHES, WAITS], tmp_path)
        running = processes.running()

    assert len(running) == 1
    assert processes.running() == []


def test_processes_of_another_rehearsal_are_not_ended(tmp_path: Path) -> None:
    with Processes(tmp_path / "first") as first, Processes(tmp_path / "second") as second:
        second.run([sys.executable, "-c", DETACHES, WAITS], tmp_path)
        first.end()

        running = second.running()
        assert len(running) == 1
        os.kill(running[0].pid, signal.SIGKILL)
