"""Command lines that run with the default handler for SIGINT."""

import signal
import sys
from collections.abc import Sequence

# Replaces itself by the command that follows, with the default handler for SIGINT.
RESTORE_SIGINT = (
    "import os, signal, sys; "
    "signal.signal(signal.SIGINT, signal.SIG_DFL); "
    "os.execvp(sys.argv[1], sys.argv[1:])"
)


def with_default_sigint(command: Sequence[str]) -> list[str]:
    """Return the command line that runs `command` with the default handler for SIGINT.

    A shell starts background programs with SIGINT ignored, and the engine inherits that. At the end
    of every command the engine sends SIGINT to the language host, and waits five seconds before it
    kills a language host that ignores the signal.
    """
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        return list(command)
    # Not `preexec_fn`, which may deadlock: the SDK runs threads.
    return [sys.executable, "-I", "-S", "-c", RESTORE_SIGINT, *command]
