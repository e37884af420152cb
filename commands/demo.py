"""The demo: who may do what before and after the stack is applied to a simulated organization.

Everything but GitHub is real: the engine, the provider, the program and its configuration.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby

from rich import box
from rich.console import Console
from rich.table import Table

from commands.permission_checks import (
    PERMISSION_CHECKS,
    People,
    RepositoryClient,
    check_permissions,
)
from commands.sandbox import (
    CommandResult,
    EngineError,
    Sandbox,
    StackFileError,
    read_stack_file,
)
from simulated_github import SimulatedGitHub

ORGANIZATION = "encode"
REPOSITORY = "httpx"
ADDED_REPOSITORY = "typesystem"
PEOPLE = People(
    authors=("maintainer-1", "maintainer-2"),
    reviewers=("operator-1", "operator-2", "operator-3"),
    taggers=("owner-1", "operator-1"),
)
OWNER = "owner-1"
PERSONS = (
    OWNER,
    *(f"operator-{number}" for number in range(1, 4)),
    *(f"maintainer-{number}" for number in range(1, 13)),
    "outsider-1",
)
MARKS = {True: "✔", False: "✘", None: "-"}
BYPASS_MARK = "✔*"
COLUMNS = 80
Permissions = Mapping[str, Mapping[str, bool | None]]


@dataclass
class DemoStep:
    """A command of the demo.

    Attributes:
        command: The command, as a user would write it.
        purpose: Its purpose, in a few words.
        cost: Its seconds and its requests to GitHub.
        lines: The important lines of its output.
        details: The lines about one repository, for `--verbose`.
    """

    command: str
    purpose: str
    cost: str = ""
    lines: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)


class Demo:
    """One run of the demo, with a simulated GitHub and a sandboxed stack."""

    def __init__(
        self,
        github: SimulatedGitHub,
        sandbox: Sandbox,
        console: Console,
        *,
        verbose: bool = False,
    ) -> None:
        self.github = github
        self.sandbox = sandbox
        self.console = console
        self.verbose = verbose
        self.steps: list[DemoStep] = []

    def run(self) -> None:
        """Run all steps, then print the permissions and, after them, the steps."""
        self.print(f"Applying the stack to the simulated organization {ORGANIZATION} ...\n")
        before = self.permissions()
        self.set_placeholder_tokens()
        self.preview()
        self.up()
        after = self.permissions()
        self.preview_again()
        self.add_repository()
        self.delete_leftover_secrets()
        self.print_permissions(before, after, self.permissions())
        self.print_steps()
        self.print_end()

    def permissions(self) -> Permissions:
        """Return who may do what now, tried on a copy of the organization."""
        with (
            self.console.status("trying what each person may do"),
            SimulatedGitHub(self.github.world) as copy,
            RepositoryClient(copy.url, ORGANIZATION, REPOSITORY) as client,
        ):
            return check_permissions(client, PEOPLE, PERSONS)

    def set_placeholder_tokens(self) -> None:
        purpose = "a placeholder token for each repository, encrypted"
        with self.step("pulumi config set --secret", purpose):
            self.sandbox.set_secrets(
                {
                    f"{name}.PYPI_TOKEN": f"pypi-placeholder-of-{name}"
                    for name in self.repositories()
                }
            )

    def preview(self) -> None:
        with self.step("pulumi preview", "what `pulumi up` would do") as step:
            result = self.sandbox.pulumi("preview", "--suppress-outputs")
        step.lines = summary(result)
        step.details = lines_about(result, REPOSITORY)

    def up(self) -> None:
        purpose = "teams, access, gates, secrets, workflows and rulesets"
        with self.step("pulumi up", purpose) as step:
            result = self.sandbox.pulumi("up", "--yes", "--skip-preview", "--suppress-outputs")
        step.lines = [*warnings(result), *summary(result)]

    def preview_again(self) -> None:
        with self.step("pulumi preview", "no changes remain") as step:
            result = self.sandbox.pulumi("preview", "--suppress-outputs", "--expect-no-changes")
        step.lines = summary(result)

    def add_repository(self) -> None:
        command = f'echo "    {ADDED_REPOSITORY}:" >> {self.sandbox.stack_file.name}'
        with self.step(f"{command}; pulumi preview", "one line adds a repository") as step:
            self.sandbox.configuration["repositories"][ADDED_REPOSITORY] = None
            self.sandbox.write_configuration()
            result = self.sandbox.pulumi("preview", "--suppress-outputs")
        step.lines = [*warnings(result), *summary(result)]
        step.details = lines_about(result, ADDED_REPOSITORY)

    def delete_leftover_secrets(self) -> None:
        command = f"gh secret delete PYPI_TOKEN --repo {ORGANIZATION}/..."
        with self.step(command, "the leftover secrets that `pulumi up` listed"):
            for name in self.repositories():
                with RepositoryClient(self.github.url, ORGANIZATION, name) as client:
                    client.request(OWNER, "DELETE", "/actions/secrets/PYPI_TOKEN")

    def repositories(self) -> list[str]:
        return list(self.sandbox.configuration["repositories"])

    @contextmanager
    def step(self, command: str, purpose: str) -> Iterator[DemoStep]:
        """Measure a command, and add it to the steps."""
        step = DemoStep(command, purpose)
        self.steps.append(step)
        request_count = len(self.github.requests)
        started = time.monotonic()
        with self.console.status(command):
            yield step
        seconds = time.monotonic() - started
        methods = Counter(request.method for request in self.github.requests[request_count:])
        requests = ", ".join(f"{count} {method}" for method, count in sorted(methods.items()))
        step.cost = f"{seconds:.1f} s; requests to GitHub: {requests or 'none'}"

    def print_permissions(
        self, before: Permissions, after: Permissions, without_leftovers: Permissions
    ) -> None:
        self.print(f"Who may do what in {ORGANIZATION}/{REPOSITORY}", style="bold")
        self.print("Tried on a simulated GitHub, with each person's own token.")
        self.console.print(permission_table("Before", before))
        self.print("\n- There is no approval: each release is published at once.")
        self.console.print(permission_table("After `pulumi up`", after, bypasses=True))
        self.console.print(
            permission_table(
                "After the leftover repository secret is deleted", without_leftovers, bypasses=True
            )
        )
        self.print(
            "\n* Organization owners apply this stack, so they bypass the review rule.\n"
            "  Where a GitHub App applies it (applied-by), no person bypasses the rule."
        )

    def print_steps(self) -> None:
        self.print("\nThe commands", style="bold")
        for step in self.steps:
            self.print(f"\n$ {step.command}", style="cyan")
            self.print(f"  {step.purpose}\n  {step.cost}", style="dim")
            for line in [*step.lines, *(step.details if self.verbose else [])]:
                self.print(f"  {line}")

    def print_end(self) -> None:
        self.print("\nThe demo is done, and all its files were deleted.")
        self.print("Next: scripts/rehearse plays a release, and README.md sets up your stack.")

    def print(self, text: str, style: str | None = None) -> None:
        """Print text without markup; long lines are wrapped."""
        self.console.print(text, style=style, highlight=False, markup=False)


def lines_about(result: CommandResult, repository: str) -> list[str]:
    """Return the engine's lines about one repository, without its prefixes and repetitions."""
    lines = [
        line.strip().replace("github:index:", "").replace("releases:index:", "")
        for line in result.output.splitlines()
        if f" {repository}" in line and "index" in line
    ]
    return list(dict.fromkeys(lines))


