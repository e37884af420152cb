"""Runners, which take jobs through the control plane, and what GitHub hands to one.

Sources: GitHub's docs, "Secrets" (precedence), "Contexts reference", "GITHUB_TOKEN", "Deployments and environments".
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
    made = build_gate(owner)
    replace_workflow(owner, TWO_JOBS)
    return made


def test_a_job_is_listed_for_a_runner_and_waits_for_one(
    person: Person, anyone: httpx.Client
) -> None:
    expect_ok(create_tag(person("maintainer-1"), "1.0"))

    run, listed = get_newest_run(person("maintainer-1")), list_jobs(anyone)
    assert [{key: one[key] for key in one.keys() - {"id"}} for one in listed] == [
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
    assert (run["status"], run["conclusion"]) == ("queued", None)


def test_a_runner_is_handed_the_file_of_the_commit_and_the_secrets_that_it_names(
    person: Person, anyone: httpx.Client
) -> None:
    expect_ok(create_tag(person("maintainer-1"), "1.0"))

    number, taken = take_job(anyone)

    assert "scripts/publish" in taken["document"]
    assert (taken["key"], taken["secrets"], taken["id_token"]) == (
        "publish",
        {"PYPI_TOKEN": "a-token-of-before"},
        None,
    )
    assert taken["github"]["ref"] == "refs/tags/1.0"
    assert taken["github"]["server_url"] == "http://github.test"
    assert get_newest_run(person("maintainer-1"))["status"] == "in_progress"
    finish_job(anyone, number)
    assert get_newest_run(person("maintainer-1"))["conclusion"] == "success"


def test_a_job_is_taken_once(person: Person, anyone: httpx.Client) -> None:
    expect_ok(create_tag(person("maintainer-1"), "1.0"))
    number, _ = take_job(anyone)

    answer = anyone.post("/_simulator/jobs/take", json={"id": number})

    expect_refusal(answer, 422, f"id: job {number} cannot be taken: it is in_progress")
    assert list_jobs(anyone) == []


@pytest.mark.usefixtures("gate")
def test_a_job_behind_another_one_waits_for_it_and_then_for_its_review(
    person: Person, anyone: httpx.Client, gate: dict[str, Any]
) -> None:
    expect_ok(create_tag(person("operator-1"), "1.0"))
    number, built = take_job(anyone)
    assert (
        built["secrets"],
        list_jobs(anyone),
        get_newest_run(person("operator-1"))["status"],
    ) == (
        {},
        [],
        "in_progress",
    )

    finish_job(anyone, number, outputs={"version": "1.0"}, summary="# What is in it")
    run = get_newest_run(person("operator-1"))
    assert (run["status"], list_jobs(anyone)) == ("waiting", [])

    expect_ok(review_run(person("operator-2"), run, gate))
    _, published = take_job(anyone)
    assert published["secrets"] == {"PYPI_TOKEN": "a-new-token"}
    assert published["needs"] == {"build": {"result": "success", "outputs": {"version": "1.0"}}}


@pytest.mark.usefixtures("gate")
def test_a_failed_job_skips_those_behind_it(person: Person, anyone: httpx.Client) -> None:
    expect_ok(create_tag(person("operator-1"), "1.0"))
    number, _ = take_job(anyone)
    finish_job(anyone, number, "failure")

    run = get_newest_run(person("operator-1"))
    shown = expect_ok(anyone.get(f"{HTTPX}/actions/runs/{run['id']}/jobs"))["jobs"]
    assert [(job["name"], job["conclusion"]) for job in shown] == [
        ("build", "failure"),
        ("publish", "skipped"),
    ]
    assert run["conclusion"] == "failure"
    assert all(job["completed_at"] for job in shown)


def test_a_token_of_the_environment_wins_over_the_repositorys(
    owner: httpx.Client, person: Person, anyone: httpx.Client, gate: dict[str, Any]
) -> None:
    expect_ok(put_secret(owner, f"{HTTPX}/actions/secrets", "PYPI_TOKEN", "a-legacy-one"))
    expect_ok(
        put_secret(owner, "/orgs/encode/actions/secrets", "PYPI_TOKEN", "shared", visibility="all")
    )
    expect_ok(create_tag(person("operator-1"), "1.0"))
    number, built = take_job(anyone)
    finish_job(anyone, number)
    expect_ok(review_run(person("operator-2"), get_newest_run(owner), gate))

    _, published = take_job(anyone)

    assert (built["secrets"], published["secrets"]) == (
        {"PYPI_TOKEN": "a-legacy-one"},
        {"PYPI_TOKEN": "a-new-token"},
    )


def test_a_job_that_reads_the_whole_context_gets_every_secret(
    owner: httpx.Client, anyone: httpx.Client
) -> None:
    """Source: zizmor's docs, audit ``overprovisioned-secrets``."""
    expect_ok(put_secret(owner, f"{HTTPX}/actions/secrets", "OTHER", "another"))
    replace_workflow(
        owner, "on: push\njobs: {all: {steps: [{run: x, env: {X: '${{ toJSON(secrets) }}'}}]}}\n"
    )

    _, taken = take_job(anyone)

    assert taken["secrets"] == {"PYPI_TOKEN": "a-token-of-before", "OTHER": "another"}


def test_variables_are_handed_by_the_same_precedence(
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
            json={"name": "COLOUR", "value": "red", "visibility": "all"},
        )
    )
    expect_ok(owner.post(f"{HTTPX}/actions/variables", json={"name": "INDEX", "value": "own"}))
    expect_ok(create_tag(person("maintainer-1"), "1.0"))

    assert take_job(anyone)[1]["variables"] == {"INDEX": "own", "COLOUR": "red"}


