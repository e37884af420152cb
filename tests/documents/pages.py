"""Runner for the commands of a page, as written and in order, as a user with an empty home.

A `console` block holds commands after `$ ` and, below each, lines that its output must contain, in
which `...` stands for any text. A `yaml` block with `config:` is merged into the stack file,
and replaces its configuration where it begins with `# Pulumi.prod.yaml`. Other blocks are not run.

Deliberately different from a user's shell: a wrapper confirms `up`, `destroy` and `refresh`, and
enters a made-up value where `pulumi config set --secret` asks for one; the port 8080 becomes a free
one.
"""

import os
import re
import shutil
import socket
import subprocess
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

from stacks.default_sigint import with_default_sigint
from tests.program_environment import link_environment

PROJECT = Path(__file__).parents[2]
INDENTED = re.compile(r"^ {4}(\S.*)$", re.MULTILINE)
FENCE = re.compile(r"^ *```(\w+)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
MARKER = "=== command "
PRELUDE = """\
set -uo pipefail
finish() {{ code=$?; for job in $(jobs -p); do kill "$job" 2>/dev/null; done; exit $code; }}
trap finish EXIT
pulumi() {{
    case "$1 $*" in
        up\\ *|destroy\\ *|refresh\\ *) command pulumi "$@" --yes --non-interactive --color never ;;
        config\\ *set*--secret*) echo pypi-made-up-token | command pulumi "$@" ;;
        *) command pulumi "$@" --non-interactive ;;
    esac
}}
wait_for_port() {{
    for _ in $(seq 600); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
        sleep 0.1
    done
}}
merge() {{ {python} -m tests.documents.merge "$@"; }}
"""


@dataclass(frozen=True)
class Command:
    """A command of a page and the lines that its output must contain."""

    text: str
    expected: tuple[str, ...] = ()


@dataclass
class Page:
    """The blocks of a page that are run, in order: commands and parts of the stack file."""

    name: str
    steps: list[Command | str] = field(default_factory=list)

    @classmethod
    def read(cls, name: str) -> "Page":
        page = cls(name)
        for language, text in FENCE.findall((PROJECT / name).read_text(encoding="utf-8")):
            if language == "console":
                page.steps += commands(text)
            elif language == "yaml" and "config:" in text:
                page.steps.append(textwrap.dedent(text))
        return page


def indented_commands(name: str, program: str) -> Page:
    """Return the commands in the indented blocks of a page that start with a program's name."""
    text = FENCE.sub("", (PROJECT / name).read_text(encoding="utf-8"))
    lines = [line for line in INDENTED.findall(text) if line.split()[0] == program]
    return Page(name, [Command(line) for line in lines])


def commands(block: str) -> list[Command]:
    """Return the commands of a `console` block; a line that ends with `\\` goes on in the next."""
    parsed: list[Command] = []
    lines = iter(textwrap.dedent(block).splitlines())
    for line in lines:
        if line.startswith("$ "):
            text = line.removeprefix("$ ")
            while text.endswith("\\"):
                text += "\n" + next(lines)
            parsed.append(Command(text))
        elif line.strip():
            assert parsed, f"output before the first command: {line}"
            last = parsed.pop()
            parsed.append(Command(last.text, (*last.expected, line.strip())))
    return parsed


@dataclass(frozen=True)
class Machine:
    """A home, a copy of this repository without its history, and the installed engine."""

    root: Path

    @classmethod
    def create(cls, root: Path) -> "Machine":
        machine = cls(root)
        machine.home.mkdir()
        files = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for name in filter(None, files.split("\0")):
            if (PROJECT / name).is_file():
                (machine.checkout / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(PROJECT / name, machine.checkout / name)
        link_environment(PROJECT / ".venv", machine.checkout / ".venv")
        return machine

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def checkout(self) -> Path:
        return self.root / "release-stack"

    def run(self, *pages: Page) -> None:
        """Run pages one after the other in one shell, and expect the documented output."""
        port = free_port()
        steps = [step for page in pages for step in page.steps]
        script = self.root / "commands.sh"
        script.write_text(self.script(steps, port), encoding="utf-8")
        result = subprocess.run(
            with_default_sigint(["bash", str(script)]),
            cwd=self.checkout,
            env=self.variables(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
            check=False,
        )
        assert result.returncode == 0, result.stdout
        outputs = result.stdout.split(MARKER)[1:]
        for step, output in zip(steps, outputs, strict=True):
            if isinstance(step, Command):
                check_output(step, output.replace(str(port), "8080"))

    def script(self, steps: list[Command | str], port: int) -> str:
        lines = [PRELUDE.format(port=port, python=PROJECT / ".venv/bin/python")]
        for number, step in enumerate(steps):
            lines.append(f"echo; echo '{MARKER}{number}'")
            if isinstance(step, Command):
                text = step.text.replace("8080", str(port))
                lines.append(f"{text} || exit 1" if not text.endswith("&") else text)
                if text.endswith("&"):
                    lines.append(f"wait_for_port {port}")
            else:
                part = self.root / f"part-{number}.yaml"
                part.write_text(step, encoding="utf-8")
                lines.append(f"merge {part} Pulumi.prod.yaml || exit 1")
        return "\n".join(lines) + "\n"

    def variables(self) -> dict[str, str]:
        engine = (PROJECT / ".venv" / "engine").read_text().splitlines()[0]
        path = os.environ["PATH"].split(os.pathsep)
        system = [entry for entry in path if "/.venv/" not in entry and entry != f"{engine}/bin"]
        return {
            "PATH": os.pathsep.join(system),
            "HOME": str(self.home),
            "RELEASES_CACHE": str(Path(engine).parent),
            "GOMODCACHE": os.environ.get("GOMODCACHE", ""),
            "LANG": "C.UTF-8",
        }


def check_output(command: Command, output: str) -> None:
    for line in command.expected:
        pattern = ".*".join(re.escape(part.strip()) for part in line.split("..."))
        assert re.search(pattern, output), f"$ {command.text}\nlacks: {line}\n{output}"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
