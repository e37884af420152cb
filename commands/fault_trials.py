"""What a first `pulumi up` does when GitHub or the engine fails it, and whether the next one makes it good.

A trial starts from a saved moment: a stack that is declared and was never applied. It is disturbed once, run again as an
operator would, and then compared with a run that nothing disturbed.
"""

import json
import os
import re
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from commands.sandbox import Finished, Sandbox, Saved
from simulated_github import SimulatedGitHub, World
from simulated_github.state import snapshot

OWNER, REPOSITORY = "encode", "httpx"
SECRET = "pypi-AgEIc0VjUmV0-of-httpx"
CONFIGURATION: dict[str, Any] = {
    "github:owner": OWNER,
    "releases:operations": {"members": ["operator-1", "operator-2"]},
    "releases:maintainers": {"team-maintainers": ["owner-1"], "members": ["maintainer-1", "maintainer-11"]},
    "releases:repositories": {REPOSITORY: None},
}
UP = ("up", "--yes", "--skip-preview", "--suppress-outputs")
ATTEMPTS_AGAIN = 3  # the provider's own, after the first one (its option max_retries)
MOST_RUNS = 4
_PASSING = ("id",)
_PATIENCE = 60.0  # seconds until an engine that is to be killed has written something


@dataclass(frozen=True)
class Write:
    """One write of a first `up`: its method, its path with numbers left open, and the how-many-eth such write it is."""

    method: str
    path: str
    nth: int

    def __str__(self) -> str:
        return f"{self.method} {self.path.replace(NUMBER, 'N')}" + (f" ({self.nth})" if self.nth > 1 else "")


NUMBER = r"\d+"


@dataclass(frozen=True)
class Disturbance:
    """What goes wrong with a write, in the arguments of a fault."""

    name: str
    fault: Mapping[str, Any]


DISTURBANCES = (
    Disturbance("403 secondary limit", {"status": 403, "retry_after": 1}),
    Disturbance("422", {"status": 422}),
    Disturbance("503 on all attempts", {"status": 503, "repetitions": ATTEMPTS_AGAIN}),
    Disturbance("dropped before the effect", {"drop": "before", "repetitions": ATTEMPTS_AGAIN}),
    Disturbance("dropped after the effect", {"drop": "after"}),
)


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
        if not self.failed:
            return "passed by itself"
        return "up again" if set(self.steps) == {"up"} else "recovered"


@dataclass(frozen=True)
class Start:
    """Where every trial starts and should end, and what an undisturbed run takes: its writes, and how many requests in all."""

    world: World
    saved: Saved
    wanted: Any
    writes: tuple[Write, ...]
    requests: int


def prepare(directory: Path) -> Start:
    """Declares the stack, and applies it once undisturbed. The state is kept in `directory`."""
    with SimulatedGitHub("encode") as github, Sandbox(github.url, deepcopy(CONFIGURATION)) as sandbox:
        sandbox.set_secrets({f"{REPOSITORY}.PYPI_TOKEN": SECRET})
        world, saved = deepcopy(github.world), sandbox.save(directory)
        sandbox.pulumi(*UP)
        requests = [(r.method, r.path.removeprefix("/api/v3")) for r in github.requests]
        return Start(world, saved, lasting(github.world), tuple(writes(requests)), len(requests))


def writes(requests: list[tuple[str, str]]) -> Iterator[Write]:
    """The writes among requests, told apart by their paths where possible, by their order where not."""
    seen = Counter[tuple[str, str]]()
    for method, path in requests:
        if method in ("GET", "HEAD") or path.endswith("/graphql"):
            continue
        key = method, re.sub(r"(?<=/)\d+(?=/|$)", NUMBER.replace("\\", r"\\"), path)
        seen[key] += 1
        yield Write(*key, seen[key])


def lasting(world: World) -> Any:
    """The state without what differs from run to run: numbers, commits, and the order of lists."""
    state = without(snapshot(world))
    for repository in state["repositories"].values():
        repository["refs"] = sorted(repository["refs"])
    state["rulesets"] = sorted(r.name for each in world.repositories.values() for r in each.rulesets.values())
    return state


