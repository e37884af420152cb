"""Tests of workflow runs and deployments that wait for a review.

Source: GitHub's docs, REST page "Workflow runs" and "Reviewing deployments".
"""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from simulated_github import Application
from simulated_github.control.snapshot import snapshot
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    build_publish_workflow,
    create_branch,
    create_ruleset,
    create_tag,
    expect_ok,
    expect_refusal,
    get_file_sha,
    put_environment,
    put_secret,
    write_file,
    write_publish_workflow,
)
from tests.simulated_github.helpers.release_gate import RUNS, build_gate, get_newest_run, review_run

NOTHING_PENDING = "No pending deployment requests to approve or reject"


@pytest.fixture
def gate(owner: httpx.Client) -> dict[str, Any]:
    return build_gate(owner)


def list_handed_secrets(github: Application) -> list[tuple[str, str, str]]:
    """Return the name, value and source of each secret that the newest run's jobs received."""
    jobs = snapshot(github.world)["runs"][-1]["jobs"]
    return [
        (secret["name"], secret["value"], secret["source"])
        for job in jobs
        for secret in job["secrets"]
    ]


def test_a_tag_starts_a_run_that_gets_the_repositorys_secret(
    github: Application, person: Person
) -> None:
    """Without a gate every user who may push a tag can publish."""
    expect_ok(create_tag(person("maintainer-1"), "1.0"))

    run = get_newest_run(person("maintainer-1"))
    assert run["event"] == "push"
    assert run["head_branch"] == "1.0"
    assert run["status"] == "completed"
    assert run["conclusion"] == "success"
    assert list_handed_secrets(github) == [("PYPI_TOKEN", "a-token-of-before", "repository")]


def test_a_branch_does_not_start_a_workflow_for_tags(person: Person) -> None:
    create_branch(person("maintainer-1"), "next")

    assert expect_ok(person("maintainer-1").get(RUNS))["total_count"] == 0


def test_a_commit_can_add_a_workflow_that_runs(github: Application, person: Person) -> None:
    """A workflow on any branch gets the repository's secrets."""
    writer = person("maintainer-1")
    create_branch(writer, "next")
    text = "on: push\njobs: {thief: {steps: [{env: {X: '${{ secrets.PYPI_TOKEN }}'}}]}}\n"
    expect_ok(write_file(writer, ".github/workflows/thief.yml", text, branch="next"))

    assert get_newest_run(writer)["path"] == ".github/workflows/thief.yml"
    assert list_handed_secrets(github) == [("PYPI_TOKEN", "a-token-of-before", "repository")]


@pytest.mark.usefixtures("gate")
def test_a_release_waits_for_its_reviewers(github: Application, person: Person) -> None:
    expect_ok(create_tag(person("operator-1"), "1.0"))

    run = get_newest_run(person("operator-1"))
    pending = expect_ok(person("operator-2").get(f"{RUNS}/{run['id']}/pending_deployments"))
    assert run["status"] == "waiting"
    assert run["conclusion"] is None
    assert list_handed_secrets(github) == []
    assert [
        (
            p["environment"]["name"],
            p["current_user_can_approve"],
            [r["type"] for r in p["reviewers"]],
        )
        for p in pending
    ] == [("deploy", True, ["Team"])]


def test_after_approval_the_job_gets_the_environments_secret(
    github: Application, person: Person, gate: dict[str, Any]
) -> None:
    expect_ok(create_tag(person("operator-1"), "1.0"))
    run = get_newest_run(person("operator-1"))

    deployments = expect_ok(review_run(person("operator-2"), run, gate))

    assert [deployment["environment"] for deployment in deployments] == ["deploy"]
    assert list_handed_secrets(github) == [("PYPI_TOKEN", "a-new-token", "environment")]
    approvals = expect_ok(person("operator-1").get(f"{RUNS}/{run['id']}/approvals"))
    assert [
        (approval["user"]["login"], approval["state"], approval["comment"])
        for approval in approvals
    ] == [("operator-2", "approved", "A release.")]
    expect_refusal(review_run(person("operator-2"), run, gate), 422, "Validation Failed")


def test_the_user_who_pushed_the_tag_cannot_approve_it(
    person: Person, gate: dict[str, Any]
) -> None:
    """Source: public reports of a self-review: a 422 saying that nothing is pending."""
    expect_ok(create_tag(person("operator-1"), "1.0"))
    run = get_newest_run(person("operator-1"))

    assert expect_refusal(review_run(person("operator-1"), run, gate), 422, "Validation Failed")[
        "errors"
    ] == [NOTHING_PENDING]
    pending = expect_ok(person("operator-1").get(f"{RUNS}/{run['id']}/pending_deployments"))
    assert [deployment["current_user_can_approve"] for deployment in pending] == [False]


def test_without_that_rule_the_pusher_may_approve(
    owner: httpx.Client, person: Person, gate: dict[str, Any]
) -> None:
    reviewers = [{"type": "User", "id": expect_ok(owner.get("/users/operator-1"))["id"]}]
    put_environment(owner, reviewers=reviewers)
    expect_ok(create_tag(person("operator-1"), "1.0"))

    expect_ok(review_run(person("operator-1"), get_newest_run(owner), gate))


