"""The programs that a rehearsal starts, and their end.

A job's steps run in sessions of their own, so neither a process group nor the tree of children holds all of them. What each
has is its environment: every program is started with a mark that no other rehearsal has, and passes it on.
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
from types import TracebackType
from typing import Self

import psutil

from commands.rehearsal.errors import StoppedError

MARK = "RELEASES_REHEARSAL"
INHERITED = ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV")
PROGRAMS = ("pulumi", "git", "act", "actionlint", "zizmor")  # what a rehearsal cannot do without
GRACE = 1.0  # seconds between asking a program to end and ending it


@dataclass(frozen=True)
class Ended:
    """A program that ran: its exit code, and what it printed, errors included."""

    code: int
    output: str


class Processes:
    """Starts programs in an environment without anything of the person who runs them; ends what is left of them.

    Args:
        root: A directory; the programs' home and caches are below it.
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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def run(
        self,
        command: Sequence[str],
        directory: Path,
        environment: Mapping[str, str] | None = None,
        *,
        seconds: float = 120,
    ) -> Ended:
        """Runs a program to its end. Raises `StoppedError` when it is not there or takes longer than `seconds`."""
        with (
            TemporaryFile() as output
        ):  # and no pipe, which whatever a program leaves behind would hold open
            try:
                finished = subprocess.run(
                    [found(command[0]), *command[1:]],
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
            return Ended(finished.returncode, output.read().decode(errors="replace"))

    def left(self) -> list[psutil.Process]:
        """The programs of this rehearsal that still run."""
        return [
            process
            for process in psutil.process_iter()
            if process.pid != os.getpid() and self._is_ours(process)
        ]

    def end(self) -> None:
        """Asks whatever still runs to end, and ends what does not. A program may start another while it is asked."""
        for ask in (signal.SIGTERM, signal.SIGKILL, signal.SIGKILL):
            if not (left := self.left()):
                return
            for process in left:
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(ask)
            psutil.wait_procs(left, timeout=GRACE)

    def _is_ours(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error, OSError):
            return process.environ().get(MARK) == self.mark
        return False


def found(program: str) -> str:
    """Where a program is. Raises `StoppedError` when it is not on PATH."""
    path = shutil.which(program)
    if path is None:
        remedy = (
            'run scripts/install, which needs Go for act and actionlint, then eval "$(scripts/env)"'
        )
        raise StoppedError(f"no `{program}` on PATH: {remedy}")
    return path