@pytest.mark.usefixtures("gate")
def test_an_identity_token_is_offered_where_the_permissions_say_so(
    person: Person, anyone: httpx.Client, gate: dict[str, Any]
) -> None:
    expect_ok(create_tag(person("operator-1"), "1.0"))
    number, built = take_job(anyone)
    finish_job(anyone, number)
    expect_ok(review_run(person("operator-2"), get_newest_run(person("operator-1")), gate))

    _, published = take_job(anyone)

    assert built["id_token"] is None
    assert published["id_token"]["url"].startswith("http://github.test/_actions/")


def test_a_guard_keeps_a_job_from_another_repository(
    owner: httpx.Client, anyone: httpx.Client
) -> None:
    """Source: GitHub's docs, "Workflow syntax", ``jobs.<job_id>.if``; case does not matter in comparisons of texts."""
    head = "on: push\njobs:\n"
    one = "  here: {if: \"github.repository == 'Encode/HTTPX'\", steps: []}\n"
    two = "  fork: {if: \"${{ github.repository == 'someone/httpx' }}\", environment: unheard-of, steps: []}\n"
    replace_workflow(owner, head + one + two)

    assert [job["key"] for job in list_jobs(anyone)] == ["here"]
    expect_refusal(owner.get(f"{HTTPX}/environments/unheard-of"), 404, "Not Found")


def test_an_admin_starts_the_waiting_jobs_where_the_environment_lets_them(
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
def test_nobody_else_starts_them(
    owner: httpx.Client, anyone: httpx.Client, allowed: bool, actor: str
) -> None:
    build_gate(owner, can_admins_bypass=allowed)
    expect_ok(create_tag(owner, "1.0"))

    answer = anyone.post(
        "/_simulator/bypass", json={"run_id": get_newest_run(owner)["id"], "actor": actor}
    )

    expect_refusal(answer, 403, "Must have admin rights" if allowed else "not allowed to bypass")
    assert list_jobs(anyone) == []


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("jobs/take", {"id": 1}, "there is no job 1"),
        ("jobs/take", {}, "wanted are id"),
        ("jobs/take", {"id": "x"}, "no whole number"),
        ("jobs/finish", {"id": 1, "conclusion": "success"}, "there is no job 1"),
        ("jobs/finish", {"id": 1, "conclusion": True}, "no text"),
        ("jobs/finish", {"id": 1}, "outputs and summary may be there"),
        ("jobs/finish", {"id": 1, "conclusion": "success", "outputs": []}, "no object"),
        ("jobs/finish", [], "wanted are"),
        ("bypass", {"run_id": 1, "actor": "owner-1"}, "there is no run 1"),
    ],
)
def test_a_control_request_that_makes_no_sense_is_a_422(
    anyone: httpx.Client, path: str, body: Any, message: str
) -> None:
    expect_refusal(anyone.post(f"/_simulator/{path}", json=body), 422, message)


def test_a_job_ends_once_and_in_one_of_two_ways(person: Person, anyone: httpx.Client) -> None:
    expect_ok(create_tag(person("maintainer-1"), "1.0"))
    number, _ = take_job(anyone)

    wrong = anyone.post("/_simulator/jobs/finish", json={"id": number, "conclusion": "splendid"})
    expect_refusal(wrong, 422, "'splendid' is none of success, failure")
    finish_job(anyone, number, "failure")
    again = anyone.post("/_simulator/jobs/finish", json={"id": number, "conclusion": "success"})
    expect_refusal(again, 422, "it is completed (failure)")


def test_the_state_shows_what_a_job_left_behind(person: Person, anyone: httpx.Client) -> None:
    expect_ok(create_tag(person("maintainer-1"), "1.0"))
    number, _ = take_job(anyone)
    finish_job(anyone, number, outputs={"version": 1}, summary="# Built")

    shown = expect_ok(anyone.get("/_simulator/state"))["runs"][0]["jobs"][0]
    assert (shown["outputs"], shown["summary"]) == ({"version": "1"}, "# Built")


def test_a_branch_takes_no_environments_secret_along(
    owner: httpx.Client, person: Person, anyone: httpx.Client
) -> None:
    """The workflow of a branch that merely names the secret is handed nothing, the one that names the gate fails."""
    build_gate(owner)
    writer = person("maintainer-1")
    create_branch(writer, "next")
    text = "on: push\njobs: {one: {steps: [{run: '${{ secrets.PYPI_TOKEN }}'}]}, two: {environment: deploy}}\n"
    expect_ok(write_file(writer, ".github/workflows/thief.yml", text, branch="next"))

    assert [job["key"] for job in list_jobs(anyone)] == ["one"]
    assert take_job(anyone)[1]["secrets"] == {}


def test_a_reset_sends_the_runner_home(world: World, anyone: httpx.Client) -> None:
    assert world.has_runners
    expect_ok(anyone.post("/_simulator/reset"))

    assert expect_ok(anyone.get("/_simulator/jobs")) == []


def test_runners_are_switched_on_in_a_with_block() -> None:
    with SimulatedGitHub("encode") as github, httpx.Client(base_url=github.url) as http:
        github.run_jobs()
        headers = {"authorization": "Bearer token-maintainer-1"}
        sha = http.get(f"{HTTPX}/branches/main").json()["commit"]["sha"]
        expect_ok(
            http.post(
                f"{HTTPX}/git/refs", json={"ref": "refs/tags/1.0", "sha": sha}, headers=headers
            )
        )

        _, taken = take_job(http)

        assert taken["github"]["server_url"] == github.url