@pytest.mark.parametrize("login", ["maintainer-1", "owner-1", "outsider-1", "operator-3"])
def test_only_required_reviewers_approve(person: Person, gate: dict[str, Any], login: str) -> None:
    expect_ok(create_tag(person("operator-1"), "1.0"))

    expect_refusal(
        review_run(person(login), get_newest_run(person("operator-1")), gate),
        422,
        "Validation Failed",
    )


def test_an_app_cannot_review(person: Person, gate: dict[str, Any]) -> None:
    expect_ok(create_tag(person("operator-1"), "1.0"))

    expect_refusal(
        review_run(person("release-stack"), get_newest_run(person("operator-1")), gate),
        403,
        "Resource not accessible by integration",
    )


def test_a_rejected_release_fails_without_secrets(
    github: Application, person: Person, gate: dict[str, Any]
) -> None:
    expect_ok(create_tag(person("operator-1"), "1.0"))
    expect_ok(
        review_run(person("operator-2"), get_newest_run(person("operator-1")), gate, "rejected")
    )

    run = get_newest_run(person("operator-1"))
    assert run["status"] == "completed"
    assert run["conclusion"] == "failure"
    assert list_handed_secrets(github) == []


@pytest.mark.usefixtures("gate")
def test_a_branch_cannot_deploy_to_a_tag_environment(github: Application, person: Person) -> None:
    """Source: "Deployments and environments"; public issue threads for the message."""
    writer = person("maintainer-1")
    create_branch(writer, "next")
    text = build_publish_workflow("deploy").replace("{push: {tags: ['*']}}", "push")
    expect_ok(write_file(writer, ".github/workflows/thief.yml", text, branch="next"))

    job = snapshot(github.world)["runs"][-1]["jobs"][0]
    assert job["status"] == "completed"
    assert job["conclusion"] == "failure"
    assert job["secrets"] == []
    assert (
        job["reason"]
        == 'Branch "next" is not allowed to deploy to deploy due to environment protection rules.'
    )


def test_deleting_an_environment_fails_the_waiting_job(
    github: Application, owner: httpx.Client, person: Person, gate: dict[str, Any]
) -> None:
    """Source: GitHub's docs, "Managing environments for deployment"."""
    expect_ok(create_tag(person("operator-1"), "1.0"))
    expect_ok(owner.delete(f"{HTTPX}/environments/deploy"))

    run = get_newest_run(owner)
    assert run["conclusion"] == "failure"
    assert list_handed_secrets(github) == []
    put_environment(owner)
    expect_refusal(review_run(person("operator-2"), run, gate), 422, "Validation Failed")
    assert get_newest_run(owner)["conclusion"] == "failure"


def protect_by_ruleset(owner: httpx.Client, branch: str) -> None:
    create_ruleset(owner, [{"type": "deletion"}], include=[f"refs/heads/{branch}"])


def protect_by_classic_protection(owner: httpx.Client, branch: str) -> None:
    fields = ("status_checks", "pull_request_reviews")
    body = {f"required_{field}": None for field in fields}
    body |= {"enforce_admins": None, "restrictions": None}
    owner.put(f"{HTTPX}/branches/{branch}/protection", json=body)


@pytest.mark.parametrize(
    ("protected", "conclusion"),
    [("none", "success"), ("main", "success"), ("release", "failure")],
    ids=lambda value: value,
)
@pytest.mark.parametrize("protect", [protect_by_ruleset, protect_by_classic_protection])
def test_every_branch_deploys_when_no_branch_is_protected(
    owner: httpx.Client,
    protect: Callable[[httpx.Client, str], None],
    protected: str,
    conclusion: str,
) -> None:
    """Source: "Deployments and environments", on protected branches.

    Assumption: a ruleset protects a branch as branch protection does.
    """
    put_environment(
        owner,
        deployment_branch_policy={"protected_branches": True, "custom_branch_policies": False},
    )
    create_branch(owner, "release")
    protect(owner, protected)
    text = build_publish_workflow("deploy").replace("tags: ['*']", "branches: [main]")
    path = ".github/workflows/publish.yml"
    expect_ok(write_file(owner, path, text, sha=get_file_sha(owner, path)))

    assert get_newest_run(owner)["conclusion"] == conclusion


@pytest.mark.usefixtures("gate")
def test_removing_the_reviewers_starts_the_waiting_job(owner: httpx.Client, person: Person) -> None:
    """Assumption: GitHub evaluates the rules again while a job waits."""
    expect_ok(create_tag(person("operator-1"), "1.0"))
    assert get_newest_run(owner)["status"] == "waiting"
    put_environment(owner)

    assert get_newest_run(owner)["conclusion"] == "success"


