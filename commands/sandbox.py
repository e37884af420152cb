"""A throw-away copy of a stack, with a local file backend, that the real engine runs against a simulated GitHub.

Everything that a run writes (state, plugins' notes, the stack file) stays in one directory, which goes away with the sandbox.
The environment is made from nothing but what the engine needs, so that no account of the person who runs it can be reached.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml

from stacks.settings.configuration_keys import without_prefixes

PROJECT = Path(__file__).parents[1]
CODE = ("__main__.py", "stacks", "components", "publish_workflow")
FORMER_CODE = ("workflows",)  # of version 0.1.0, which tests upgrade from
FILES = ("Pulumi.yaml", "Pulumi.README.md")
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
# The defaults of the provider spare the real service; a simulated one needs no sparing.
SIMULATED = {"github:writeDelayMs": "0", "github:parallelRequests": "true"}
# Operations at a time: the engine's own four a processor are few, since the provider sleeps for a second after each secret.
PARALLEL = "32"
# Replaces itself by the command that follows, with SIGINT as the system has it by default.
DEFAULT_INTERRUPT = (
    "import os, signal, sys; "
    "signal.signal(signal.SIGINT, signal.SIG_DFL); "
    "os.execvp(sys.argv[1], sys.argv[1:])"
)
NO_CHECKPOINTS = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}


class EngineError(Exception):
    """`pulumi` ended with an error. `output` is all that it printed."""

    def __init__(self, command: str, output: str) -> None:
        super().__init__(f"pulumi {command} failed:\n{output}")
        self.output = output


@dataclass(frozen=True)
class Finished:
    """A command of the engine that ran: what it printed, and its exit code."""

    output: str
    code: int


@dataclass(frozen=True)
class Saved:
    """A stack as it was at some moment, to go on from: its state, its stack file, and what it is encrypted with."""

    state: Path
    stack_file: str
    passphrase: str = field(repr=False)


class Sandbox:
    """A copy of the project with one stack. Use it as a context manager; `directory` is where `pulumi` runs.

    Args:
        url: Where the simulated GitHub answers.
        configuration: The values of the stack file, by their full key; by default those of `Pulumi.prod.yaml`.
        token: The token that the provider uses.
        stack: The stack's name.
        saved: A moment of another sandbox to go on from, in place of a new stack.
        live: Whether the engine keeps what a stack that matters needs: its state at every step, and a log of everything.
            Without, the state is written once at the end, so that a run grows with the number of resources and not with its
            square, and the log, which takes two fifths of the engine's processor time, is not written.
    """

    def __init__(
        self,
        url: str,
        configuration: Mapping[str, Any] | None = None,
        *,
        token: str = "token-owner-1",
        stack: str = "prod",
        saved: Saved | None = None,
        live: bool = True,
    ) -> None:
        self.url = url
        self.stack = stack
        self.token = token
        self.configuration = dict(production() if configuration is None else configuration)
        self.environment: dict[str, str] = {}
        self._saved = saved
        self._live = live

    def __enter__(self) -> Self:
        self._root = Path(tempfile.mkdtemp(prefix="releases-"))
        self.directory = self._root / "project"
        try:
            self._copy()
            self._prepare_engine()
        except BaseException:
            shutil.rmtree(self._root)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self._root)

    @property
    def stack_file(self) -> Path:
        return self.directory / f"Pulumi.{self.stack}.yaml"

    @property
    def state(self) -> Path:
        return self._root / "state"

    def save(self, directory: Path) -> Saved:
        """Keeps the stack as it is now; its state is copied to `directory`, which must not be there yet."""
        shutil.copytree(self.state, directory)
        passphrase = self.environment["PULUMI_CONFIG_PASSPHRASE"]
        return Saved(directory, self.stack_file.read_text(encoding="utf-8"), passphrase)

    def write_configuration(self) -> None:
        """Writes `configuration` to the stack file, keeping what the engine added to it (the salt of its encryption)."""
        file = (
            yaml.safe_load(self.stack_file.read_text(encoding="utf-8"))
            if self.stack_file.exists()
            else {}
        )
        file["config"] = {**SIMULATED, **self.configuration}
        self.stack_file.write_text(yaml.safe_dump(file, sort_keys=False), encoding="utf-8")

    def read_configuration(self) -> None:
        """Takes over what the engine wrote to the stack file, such as encrypted secrets."""
        config = yaml.safe_load(self.stack_file.read_text(encoding="utf-8"))["config"]
        self.configuration = {
            key: value for key, value in without_prefixes(config).items() if key not in SIMULATED
        }

    def set_secrets(self, values: Mapping[str, str]) -> None:
        """Encrypts values into the stack file: `{"httpx.PYPI_TOKEN": "..."}`."""
        pairs = [
            part
            for place, value in values.items()
            for part in ("--secret", f"secrets.{place}={value}")
        ]
        self.pulumi("config", "set-all", "--path", *pairs)
        self.read_configuration()

    def pulumi(
        self,
        *arguments: str,
        check: bool = True,
        environment: Mapping[str, str] | None = None,
        answer: str = "",
    ) -> Finished:
        """Runs `pulumi` on the stack, with `answer` as its input.

        Raises `EngineError` when it fails, unless `check` is off.
        """
        finished = subprocess.run(
            self.command(*arguments),
            cwd=self.directory,
            env={**self.environment, **(environment or {})},
            input=answer,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if check and finished.returncode:
            raise EngineError(" ".join(arguments[:1]), finished.stdout)
        return Finished(finished.stdout, finished.returncode)

    def command(self, *arguments: str) -> list[str]:
        """The command line for arguments such as `"preview", "--diff"`."""
        command = [engine(), *arguments, "--stack", self.stack]
        return interruptible([*command, "--non-interactive", "--color", "never"])

    def use_program(self, program: Path) -> None:
        """Replace the program that the engine runs by the files and folders of another directory."""
        for name in (*CODE, *FORMER_CODE, *FILES):
            (self.directory / name).unlink(missing_ok=True)
        for entry in program.iterdir():
            if entry.name in FILES:
                shutil.copy(entry, self.directory / entry.name)
            elif entry.name in (*CODE, *FORMER_CODE):
                (self.directory / entry.name).symlink_to(entry)

    def _copy(self) -> None:
        self.directory.mkdir()
        self.use_program(PROJECT)
        (self.directory / ".venv").symlink_to(PROJECT / ".venv")

    def _prepare_engine(self) -> None:
        passphrase = self._saved.passphrase if self._saved else secrets.token_hex(16)
        self.environment = {
            **{name: os.environ[name] for name in INHERITED if name in os.environ},
            "PULUMI_HOME": str(self._home()),
            # Without the note beside each file of the state, which a killed engine can leave half-written: docs/faults.md.
            "PULUMI_BACKEND_URL": f"{self.state.as_uri()}?metadata=skip",
            "PULUMI_CONFIG_PASSPHRASE": passphrase,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_PARALLEL": PARALLEL,
            "GOGC": os.environ.get("GOGC", "400"),  # as scripts/env has it
            "GITHUB_BASE_URL": f"{self.url.rstrip('/')}/",
            "GITHUB_TOKEN": self.token,
            **({} if self._live else NO_CHECKPOINTS),
        }
        if self._saved:
            shutil.copytree(self._saved.state, self.state)
            self.stack_file.write_text(self._saved.stack_file, encoding="utf-8")
            self.read_configuration()
        else:
            self.state.mkdir()
            self.pulumi("stack", "init")
            self.write_configuration()

    def _home(self) -> Path:
        """A home of the engine's own, with the plugins of the real one."""
        home = self._root / "home"
        home.mkdir()
        real = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
        (real / "plugins").mkdir(parents=True, exist_ok=True)
        (home / "plugins").symlink_to(real / "plugins")
        if not self._live:
            # The engine has no switch for its log, but goes on without where it cannot make the directory.
            (home / "logs").touch()
        return home


def production() -> dict[str, Any]:
    """The configuration of `Pulumi.prod.yaml`, without whatever is encrypted for its own passphrase."""
    config = yaml.safe_load((PROJECT / "Pulumi.prod.yaml").read_text(encoding="utf-8"))["config"]
    return {key: value for key, value in without_prefixes(config).items() if key != "secrets"}


def interruptible(command: Sequence[str]) -> list[str]:
    """Return the command line that runs `command` with the default handler for SIGINT.

    A shell starts background programs with SIGINT ignored, and the engine inherits that. At the end of
    every command the engine sends SIGINT to the language host, and waits five seconds before it kills
    a language host that ignores the signal.
    """
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        return list(command)
    # Not `preexec_fn`, which may deadlock in a program with threads.
    return [sys.executable, "-I", "-S", "-c", DEFAULT_INTERRUPT, *command]


def engine() -> str:
    """Where `pulumi` is. Raises `EngineError` when it is not on PATH."""
    found = shutil.which("pulumi")
    if found is None:
        raise EngineError(
            "", 'no `pulumi` on PATH: run scripts/install, then eval "$(scripts/env)"'
        )
    return found
