"""Figures: what the stack costs for organizations of different sizes, on the simulated GitHub.

Seconds are those of this machine and noisy; requests are exact. Where Terraform or OpenTofu is found, the same declaration
with the same provider stands beside it.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psutil
import yaml
from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks import terraform
from benchmarks.large_organization import configuration, names, world
from benchmarks.measurement import Cost, measure
from commands.sandbox import PROJECT, Sandbox
from stacks.settings import Settings
from stacks.settings.configuration_keys import options_of
from stacks.settings.loading import check

SIZES = (10, 50, 200, 500)
QUIET = ("--suppress-outputs", "--suppress-progress")


@dataclass(frozen=True)
class Row:
    """One measured command. `state` is the size of the tool's state after it, in MiB."""

    size: int
    tool: str
    what: str
    cost: Cost
    requests: Mapping[str, int]
    state: float


class ServedGitHub:
    """A simulated GitHub in a process of its own, so that its share can be told apart."""

    def __init__(self, url: str, process: psutil.Process) -> None:
        self.url = url
        self.process = process

    def requests(self) -> Counter[str]:
        """How many requests of each method came in since the last call."""
        log = httpx.get(f"{self.url}/_simulator/requests", timeout=60).json()
        httpx.delete(f"{self.url}/_simulator/requests", timeout=60)
        return Counter(request["method"] for request in log)


