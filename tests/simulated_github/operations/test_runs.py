"""Workflow runs and deployments. Source: GitHub's docs, REST page "Workflow runs" and "Reviewing deployments"."""

from typing import Any

import httpx
import pytest

from simulated_github import Application
from simulated_github.control.snapshot import snapshot
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    CUSTOM_POLICIES,
    HTTPX,
    build_publish_workflow,
    create_branch,
    create_ruleset,
    create_tag,
    create_team,
    expect_ok,
    expect_refusal,
    get_file_sha,
    grant_access,
    put_environment,
    put_secret,
    write_file,
    write_publish_workflow,
)

RUNS = f"{HTTPX}/actions/runs"
NOTHING = "No pending deployment requests to approve or reject"


@pytest.fixture
def gate(owner: httpx.Client) -> dict[str, Any]:
    """The article's gate: operations review, tags alone deploy, the token is in the environment."""
    team = create_team(owner, "operations", ["operator-1", "operator-2"])
    grant_access(owner, "operations", "maintain")
    reviewers = [{"type": "Team", "id": team["id"]}]
    made = put_environment(
        owner,
        reviewers=reviewers,
        prevent_self_review=True,
        can_admins_bypass=False,
        deployment_branch_policy=CUSTOM_POLICIES,
    )
    expect_ok(
        owner.post(
            f"{HTTPX}/environments/deploy/deployment-branch-policies",
            json={"name": "*", "type": "tag"},
        )
    )
    expect_ok(
        put_secret(owner, f"{HTTPX}/environments/deploy/secrets", "PYPI_TOKEN", "a-new-token")
    )
    expect_ok(owner.delete(f"{HTTPX}/actions/secrets/PYPI_TOKEN"))
    write_publish_workflow(owner, "deploy")
    return made


def newest(client: httpx.Client) -> dict[str, Any]:
    run: dict[str, Any] = expect_ok(client.get(RUNS))["workflow_runs"][0]
    return run


def review(
    client: httpx.Client, run: dict[str, Any], gate: dict[str, Any], state: str = "approved"
) -> httpx.Response:
    body = {"environment_ids": [gate["id"]], "state": state, "comment": "A release."}
    return client.post(f"{RUNS}/{run['id']}/pending_deployments", json=body)


def handed(github: Application) -> list[tuple[str, str, str]]:
    """The secrets that the newest run's jobs got: name, value, and where each came from."""
    jobs = snapshot(github.world)["runs"][-1]["jobs"]
    return [
        (secret["name"], secret["value"], secret["source"])
        for job in jobs
        for secret in job["secrets"]
    ]


def test_a_tag_starts_the_workflow_and_hands_it_the_repositorys_secret(
    github: Application, person: Person
) -> None:
    """The organization of before: whoever may push a tag publishes."""
    expect_ok(create_tag(person("maintainer-1"), "1.0"))

    run = newest(person("maintainer-1"))
    assert tuple(run[key] for key in ("event", "head_branch", "status", "conclusion")) == (
        "push",
        "1.0",
        "completed",
        "success",
    )
    assert handed(github) == [("PYPI_TOKEN", "a-token-of-before", "repository")]


def test_a_branch_does_not_start_what_is_for_tags(person: Person) -> None:
    create_branch(person("maintainer-1"), "next")

    assert expect_ok(person("maintainer-1").get(RUNS))["total_count"] == 0


def test_a_commit_brings_its_own_workflow(github: Application, person: Person) -> None:
    """A workflow on somebody's branch reaches what the repository hands to every job."""
    writer = person("maintainer-1")
    create_branch(writer, "next")
    text = "on: push\njobs: {thief: {steps: [{env: {X: '${{ secrets.PYPI_TOKEN }}'}}]}}\n"
    expect_ok(write_file(writer, ".github/workflows/thief.yml", text, branch="next"))

    assert newest(writer)["path"] == ".github/workflows/thief.yml"
    assert handed(github) == [("PYPI_TOKEN", "a-token-of-before", "repository")]


@pytest.mark.usefixtures("gate")
def test_a_release_waits_for_its_reviewers(github: Application, person: Person) -> None:
    expect_ok(create_tag(person("operator-1"), "1.0"))

    run = newest(person("operator-1"))
    pending = expect_ok(person("operator-2").get(f"{RUNS}/{run['id']}/pending_deployments"))
    assert (run["status"], run["conclusion"], handed(github)) == ("waiting", None, [])
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
    run = newest(person("operator-1"))

    deployments = expect_ok(review(person("operator-2"), run, gate))

    assert [deployment["environment"] for deployment in deployments] == ["deploy"]
    assert handed(github) == [("PYPI_TOKEN", "a-new-token", "environment")]
    approvals = expect_ok(person("operator-1").get(f"{RUNS}/{run['id']}/approvals"))
    assert [
        (approval["user"]["login"], approval["state"], approval["comment"])
        for approval in approvals
    ] == [("operator-2", "approved", "A release.")]
    expect_refusal(review(person("operator-2"), run, gate), 422, "Validation Failed")


