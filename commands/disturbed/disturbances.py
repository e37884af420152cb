"""The ways in which a first `up` is disturbed: one write fails, the token ends, the limit is used up, the engine is killed."""

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

from commands.disturbed.start import UP, Sent, Start
from commands.disturbed.trial import Outcome, Trial, attempt
from commands.sandbox import Finished
from simulated_github import World
from simulated_github.control.faults import Fault

ATTEMPTS_AGAIN = 3  # the provider's own, after the first one (its option max_retries)
# Seconds: an hour of the rehearsed GitHub. The provider waits for the end of one that is used up, and a run on a busy machine
# must use it up before it ends.
HOUR = 20
PLENTY = 1_000_000  # requests
MOST_PORTIONS = 20
PATIENCE = 60.0  # seconds until an engine that is to be killed has written something


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
    Disturbance("half of the answer", {"truncate": True}),
)

UNREAD = Disturbance("422 to a read", {"status": 422})


def disturb(start: Start, disturbance: Disturbance, sent: Sent) -> Outcome:
    """One request fails in one way."""

    def up(trial: Trial) -> int:
        fault = trial.github.fault(
            method=sent.method, path=sent.path, nth=sent.nth, **disturbance.fault
        )
        finished = trial.undertake(*UP)
        trial.outcome.complaints += [] if fault.struck else ["the fault struck nothing"]
        trial.github.clear_faults()
        return finished.code

    return attempt(start, Outcome(disturbance.name, str(sent)), up)


def go_blind(start: Start, sent: Sent, reads: str) -> Outcome:
    """After one request every read of a path fails, so that what was made cannot be looked at."""

    def up(trial: Trial) -> int:
        faults: list[Fault] = []

        def watch(_: World, method: str, path: str, __: int) -> None:
            if (
                not faults
                and method == sent.method
                and re.fullmatch(f"(/api/v3)?{sent.path}", path)
            ):
                faults.append(trial.github.fault(method="GET", path=reads, **UNREAD.fault))

        trial.github.watch(watch)
        finished = trial.undertake(*UP)
        trial.github.clear_faults()
        return finished.code

    return attempt(start, Outcome("nothing is read after", str(sent)), up)


def expire_token(start: Start, requests: int) -> Outcome:
    """The token ends after so many requests; the operator gets a fresh one."""

    def up(trial: Trial) -> int:
        token = trial.github.token(trial.sandbox.token.removeprefix("token-"), requests)
        return trial.undertake(*UP, environment={"GITHUB_TOKEN": token}).code

    return attempt(start, Outcome("the token expires", f"after {requests} requests"), up)


def exhaust(start: Start, requests: int) -> Outcome:
    """The hour's requests are used up after so many; the operator comes back when it is over."""

    def up(trial: Trial) -> int:
        trial.github.limit(requests, HOUR)
        finished = trial.undertake(*UP)
        trial.github.limit(PLENTY, HOUR)
        return finished.code

    return attempt(start, Outcome("the hourly limit", f"after {requests} requests"), up)


def outlive_tokens(start: Start, requests: int) -> Outcome:
    """No token is good for more than so many requests, and one run of `up` after the other gets a fresh one."""

    def up(trial: Trial) -> Finished:
        token = trial.github.token(trial.sandbox.token.removeprefix("token-"), requests)
        return trial.pulumi(*UP, environment={"GITHUB_TOKEN": token})

    return attempt(
        start, Outcome("several tokens", f"of {requests} requests"), partial(in_portions, up)
    )


def outlive_limits(start: Start, requests: int) -> Outcome:
    """No hour has more than so many requests, and `up` is run in one hour after the other."""

    def up(trial: Trial) -> Finished:
        trial.github.limit(requests, HOUR)
        return trial.pulumi(*UP)

    def every_hour(trial: Trial) -> int:
        code = in_portions(up, trial)
        trial.github.limit(PLENTY, HOUR)
        return code

    return attempt(start, Outcome("several hours", f"of {requests} requests"), every_hour)


def in_portions(up: Callable[[Trial], Finished], trial: Trial) -> int:
    """`up` again and again, with the recoveries that its messages call for, as long as each time something was done."""
    for _ in range(MOST_PORTIONS):
        before = len(trial.github.requests)
        finished = up(trial)
        if finished.code == 0 or len(trial.github.requests) == before:
            break
        trial.recover(finished.output)
    return finished.code


def kill(start: Start, after: int) -> Outcome:
    """The engine and its plugins are killed once GitHub had so many writes."""

    def up(trial: Trial) -> int:
        count = Counter[str]()
        trial.github.watch(
            lambda _w, method, path, _s: count.update(
                [method] if not path.endswith("graphql") else []
            )
        )
        with tempfile.TemporaryFile() as output, started(trial, output) as engine:
            until(lambda: count.total() >= after or engine.poll() is not None)
            if engine.poll() is None:
                kill_family(engine.pid)
            code = engine.wait()
            output.seek(0)
            trial.outcome.output += output.read().decode(errors="replace")
        return code

    return attempt(start, Outcome("the engine is killed", f"after {after} writes"), up)


def started(trial: Trial, output: IO[bytes]) -> "subprocess.Popen[bytes]":
    """An `up` that is under way."""
    return subprocess.Popen(
        trial.sandbox.command(*UP),
        cwd=trial.sandbox.directory,
        env=trial.sandbox.environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
    )


def kill_family(engine: int) -> None:
    """The engine first. Its plugins are in process groups of their own and would stay behind for ever."""
    first = psutil.Process(engine)
    for member in [first, *first.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            member.kill()


def until(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < ends:
        time.sleep(0.002)