@contextmanager
def served(size: int, directory: Path) -> Iterator[ServedGitHub]:
    """An organization of a size, served while the block lasts."""
    file = directory / f"world-{size}.yaml"
    file.write_text(
        yaml.safe_dump(world(size).model_dump(by_alias=True, mode="json", exclude_unset=True)),
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "simulated_github", "--world", str(file), "--port", "0"]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None  # noqa: S101 - it was asked for in the line above
        yield ServedGitHub(process.stdout.readline().strip(), psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()


@dataclass(frozen=True)
class Way:
    """A way to run the stack: its name, whether as a live stack runs, and what else its environment has."""

    name: str
    live: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


PULUMI = Way("pulumi")
LIVE = Way("pulumi, live", live=True)
# As Go, Python and the SDK are by themselves; see stacks/runtime.py and scripts/env.
UNSPARED = Way("pulumi, unspared", environment={"RELEASES_DEBUG": "1", "GOGC": "100"})


def with_pulumi(size: int, directory: Path, way: Way) -> Iterator[Row]:
    """Every operation of the stack; one repository is left out at first and added at the end."""
    *first, last = names(size + 1)
    with ExitStack() as stack:
        github = stack.enter_context(served(size + 1, directory))
        sandbox = stack.enter_context(Sandbox(github.url, configuration(first), live=way.live))
        sandbox.set_secrets(
            {f"{name}.PYPI_TOKEN": f"pypi-placeholder-of-{name}" for name in (*first, last)}
        )
        tokens = dict(sandbox.configuration["secrets"])
        declare(sandbox, first, tokens)

        def run(what: str, *arguments: str) -> Row:
            command = sandbox.command(*arguments, *QUIET)
            github.requests()
            cost = measure(
                command,
                sandbox.directory,
                {**sandbox.environment, **way.environment},
                github.process,
            )
            return Row(
                size, way.name, what, cost, github.requests(), mebibytes(checkpoint(sandbox))
            )

        yield run("first up", "up", "--yes", "--skip-preview")
        yield run("preview, nothing to do", "preview", "--expect-no-changes")
        declare(sandbox, [*first, last], tokens)
        yield run("one added", "up", "--yes", "--skip-preview")
        yield run("refresh", "refresh", "--yes", "--skip-preview")


def checkpoint(sandbox: Sandbox) -> Path:
    return sandbox.state / ".pulumi" / "stacks" / "releases" / f"{sandbox.stack}.json"


def mebibytes(file: Path) -> float:
    return file.stat().st_size / 2**20


def declare(sandbox: Sandbox, repositories: Sequence[str], tokens: Mapping[str, Any]) -> None:
    sandbox.configuration["repositories"] = dict.fromkeys(repositories)
    sandbox.configuration["secrets"] = {name: tokens[name] for name in repositories}
    sandbox.write_configuration()


def with_terraform(size: int, directory: Path) -> Iterator[Row]:
    """The same with Terraform, where it is found. Its plan refreshes everything, as it always does."""
    tool = terraform.found()
    if tool is None:
        return
    program, provider = tool
    *first, last = names(size + 1)
    with served(size + 1, directory) as github:
        work = directory / f"terraform-{size}"
        work.mkdir()
        environment = terraform.prepare(work, provider, github.url, settings(first))

        def run(what: str, *arguments: str) -> Row:
            github.requests()
            cost = measure([program, *arguments], work, environment, github.process)
            return Row(
                size,
                Path(program).name,
                what,
                cost,
                github.requests(),
                mebibytes(work / "terraform.tfstate"),
            )

        yield run("first up", "apply", "-auto-approve", "-no-color")
        yield run("preview, nothing to do", "plan", "-no-color")
        terraform.write(work, github.url, settings([*first, last]))
        yield run("one added", "apply", "-auto-approve", "-no-color")
        yield run("refresh", "apply", "-refresh-only", "-auto-approve", "-no-color")


def settings(repositories: Sequence[str]) -> Settings:
    config = configuration(repositories)
    values = {key: json.dumps(value) for key, value in options_of(config).items()}
    return check(values, config["github:owner"], Path("no-stack-file"), {})


def table(rows: Sequence[Row]) -> Table:
    shown = Table(box=box.SIMPLE_HEAD)
    for title in (
        "repositories",
        "tool",
        "what",
        "wall s",
        "CPU s",
        "requests",
        "peak MiB",
        "state MiB",
    ):
        shown.add_column(
            title, justify="right" if title.endswith(" s") or title == "repositories" else "left"
        )
    for row in rows:
        shown.add_row(
            str(row.size),
            row.tool,
            row.what,
            f"{row.cost.seconds:.1f}",
            f"{row.cost.processor_seconds:.1f} = {joined(row.cost.processor, '.1f')}",
            f"{sum(row.requests.values())} = {joined(row.requests, 'd')}",
            joined(row.cost.memory, ".0f"),
            f"{row.state:.1f}",
        )
    return shown


def joined(figures: Mapping[str, float], form: str) -> str:
    return ", ".join(f"{name} {value:{form}}" for name, value in sorted(figures.items()))


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures the stack on simulated organizations.")
    parser.add_argument(
        "sizes",
        metavar="N",
        type=int,
        nargs="*",
        help="numbers of repositories, by default 10 50 200 500",
    )
    parser.add_argument(
        "--live", action="store_true", help="also with all that the engine keeps for a live stack"
    )
    parser.add_argument(
        "--unspared",
        action="store_true",
        help="also without what docs/performance.md says was taken out",
    )
    parser.add_argument("--alone", action="store_true", help="without Terraform")
    arguments = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 220)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="releases-bench-") as directory:
        for size in arguments.sizes or SIZES:
            for measured in contestants(size, Path(directory), arguments):
                for row in measured():
                    console.print(
                        f"{row.size} repositories, {row.tool}, {row.what}: {row.cost.seconds:.1f} s",
                        style="dim",
                    )
                    rows.append(row)
    console.print(table(rows))
    return 0


def contestants(
    size: int, directory: Path, wanted: argparse.Namespace
) -> list[Callable[[], Iterator[Row]]]:
    ways = [PULUMI, *([UNSPARED] if wanted.unspared else []), *([LIVE] if wanted.live else [])]
    runs = [partial(with_pulumi, size, directory, way) for way in ways]
    return [*runs, *([] if wanted.alone else [partial(with_terraform, size, directory)])]


if __name__ == "__main__":
    sys.exit(main())
