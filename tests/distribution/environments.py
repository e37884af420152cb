"""Fresh virtual environments, for tests of distributions and requirements."""

import importlib.metadata
import os
import re
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Environment:
    """A virtual environment in `directory`, without anything of the one that runs the tests."""

    directory: Path

    @classmethod
    def create(cls, directory: Path) -> "Environment":
        """Create an environment with the installed pip, since unpacking pip takes seconds."""
        venv.create(directory, with_pip=False)
        environment = cls(directory)
        link_distribution("pip", environment.packages)
        return environment

    @property
    def bin(self) -> Path:
        return self.directory / "bin"

    @property
    def packages(self) -> Path:
        return self.directory / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"

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


def link_distribution(name: str, packages: Path) -> None:
    """Link the modules and the metadata of an installed distribution into `packages`."""
    distribution = importlib.metadata.distribution(name)
    for entry in {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}:
        if not (packages / entry).exists():
            (packages / entry).symlink_to(str(distribution.locate_file(entry)))


def required_by(requirements: list[str]) -> set[str]:
    """Return the installed distributions that requirements name, and all that those require."""
    names: set[str] = set()
    waiting = [Requirement(line) for line in requirements]
    while waiting:
        requirement = waiting.pop()
        extras = ["", *requirement.extras]
        if requirement.name not in names:
            names.add(requirement.name)
            lines = importlib.metadata.requires(requirement.name) or []
            waiting += [needed for line in lines if applies(needed := Requirement(line), extras)]
    return names


def applies(requirement: Requirement, extras: list[str]) -> bool:
    """Return whether the marker of a requirement is met here with one of the extras."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras)
