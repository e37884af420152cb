"""A temporary copy of a stack that the real engine runs against a simulated GitHub.

A run writes only to one directory (state, plugin notes, the stack file), which is deleted with the
sandbox. The environment has only what the engine needs, so that a run cannot use any account of the
user.
"""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

import yaml

from stacks.default_sigint import with_default_sigint
from stacks.settings.configuration_keys import strip_prefixes

PROJECT = Path(__file__).parents[1]
CODE = ("__main__.py", "stacks", "components", "publish_workflow")
FORMER_CODE = ("workflows",)  # of version 0.1.0, which tests upgrade from
FILES = ("Pulumi.yaml", "Pulumi.README.md")
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
# The provider waits between writes by default, to keep within the limits of the real service.
SIMULATED = {"github:writeDelayMs": "0", "github:parallelRequests": "true"}
# Parallel operations. The engine's default, four per processor, is too low: the provider sleeps for
# a second after each secret.
PARALLEL = "32"
NO_CHECKPOINTS = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}


class EngineError(Exception):
    """A failure of `pulumi`, with its whole output."""

    def __init__(self, command: str, output: str) -> None:
        super().__init__(f"{f'pulumi {command}'.strip()} failed:\n{output}")
        self.output = output


class StackFileError(Exception):
    """A stack without a stack file in this project."""

    def __init__(self, stack: str) -> None:
        stacks = sorted(file.name.split(".")[1] for file in PROJECT.glob("Pulumi.*.yaml"))
        super().__init__(
            f"--stack is {stack!r}\n    allowed: one of {', '.join(stacks)}\n"
            f"    remedy:  choose one of them, or create Pulumi.{stack}.yaml"
        )


@dataclass(frozen=True)
class CommandResult:
    """The output and the exit code of a `pulumi` command."""

    output: str
    code: int


@dataclass(frozen=True)
class SavedStack:
    """A copy of a stack from which another sandbox can start.

    Attributes:
        state: The directory with its state.
        stack_file: The text of its stack file.
        passphrase: The passphrase that both are encrypted with.
    """

    state: Path
    stack_file: str
    passphrase: str = field(repr=False)