def warnings(result: CommandResult) -> list[str]:
    """Return the warnings in the engine's output, with the lines that belong to them."""
    lines: list[str] = []
    margin: int | None = None
    for line in result.output.splitlines():
        indent = len(line) - len(line.lstrip())
        if line.lstrip().startswith("warning:"):
            margin = indent
        elif not line.strip() or (margin is not None and indent <= margin):
            margin = None
        if margin is not None:
            lines.append(line[margin:])
    return lines


def summary(result: CommandResult) -> list[str]:
    """Return the counts at the end of the engine's output."""
    lines = [line.strip() for line in result.output.splitlines()]
    if "Resources:" not in lines:
        return []
    counts = lines[lines.index("Resources:") + 1 :]
    return [line for line in counts if line and not line.startswith("Duration")]


def permission_table(title: str, permissions: Permissions, *, bypasses: bool = False) -> Table:
    """Return a table with a column for each check, and a row for people who may do the same.

    `bypasses` marks owners who may merge unreviewed.
    """
    table = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        title=f"\n{title}",
        title_justify="left",
        title_style="bold",
    )
    table.add_column("", min_width=18)
    for check in PERMISSION_CHECKS:
        table.add_column(check.replace(" ", "\n", 1), justify="center")
    rows = {person: marks(person, permissions[person], bypasses) for person in PERSONS}
    for (_, cells), group in groupby(PERSONS, key=lambda person: (role(person), rows[person])):
        table.add_row(label(list(group)), *cells)
    return table


def marks(person: str, allowed: Mapping[str, bool | None], bypasses: bool) -> tuple[str, ...]:
    return tuple(
        BYPASS_MARK
        if bypasses and person == OWNER and check == "merge unreviewed" and allowed[check]
        else MARKS[allowed[check]]
        for check in PERMISSION_CHECKS
    )


def role(person: str) -> str:
    return person.rpartition("-")[0]


def label(persons: Sequence[str]) -> str:
    """Return the name of one person, or that of several such as `operator-1 to 3`."""
    if len(persons) == 1:
        return persons[0]
    return f"{persons[0]} to {persons[-1].rpartition('-')[2]}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="scripts/demo", description="Show what the stack does to a simulated organization."
    )
    parser.add_argument("--stack", default="prod", help="the stack (default: prod)")
    parser.add_argument(
        "--verbose", action="store_true", help="print the resources of one repository too"
    )
    options = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else COLUMNS)
    try:
        configuration = read_stack_file(options.stack)
        owner = configuration.get("github:owner")
        if owner != ORGANIZATION:
            console.print(
                f"Pulumi.{options.stack}.yaml is for the organization {owner}, and the demo needs "
                f"the example organization {ORGANIZATION}: run it in a fresh clone of the project.",
                highlight=False,
            )
            return 1
        with (
            SimulatedGitHub(ORGANIZATION) as github,
            Sandbox(github.url, configuration, stack=options.stack, live=False) as sandbox,
        ):
            Demo(github, sandbox, console, verbose=options.verbose).run()
    except (EngineError, StackFileError) as error:
        console.print(str(error), style="red", markup=False)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
