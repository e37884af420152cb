"""The demo: an organization is set up, looked at again, given one more repository, and tried out person by person.

Everything is real but GitHub: the engine, the provider, the program and its configuration.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby

from rich import box
from rich.console import Console
from rich.table import Table

from commands.sandbox import EngineError, Finished, Sandbox, production
from commands.trials import TRIALS, Cast, Scene, try_everything
from simulated_github import SimulatedGitHub

OWNER = "encode"
SHOWN = "httpx"
ADDED = "typesystem"
CAST = Cast(
    authors=("maintainer-1", "maintainer-2"),
    reviewers=("operator-1", "operator-2", "operator-3"),
    taggers=("owner-1", "operator-1"),
)
PEOPLE = (
    "owner-1",
    *(f"operator-{number}" for number in range(1, 4)),
    *(f"maintainer-{number}" for number in range(1, 13)),
    "outsider-1",
)
Answers = Mapping[str, Mapping[str, bool | None]]


class Demo:
    """One showing, on one simulated GitHub, of one sandboxed stack."""

    def __init__(self, github: SimulatedGitHub, sandbox: Sandbox, console: Console) -> None:
        self.github = github
        self.sandbox = sandbox
        self.console = console

    def play(self) -> None:
        self.introduce()
        before = self.answers()
        self.set_placeholder_tokens()
        self.preview()
        self.up()
        self.preview_again()
        self.add_a_repository()
        after = self.answers()
        self.delete_leftovers()
        self.show(before, after, self.answers())

    def introduce(self) -> None:
        self.console.print(
            f"\n[bold]The organization {OWNER}[/bold], simulated at {self.github.url}: everyone with write access can push a "
            "tag, and any workflow on any branch can read the PyPI token.\nWhat should be instead stands in Pulumi.prod.yaml."
        )

    def answers(self) -> Answers:
        """Who can do what now, tried on a copy so that nothing of it stays."""
        with (
            SimulatedGitHub(self.github.world) as trial_ground,
            Scene(trial_ground.url, OWNER, SHOWN) as scene,
        ):
            return try_everything(scene, CAST, PEOPLE)

    def set_placeholder_tokens(self) -> None:
        with self.step(
            "pulumi config set --secret",
            "a placeholder token for each repository, encrypted in the stack file",
        ):
            repositories = self.sandbox.configuration["repositories"]
            self.sandbox.set_secrets(
                {f"{name}.PYPI_TOKEN": f"pypi-placeholder-of-{name}" for name in repositories}
            )

    def preview(self) -> None:
        with self.step("pulumi preview", "what would be done"):
            finished = self.sandbox.pulumi("preview", "--suppress-outputs")
        self.tell(
            lines_about(finished, SHOWN),
            f"the part of {SHOWN}; the other repositories have the same",
        )
        self.tell(summary(finished))

    def up(self) -> None:
        with self.step(
            "pulumi up",
            "teams, access, gates, secrets, workflows and rulesets, in the order in which it is safe",
        ):
            finished = self.sandbox.pulumi("up", "--yes", "--skip-preview", "--suppress-outputs")
        self.tell(warnings(finished), "and it says what it found in the way")
        self.tell(summary(finished))

    def preview_again(self) -> None:
        with self.step("pulumi preview", "again: is it all as declared?"):
            finished = self.sandbox.pulumi("preview", "--suppress-outputs", "--expect-no-changes")
        self.tell(summary(finished))

    def add_a_repository(self) -> None:
        with self.step(
            f'echo "    {ADDED}:" >> Pulumi.prod.yaml; pulumi preview', "one line adds a repository"
        ):
            self.sandbox.configuration["repositories"][ADDED] = None
            self.sandbox.write_configuration()
            finished = self.sandbox.pulumi("preview", "--suppress-outputs")
        self.tell(lines_about(finished, ADDED))
        self.tell(warnings(finished))
        self.tell(summary(finished))

    def delete_leftovers(self) -> None:
        with self.step(
            f"gh secret delete PYPI_TOKEN --repo {OWNER}/...",
            "the way past the gate that `up` named",
        ):
            for name in self.sandbox.configuration["repositories"]:
                with Scene(self.github.url, OWNER, name) as scene:
                    scene.does("owner-1", "DELETE", "/actions/secrets/PYPI_TOKEN")

    def show(self, *stages: Answers) -> None:
        self.console.print(
            f"\n[bold]Who can do what in {SHOWN}[/bold], tried with each person's own token: before, after "
            "`pulumi up`, and after the old repository secret was deleted"
        )
        self.console.print(table_of(stages))
        self.console.print(
            "[dim]An owner passes the review rule because owners apply this stack; with a GitHub App under applied-by "
            "nobody does.\nA release that waits for nobody is not asked about.[/dim]",
            highlight=False,
        )

    @contextmanager
    def step(self, command: str, purpose: str) -> Iterator[None]:
        """Announces a command, and says afterwards what it cost."""
        self.console.print(
            f"\n[bold cyan]$ {command}[/bold cyan]   [dim]{purpose}[/dim]", highlight=False
        )
        asked, started = len(self.github.requests), time.monotonic()
        yield
        methods = Counter(request.method for request in self.github.requests[asked:])
        cost = ", ".join(f"{count} {method}" for method, count in sorted(methods.items())) or "none"
        self.console.print(
            f"  [dim]{time.monotonic() - started:.1f} s; requests to GitHub: {cost}[/dim]",
            highlight=False,
        )

    def tell(self, lines: Sequence[str], note: str = "") -> None:
        for line in lines:
            self.console.print(f"  {line}", highlight=False, markup=False)
        if note and lines:
            self.console.print(f"  [dim]({note})[/dim]", highlight=False)


def lines_about(finished: Finished, repository: str) -> list[str]:
    """The engine's lines about one repository, once each and without the engine's own prefixes."""
    lines = [
        line.strip()
        for line in finished.output.splitlines()
        if f" {repository}" in line and "index" in line
    ]
    return list(
        dict.fromkeys(
            line.replace("github:index:", "").replace("releases:index:", "") for line in lines
        )
    )


def warnings(finished: Finished) -> list[str]:
    return [
        line.strip() for line in finished.output.splitlines() if line.strip().startswith("warning:")
    ]


def summary(finished: Finished) -> list[str]:
    """What the engine counts at its end."""
    lines = finished.output.splitlines()
    start = next(
        (number for number, line in enumerate(lines) if line.startswith("Resources:")), len(lines)
    )
    return [
        line.strip() for line in lines[start:] if line.strip() and not line.startswith("Duration")
    ]


def table_of(stages: Sequence[Answers]) -> Table:
    """One row for people who can do the same, one column for each trial, and in each cell all stages."""
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("with the token of")
    for trial in TRIALS:
        table.add_column(trial, justify="center")
    rows = {person: tuple(cell(person, trial, stages) for trial in TRIALS) for person in PEOPLE}
    for cells, people in groupby(PEOPLE, key=lambda person: rows[person]):
        table.add_row(names(list(people)), *cells)
    return table


def cell(person: str, trial: str, stages: Sequence[Answers]) -> str:
    words = {True: "yes", False: "no", None: "not asked"}
    said = [words[stage[person][trial]] for stage in stages]
    return said[0] if len(set(said)) == 1 else " -> ".join(said)


def names(people: Sequence[str]) -> str:
    return people[0] if len(people) == 1 else f"{people[0]} .. {people[-1]}"


def main() -> int:
    console = Console(width=None if sys.stdout.isatty() else 150)
    owner = production().get("github:owner")
    if owner != OWNER:
        console.print(
            f"The demo shows the example organization {OWNER}, but Pulumi.prod.yaml is for {owner} now. Run it in a fresh copy "
            "of this project.",
            highlight=False,
        )
        return 1
    try:
        with SimulatedGitHub(OWNER) as github, Sandbox(github.url, live=False) as sandbox:
            Demo(github, sandbox, console).play()
    except EngineError as error:
        console.print(str(error), style="red", markup=False)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