def without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without(item) for key, item in value.items() if key not in _PASSING}
    if isinstance(value, list):
        return sorted((without(item) for item in value), key=repr)
    return value


class Watch:
    """Notes every moment at which the workflow or the secret is there and the gate is not."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def __call__(self, world: World, method: str, path: str, _: int) -> None:
        found = snapshot(world)["repositories"][f"{OWNER}/{REPOSITORY}"]
        deploy = found["environments"].get("deploy", {})
        rulesets = found["rulesets"].keys()
        tags = {"Release tags: who may create them", "Release tags: never moved or deleted"} <= rulesets
        gate = deploy.get("reviewers") == ["team operations"] and deploy["prevent_self_review"] and deploy["policies"]
        managed = "name: deploy" in found["files"].get(".github/workflows/publish.yml", "")
        if (managed or deploy.get("secrets")) and not (gate and tags and not deploy["can_admins_bypass"]):
            self.complaints.append(f"exposed after {method} {path}")


class Trial:
    """One disturbed first `up`, and what an operator does about it."""

    def __init__(self, start: Start, github: SimulatedGitHub, sandbox: Sandbox, outcome: Outcome) -> None:
        self.start, self.github, self.sandbox, self.outcome = start, github, sandbox, outcome
        self.watch = Watch()
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
        self.pulumi("refresh", "--clear-pending-creates", "--yes", "--skip-preview", "--suppress-outputs")

    def refresh(self) -> None:
        """What was recorded by its id alone is read in full."""
        self.pulumi("refresh", "--yes", "--skip-preview", "--suppress-outputs")

    def delete_teams(self) -> None:
        there = {team["id"]: f"/orgs/{OWNER}/teams/{team['slug']}" for team in self.ask("GET", f"/orgs/{OWNER}/teams")}
        self.delete_unrecorded("github:index/team:Team", there)

    def delete_rulesets(self) -> None:
        path = f"/repos/{OWNER}/{REPOSITORY}/rulesets"
        there = {each["id"]: f"{path}/{each['id']}" for each in self.ask("GET", path)}
        self.delete_unrecorded("github:index/repositoryRuleset:RepositoryRuleset", there)

    def delete_policies(self) -> None:
        path = f"/repos/{OWNER}/{REPOSITORY}/environments/deploy/deployment-branch-policies"
        there = {each["id"]: f"{path}/{each['id']}" for each in self.ask("GET", path)["branch_policies"]}
        kind = "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy"
        self.delete_unrecorded(kind, there)

    def delete_unrecorded(self, kind: str, there: Mapping[int, str]) -> None:
        """Deletes from GitHub what the state does not know. Nothing depends on it yet."""
        recorded = self.exported().get("resources", ())
        known = {str(resource["id"]).rpartition(":")[2] for resource in recorded if resource["type"] == kind}
        for number, path in there.items():
            if str(number) not in known:
                self.outcome.steps.append(f"DELETE {path.replace(str(number), 'N')}")
                self.ask("DELETE", path)

    def exported(self) -> Any:
        return json.loads(self.sandbox.pulumi("stack", "export").output)["deployment"]

    def ask(self, method: str, path: str) -> Any:
        headers = {"authorization": f"Bearer {self.sandbox.token}"}
        answer = httpx.request(method, self.github.url + path, headers=headers).raise_for_status()
        return answer.json() if answer.content else None

    def pulumi(self, *arguments: str) -> Finished:
        self.outcome.steps.append(arguments[0])
        finished = self.sandbox.pulumi(*arguments, check=False)
        self.outcome.output += finished.output
        return finished

    def judge(self) -> None:
        """Holds the end against the undisturbed run, the engine's state against GitHub, and the outputs against the secrets."""
        complaints = self.outcome.complaints
        if lasting(self.github.world) != self.start.wanted:
            complaints.append("GitHub is not as after an undisturbed run")
        last = self.sandbox.pulumi("preview", "--refresh", "--expect-no-changes", "--suppress-outputs", check=False)
        if last.code:
            complaints.append("the state is not what GitHub has")
            self.outcome.output += last.output
        complaints += ["operations are pending"] if self.exported().get("pending_operations") else []
        complaints += self.watch.complaints
        hidden = (SECRET, self.sandbox.token, self.sandbox.environment["PULUMI_CONFIG_PASSPHRASE"])
        complaints += ["a secret was printed"] if any(each in self.outcome.output for each in hidden) else []