class Sandbox:
    """A copy of the project with one stack, as a context manager; `pulumi` runs in `directory`.

    Args:
        url: The address of the simulated GitHub.
        configuration: The values of the stack file by key; those of `Pulumi.STACK.yaml` by default.
        token: The token that the provider uses.
        stack: The stack's name.
        saved: A stack of another sandbox to start from, instead of a new one.
        live: Whether the engine writes its state after every step, and a log, as for a real stack.
            Otherwise it writes the state once at the end: the time of a run then grows with the
            number of resources and not with its square. The log would take two fifths of the
            engine's processor time.
    """

    # The virtual environment that the engine runs the program in.
    program_environment: ClassVar[Path] = PROJECT / ".venv"

    def __init__(
        self,
        url: str,
        configuration: Mapping[str, Any] | None = None,
        *,
        token: str = "token-owner-1",
        stack: str = "prod",
        saved: SavedStack | None = None,
        live: bool = True,
    ) -> None:
        self.url = url
        self.stack = stack
        self.token = token
        self.configuration = dict(
            read_stack_file(stack) if configuration is None else configuration
        )
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

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._root)

    @property
    def stack_file(self) -> Path:
        return self.directory / f"Pulumi.{self.stack}.yaml"

    @property
    def state(self) -> Path:
        return self._root / "state"

    def save(self, directory: Path) -> SavedStack:
        """Return a copy of the stack; its state goes to `directory`, which must not exist yet."""
        shutil.copytree(self.state, directory)
        passphrase = self.environment["PULUMI_CONFIG_PASSPHRASE"]
        return SavedStack(directory, self.stack_file.read_text(encoding="utf-8"), passphrase)

    def write_configuration(self) -> None:
        """Write `configuration` to the stack file, and keep the salt that the engine added."""
        file = (
            yaml.safe_load(self.stack_file.read_text(encoding="utf-8"))
            if self.stack_file.exists()
            else {}
        )
        file["config"] = {**SIMULATED, **self.configuration}
        self.stack_file.write_text(yaml.safe_dump(file, sort_keys=False), encoding="utf-8")

    def read_configuration(self) -> None:
        """Read the stack file back, with what the engine wrote to it, such as encrypted secrets."""
        config = yaml.safe_load(self.stack_file.read_text(encoding="utf-8"))["config"]
        self.configuration = {
            key: value for key, value in strip_prefixes(config).items() if key not in SIMULATED
        }

    def set_secrets(self, values: Mapping[str, str]) -> None:
        """Encrypt values into the stack file, such as `{"httpx.PYPI_TOKEN": "..."}`."""
        pairs = [
            argument
            for path, value in values.items()
            for argument in ("--secret", f"secrets.{path}={value}")
        ]
        self.pulumi("config", "set-all", "--path", *pairs)
        self.read_configuration()

    def pulumi(
        self,
        *arguments: str,
        check: bool = True,
        environment: Mapping[str, str] | None = None,
        standard_input: str = "",
    ) -> CommandResult:
        """Run `pulumi` on the stack, with `standard_input` as its input.

        Raise `EngineError` when it fails, unless `check` is off.
        """
        completed = subprocess.run(
            self.command(*arguments),
            cwd=self.directory,
            env={**self.environment, **(environment or {})},
            input=standard_input,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if check and completed.returncode:
            raise EngineError(" ".join(arguments[:1]), completed.stdout)
        return CommandResult(completed.stdout, completed.returncode)

    def command(self, *arguments: str) -> list[str]:
        """Return the command line for arguments such as `"preview", "--diff"`."""
        command = [engine(), *arguments, "--stack", self.stack]
        return with_default_sigint([*command, "--non-interactive", "--color", "never"])

    def use_program(self, program: Path) -> None:
        """Replace the program that the engine runs by that of another directory."""
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
        (self.directory / ".venv").symlink_to(self.program_environment)

    def _prepare_engine(self) -> None:
        passphrase = self._saved.passphrase if self._saved else secrets.token_hex(16)
        self.environment = {
            **{name: os.environ[name] for name in INHERITED if name in os.environ},
            **activate(self.program_environment),
            "PULUMI_HOME": str(self._home()),
            # Without the checksum file next to the state, which a killed engine can leave empty:
            # docs/faults.md.
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
        """Create a home for the engine that shares the plugins of the user's home."""
        home = self._root / "home"
        home.mkdir()
        users_home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
        (users_home / "plugins").mkdir(parents=True, exist_ok=True)
        (home / "plugins").symlink_to(users_home / "plugins")
        if not self._live:
            # The engine has no option to write no log, but runs without one where it cannot create
            # the directory.
            (home / "logs").touch()
        return home


def activate(environment: Path) -> dict[str, str]:
    """Return the variables with which a program finds the Python of a virtual environment."""
    if not environment.is_dir():
        return {}
    path = f"{environment / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {"PATH": path, "VIRTUAL_ENV": str(environment)}


def read_stack_file(stack: str = "prod") -> dict[str, Any]:
    """Return the configuration of `Pulumi.STACK.yaml` without its secrets.

    They are encrypted with a passphrase that a sandbox does not have. Raise `StackFileError` when
    the stack has no file.
    """
    file = PROJECT / f"Pulumi.{stack}.yaml"
    if not file.is_file():
        raise StackFileError(stack)
    config = yaml.safe_load(file.read_text(encoding="utf-8"))["config"]
    return {key: value for key, value in strip_prefixes(config).items() if key != "secrets"}


def engine() -> str:
    """Return the path of `pulumi`. Raise `EngineError` when it is not on PATH."""
    path = shutil.which("pulumi")
    if path is None:
        raise EngineError(
            "", 'no `pulumi` on PATH: run scripts/install, then eval "$(scripts/env)"'
        )
    return path
