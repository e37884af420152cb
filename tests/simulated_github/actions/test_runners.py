"""Tests of runners, which take jobs through the control plane, and of the data that jobs receive.

Sources: GitHub's docs, "Secrets" (precedence), "Contexts reference", "GITHUB_TOKEN", "Deployments
and environments".
"""

from typing import Any

import httpx
import pytest

from simulated_github import Application, SimulatedGitHub, World
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    create_branch,
    create_tag,
    expect_ok,
    expect_refusal,
    put_secret,
    write_file,
)
from tests.simulated_github.helpers.release_gate import (
    build_gate,
    finish_job,
    get_newest_run,
    list_jobs,
    replace_workflow,
    review_run,
    take_job,
)

TWO_JOBS = """\
on: {push: {tags: ['*']}}
permissions: {}
jobs:
  build:
    permissions: {contents: write}
    runs-on: ubuntu-latest
    outputs: {version: '${{ steps.one.outputs.version }}'}
    steps: [{run: scripts/build, env: {X: '${{ secrets.PYPI_TOKEN }}'}}]
  publish:
    needs: build
    environment: {name: deploy}
    permissions: {id-token: write}
    steps: [{run: scripts/publish, env: {X: '${{ secrets.PYPI_TOKEN }}'}}]
"""


@pytest.fixture(autouse=True)
def runner(github: Application, anyone: httpx.Client) -> None:
    expect_ok(anyone.post("/_simulator/runner"))
    assert github.world.has_runners


@pytest.fixture
def gate(owner: httpx.Client) -> dict[str, Any]:
    environment = build_gate(owner)
    replace_workflow(owner, TWO_JOBS)
    return environment


def test_a_queued_job_is_listed_for_runners(person: Person, anyone: httpx.Client) -> None:
    expect_ok(create_tag(person("maintainer-1"), "1.0"))

    run = get_newest_run(person("maintainer-1"))
    jobs = [{key: job[key] for key in job.keys() - {"id"}} for job in list_jobs(anyone)]
    assert jobs == [
        {
            "run_id": run["id"],
            "run_attempt": 1,
            "key": "publish",
            "name": "publish",
            "repository": "encode/httpx",
            "ref": "refs/tags/1.0",
            "head_sha": run["head_sha"],
            "workflow": ".github/workflows/publish.yml",
            "environment": None,
            "event": "push",
            "actor": "maintainer-1",
        }
    ]
    assert run["status"] == "queued"
    assert run["conclusion"] is None


def test_a_runner_gets_the_workflow_file_and_the_named_secrets(
    person: Person, anyone: httpx.Client
) -> None:
    expect_ok(create_tag(person("maintainer-1"), "1.0"))

    number, job = take_job(anyone)

    assert "scripts/publish" in job["document"]
    assert job["key"] == "publish"
    assert job["secrets"] == {"PYPI_TOKEN": "a-token-of-before"}
    assert job["id_token"] is None
    assert job["github"]["ref"] == "refs/tags/1.0"
    assert job["github"]["server_url"] == "http://github.test"
    assert get_newest_run(person("maintainer-1"))["status"] == "in_progress"
    finish_job(anyone, number)
    assert get_newest_run(person("maintainer-1"))["conclusion"] == "success"


def test_a_job_cannot_be_taken_twice(person: Person, anyone: httpx.Client) -> None:
    expect_ok(create_tag(person("maintainer-1"), "1.0"))
    number, _ = take_job(anyone)

    response = anyone.post("/_simulator/jobs/take", json={"id": number})

    expect_refusal(response, 422, f"id: job {number} cannot be taken: it is in_progress")
    assert list_jobs(anyone) == []


@pytest.mark.usefixtures("gate")
def test_a_job_waits_for_its_needs_and_then_for_its_review(
    person: Person, anyone: httpx.Client, gate: dict[str, Any]
) -> None:
    expect_ok(create_tag(person("operator-1"), "1.0"))
    number, build = take_job(anyone)
    assert build["secrets"] == {}
    assert list_jobs(anyone) == []
    assert get_newest_run(person("operator-1"))["status"] == "in_progress"

    finish_job(anyone, number, outputs={"version": "1.0"}, summary="# Contents")
    run = get_newest_run(person("operator-1"))
    assert run["status"] == "waiting"
    assert list_jobs(anyone) == []

    expect_ok(review_run(person("operator-2"), run, gate))
    _, publish = take_job(anyone)
    assert publish["secrets"] == {"PYPI_TOKEN": "a-new-token"}
    assert publish["needs"] == {"build": {"result": "success", "outputs": {"version": "1.0"}}}


