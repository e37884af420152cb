"""The processes that a rehearsal starts and ends.

The steps of a job run in their own sessions, so neither a process group nor the process tree has
all of them. A mark in the environment, which every process passes to its children, identifies them.
"""

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Self

import psutil

from commands.rehearsal.errors import StoppedError

MARK = "RELEASES_REHEARSAL"
INHERITED = ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV")
REQUIRED_PROGRAMS = ("pulumi", "git", "act", "actionlint", "zizmor")
GRACE = 1.0  # seconds between SIGTERM and SIGKILL


@dataclass(frozen=True)
class ProcessResult:
    """The exit code of a process, and its output, standard error included."""

    code: int
    output: str


class Processes:
    """Runs programs without the user's environment, and ends those that still run.

    Args:
        root: A directory. The programs' home and caches are below it.
    """

    def __init__(self, root: Path) -> None:
        self.mark = secrets.token_hex(16)
        home = root / "home"
        home.mkdir(parents=True)
        self.environment = {
            **{name: os.environ[name] for name in INHERITED if name in os.environ},
            MARK: self.mark,
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / ".cache"),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "TMPDIR": str(home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "PIP_NO_INDEX": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_CONFIG_FILE": os.devnull,
            "PYTHONNOUSERSITE": "1",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def run(
        self,
        command: Sequence[str],
        directory: Path,
        environment: Mapping[str, str] | None = None,
        *,
        seconds: float = 120,
    ) -> ProcessResult:
        """Run a program to its end.

        Raise `StoppedError` if it is not installed or takes longer than `seconds`.
        """
        # A file and no pipe: a process that outlives the program would keep a pipe open.
        with TemporaryFile() as output:
            try:
                finished = subprocess.run(
                    [program_path(command[0]), *command[1:]],
                    cwd=directory,
                    env={**self.environment, **(environment or {})},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    timeout=seconds,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                raise StoppedError(
                    f"{command[0]} did not end within {seconds:.0f} seconds"
                ) from None
            output.seek(0)
            return ProcessResult(finished.returncode, output.read().decode(errors="replace"))

    def running(self) -> list[psutil.Process]:
        """Return the processes of this rehearsal that still run."""
        return [
            process
            for process in psutil.process_iter()
            if process.pid != os.getpid() and self._is_marked(process)
        ]

    def end(self) -> None:
        """Ask the remaining processes to end, and kill those that do not.

        The second SIGKILL is for processes that started during the first one.
        """
        for request in (signal.SIGTERM, signal.SIGKILL, signal.SIGKILL):
            running = self.running()
            if not running:
                return
            for process in running:
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(request)
            psutil.wait_procs(running, timeout=GRACE)

    def _is_marked(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error, OSError):
            return process.environ().get(MARK) == self.mark
        return False


def program_path(program: str) -> str:
    """Return the path of a program. Raise `StoppedError` if it is not on PATH."""
    path = shutil.which(program)
    if path is None:
        remedy = (
            'run scripts/install, which needs Go for act and actionlint, then eval "$(scripts/env)"'
        )
        raise StoppedError(f"no `{program}` on PATH: {remedy}")
    return path