def test_whoever_pushed_the_tag_does_not_approve_it(person: Person, gate: dict[str, Any]) -> None:
    """Source: public reports of GitHub's answer to a self-review: a 422 that says that nothing is pending."""
    expect_ok(create_tag(person("operator-1"), "1.0"))
    run = newest(person("operator-1"))

    assert expect_refusal(review(person("operator-1"), run, gate), 422, "Validation Failed")[
        "errors"
    ] == [NOTHING]
    pending = expect_ok(person("operator-1").get(f"{RUNS}/{run['id']}/pending_deployments"))
    assert [deployment["current_user_can_approve"] for deployment in pending] == [False]


def test_without_that_rule_they_may(
    owner: httpx.Client, person: Person, gate: dict[str, Any]
) -> None:
    reviewers = [{"type": "User", "id": expect_ok(owner.get("/users/operator-1"))["id"]}]
    put_environment(owner, reviewers=reviewers)
    expect_ok(create_tag(person("operator-1"), "1.0"))

    expect_ok(review(person("operator-1"), newest(owner), gate))


@pytest.mark.parametrize("login", ["maintainer-1", "owner-1", "outsider-1", "operator-3"])
def test_only_required_reviewers_approve(person: Person, gate: dict[str, Any], login: str) -> None:
    expect_ok(create_tag(person("operator-1"), "1.0"))

    expect_refusal(
        review(person(login), newest(person("operator-1")), gate), 422, "Validation Failed"
    )


def test_an_app_is_no_reviewer(person: Person, gate: dict[str, Any]) -> None:
    expect_ok(create_tag(person("operator-1"), "1.0"))

    expect_refusal(
        review(person("release-stack"), newest(person("operator-1")), gate),
        403,
        "Resource not accessible by integration",
    )


def test_a_rejected_release_fails_without_secrets(
    github: Application, person: Person, gate: dict[str, Any]
) -> None:
    expect_ok(create_tag(person("operator-1"), "1.0"))
    expect_ok(review(person("operator-2"), newest(person("operator-1")), gate, "rejected"))

    run = newest(person("operator-1"))
    assert (run["status"], run["conclusion"], handed(github)) == ("completed", "failure", [])


@pytest.mark.usefixtures("gate")
def test_a_branch_does_not_reach_an_environment_of_tags(
    github: Application, person: Person
) -> None:
    """Source: GitHub's docs, "Deployments and environments"; the sentence is that of public issue threads."""
    writer = person("maintainer-1")
    create_branch(writer, "next")
    text = build_publish_workflow("deploy").replace("{push: {tags: ['*']}}", "push")
    expect_ok(write_file(writer, ".github/workflows/thief.yml", text, branch="next"))

    job = snapshot(github.world)["runs"][-1]["jobs"][0]
    assert (job["status"], job["conclusion"], job["secrets"]) == ("completed", "failure", [])
    assert (
        job["reason"]
        == 'Branch "next" is not allowed to deploy to deploy due to environment protection rules.'
    )


def test_a_job_that_waits_for_an_environment_that_is_deleted_fails(
    github: Application, owner: httpx.Client, person: Person, gate: dict[str, Any]
) -> None:
    """Source: GitHub's docs, "Managing environments for deployment": waiting jobs automatically fail."""
    expect_ok(create_tag(person("operator-1"), "1.0"))
    expect_ok(owner.delete(f"{HTTPX}/environments/deploy"))

    run = newest(owner)
    assert (run["conclusion"], handed(github)) == ("failure", [])
    put_environment(owner)
    expect_refusal(review(person("operator-2"), run, gate), 422, "Validation Failed")
    assert newest(owner)["conclusion"] == "failure"


@pytest.mark.parametrize(
    ("protected", "conclusion"),
    [("none", "success"), ("main", "success"), ("release", "failure")],
    ids=lambda value: value,
)
def test_where_no_branch_is_protected_every_branch_is_let_through(
    owner: httpx.Client, protected: str, conclusion: str
) -> None:
    """Source: "Deployments and environments": with no protection rules defined for any branch, all branches can deploy.

    Assumption: a ruleset protects a branch as branch protection does."""
    put_environment(
        owner,
        deployment_branch_policy={"protected_branches": True, "custom_branch_policies": False},
    )
    create_branch(owner, "release")
    create_ruleset(owner, [{"type": "deletion"}], include=[f"refs/heads/{protected}"])
    text = build_publish_workflow("deploy").replace("tags: ['*']", "branches: [main]")
    path = ".github/workflows/publish.yml"
    expect_ok(write_file(owner, path, text, sha=get_file_sha(owner, path)))

    assert newest(owner)["conclusion"] == conclusion


