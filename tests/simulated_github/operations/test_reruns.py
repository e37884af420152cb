"""Tests of re-running and canceling workflow runs.

Sources: GitHub's docs, "Re-running workflows and jobs", "Canceling a workflow run" and "Reviewing
deployments".
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

THREE_JOBS = "on: push\njobs: {one: {steps: []}, two: {needs: one}, other: {steps: []}}\n"
MONTH = int(timedelta(days=30).total_seconds())


@pytest.fixture
def gate(owner: httpx.Client) -> dict[str, Any]:
    return build_gate(owner)


def rerun(client: httpx.Client, run: dict[str, Any], action: str = "rerun") -> httpx.Response:
    return client.post(f"{RUNS}/{run['id']}/{action}")


def get_job_results(client: httpx.Client, run: dict[str, Any]) -> dict[str, tuple[str | None, int]]:
    """Return the conclusion and attempt of each job of the newest attempt, by name."""
    jobs = expect_ok(client.get(f"{RUNS}/{run['id']}/jobs"))["jobs"]
    return {job["name"]: (job["conclusion"], job["run_attempt"]) for job in jobs}


def publish_release(person: Person, gate: dict[str, Any]) -> dict[str, Any]:
    """Return the finished run of a release by operator-1 that operator-2 approved."""
    expect_ok(create_tag(person("operator-1"), "1.0"))
    expect_ok(review_run(person("operator-2"), get_newest_run(person("operator-1")), gate))
    return get_newest_run(person("operator-1"))


def list_job_secrets(github: Application) -> list[list[str]]:
    return [
        [secret["name"] for secret in job["secrets"]]
        for job in snapshot(github.world)["runs"][-1]["jobs"]
    ]


def test_a_rerun_waits_for_a_new_approval(
    github: Application, person: Person, gate: dict[str, Any]
) -> None:
    run = publish_release(person, gate)
    assert run["conclusion"] == "success"
    assert run["run_attempt"] == 1
    assert run["previous_attempt_url"] is None

    expect_ok(rerun(person("operator-1"), run))

    second = get_newest_run(person("operator-1"))
    assert second["id"] == run["id"]
    assert second["status"] == "waiting"
    assert second["run_attempt"] == 2
    assert second["previous_attempt_url"].endswith("/attempts/1")
    assert second["head_sha"] == run["head_sha"]
    assert list_job_secrets(github) == [[]]


def test_the_history_of_approvals_covers_every_attempt(
    person: Person, gate: dict[str, Any]
) -> None:
    """Assumption: a run has one list of approvals."""
    run = publish_release(person, gate)
    expect_ok(rerun(person("operator-1"), run))
    expect_ok(review_run(person("operator-2"), run, gate, "rejected"))

    approvals = expect_ok(person("operator-1").get(f"{RUNS}/{run['id']}/approvals"))
    assert [approval["state"] for approval in approvals] == ["approved", "rejected"]


@pytest.mark.parametrize("login", ["operator-1", "operator-2"])
def test_neither_starter_of_a_run_approves_the_rerun(
    person: Person, gate: dict[str, Any], login: str
) -> None:
    """operator-1 started the run, operator-2 re-ran it. Assumption: neither may approve it."""
    run = publish_release(person, gate)
    expect_ok(rerun(person("operator-2"), run))

    expect_refusal(review_run(person(login), run, gate), 422, "Validation Failed")

    assert get_newest_run(person(login))["triggering_actor"]["login"] == "operator-2"
    assert get_newest_run(person(login))["actor"]["login"] == "operator-1"


def test_only_users_with_write_access_rerun(person: Person, gate: dict[str, Any]) -> None:
    run = publish_release(person, gate)

    expect_refusal(rerun(person("outsider-1"), run), 403, "Must have push access to Repository.")
    expect_ok(rerun(person("maintainer-1"), run))
    assert get_newest_run(person("operator-1"))["status"] == "waiting"


def test_a_run_in_progress_cannot_be_rerun(person: Person, gate: dict[str, Any]) -> None:
    """Source: cli/cli issue 9221."""
    del gate
    expect_ok(create_tag(person("operator-1"), "1.0"))

    expect_refusal(
        rerun(person("operator-1"), get_newest_run(person("operator-1"))),
        403,
        "This workflow is already running",
    )


def test_a_run_cannot_be_rerun_after_thirty_days(
    person: Person, gate: dict[str, Any], world: World
) -> None:
    run = publish_release(person, gate)
    world.clock.tick(MONTH + 1)

    expect_refusal(rerun(person("operator-1"), run), 403, "created over a month ago")


def test_a_run_is_rerun_at_most_fifty_times(owner: httpx.Client) -> None:
    expect_ok(create_tag(owner, "1.0"))
    run = get_newest_run(owner)
    for _ in range(50):
        expect_ok(rerun(owner, run))

    expect_refusal(rerun(owner, run), 403, "50 times")


def create_failed_run(owner: httpx.Client) -> dict[str, Any]:
    """Return a run of three jobs: one failed, the job that needs it was skipped, one succeeded."""
    owner.post("/_simulator/runner")
    replace_workflow(owner, THREE_JOBS)
    for conclusion in ("failure", "success"):
        number, _ = take_job(owner)
        finish_job(owner, number, conclusion, outputs={"version": "1.0"})
    return get_newest_run(owner)


def test_rerun_failed_jobs_and_the_jobs_that_need_them(owner: httpx.Client) -> None:
    run = create_failed_run(owner)
    assert get_job_results(owner, run) == {
        "one": ("failure", 1),
        "two": ("skipped", 1),
        "other": ("success", 1),
    }

    expect_ok(rerun(owner, run, "rerun-failed-jobs"))

    assert get_job_results(owner, run) == {
        "one": (None, 2),
        "two": (None, 2),
        "other": ("success", 2),
    }
    assert [job["key"] for job in list_jobs(owner)] == ["one"]
    first = expect_ok(owner.get(f"{RUNS}/{run['id']}/attempts/1"))
    assert first["conclusion"] == "failure"
    assert first["run_attempt"] == 1


def test_jobs_that_are_not_rerun_keep_their_outputs(owner: httpx.Client) -> None:
    owner.post("/_simulator/runner")
    replace_workflow(owner, "on: push\njobs: {build: {steps: []}, publish: {needs: build}}\n")
    finish_job(owner, take_job(owner)[0], outputs={"version": "1.0"})
    finish_job(owner, take_job(owner)[0], "failure")

    expect_ok(rerun(owner, get_newest_run(owner), "rerun-failed-jobs"))

    assert take_job(owner)[1]["needs"] == {
        "build": {"result": "success", "outputs": {"version": "1.0"}}
    }


def test_rerun_one_job_and_the_jobs_that_need_it(owner: httpx.Client) -> None:
    run = create_failed_run(owner)
    job_to_rerun = next(
        job
        for job in expect_ok(owner.get(f"{RUNS}/{run['id']}/jobs"))["jobs"]
        if job["name"] == "other"
    )

    expect_ok(
        owner.post(
            f"{HTTPX}/actions/jobs/{job_to_rerun['id']}/rerun", json={"enable_debug_logging": True}
        )
    )

    assert get_job_results(owner, run) == {
        "one": ("failure", 2),
        "two": ("skipped", 2),
        "other": (None, 2),
    }


def test_without_failed_jobs_there_is_nothing_to_rerun(owner: httpx.Client) -> None:
    """Assumption: the message."""
    expect_ok(create_tag(owner, "1.0"))

    expect_refusal(rerun(owner, get_newest_run(owner), "rerun-failed-jobs"), 403, "no failed jobs")


def test_list_the_jobs_of_every_attempt(owner: httpx.Client) -> None:
    run = create_failed_run(owner)
    expect_ok(rerun(owner, run))

    all_jobs = expect_ok(owner.get(f"{RUNS}/{run['id']}/jobs", params={"filter": "all"}))
    first = expect_ok(owner.get(f"{RUNS}/{run['id']}/attempts/1/jobs"))
    assert all_jobs["total_count"] == 6
    assert first["total_count"] == 3
    assert (
        expect_ok(owner.get(f"{HTTPX}/actions/jobs/{first['jobs'][0]['id']}")) == first["jobs"][0]
    )
    expect_refusal(owner.get(f"{RUNS}/{run['id']}/attempts/3"), 404, "Not Found")
    expect_refusal(owner.get(f"{HTTPX}/actions/jobs/1"), 404, "Not Found")


@pytest.mark.parametrize("action", ["cancel", "force-cancel"])
def test_cancel_a_waiting_run(
    github: Application, person: Person, gate: dict[str, Any], action: str
) -> None:
    expect_ok(create_tag(person("operator-1"), "1.0"))
    run = get_newest_run(person("operator-1"))

    response = rerun(person("maintainer-1"), run, action)

    assert response.status_code == 202
    assert get_newest_run(person("operator-1"))["conclusion"] == "cancelled"
    assert list_job_secrets(github) == [[]]
    expect_refusal(review_run(person("operator-2"), run, gate), 422, "Validation Failed")
    expect_refusal(
        rerun(person("maintainer-1"), run, action),
        409,
        "Cannot cancel a workflow run that is completed.",
    )


def test_canceling_a_run_takes_it_from_its_runner(owner: httpx.Client) -> None:
    owner.post("/_simulator/runner")
    expect_ok(create_tag(owner, "1.0"))
    number, job = take_job(owner)

    expect_ok(rerun(owner, get_newest_run(owner), "cancel"))

    late = owner.post("/_simulator/jobs/finish", json={"id": number, "conclusion": "success"})
    expect_refusal(late, 422, "it is completed (cancelled)")
    assert (
        owner.get(HTTPX, headers={"authorization": f"Bearer {job['github_token']}"}).status_code
        == 401
    )


def test_a_canceled_run_can_be_rerun(owner: httpx.Client) -> None:
    owner.post("/_simulator/runner")
    expect_ok(create_tag(owner, "1.0"))
    expect_ok(rerun(owner, get_newest_run(owner), "cancel"))

    expect_ok(rerun(owner, get_newest_run(owner), "rerun-failed-jobs"))

    assert [job["run_attempt"] for job in list_jobs(owner)] == [2]


@pytest.mark.parametrize("action", ["rerun", "rerun-failed-jobs", "cancel", "force-cancel"])
def test_a_reader_can_neither_rerun_nor_cancel(
    owner: httpx.Client, person: Person, action: str
) -> None:
    expect_ok(create_tag(owner, "1.0"))

    expect_refusal(
        rerun(person("outsider-1"), get_newest_run(owner), action),
        403,
        "Must have push access to Repository.",
    )
