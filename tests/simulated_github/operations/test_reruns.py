"""Runs that are run again or cancelled.

Sources: GitHub's docs, "Re-running workflows and jobs", "Canceling a workflow run" and "Reviewing deployments".
"""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from simulated_github import Application, World
from simulated_github.control.snapshot import snapshot
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.acting import HTTPX, done, refused, tag
from tests.simulated_github.helpers.gated import (
    RUNS,
    build_gate,
    finish,
    jobs,
    newest,
    replace_workflow,
    review,
    take,
)

THREE = "on: push\njobs: {one: {steps: []}, two: {needs: one}, other: {steps: []}}\n"
MONTH = int(timedelta(days=30).total_seconds())


@pytest.fixture
def gate(owner: httpx.Client) -> dict[str, Any]:
    return build_gate(owner)


def again(client: httpx.Client, run: dict[str, Any], what: str = "rerun") -> httpx.Response:
    return client.post(f"{RUNS}/{run['id']}/{what}")


def shown(client: httpx.Client, run: dict[str, Any]) -> dict[str, tuple[str | None, int]]:
    """Conclusion and attempt of each job of the newest attempt."""
    found = done(client.get(f"{RUNS}/{run['id']}/jobs"))["jobs"]
    return {job["name"]: (job["conclusion"], job["run_attempt"]) for job in found}


def released(person: Person, gate: dict[str, Any]) -> dict[str, Any]:
    """A release by operator-1 that operator-2 let go, long done."""
    done(tag(person("operator-1"), "1.0"))
    done(review(person("operator-2"), newest(person("operator-1")), gate))
    return newest(person("operator-1"))


def handed(github: Application) -> list[list[str]]:
    return [
        [secret["name"] for secret in job["secrets"]]
        for job in snapshot(github.world)["runs"][-1]["jobs"]
    ]


def test_a_run_that_is_run_again_waits_for_a_new_approval(
    github: Application, person: Person, gate: dict[str, Any]
) -> None:
    run = released(person, gate)
    assert (run["conclusion"], run["run_attempt"], run["previous_attempt_url"]) == (
        "success",
        1,
        None,
    )

    done(again(person("operator-1"), run))

    rerun = newest(person("operator-1"))
    assert (rerun["id"], rerun["status"], rerun["run_attempt"]) == (run["id"], "waiting", 2)
    assert rerun["previous_attempt_url"].endswith("/attempts/1")
    assert rerun["head_sha"] == run["head_sha"]
    assert handed(github) == [[]]


def test_the_history_of_approvals_covers_every_attempt(
    person: Person, gate: dict[str, Any]
) -> None:
    """Assumption: it is one list for the run."""
    run = released(person, gate)
    done(again(person("operator-1"), run))
    done(review(person("operator-2"), run, gate, "rejected"))

    approvals = done(person("operator-1").get(f"{RUNS}/{run['id']}/approvals"))
    assert [one["state"] for one in approvals] == ["approved", "rejected"]


@pytest.mark.parametrize("login", ["operator-1", "operator-2"])
def test_whoever_ran_it_again_does_not_approve_it(
    person: Person, gate: dict[str, Any], login: str
) -> None:
    """operator-1 started it, operator-2 ran it again. Assumption: both are bound."""
    run = released(person, gate)
    done(again(person("operator-2"), run))

    refused(review(person(login), run, gate), 422, "Validation Failed")

    assert newest(person(login))["triggering_actor"]["login"] == "operator-2"
    assert newest(person(login))["actor"]["login"] == "operator-1"


def test_whoever_may_write_runs_it_again_and_others_do_not(
    person: Person, gate: dict[str, Any]
) -> None:
    run = released(person, gate)

    refused(again(person("outsider-1"), run), 403, "Must have push access to Repository.")
    done(again(person("maintainer-1"), run))
    assert newest(person("operator-1"))["status"] == "waiting"


def test_a_run_that_is_not_done_is_not_run_again(person: Person, gate: dict[str, Any]) -> None:
    """Source: cli/cli issue 9221."""
    del gate
    done(tag(person("operator-1"), "1.0"))

    refused(
        again(person("operator-1"), newest(person("operator-1"))),
        403,
        "This workflow is already running",
    )


def test_after_thirty_days_nothing_is_run_again(
    person: Person, gate: dict[str, Any], world: World
) -> None:
    run = released(person, gate)
    world.clock.tick(MONTH + 1)

    refused(again(person("operator-1"), run), 403, "created over a month ago")


def test_it_is_run_again_fifty_times_at_most(owner: httpx.Client) -> None:
    done(tag(owner, "1.0"))
    run = newest(owner)
    for _ in range(50):
        done(again(owner, run))

    refused(again(owner, run), 403, "50 times")


def failed(owner: httpx.Client) -> dict[str, Any]:
    """A run of three jobs: the first failed, the second was skipped behind it, the third is fine."""
    owner.post("/_simulator/runner")
    replace_workflow(owner, THREE)
    for conclusion in ("failure", "success"):
        number, _ = take(owner)
        finish(owner, number, conclusion, outputs={"version": "1.0"})
    return newest(owner)