@pytest.mark.usefixtures("gate")
def test_a_failed_job_skips_the_jobs_that_need_it(person: Person, anyone: httpx.Client) -> None:
    expect_ok(create_tag(person("operator-1"), "1.0"))
    number, _ = take_job(anyone)
    finish_job(anyone, number, "failure")

    run = get_newest_run(person("operator-1"))
    jobs = expect_ok(anyone.get(f"{HTTPX}/actions/runs/{run['id']}/jobs"))["jobs"]
    assert [(job["name"], job["conclusion"]) for job in jobs] == [
        ("build", "failure"),
        ("publish", "skipped"),
    ]
    assert run["conclusion"] == "failure"
    assert all(job["completed_at"] for job in jobs)


def test_an_environment_secret_overrides_the_repositorys(
    owner: httpx.Client, person: Person, anyone: httpx.Client, gate: dict[str, Any]
) -> None:
    expect_ok(put_secret(owner, f"{HTTPX}/actions/secrets", "PYPI_TOKEN", "a-legacy-one"))
    expect_ok(
        put_secret(owner, "/orgs/encode/actions/secrets", "PYPI_TOKEN", "shared", visibility="all")
    )
    expect_ok(create_tag(person("operator-1"), "1.0"))
    number, build = take_job(anyone)
    finish_job(anyone, number)
    expect_ok(review_run(person("operator-2"), get_newest_run(owner), gate))

    _, publish = take_job(anyone)

    assert build["secrets"] == {"PYPI_TOKEN": "a-legacy-one"}
    assert publish["secrets"] == {"PYPI_TOKEN": "a-new-token"}


def test_a_job_that_reads_the_whole_context_gets_all_secrets(
    owner: httpx.Client, anyone: httpx.Client
) -> None:
    """Source: zizmor's docs, audit `overprovisioned-secrets`."""
    expect_ok(put_secret(owner, f"{HTTPX}/actions/secrets", "OTHER", "another"))
    replace_workflow(
        owner, "on: push\njobs: {all: {steps: [{run: x, env: {X: '${{ toJSON(secrets) }}'}}]}}\n"
    )

    _, job = take_job(anyone)

    assert job["secrets"] == {"PYPI_TOKEN": "a-token-of-before", "OTHER": "another"}


def test_variables_have_the_same_precedence_as_secrets(
    owner: httpx.Client, anyone: httpx.Client, person: Person
) -> None:
    expect_ok(
        owner.post(
            "/orgs/encode/actions/variables",
            json={"name": "INDEX", "value": "shared", "visibility": "all"},
        )
    )
    expect_ok(
        owner.post(
            "/orgs/encode/actions/variables",
            json={"name": "COLOR", "value": "red", "visibility": "all"},
        )
    )
    expect_ok(owner.post(f"{HTTPX}/actions/variables", json={"name": "INDEX", "value": "own"}))
    expect_ok(create_tag(person("maintainer-1"), "1.0"))

    assert take_job(anyone)[1]["variables"] == {"INDEX": "own", "COLOR": "red"}


@pytest.mark.usefixtures("gate")
def test_only_a_job_with_the_permission_gets_an_id_token(
    person: Person, anyone: httpx.Client, gate: dict[str, Any]
) -> None:
    expect_ok(create_tag(person("operator-1"), "1.0"))
    number, build = take_job(anyone)
    finish_job(anyone, number)
    expect_ok(review_run(person("operator-2"), get_newest_run(person("operator-1")), gate))

    _, publish = take_job(anyone)

    assert build["id_token"] is None
    assert publish["id_token"]["url"].startswith("http://github.test/_actions/")


def test_a_condition_skips_a_job_in_another_repository(
    owner: httpx.Client, anyone: httpx.Client
) -> None:
    """Source: GitHub's docs, "Workflow syntax", `jobs.<job_id>.if`: comparisons ignore case."""
    events = "on: push\njobs:\n"
    matching = "  here: {if: \"github.repository == 'Encode/HTTPX'\", steps: []}\n"
    fork = (
        "  fork: {if: \"${{ github.repository == 'someone/httpx' }}\", "
        "environment: missing, steps: []}\n"
    )
    replace_workflow(owner, events + matching + fork)

    assert [job["key"] for job in list_jobs(anyone)] == ["here"]
    expect_refusal(owner.get(f"{HTTPX}/environments/missing"), 404, "Not Found")


