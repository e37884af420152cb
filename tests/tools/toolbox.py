"""A machine in a directory: a checkout, chosen commands, and stand-ins for `go` and `pulumi`."""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
RELEASE = (CHECKOUT / "tools" / "provider" / "VERSION").read_text().strip()
REQUIREMENTS = "requirements-dev.txt"
COMMANDS = [
    *(
        "bash",
        "cat",
        "chmod",
        "cp",
        "cut",
        "dirname",
        "env",
        "grep",
        "head",
        "install",
        "mkdir",
        "mktemp",
        "mv",
    ),
    *("readlink", "rm", "sed", "sha256sum", "shasum", "sleep", "uname"),
]

PULUMI = """\
#!/usr/bin/env bash
# A stand-in that knows `version` and `plugin install`; {offline} when it cannot fetch plugins.
[[ $1 == version ]] && {{ echo "v{version}"; exit; }}
[[ -z "{offline}" || -n ${{6:-}} ]] || {{ echo "cannot reach the download site" >&2; exit 1; }}
plugins=${{PULUMI_HOME:-$HOME/.pulumi}}/plugins/resource-github-v$5
mkdir -p "$plugins"
cp "${{7:-$0}}" "$plugins/pulumi-resource-github"
"""

GO = """\
#!/usr/bin/env bash
# A stand-in whose programs are all the same script; it notes what it builds.
case $1 in
    env) echo go{version} ;;
    list) if [[ $* == *Dir* ]]; then echo "{sdk}"; else echo v3.259.0; fi ;;
    build)
        echo "$3" >>"{log}"
        [[ ! -e "{log}.broken" ]] || {{ echo "no route to the Go module proxy" >&2; exit 1; }}
        [[ ! -p "{log}.held" ]] || read -r _ <"{log}.held"
        while [[ $1 != -o ]]; do shift; done
        cp "{program}" "$2" ;;
esac
"""


PYTHON = """\
#!/usr/bin/env bash
# Python, but for environments: these are copies of one that Python created.
[[ $1 == -m && $2 == venv ]] || exec {python} "$@"
target=${{!#}}
[[ $3 != --clear ]] || rm -rf "$target"
mkdir -p "$target"
cp -a {template}/. "$target"
"""


@dataclass(frozen=True)
class Machine:
    """A machine with its home, cache and PATH in `root`."""

    root: Path

    @classmethod
    def at(cls, root: Path) -> "Machine":
        machine = cls(root)
        machine.commands.mkdir(parents=True)
        machine.home.mkdir()
        for command in COMMANDS:
            if path := shutil.which(command):
                (machine.commands / command).symlink_to(path)
        return machine

    @property
    def commands(self) -> Path:
        return self.root / "commands"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def cache(self) -> Path:
        return self.home / ".cache" / "releases"

    @property
    def engines(self) -> list[str]:
        return sorted(path.name for path in self.cache.glob("*")) if self.cache.exists() else []

    @property
    def built(self) -> list[str]:
        log = self.root / "go.log"
        return [Path(line).name for line in log.read_text().splitlines()] if log.exists() else []

    def has_python(self) -> None:
        (self.commands / "python3").symlink_to(Path(sys.executable).resolve())

    def copies_environments(self, template: Path) -> None:
        """Let Python copy an environment instead of creating one, which takes seconds."""
        python = Path(sys.executable).resolve()
        (self.commands / "python3").unlink()
        self.has_command("python3", PYTHON.format(python=python, template=template))

    def has_command(self, name: str, script: str) -> Path:
        command = self.commands / name
        command.write_text(script)
        command.chmod(0o755)
        return command

    def has_pulumi(self, version: str = "3.260.0", *, offline: bool = False) -> Path:
        return self.has_command(
            "pulumi", PULUMI.format(version=version, offline="offline" if offline else "")
        )

    def has_go(self, version: str = "1.26.9") -> None:
        program = self.root / "program"
        program.write_text(PULUMI.format(version="3.259.0", offline=""))
        program.chmod(0o755)
        script = self.root / "sdk" / "python" / "cmd" / "pulumi-language-python-exec"
        script.parent.mkdir(parents=True)
        script.write_text("the language host's script\n")
        self.has_command(
            "go",
            GO.format(
                version=version, log=self.root / "go.log", program=program, sdk=self.root / "sdk"
            ),
        )

    def checkout(self, name: str = "a checkout") -> Path:
        """Copy the files of the installation, with an environment that is already up to date."""
        checkout = self.bare_checkout(name)
        binaries = checkout / ".venv" / "bin"
        binaries.mkdir(parents=True)
        (binaries / "python").symlink_to(sys.executable)
        digest = hashlib.sha256((checkout / REQUIREMENTS).read_bytes()).hexdigest()[:16]
        (checkout / ".venv" / "requirements").write_text(
            f"{REQUIREMENTS} {digest} Python {platform.python_version()}\n"
        )
        return checkout

    def bare_checkout(self, name: str = "a checkout") -> Path:
        checkout = self.root / name
        (checkout / "scripts").mkdir(parents=True)
        for script in ("install", "env"):
            shutil.copy2(CHECKOUT / "scripts" / script, checkout / "scripts")
        shutil.copytree(CHECKOUT / "tools", checkout / "tools")
        for name in ("requirements.txt", REQUIREMENTS):
            (checkout / name).write_text("# no packages\n")
        return checkout

    def environment(self, **variables: str) -> dict[str, str]:
        return {
            "PATH": str(self.commands),
            "HOME": str(self.home),
            "TMPDIR": str(self.root),
        } | variables

    def run(self, *command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = self.environment(**variables)
        return subprocess.run(
            command, cwd=self.root, env=environment, capture_output=True, text=True, check=False
        )

    def run_install(
        self, checkout: Path, *arguments: str, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return self.run(checkout / "scripts" / "install", *arguments, **variables)

    def install(self, checkout: Path, *arguments: str, **variables: str) -> str:
        """Run `scripts/install`, expect success and return its output."""
        result = self.run_install(checkout, *arguments, **variables)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def expect_refusal(self, checkout: Path, **variables: str) -> str:
        """Run `scripts/install`, expect one error and no change, and return the error."""
        before = contents(self.root)
        result = self.run_install(checkout, **variables)
        assert result.returncode == 1
        assert result.stdout == ""
        assert contents(self.root) == before
        assert result.stderr.count("\n") == 1
        return result.stderr

    def shell(self, directory: Path, script: str, **variables: str) -> str:
        """Return the output of a shell that runs the script in the directory."""
        result = self.run(
            self.commands / "bash", "-c", f'cd "$1"\n{script}', "bash", directory, **variables
        )
        assert result.returncode == 0, result.stderr
        return result.stdout.rstrip("\n")


def contents(directory: Path) -> dict[str, float]:
    paths = (Path(folder) / name for folder, _, names in os.walk(directory) for name in names)
    return {str(path): path.lstat().st_mtime for path in paths}
