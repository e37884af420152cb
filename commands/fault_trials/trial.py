"""One first `pulumi up` that fails, and the recovery that `docs/faults.md` describes."""

import json
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from commands.fault_trials.scenario import (
    NUMBER,
    OWNER,
    UP,
    Scenario,
    placeholder_token,
    stable_state,
)
from commands.sandbox import CommandResult, EngineError, Sandbox
from simulated_github import SimulatedGitHub, World
from simulated_github.control.snapshot import snapshot

MAX_RUNS = 4
TAG_RULESETS = {"Release tags: who may create them", "Release tags: never moved or deleted"}


class GateWatch:
    """A check after each write that no workflow and no secret exists without its gate.

    The simulated GitHub calls it; `problems` lists the writes after which the check failed.
    """

    def __init__(self, owner: str, repositories: tuple[str, ...]) -> None:
        self._names = [f"{owner}/{repository}" for repository in repositories]
        self.problems: list[str] = []

    def __call__(self, world: World, method: str, path: str, _: int) -> None:
        repositories = snapshot(world)["repositories"]
        if any(is_exposed(repositories[name]) for name in self._names):
            self.problems.append(f"exposed after {method} {path}")


def is_exposed(repository: dict[str, Any]) -> bool:
    """Return whether a workflow or a secret exists without its whole gate.

    The gate is reviewers, a tag policy and both tag rulesets.
    """
    deploy = repository["environments"].get("deploy", {})
    has_gate = (
        deploy.get("reviewers") == ["team operations"]
        and deploy["prevent_self_review"]
        and deploy["policies"]
        and not deploy["can_admins_bypass"]
        and repository["rulesets"].keys() >= TAG_RULESETS
    )
    has_workflow = "name: deploy" in repository["files"].get(".github/workflows/publish.yml", "")
    return bool(has_workflow or deploy.get("secrets")) and not has_gate


@dataclass
class Outcome:
    """The result of a trial.

    Attributes:
        name: The kind of failure.
        point: The request at which it happened, or after how many requests.
        failed: Whether the first `up` failed.
        steps: What the operator ran after it, in order.
        problems: The problems at the end.
        output: The whole output of Pulumi.
    """

    name: str
    point: str
    failed: bool = False
    steps: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    output: str = field(default="", repr=False)

    @property
    def verdict(self) -> str:
        if self.problems:
            return "WRONG"
        if not self.steps:
            return "passed by itself"
        return "up again" if set(self.steps) == {"up"} else "recovered"