def test_an_admin_starts_waiting_jobs_if_the_environment_allows(
    owner: httpx.Client, anyone: httpx.Client
) -> None:
    """Source: GitHub's docs, "Reviewing deployments", bypassing protection rules."""
    build_gate(owner, can_admins_bypass=True)
    expect_ok(create_tag(owner, "1.0"))
    body = {"run_id": get_newest_run(owner)["id"], "actor": "owner-1"}

    expect_ok(anyone.post("/_simulator/bypass", json=body))

    assert [job["environment"] for job in list_jobs(anyone)] == ["deploy"]
    assert take_job(anyone)[1]["secrets"] == {"PYPI_TOKEN": "a-new-token"}
    expect_refusal(anyone.post("/_simulator/bypass", json=body), 422, "no job of run")


@pytest.mark.parametrize(
    ("allowed", "actor"), [(False, "owner-1"), (True, "maintainer-1"), (True, "operator-2")]
)
def test_other_users_cannot_start_waiting_jobs(
    owner: httpx.Client, anyone: httpx.Client, allowed: bool, actor: str
) -> None:
    build_gate(owner, can_admins_bypass=allowed)
    expect_ok(create_tag(owner, "1.0"))

    response = anyone.post(
        "/_simulator/bypass", json={"run_id": get_newest_run(owner)["id"], "actor": actor}
    )

    expect_refusal(response, 403, "Must have admin rights" if allowed else "not allowed to bypass")
    assert list_jobs(anyone) == []


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("jobs/take", {"id": 1}, "there is no job 1"),
        ("jobs/take", {}, "an object with the keys id"),
        ("jobs/take", {"id": "x"}, "not a whole number"),
        ("jobs/finish", {"id": 1, "conclusion": "success"}, "there is no job 1"),
        ("jobs/finish", {"id": 1, "conclusion": True}, "not text"),
        ("jobs/finish", {"id": 1}, "optional: outputs, summary"),
        ("jobs/finish", {"id": 1, "conclusion": "success", "outputs": []}, "not an object"),
        ("jobs/finish", [], "the body is an object"),
        ("bypass", {"run_id": 1, "actor": "owner-1"}, "there is no run 1"),
    ],
)
def test_an_invalid_control_request_is_a_422(
    anyone: httpx.Client, path: str, body: Any, message: str
) -> None:
    expect_refusal(anyone.post(f"/_simulator/{path}", json=body), 422, message)


def test_a_job_ends_once_with_success_or_failure(person: Person, anyone: httpx.Client) -> None:
    expect_ok(create_tag(person("maintainer-1"), "1.0"))
    number, _ = take_job(anyone)

    invalid = anyone.post("/_simulator/jobs/finish", json={"id": number, "conclusion": "splendid"})
    expect_refusal(invalid, 422, "'splendid' is none of success, failure")
    finish_job(anyone, number, "failure")
    repeated = anyone.post("/_simulator/jobs/finish", json={"id": number, "conclusion": "success"})
    expect_refusal(repeated, 422, "it is completed (failure)")


def test_the_state_shows_the_outputs_and_summary_of_a_job(
    person: Person, anyone: httpx.Client
) -> None:
    expect_ok(create_tag(person("maintainer-1"), "1.0"))
    number, _ = take_job(anyone)
    finish_job(anyone, number, outputs={"version": 1}, summary="# Built")

    job = expect_ok(anyone.get("/_simulator/state"))["runs"][0]["jobs"][0]
    assert job["outputs"] == {"version": "1"}
    assert job["summary"] == "# Built"


def test_a_branch_gets_no_environment_secret(
    owner: httpx.Client, person: Person, anyone: httpx.Client
) -> None:
    """A branch's job that refers to the secret gets nothing; one in the environment fails."""
    build_gate(owner)
    writer = person("maintainer-1")
    create_branch(writer, "next")
    text = (
        "on: push\njobs: {one: {steps: [{run: '${{ secrets.PYPI_TOKEN }}'}]}, "
        "two: {environment: deploy}}\n"
    )
    expect_ok(write_file(writer, ".github/workflows/thief.yml", text, branch="next"))

    assert [job["key"] for job in list_jobs(anyone)] == ["one"]
    assert take_job(anyone)[1]["secrets"] == {}


def test_a_reset_removes_the_runner(world: World, anyone: httpx.Client) -> None:
    assert world.has_runners
    expect_ok(anyone.post("/_simulator/reset"))

    assert expect_ok(anyone.get("/_simulator/jobs")) == []


def test_a_with_block_can_enable_runners() -> None:
    with SimulatedGitHub("encode") as github, httpx.Client(base_url=github.url) as http:
        github.run_jobs()
        headers = {"authorization": "Bearer token-maintainer-1"}
        sha = http.get(f"{HTTPX}/branches/main").json()["commit"]["sha"]
        expect_ok(
            http.post(
                f"{HTTPX}/git/refs", json={"ref": "refs/tags/1.0", "sha": sha}, headers=headers
            )
        )

        _, job = take_job(http)

        assert job["github"]["server_url"] == github.url