@pytest.mark.usefixtures("gate")
def test_whoever_takes_the_reviewers_away_lets_the_waiting_job_go(
    owner: httpx.Client, person: Person
) -> None:
    """Assumption: rules are read anew whenever a job waits. Only an admin can take them away."""
    expect_ok(create_tag(person("operator-1"), "1.0"))
    assert newest(owner)["status"] == "waiting"
    put_environment(owner)

    assert newest(owner)["conclusion"] == "success"


def test_where_branches_must_be_protected_no_tag_is_let_through(owner: httpx.Client) -> None:
    """Source: the same page on tags with the name of a protected branch; of other tags it is an assumption."""
    put_environment(
        owner,
        deployment_branch_policy={"protected_branches": True, "custom_branch_policies": False},
    )
    write_publish_workflow(owner, "deploy")
    expect_ok(create_tag(owner, "1.0"))

    assert newest(owner)["conclusion"] == "failure"


def test_an_environment_that_a_job_merely_names_is_made_unprotected(owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Managing environments": running a workflow that names one creates it."""
    write_publish_workflow(owner, "deploy")
    expect_ok(create_tag(owner, "1.0"))

    made = expect_ok(owner.get(f"{HTTPX}/environments/deploy"))
    assert (
        made["protection_rules"],
        made["deployment_branch_policy"],
        made["can_admins_bypass"],
    ) == ([], None, True)


def test_an_organizations_secret_is_the_last_resort(
    github: Application, owner: httpx.Client
) -> None:
    """Source: GitHub's docs, "Secrets": an environment's wins over a repository's, that over an organization's."""
    expect_ok(
        put_secret(owner, "/orgs/encode/actions/secrets", "PYPI_TOKEN", "shared", visibility="all")
    )
    expect_ok(create_tag(owner, "1.0"))
    first = handed(github)
    expect_ok(owner.delete(f"{HTTPX}/actions/secrets/PYPI_TOKEN"))
    expect_ok(create_tag(owner, "1.1"))

    assert [(source, value) for _, value, source in (*first, *handed(github))] == [
        ("repository", "a-token-of-before"),
        ("organization", "shared"),
    ]


def test_a_secret_for_other_repositories_is_not_handed_out(
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

    assert handed(github) == []


def workflow(owner: httpx.Client, jobs: str) -> None:
    text = "on: {push: {tags: ['*']}}\njobs:\n" + jobs
    path = ".github/workflows/publish.yml"
    expect_ok(write_file(owner, path, text, sha=get_file_sha(owner, path)))


def conclusions(github: Application) -> dict[str, str]:
    return {
        job["name"]: job["conclusion"] or job["status"]
        for job in snapshot(github.world)["runs"][-1]["jobs"]
    }


def test_a_job_waits_for_those_it_needs(
    github: Application, person: Person, owner: httpx.Client, gate: dict[str, Any]
) -> None:
    """Source: GitHub's docs, "Workflow syntax", ``jobs.<job_id>.needs``."""
    secret = "env: {X: '${{ secrets.PYPI_TOKEN }}'}"
    workflow(
        owner,
        f"  after: {{needs: publish}}\n  publish: {{needs: [build], environment: deploy, {secret}}}\n  build: {{}}\n",
    )
    expect_ok(create_tag(person("operator-1"), "1.0"))

    assert conclusions(github) == {"after": "queued", "publish": "waiting", "build": "success"}
    expect_ok(review(person("operator-2"), newest(owner), gate))
    assert conclusions(github) == {"after": "success", "publish": "success", "build": "success"}


def test_jobs_behind_a_failed_one_are_skipped(
    github: Application, person: Person, owner: httpx.Client, gate: dict[str, Any]
) -> None:
    workflow(
        owner,
        "  publish: {environment: deploy}\n  after: {needs: publish}\n  last: {needs: after}\n",
    )
    expect_ok(create_tag(person("operator-1"), "1.0"))
    expect_ok(review(person("operator-2"), newest(owner), gate, "rejected"))

    assert conclusions(github) == {"publish": "failure", "after": "skipped", "last": "skipped"}


def test_runs_are_filtered_and_read_one_by_one(owner: httpx.Client) -> None:
    for name in ("1.0", "1.1"):
        expect_ok(create_tag(owner, name))

    listed = expect_ok(
        owner.get(
            RUNS, params={"branch": "1.0", "event": "push", "status": "success", "actor": "owner-1"}
        )
    )
    run = listed["workflow_runs"][0]
    assert (listed["total_count"], run["head_branch"]) == (1, "1.0")
    assert run == expect_ok(owner.get(f"{RUNS}/{run['id']}"))
    assert [job["name"] for job in expect_ok(owner.get(f"{RUNS}/{run['id']}/jobs"))["jobs"]] == [
        "publish"
    ]
    assert expect_ok(owner.get(RUNS, params={"status": "waiting"}))["total_count"] == 0
    expect_refusal(owner.get(f"{RUNS}/1"), 404, "Not Found")
