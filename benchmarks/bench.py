"""Benchmark of the stack: time, memory and requests for organizations of different sizes.

Seconds depend on the machine and vary; requests are exact. Where Terraform or OpenTofu is
installed, the same declaration is measured with the same provider.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks import terraform
from benchmarks.large_organization import configuration, names, serve
from benchmarks.measurement import Cost, measure
from commands.sandbox import Sandbox
from stacks.settings import Settings
from stacks.settings.configuration_keys import options_of
from stacks.settings.loading import parse_settings

SIZES = (10, 50, 200, 500)
QUIET = ("--suppress-outputs", "--suppress-progress")


@dataclass(frozen=True)
class Row:
    """A measured command.

    Attributes:
        size: The number of repositories.
        tool: Pulumi in one of its variants, or Terraform.
        operation: What the command does.
        cost: Its time and memory.
        requests: Its requests to GitHub by method.
        state: The size of the tool's state after it, in MiB.
    """

    size: int
    tool: str
    operation: str
    cost: Cost
    requests: Mapping[str, int]
    state: float


@dataclass(frozen=True)
class Variant:
    """A way to run the stack.

    Attributes:
        name: Its name in the table.
        live: Whether the engine writes checkpoints and a log, as for a live stack.
        environment: Additional environment variables.
    """

    name: str
    live: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


PULUMI = Variant("pulumi")
LIVE = Variant("pulumi, live", live=True)
# Without the savings of stacks/runtime.py and scripts/env.
BASELINE = Variant("pulumi, baseline", environment={"RELEASES_DEBUG": "1", "GOGC": "100"})


def measure_pulumi(size: int, directory: Path, variant: Variant) -> Iterator[Row]:
    """Measure every operation of the stack, which declares one repository only at the end."""
    *first, last = names(size + 1)
    with ExitStack() as stack:
        github = stack.enter_context(serve(size + 1, directory))
        sandbox = stack.enter_context(Sandbox(github.url, configuration(first), live=variant.live))
        sandbox.set_secrets(
            {f"{name}.PYPI_TOKEN": f"pypi-placeholder-of-{name}" for name in (*first, last)}
        )
        tokens = dict(sandbox.configuration["secrets"])
        declare(sandbox, first, tokens)

        def run(operation: str, *arguments: str) -> Row:
            command = sandbox.command(*arguments, *QUIET)
            github.clear_requests()
            cost = measure(
                command,
                sandbox.directory,
                {**sandbox.environment, **variant.environment},
                github.process,
            )
            return Row(
                size,
                variant.name,
                operation,
                cost,
                github.count_requests(),
                mebibytes(checkpoint(sandbox)),
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


def measure_terraform(size: int, directory: Path) -> Iterator[Row]:
    """Measure the same operations with Terraform, where it is installed.

    Its plan refreshes everything, as always.
    """
    tool = terraform.find_terraform()
    if tool is None:
        return
    program, provider = tool
    *first, last = names(size + 1)
    with serve(size + 1, directory) as github:
        work_directory = directory / f"terraform-{size}"
        work_directory.mkdir()
        environment = terraform.prepare(work_directory, provider, github.url, settings(first))

        def run(operation: str, *arguments: str) -> Row:
            github.clear_requests()
            cost = measure([program, *arguments], work_directory, environment, github.process)
            return Row(
                size,
                Path(program).name,
                operation,
                cost,
                github.count_requests(),
                mebibytes(work_directory / "terraform.tfstate"),
            )

        yield run("first up", "apply", "-auto-approve", "-no-color")
        yield run("preview, nothing to do", "plan", "-no-color")
        terraform.write(work_directory, github.url, settings([*first, last]))
        yield run("one added", "apply", "-auto-approve", "-no-color")
        yield run("refresh", "apply", "-refresh-only", "-auto-approve", "-no-color")


def settings(repositories: Sequence[str]) -> Settings:
    config = configuration(repositories)
    values = {key: json.dumps(value) for key, value in options_of(config).items()}
    return parse_settings(values, config["github:owner"], Path("no-stack-file"), {})


def table_of(rows: Sequence[Row]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for title in (
        "repositories",
        "tool",
        "operation",
        "wall s",
        "CPU s",
        "requests",
        "peak MiB",
        "state MiB",
    ):
        table.add_column(
            title, justify="right" if title.endswith(" s") or title == "repositories" else "left"
        )
    for row in rows:
        table.add_row(
            str(row.size),
            row.tool,
            row.operation,
            f"{row.cost.seconds:.1f}",
            f"{row.cost.processor_seconds:.1f} = {join_figures(row.cost.processor, '.1f')}",
            f"{sum(row.requests.values())} = {join_figures(row.requests, 'd')}",
            join_figures(row.cost.memory, ".0f"),
            f"{row.state:.1f}",
        )
    return table


def join_figures(figures: Mapping[str, float], form: str) -> str:
    return ", ".join(f"{name} {value:{form}}" for name, value in sorted(figures.items()))


def main() -> int:
    """Measure all chosen sizes and print a table."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="Measure the stack on simulated organizations."
    )
    parser.add_argument(
        "sizes",
        metavar="N",
        type=int,
        nargs="*",
        help="numbers of repositories (default: 10 50 200 500)",
    )
    parser.add_argument(
        "--live",
        action="store_true",
        help="also measure with the checkpoints and the log of a live stack",
    )
    parser.add_argument(
        "--baseline",
        action="store_true",
        help="also measure without the savings that docs/performance.md lists",
    )
    parser.add_argument("--alone", action="store_true", help="do not measure Terraform")
    options = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 220)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="releases-bench-") as directory:
        for size in options.sizes or SIZES:
            for measurement in measurements(size, Path(directory), options):
                for row in measurement():
                    console.print(
                        f"{row.size} repositories, {row.tool}, {row.operation}: "
                        f"{row.cost.seconds:.1f} s",
                        style="dim",
                    )
                    rows.append(row)
    console.print(table_of(rows))
    return 0


def measurements(
    size: int, directory: Path, options: argparse.Namespace
) -> list[Callable[[], Iterator[Row]]]:
    variants = [
        PULUMI,
        *([BASELINE] if options.baseline else []),
        *([LIVE] if options.live else []),
    ]
    runs = [partial(measure_pulumi, size, directory, variant) for variant in variants]
    return [*runs, *([] if options.alone else [partial(measure_terraform, size, directory)])]


if __name__ == "__main__":
    sys.exit(main())
