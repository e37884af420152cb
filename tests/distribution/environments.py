"""Fresh virtual environments, for tests of distributions and requirements."""

import os
import re
import subprocess
import venv
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Environment:
    """A virtual environment in `directory`, without anything of the one that runs the tests."""

    directory: Path

    @classmethod
    def create(cls, directory: Path) -> "Environment":
        venv.create(directory, with_pip=True)
        return cls(directory)

    @property
    def bin(self) -> Path:
        return self.directory / "bin"

    def install(self, *arguments: str | Path) -> None:
        """Run `pip install` with the arguments; Python compiles the few modules that are used."""
        options = ("--quiet", "--no-input", "--no-compile", "--disable-pip-version-check")
        self.run("python", "-m", "pip", "install", *options, *arguments)

    def run(self, program: str, *arguments: str | Path, directory: Path | None = None) -> str:
        """Run a program of the environment, expect success and return its output."""
        result = subprocess.run(
            [self.bin / program, *arguments],
            cwd=directory or self.directory,
            env=self.variables(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stdout
        return result.stdout

    def variables(self) -> dict[str, str]:
        """Return environment variables with this environment first on PATH."""
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        path = f"{self.bin}{os.pathsep}{inherited['PATH']}"
        return {**inherited, "PATH": path, "VIRTUAL_ENV": str(self.directory)}


def pins(name: str) -> dict[str, str]:
    """Return the pinned versions of a requirements file by the packages' normalized names."""
    text = (PROJECT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;]+)", text, re.MULTILINE))