def test_a_protected_branches_policy_refuses_tags(owner: httpx.Client) -> None:
    """Source: "Deployments and environments", on tags named like a protected branch.

    Assumption: other tags are refused as well.
    """
    put_environment(
        owner,
        deployment_branch_policy={"protected_branches": True, "custom_branch_policies": False},
    )
    write_publish_workflow(owner, "deploy")
    expect_ok(create_tag(owner, "1.0"))

    assert get_newest_run(owner)["conclusion"] == "failure"


def test_a_job_creates_a_missing_environment_without_rules(owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Managing environments": a run that references one creates it."""
    write_publish_workflow(owner, "deploy")
    expect_ok(create_tag(owner, "1.0"))

    environment = expect_ok(owner.get(f"{HTTPX}/environments/deploy"))
    assert environment["protection_rules"] == []
    assert environment["deployment_branch_policy"] is None
    assert environment["can_admins_bypass"] is True


def test_an_organizations_secret_has_the_lowest_precedence(
    github: Application, owner: httpx.Client
) -> None:
    """Source: GitHub's docs, "Secrets": environment before repository before organization."""
    expect_ok(
        put_secret(owner, "/orgs/encode/actions/secrets", "PYPI_TOKEN", "shared", visibility="all")
    )
    expect_ok(create_tag(owner, "1.0"))
    first = list_handed_secrets(github)
    expect_ok(owner.delete(f"{HTTPX}/actions/secrets/PYPI_TOKEN"))
    expect_ok(create_tag(owner, "1.1"))

    assert [(source, value) for _, value, source in (*first, *list_handed_secrets(github))] == [
        ("repository", "a-token-of-before"),
        ("organization", "shared"),
    ]


def test_a_job_does_not_get_secrets_of_other_repositories(
    github: Application, owner: httpx.Client
) -> None:
    expect_ok(owner.delete(f"{HTTPX}/actions/secrets/PYPI_TOKEN"))
    path = "/orgs/encode/actions/secrets"
    expect_ok(
        put_secret(
            owner, path, "PYPI_TOKEN", "x", visibility="selected", selected_repository_ids=[1]
        )
    )
    expect_ok(create_tag(owner, "1.0"))
    expect_ok(put_secret(owner, path, "PYPI_TOKEN", "x", visibility="private"))
    expect_ok(create_tag(owner, "1.1"))

    assert list_handed_secrets(github) == []


def write_jobs(owner: httpx.Client, jobs: str) -> None:
    text = "on: {push: {tags: ['*']}}\njobs:\n" + jobs
    path = ".github/workflows/publish.yml"
    expect_ok(write_file(owner, path, text, sha=get_file_sha(owner, path)))


def get_conclusions(github: Application) -> dict[str, str]:
    return {
        job["name"]: job["conclusion"] or job["status"]
        for job in snapshot(github.world)["runs"][-1]["jobs"]
    }


def test_a_job_waits_for_the_jobs_it_needs(
    github: Application, person: Person, owner: httpx.Client, gate: dict[str, Any]
) -> None:
    """Source: GitHub's docs, "Workflow syntax", `jobs.<job_id>.needs`."""
    jobs = (
        "  after: {needs: publish}",
        "  publish: {needs: [build], environment: deploy, env: {X: '${{ secrets.PYPI_TOKEN }}'}}",
        "  build: {}",
        "",
    )
    write_jobs(owner, "\n".join(jobs))
    expect_ok(create_tag(person("operator-1"), "1.0"))

    assert get_conclusions(github) == {"after": "queued", "publish": "waiting", "build": "success"}
    expect_ok(review_run(person("operator-2"), get_newest_run(owner), gate))
    assert get_conclusions(github) == {"after": "success", "publish": "success", "build": "success"}


def test_jobs_that_need_a_failed_job_are_skipped(
    github: Application, person: Person, owner: httpx.Client, gate: dict[str, Any]
) -> None:
    write_jobs(
        owner,
        "  publish: {environment: deploy}\n  after: {needs: publish}\n  last: {needs: after}\n",
    )
    expect_ok(create_tag(person("operator-1"), "1.0"))
    expect_ok(review_run(person("operator-2"), get_newest_run(owner), gate, "rejected"))

    assert get_conclusions(github) == {"publish": "failure", "after": "skipped", "last": "skipped"}


def test_filter_runs_and_get_one_run(owner: httpx.Client) -> None:
    for name in ("1.0", "1.1"):
        expect_ok(create_tag(owner, name))

    page = expect_ok(
        owner.get(
            RUNS, params={"branch": "1.0", "event": "push", "status": "success", "actor": "owner-1"}
        )
    )
    run = page["workflow_runs"][0]
    assert page["total_count"] == 1
    assert run["head_branch"] == "1.0"
    assert run == expect_ok(owner.get(f"{RUNS}/{run['id']}"))
    assert [job["name"] for job in expect_ok(owner.get(f"{RUNS}/{run['id']}/jobs"))["jobs"]] == [
        "publish"
    ]
    assert expect_ok(owner.get(RUNS, params={"status": "waiting"}))["total_count"] == 0
    expect_refusal(owner.get(f"{RUNS}/1"), 404, "Not Found")
