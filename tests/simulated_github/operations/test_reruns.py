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
from tests.simulated_github.helpers.api_calls import HTTPX, create_tag, expect_ok, expect_refusal
from tests.simulated_github.helpers.release_gate import (
    RUNS,
    build_gate,
    finish_job,
    get_newest_run,
    list_jobs,
    replace_workflow,
    review_run,
    take_job,
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
    found = expect_ok(client.get(f"{RUNS}/{run['id']}/jobs"))["jobs"]
    return {job["name"]: (job["conclusion"], job["run_attempt"]) for job in found}


def released(person: Person, gate: dict[str, Any]) -> dict[str, Any]:
    """A release by operator-1 that operator-2 let go, long done."""
    expect_ok(create_tag(person("operator-1"), "1.0"))
    expect_ok(review_run(person("operator-2"), get_newest_run(person("operator-1")), gate))
    return get_newest_run(person("operator-1"))


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

    expect_ok(again(person("operator-1"), run))

    rerun = get_newest_run(person("operator-1"))
    assert (rerun["id"], rerun["status"], rerun["run_attempt"]) == (run["id"], "waiting", 2)
    assert rerun["previous_attempt_url"].endswith("/attempts/1")
    assert rerun["head_sha"] == run["head_sha"]
    assert handed(github) == [[]]


def test_the_history_of_approvals_covers_every_attempt(
    person: Person, gate: dict[str, Any]
) -> None:
    """Assumption: it is one list for the run."""
    run = released(person, gate)
    expect_ok(again(person("operator-1"), run))
    expect_ok(review_run(person("operator-2"), run, gate, "rejected"))

    approvals = expect_ok(person("operator-1").get(f"{RUNS}/{run['id']}/approvals"))
    assert [one["state"] for one in approvals] == ["approved", "rejected"]


@pytest.mark.parametrize("login", ["operator-1", "operator-2"])
def test_whoever_ran_it_again_does_not_approve_it(
    person: Person, gate: dict[str, Any], login: str
) -> None:
    """operator-1 started it, operator-2 ran it again. Assumption: both are bound."""
    run = released(person, gate)
    expect_ok(again(person("operator-2"), run))

    expect_refusal(review_run(person(login), run, gate), 422, "Validation Failed")

    assert get_newest_run(person(login))["triggering_actor"]["login"] == "operator-2"
    assert get_newest_run(person(login))["actor"]["login"] == "operator-1"


def test_whoever_may_write_runs_it_again_and_others_do_not(
    person: Person, gate: dict[str, Any]
) -> None:
    run = released(person, gate)

    expect_refusal(again(person("outsider-1"), run), 403, "Must have push access to Repository.")
    expect_ok(again(person("maintainer-1"), run))
    assert get_newest_run(person("operator-1"))["status"] == "waiting"


def test_a_run_that_is_not_done_is_not_run_again(person: Person, gate: dict[str, Any]) -> None:
    """Source: cli/cli issue 9221."""
    del gate
    expect_ok(create_tag(person("operator-1"), "1.0"))

    expect_refusal(
        again(person("operator-1"), get_newest_run(person("operator-1"))),
        403,
        "This workflow is already running",
    )


def test_after_thirty_days_nothing_is_run_again(
    person: Person, gate: dict[str, Any], world: World
) -> None:
    run = released(person, gate)
    world.clock.tick(MONTH + 1)

    expect_refusal(again(person("operator-1"), run), 403, "created over a month ago")


def test_it_is_run_again_fifty_times_at_most(owner: httpx.Client) -> None:
    expect_ok(create_tag(owner, "1.0"))
    run = get_newest_run(owner)
    for _ in range(50):
        expect_ok(again(owner, run))

    expect_refusal(again(owner, run), 403, "50 times")


def failed(owner: httpx.Client) -> dict[str, Any]:
    """A run of three jobs: the first failed, the second was skipped behind it, the third is fine."""
    owner.post("/_simulator/runner")
    replace_workflow(owner, THREE)
    for conclusion in ("failure", "success"):
        number, _ = take_job(owner)
        finish_job(owner, number, conclusion, outputs={"version": "1.0"})
    return get_newest_run(owner)


def test_failed_jobs_are_run_again_with_those_behind_them(owner: httpx.Client) -> None:
    run = failed(owner)
    assert shown(owner, run) == {
        "one": ("failure", 1),
        "two": ("skipped", 1),
        "other": ("success", 1),
    }

    expect_ok(again(owner, run, "rerun-failed-jobs"))

    assert shown(owner, run) == {"one": (None, 2), "two": (None, 2), "other": ("success", 2)}
    assert [job["key"] for job in list_jobs(owner)] == ["one"]
    first = expect_ok(owner.get(f"{RUNS}/{run['id']}/attempts/1"))
    assert (first["conclusion"], first["run_attempt"]) == ("failure", 1)


def test_what_was_not_run_again_keeps_its_outputs(owner: httpx.Client) -> None:
    owner.post("/_simulator/runner")
    replace_workflow(owner, "on: push\njobs: {build: {steps: []}, publish: {needs: build}}\n")
    finish_job(owner, take_job(owner)[0], outputs={"version": "1.0"})
    finish_job(owner, take_job(owner)[0], "failure")

    expect_ok(again(owner, get_newest_run(owner), "rerun-failed-jobs"))

    assert take_job(owner)[1]["needs"] == {
        "build": {"result": "success", "outputs": {"version": "1.0"}}
    }


def test_one_job_is_run_again_with_those_that_need_it(owner: httpx.Client) -> None:
    run = failed(owner)
    other = next(
        job
        for job in expect_ok(owner.get(f"{RUNS}/{run['id']}/jobs"))["jobs"]
        if job["name"] == "other"
    )

    expect_ok(
        owner.post(f"{HTTPX}/actions/jobs/{other['id']}/rerun", json={"enable_debug_logging": True})
    )

    assert shown(owner, run) == {"one": ("failure", 2), "two": ("skipped", 2), "other": (None, 2)}


def test_without_failed_jobs_there_are_none_to_run_again(owner: httpx.Client) -> None:
    """Assumption: the words."""
    expect_ok(create_tag(owner, "1.0"))

    expect_refusal(again(owner, get_newest_run(owner), "rerun-failed-jobs"), 403, "no failed jobs")


def test_the_jobs_of_every_attempt_can_be_listed(owner: httpx.Client) -> None:
    run = failed(owner)
    expect_ok(again(owner, run))

    every = expect_ok(owner.get(f"{RUNS}/{run['id']}/jobs", params={"filter": "all"}))
    first = expect_ok(owner.get(f"{RUNS}/{run['id']}/attempts/1/jobs"))
    assert (every["total_count"], first["total_count"]) == (6, 3)
    assert (
        expect_ok(owner.get(f"{HTTPX}/actions/jobs/{first['jobs'][0]['id']}")) == first["jobs"][0]
    )
    expect_refusal(owner.get(f"{RUNS}/{run['id']}/attempts/3"), 404, "Not Found")
    expect_refusal(owner.get(f"{HTTPX}/actions/jobs/1"), 404, "Not Found")


@pytest.mark.parametrize("what", ["cancel", "force-cancel"])
def test_a_waiting_run_is_cancelled(
    github: Application, person: Person, gate: dict[str, Any], what: str
) -> None:
    expect_ok(create_tag(person("operator-1"), "1.0"))
    run = get_newest_run(person("operator-1"))

    answer = again(person("maintainer-1"), run, what)

    assert (
        answer.status_code,
        get_newest_run(person("operator-1"))["conclusion"],
        handed(github),
    ) == (
        202,
        "cancelled",
        [[]],
    )
    expect_refusal(review_run(person("operator-2"), run, gate), 422, "Validation Failed")
    expect_refusal(
        again(person("maintainer-1"), run, what),
        409,
        "Cannot cancel a workflow run that is completed.",
    )


def test_a_cancelled_run_is_taken_from_its_runner(owner: httpx.Client) -> None:
    owner.post("/_simulator/runner")
    expect_ok(create_tag(owner, "1.0"))
    number, taken = take_job(owner)

    expect_ok(again(owner, get_newest_run(owner), "cancel"))

    late = owner.post("/_simulator/jobs/finish", json={"id": number, "conclusion": "success"})
    expect_refusal(late, 422, "it is completed (cancelled)")
    assert (
        owner.get(HTTPX, headers={"authorization": f"Bearer {taken['github_token']}"}).status_code
        == 401
    )


def test_a_cancelled_run_can_be_run_again(owner: httpx.Client) -> None:
    owner.post("/_simulator/runner")
    expect_ok(create_tag(owner, "1.0"))
    expect_ok(again(owner, get_newest_run(owner), "cancel"))

    expect_ok(again(owner, get_newest_run(owner), "rerun-failed-jobs"))

    assert [job["run_attempt"] for job in list_jobs(owner)] == [2]


@pytest.mark.parametrize("what", ["rerun", "rerun-failed-jobs", "cancel", "force-cancel"])
def test_a_reader_does_neither(owner: httpx.Client, person: Person, what: str) -> None:
    expect_ok(create_tag(owner, "1.0"))

    expect_refusal(
        again(person("outsider-1"), get_newest_run(owner), what),
        403,
        "Must have push access to Repository.",
    )
