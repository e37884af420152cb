"""One history: events, runs of `pulumi up`, and what the check says after each of them."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from commands.histories.choices import Event
from commands.histories.events import choose_event, happen
from commands.histories.gate_check import gate_problems
from commands.histories.operator import Operator
from commands.histories.organization import OWNER, Organization, Start
from commands.histories.publishing import ungated_releases
from commands.sandbox import Sandbox
from simulated_github import SimulatedGitHub

EVENTS_PER_HISTORY = 5
MAX_RUNS = 10
CHANCE_OF_UP = 0.4


@dataclass
class Outcome:
    """The result of a history.

    Attributes:
        name: The seed that repeats it, or the name of a history that is not random.
        steps: What happened, in order.
        runs: How often `pulumi up` ran.
        blocked: How often it was blocked or failed.
        problems: What the check says after each `up` that succeeded, and each `up` without a way
            on.
    """

    name: str
    steps: list[str] = field(default_factory=list)
    runs: int = 0
    blocked: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"history {self.name}", *(f"    {step}" for step in self.steps)]
        return "\n".join([*lines, *(f"  WRONG: {problem}" for problem in self.problems)])


class History:
    """One stack and its GitHub during a history, as a context manager.

    `program` is the directory of the program that the engine runs; by default this project's.
    """

    def __init__(self, start: Start, name: str, seed: int, program: Path | None = None) -> None:
        self.outcome = Outcome(name)
        self._start = start
        self._program = program
        self._seed = seed

    def __enter__(self) -> "History":
        with ExitStack() as entered:
            github = entered.enter_context(SimulatedGitHub(self._start.world))
            sandbox = entered.enter_context(
                Sandbox(github.url, saved=self._start.saved, live=False)
            )
            if self._program:
                sandbox.use_program(self._program)
            self._organization = Organization(github, sandbox, self._start.saved, self._seed)
            self._organization.program = self._program
            self._operator = Operator(self._organization)
            self._entered = entered.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._entered.close()

    def happen(self, event: Event) -> bool:
        """Let an event happen; return whether it applied."""
        description = happen(self._organization, event)
        if description is not None:
            self.outcome.steps.append(description)
        return description is not None

    def happen_at_random(self) -> None:
        while not self.happen(choose_event(self._organization)):
            pass

    def up_at_random(self) -> None:
        if self._organization.random.random() < CHANCE_OF_UP:
            self.up()

    def up(self) -> bool:
        """Run `up` and check the gate, or follow the remedies; return whether it succeeded."""
        organization = self._organization
        result = organization.up()
        self.outcome.runs += 1
        if result.code == 0:
            self.outcome.steps.append("up")
            names = [(OWNER, repository.name) for repository in organization.owned_repositories()]
            self.outcome.problems += organization.problems
            self.outcome.problems += gate_problems(organization)
            self.outcome.problems += ungated_releases(organization.world, names)
            return True
        self.outcome.blocked += 1
        actions = self._operator.follow(result.output)
        self.outcome.steps.append(f"up is blocked: {'; '.join(actions)}")
        if not actions:
            self.outcome.problems.append(f"a blocked `up` names no way on:\n{result.output}")
        return False

    def converge(self) -> None:
        """Run `up` and follow its remedies until it succeeds."""
        for _ in range(MAX_RUNS):
            if self.up():
                return
            if self.outcome.problems:
                return
        self.outcome.problems.append(f"none of {MAX_RUNS} runs of `up` succeeded")


def run_random(start: Start, seed: int) -> Outcome:
    """Run the random history of a seed from the applied stack."""
    with History(start, str(seed), seed) as history:
        for _ in range(EVENTS_PER_HISTORY):
            history.happen_at_random()
            history.up_at_random()
        history.converge()
        return history.outcome


def run_events(start: Start, events: Sequence[Event], program: Path | None = None) -> Outcome:
    """Run the history of the given events, each of which must apply, and then `up` once."""
    name = ", ".join(event.__name__ for event in events)
    with History(start, name, 0, program) as history:
        for event in events:
            if not history.happen(event):
                raise LookupError(f"the event {event.__name__} does not apply in {name}")
        history.converge()
        return history.outcome