class Trial:
    """A stack and its GitHub during one trial."""

    def __init__(
        self, scenario: Scenario, github: SimulatedGitHub, sandbox: Sandbox, outcome: Outcome
    ) -> None:
        self.scenario = scenario
        self.github = github
        self.sandbox = sandbox
        self.outcome = outcome
        self.gate_watch = GateWatch(OWNER, scenario.repositories)
        github.watch(self.gate_watch)

    def run(self, *arguments: str, environment: Mapping[str, str] | None = None) -> CommandResult:
        """Run `pulumi`; its output is kept, to be searched for secrets."""
        result = self.sandbox.pulumi(*arguments, check=False, environment=environment)
        self.outcome.output += result.output
        return result

    def run_step(
        self, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> CommandResult:
        """Run `pulumi` as a step of a recovery."""
        self.outcome.steps.append(arguments[0])
        return self.run(*arguments, environment=environment)

    def run_again(self) -> None:
        """Run `up`, and the recovery that its message calls for, until `up` succeeds."""
        for _ in range(MAX_RUNS):
            result = self.run_step(*UP)
            if result.code == 0:
                return
            if not self.recover(result.output):
                break
        self.outcome.problems.append("`up` no longer succeeds")

    def recover(self, output: str) -> bool:
        """Follow `docs/faults.md` for the messages in `output`; return whether it has any."""
        recoveries = [recovery for message, recovery in RECOVERIES.items() if message in output]
        for recovery in recoveries:
            recovery(self)
        explained = any(message in output for message in EXPLAINED_BY_THE_NEXT_UP)
        return self.follow_messages(output) or explained or bool(recoveries)

    def cancel(self) -> None:
        """Remove the lock of a killed engine, and the operations that it recorded as pending.

        A resource that was created all the same makes the next `up` fail: its name is taken.
        """
        self.run_step("cancel", "--yes")
        self.run_step(
            "refresh", "--clear-pending-creates", "--yes", "--skip-preview", "--suppress-outputs"
        )

    def refresh(self) -> None:
        """Read resources of which the state has only the id."""
        self.run_step("refresh", "--yes", "--skip-preview", "--suppress-outputs")

    def delete_teams(self) -> None:
        """Delete the teams that are not in the state."""
        teams = self.request("GET", f"/orgs/{OWNER}/teams")
        paths = {team["id"]: f"/orgs/{OWNER}/teams/{team['slug']}" for team in teams}
        self.delete_unrecorded("github:index/team:Team", paths)

    def follow_messages(self, output: str) -> bool:
        """Run the commands of the remedies in `output`; return whether it has any."""
        remedies = dict.fromkeys(REMEDY.findall(output))
        for remedy in remedies:
            for command in remedy.split(" && "):
                self.run_command(shlex.split(command))
        return bool(remedies)

    def run_command(self, words: Sequence[str]) -> None:
        """Run a command of a remedy: `pulumi`, or a deletion by `gh api`."""
        if words[0] == "pulumi":
            self.run_step(*words[1:])
            return
        path = words[-1]
        self.outcome.steps.append(f"DELETE {re.sub(NUMBER, 'N', path)}")
        self.request("DELETE", f"/{path}")

    def delete_unrecorded(self, resource_type: str, paths: Mapping[int, str]) -> None:
        """Delete the objects on GitHub that the state does not have; `paths` are by id."""
        recorded_ids = {
            str(resource["id"]).rpartition(":")[2]
            for resource in self.read_state().get("resources", ())
            if resource["type"] == resource_type
        }
        for number, path in paths.items():
            if str(number) not in recorded_ids:
                self.outcome.steps.append(f"DELETE {path.replace(str(number), 'N')}")
                self.request("DELETE", path)

    def read_state(self) -> Any:
        """Return the deployment that the engine exports."""
        return json.loads(self.sandbox.pulumi("stack", "export").output)["deployment"]

    def request(self, method: str, path: str) -> Any:
        """Return the body of GitHub's response."""
        response = httpx.request(
            method,
            self.github.url + path,
            headers={"authorization": f"Bearer {self.sandbox.token}"},
        )
        return response.raise_for_status().json() if response.content else None

    def check(self) -> None:
        """Record every problem with GitHub, with the state, and with the output of Pulumi."""
        problems = self.outcome.problems
        if stable_state(self.github.world) != self.scenario.expected_state:
            problems.append("GitHub differs from the result of an undisturbed run")
        if self.run("preview", "--refresh", "--expect-no-changes", "--suppress-outputs").code:
            problems.append("the state differs from GitHub")
        if self.read_state().get("pending_operations"):
            problems.append("operations are pending")
        problems += self.gate_watch.problems
        if any(value in self.outcome.output for value in self.secret_values()):
            problems.append("a secret was printed")

    def secret_values(self) -> list[str]:
        """Return the values that no output may contain."""
        tokens = [placeholder_token(repository) for repository in self.scenario.repositories]
        return [*tokens, self.sandbox.token, self.sandbox.environment["PULUMI_CONFIG_PASSPHRASE"]]


RECOVERIES: Mapping[str, Callable[[Trial], None]] = {
    "the stack is currently locked": Trial.cancel,
    "a team that an earlier `pulumi up` created": Trial.delete_teams,
    '"sha" wasn\'t supplied': Trial.refresh,
}
# The next `up` stops before its first write, and prints what to run.
EXPLAINED_BY_THE_NEXT_UP = (
    "/rulesets: 422",
    "/deployment-branch-policies: 303",
    "/deployment-branch-policies/0: 404",
)
REMEDY = re.compile(r"remedy: +((?:pulumi (?:import|refresh) |gh api -X DELETE repos/).*)")


def run_trial(scenario: Scenario, outcome: Outcome, up: Callable[[Trial], int]) -> Outcome:
    """Run a trial to its end; `up` runs the first `up`, which fails, and returns its exit code."""
    with (
        SimulatedGitHub(scenario.world) as github,
        Sandbox(github.url, saved=scenario.saved) as sandbox,
    ):
        trial = Trial(scenario, github, sandbox, outcome)
        outcome.failed = up(trial) != 0
        try:
            if outcome.failed:
                trial.run_again()
            trial.check()
        except EngineError as error:
            outcome.problems.append(f"could not be checked: {error}")
    return outcome
