"""Failures of a first `up`: of a request, a token, a rate limit or the engine itself."""

import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import IO, Any

import psutil

from commands.fault_trials.scenario import UP, RequestPattern, Scenario
from commands.fault_trials.trial import Outcome, Trial, run_trial
from commands.sandbox import CommandResult
from simulated_github import World
from simulated_github.control.faults import Fault

PROVIDER_RETRIES = 3  # after the first attempt: the provider's option max_retries
# Seconds in an hour of the simulated GitHub. The provider waits for the end of an hour whose
# requests are used up, and a run on a busy machine must use them up before the hour ends.
HOUR = 20
UNLIMITED = 1_000_000  # requests
MAX_PORTIONS = 20
START_SECONDS = 60.0  # until an engine that is to be killed has written something


@dataclass(frozen=True)
class Failure:
    """A failure of one request, as arguments of `SimulatedGitHub.fault`."""

    name: str
    fault: Mapping[str, Any]


WRITE_FAILURES = (
    Failure("403 secondary limit", {"status": 403, "retry_after": 1}),
    Failure("422", {"status": 422}),
    Failure("503 on all attempts", {"status": 503, "repetitions": PROVIDER_RETRIES}),
    Failure("dropped before the effect", {"drop": "before", "repetitions": PROVIDER_RETRIES}),
    Failure("dropped after the effect", {"drop": "after"}),
    Failure("half of the response", {"truncate": True}),
)

READ_FAILURE = Failure("422 to a read", {"status": 422})


def fail_request(scenario: Scenario, failure: Failure, request: RequestPattern) -> Outcome:
    """Try a first `up` in which one request fails."""

    def up(trial: Trial) -> int:
        fault = trial.github.fault(
            method=request.method, path=request.path, nth=request.nth, **failure.fault
        )
        result = trial.run(*UP)
        if not fault.struck:
            trial.outcome.problems.append("no request matched the fault")
        trial.github.clear_faults()
        return result.code

    return run_trial(scenario, Outcome(failure.name, str(request)), up)


def fail_reads(scenario: Scenario, request: RequestPattern, path: str) -> Outcome:
    """Try a first `up` whose reads of `path`, a regular expression, all fail after `request`.

    The provider then cannot read what it just created.
    """

    def up(trial: Trial) -> int:
        faults: list[Fault] = []

        def watch(_: World, method: str, path_of_write: str, __: int) -> None:
            matches = re.fullmatch(f"(/api/v3)?{request.path}", path_of_write)
            if not faults and method == request.method and matches:
                faults.append(trial.github.fault(method="GET", path=path, **READ_FAILURE.fault))

        trial.github.watch(watch)
        result = trial.run(*UP)
        trial.github.clear_faults()
        return result.code

    return run_trial(scenario, Outcome("all reads fail after", str(request)), up)


def expire_token(scenario: Scenario, requests: int) -> Outcome:
    """Try a first `up` whose token expires after some requests; the operator gets another one."""

    def up(trial: Trial) -> int:
        token = trial.github.token(trial.sandbox.token.removeprefix("token-"), requests)
        return trial.run(*UP, environment={"GITHUB_TOKEN": token}).code

    return run_trial(scenario, Outcome("the token expires", f"after {requests} requests"), up)


def exhaust_limit(scenario: Scenario, requests: int) -> Outcome:
    """Try a first `up` in an hour with a limit of `requests`; the operator waits for the next."""

    def up(trial: Trial) -> int:
        trial.github.limit(requests, HOUR)
        result = trial.run(*UP)
        trial.github.limit(UNLIMITED, HOUR)
        return result.code

    return run_trial(scenario, Outcome("the hourly limit", f"after {requests} requests"), up)


def use_several_tokens(scenario: Scenario, requests: int) -> Outcome:
    """Repeat `up` with a new token each time; each token expires after `requests` requests."""

    def up(trial: Trial) -> CommandResult:
        token = trial.github.token(trial.sandbox.token.removeprefix("token-"), requests)
        return trial.run_step(*UP, environment={"GITHUB_TOKEN": token})

    return run_trial(
        scenario, Outcome("several tokens", f"of {requests} requests"), partial(repeat_up, up)
    )


def use_several_hours(scenario: Scenario, requests: int) -> Outcome:
    """Repeat `up` in one hour after another; each hour has a limit of `requests`."""

    def up(trial: Trial) -> CommandResult:
        trial.github.limit(requests, HOUR)
        return trial.run_step(*UP)

    def up_in_every_hour(trial: Trial) -> int:
        code = repeat_up(up, trial)
        trial.github.limit(UNLIMITED, HOUR)
        return code

    return run_trial(
        scenario, Outcome("several hours", f"of {requests} requests"), up_in_every_hour
    )


def repeat_up(up: Callable[[Trial], CommandResult], trial: Trial) -> int:
    """Run `up` and the recoveries that its messages call for, as long as a run makes progress.

    Return the exit code of the last run.
    """
    for _ in range(MAX_PORTIONS):
        before = len(trial.github.requests)
        result = up(trial)
        if result.code == 0 or len(trial.github.requests) == before:
            break
        trial.recover(result.output)
    return result.code


def kill_engine(scenario: Scenario, writes: int) -> Outcome:
    """Try a first `up` whose engine and plugins are killed after some writes."""

    def up(trial: Trial) -> int:
        count = Counter[str]()
        trial.github.watch(
            lambda _w, method, path, _s: count.update(
                [method] if not path.endswith("graphql") else []
            )
        )
        with tempfile.TemporaryFile() as output, start_up(trial, output) as engine:
            wait_until(lambda: count.total() >= writes or engine.poll() is not None)
            if engine.poll() is None:
                kill_process_tree(engine.pid)
            code = engine.wait()
            output.seek(0)
            trial.outcome.output += output.read().decode(errors="replace")
        return code

    return run_trial(scenario, Outcome("the engine is killed", f"after {writes} writes"), up)


def start_up(trial: Trial, output: IO[bytes]) -> "subprocess.Popen[bytes]":
    """Start `pulumi up` and return its process."""
    return subprocess.Popen(
        trial.sandbox.command(*UP),
        cwd=trial.sandbox.directory,
        env=trial.sandbox.environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
    )


def kill_process_tree(engine: int) -> None:
    """Kill the engine, then its plugins, which have process groups of their own and would stay."""
    root = psutil.Process(engine)
    for process in [root, *root.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + START_SECONDS
    while not condition() and time.monotonic() < end:
        time.sleep(0.002)