def test_failed_jobs_are_run_again_with_those_behind_them(owner: httpx.Client) -> None:
    run = failed(owner)
    assert shown(owner, run) == {
        "one": ("failure", 1),
        "two": ("skipped", 1),
        "other": ("success", 1),
    }

    done(again(owner, run, "rerun-failed-jobs"))

    assert shown(owner, run) == {"one": (None, 2), "two": (None, 2), "other": ("success", 2)}
    assert [job["key"] for job in jobs(owner)] == ["one"]
    first = done(owner.get(f"{RUNS}/{run['id']}/attempts/1"))
    assert (first["conclusion"], first["run_attempt"]) == ("failure", 1)


def test_what_was_not_run_again_keeps_its_outputs(owner: httpx.Client) -> None:
    owner.post("/_simulator/runner")
    replace_workflow(owner, "on: push\njobs: {build: {steps: []}, publish: {needs: build}}\n")
    finish(owner, take(owner)[0], outputs={"version": "1.0"})
    finish(owner, take(owner)[0], "failure")

    done(again(owner, newest(owner), "rerun-failed-jobs"))

    assert take(owner)[1]["needs"] == {
        "build": {"result": "success", "outputs": {"version": "1.0"}}
    }


def test_one_job_is_run_again_with_those_that_need_it(owner: httpx.Client) -> None:
    run = failed(owner)
    other = next(
        job for job in done(owner.get(f"{RUNS}/{run['id']}/jobs"))["jobs"] if job["name"] == "other"
    )

    done(
        owner.post(f"{HTTPX}/actions/jobs/{other['id']}/rerun", json={"enable_debug_logging": True})
    )

    assert shown(owner, run) == {"one": ("failure", 2), "two": ("skipped", 2), "other": (None, 2)}


def test_without_failed_jobs_there_are_none_to_run_again(owner: httpx.Client) -> None:
    """Assumption: the words."""
    done(tag(owner, "1.0"))

    refused(again(owner, newest(owner), "rerun-failed-jobs"), 403, "no failed jobs")


def test_the_jobs_of_every_attempt_can_be_listed(owner: httpx.Client) -> None:
    run = failed(owner)
    done(again(owner, run))

    every = done(owner.get(f"{RUNS}/{run['id']}/jobs", params={"filter": "all"}))
    first = done(owner.get(f"{RUNS}/{run['id']}/attempts/1/jobs"))
    assert (every["total_count"], first["total_count"]) == (6, 3)
    assert done(owner.get(f"{HTTPX}/actions/jobs/{first['jobs'][0]['id']}")) == first["jobs"][0]
    refused(owner.get(f"{RUNS}/{run['id']}/attempts/3"), 404, "Not Found")
    refused(owner.get(f"{HTTPX}/actions/jobs/1"), 404, "Not Found")


@pytest.mark.parametrize("what", ["cancel", "force-cancel"])
def test_a_waiting_run_is_cancelled(
    github: Application, person: Person, gate: dict[str, Any], what: str
) -> None:
    done(tag(person("operator-1"), "1.0"))
    run = newest(person("operator-1"))

    answer = again(person("maintainer-1"), run, what)

    assert (answer.status_code, newest(person("operator-1"))["conclusion"], handed(github)) == (
        202,
        "cancelled",
        [[]],
    )
    refused(review(person("operator-2"), run, gate), 422, "Validation Failed")
    refused(
        again(person("maintainer-1"), run, what),
        409,
        "Cannot cancel a workflow run that is completed.",
    )


def test_a_cancelled_run_is_taken_from_its_runner(owner: httpx.Client) -> None:
    owner.post("/_simulator/runner")
    done(tag(owner, "1.0"))
    number, taken = take(owner)

    done(again(owner, newest(owner), "cancel"))

    late = owner.post("/_simulator/jobs/finish", json={"id": number, "conclusion": "success"})
    refused(late, 422, "it is completed (cancelled)")
    assert (
        owner.get(HTTPX, headers={"authorization": f"Bearer {taken['github_token']}"}).status_code
        == 401
    )


def test_a_cancelled_run_can_be_run_again(owner: httpx.Client) -> None:
    owner.post("/_simulator/runner")
    done(tag(owner, "1.0"))
    done(again(owner, newest(owner), "cancel"))

    done(again(owner, newest(owner), "rerun-failed-jobs"))

    assert [job["run_attempt"] for job in jobs(owner)] == [2]


@pytest.mark.parametrize("what", ["rerun", "rerun-failed-jobs", "cancel", "force-cancel"])
def test_a_reader_does_neither(owner: httpx.Client, person: Person, what: str) -> None:
    done(tag(owner, "1.0"))

    refused(
        again(person("outsider-1"), newest(owner), what),
        403,
        "Must have push access to Repository.",
    )
