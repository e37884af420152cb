"""One disturbed first `up`, and what an operator does about it by docs/faults.md."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from commands.disturbed.start import OWNER, UP, Start, lasting, secret_of
from commands.disturbed.watch import Watch
from commands.sandbox import EngineError, Finished, Sandbox
from simulated_github import SimulatedGitHub

MOST_RUNS = 4
POLICY = "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy"


@dataclass
class Outcome:
    """What became of a trial. `steps` is what the operator had to run after the disturbed `up`, in order."""

    name: str
    write: str
    failed: bool = False
    steps: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    output: str = field(default="", repr=False)

    @property
    def verdict(self) -> str:
        if self.complaints:
            return "WRONG"
        if not self.steps:
            return "passed by itself"
        return "up again" if set(self.steps) == {"up"} else "recovered"


class Trial:
    """A stack and its GitHub on which something goes wrong once."""

    def __init__(
        self, start: Start, github: SimulatedGitHub, sandbox: Sandbox, outcome: Outcome
    ) -> None:
        self.start, self.github, self.sandbox, self.outcome = start, github, sandbox, outcome
        self.watch = Watch(OWNER, start.repositories)
        github.watch(self.watch)

    def run_again(self) -> None:
        """`up`, with the recovery that its message calls for, until it passes."""
        for _ in range(MOST_RUNS):
            finished = self.pulumi("up", *UP[1:])
            if finished.code == 0:
                return
            if not self.recover(finished.output):
                break
        self.outcome.complaints.append("`up` does not pass any more")

    def recover(self, output: str) -> bool:
        """What docs/faults.md says about this message; whether it says something."""
        found = [recovery for symptom, recovery in RECOVERIES.items() if symptom in output]
        for recovery in found:
            recovery(self)
        return bool(found)

    def cancel(self) -> None:
        """The lock of a killed engine, and what it noted as begun: `up` tells what was made, since its name is taken."""
        self.pulumi("cancel", "--yes")
        self.pulumi(
            "refresh", "--clear-pending-creates", "--yes", "--skip-preview", "--suppress-outputs"
        )

    def refresh(self) -> None:
        """What was recorded by its id alone is read in full."""
        self.pulumi("refresh", "--yes", "--skip-preview", "--suppress-outputs")

    def delete_teams(self) -> None:
        there = {
            team["id"]: f"/orgs/{OWNER}/teams/{team['slug']}"
            for team in self.ask("GET", f"/orgs/{OWNER}/teams")
        }
        self.delete_unrecorded("github:index/team:Team", there)

    def delete_rulesets(self) -> None:
        for repository in self.start.repositories:
            path = f"/repos/{OWNER}/{repository}/rulesets"
            there = {each["id"]: f"{path}/{each['id']}" for each in self.ask("GET", path)}
            self.delete_unrecorded("github:index/repositoryRuleset:RepositoryRuleset", there)

    def delete_policies(self) -> None:
        for repository in self.start.repositories:
            path = f"/repos/{OWNER}/{repository}/environments/deploy/deployment-branch-policies"
            answer = self.ask("GET", path, missing={"branch_policies": []})
            self.delete_unrecorded(
                POLICY, {each["id"]: f"{path}/{each['id']}" for each in answer["branch_policies"]}
            )

    def delete_unrecorded(self, kind: str, there: Mapping[int, str]) -> None:
        """Deletes from GitHub what the state does not know. Nothing depends on it yet."""
        recorded = self.exported().get("resources", ())
        known = {
            str(resource["id"]).rpartition(":")[2]
            for resource in recorded
            if resource["type"] == kind
        }
        for number, path in there.items():
            if str(number) not in known:
                self.outcome.steps.append(f"DELETE {path.replace(str(number), 'N')}")
                self.ask("DELETE", path)

    def exported(self) -> Any:
        return json.loads(self.sandbox.pulumi("stack", "export").output)["deployment"]

    def ask(self, method: str, path: str, *, missing: Any = None) -> Any:
        """What GitHub answers; `missing` where there is nothing."""
        answer = httpx.request(
            method,
            self.github.url + path,
            headers={"authorization": f"Bearer {self.sandbox.token}"},
        )
        if answer.status_code == 404 and missing is not None:
            return missing
        return answer.raise_for_status().json() if answer.content else None

    def pulumi(self, *arguments: str, environment: Mapping[str, str] | None = None) -> Finished:
        self.outcome.steps.append(arguments[0])
        return self.undertake(*arguments, environment=environment)

    def undertake(self, *arguments: str, environment: Mapping[str, str] | None = None) -> Finished:
        """A command that is no step of a recovery; its output is kept to be searched for secrets."""
        finished = self.sandbox.pulumi(*arguments, check=False, environment=environment)
        self.outcome.output += finished.output
        return finished

    def judge(self) -> None:
        """Holds the end against the undisturbed run, the engine's state against GitHub, and the outputs against the secrets."""
        complaints = self.outcome.complaints
        if lasting(self.github.world) != self.start.wanted:
            complaints.append("GitHub is not as after an undisturbed run")
        if self.undertake("preview", "--refresh", "--expect-no-changes", "--suppress-outputs").code:
            complaints.append("the state is not what GitHub has")
        complaints += (
            ["operations are pending"] if self.exported().get("pending_operations") else []
        )
        complaints += self.watch.complaints
        complaints += (
            ["a secret was printed"]
            if any(each in self.outcome.output for each in self.hidden())
            else []
        )

    def hidden(self) -> list[str]:
        """What no output may hold."""
        tokens = [secret_of(repository) for repository in self.start.repositories]
        return [*tokens, self.sandbox.token, self.sandbox.environment["PULUMI_CONFIG_PASSPHRASE"]]


RECOVERIES: Mapping[str, Callable[[Trial], None]] = {
    "the stack is currently locked": Trial.cancel,
    "began to make and did not record": Trial.delete_teams,
    "/rulesets: 422": Trial.delete_rulesets,
    "/deployment-branch-policies: 303": Trial.delete_policies,
    "/deployment-branch-policies/0: 404": Trial.refresh,
    '"sha" wasn\'t supplied': Trial.refresh,
}


def attempt(start: Start, outcome: Outcome, up: Callable[[Trial], int]) -> Outcome:
    """A trial from its start to its judgment; `up` is the disturbed run and returns its exit code."""
    with SimulatedGitHub(start.world) as github, Sandbox(github.url, saved=start.saved) as sandbox:
        trial = Trial(start, github, sandbox, outcome)
        outcome.failed = up(trial) != 0
        try:
            if outcome.failed:
                trial.run_again()
            trial.judge()
        except EngineError as error:
            outcome.complaints.append(f"not to be judged: {error}")
    return outcome