RECOVERIES: Mapping[str, Callable[[Trial], None]] = {
    "the stack is currently locked": Trial.cancel,
    "began to make and did not record": Trial.delete_teams,
    f"/repos/{OWNER}/{REPOSITORY}/rulesets: 422": Trial.delete_rulesets,
    "/deployment-branch-policies: 303": Trial.delete_policies,
    "/deployment-branch-policies/0: 404": Trial.refresh,
}


def disturb(start: Start, disturbance: Disturbance, write: Write) -> Outcome:
    """One write fails in one way."""

    def up(trial: Trial) -> int:
        fault = trial.github.fault(method=write.method, path=write.path, nth=write.nth, **disturbance.fault)
        finished = trial.sandbox.pulumi(*UP, check=False)
        trial.outcome.output += finished.output
        trial.outcome.complaints += [] if fault.struck else ["the fault struck nothing"]
        trial.github.clear_faults()
        return finished.code

    return attempt(start, Outcome(disturbance.name, str(write)), up)


def attempt(start: Start, outcome: Outcome, up: Callable[[Trial], int]) -> Outcome:
    """A trial from its start to its judgement; `up` is the disturbed run and returns its exit code."""
    with SimulatedGitHub(start.world) as github, Sandbox(github.url, saved=start.saved) as sandbox:
        trial = Trial(start, github, sandbox, outcome)
        outcome.failed = up(trial) != 0
        if outcome.failed:
            trial.run_again()
        trial.judge()
    return outcome


def wear_out(start: Start, requests: int) -> Outcome:
    """The token ends after so many requests; the operator gets a fresh one."""

    def up(trial: Trial) -> int:
        fresh = trial.sandbox.token
        token = trial.github.token(fresh.removeprefix("token-"), requests)
        finished = trial.sandbox.pulumi(*UP, check=False, environment={"GITHUB_TOKEN": token})
        trial.outcome.output += finished.output
        return finished.code

    return attempt(start, Outcome("the token expires", f"after {requests} requests"), up)


def kill(start: Start, after: int) -> Outcome:
    """The engine and its plugins are killed once GitHub had so many writes."""

    def up(trial: Trial) -> int:
        count = Counter[str]()
        trial.github.watch(lambda _w, method, path, _s: count.update([method] if not path.endswith("graphql") else []))
        with (
            tempfile.TemporaryFile() as output,
            subprocess.Popen(
                trial.sandbox.command(*UP),
                cwd=trial.sandbox.directory,
                env=trial.sandbox.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            ) as engine,
        ):
            until(lambda: count.total() >= after or engine.poll() is not None)
            if engine.poll() is None:
                kill_family(engine.pid)
            code = engine.wait()
            output.seek(0)
            trial.outcome.output += output.read().decode(errors="replace")
        return code

    return attempt(start, Outcome("the engine is killed", f"after {after} writes"), up)


def kill_family(engine: int) -> None:
    """The engine first. Its plugins are in process groups of their own and would stay behind for ever."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], stdout=subprocess.PIPE, text=True, check=True).stdout  # noqa: S607
    parents = {int(pid): int(parent) for pid, parent in (line.split() for line in listed.splitlines())}
    family = [engine]
    for member in family:
        family += [pid for pid, parent in parents.items() if parent == member]
    for member in family:
        with suppress(ProcessLookupError):
            os.kill(member, signal.SIGKILL)


def until(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + _PATIENCE
    while not condition() and time.monotonic() < ends:
        time.sleep(0.002)
