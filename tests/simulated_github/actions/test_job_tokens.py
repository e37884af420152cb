"""Tests of the token of a job.

Sources: GitHub's docs, "GITHUB_TOKEN", "Permissions for the GITHUB_TOKEN" and "Workflow syntax".
"""

from typing import Any

import httpx
import pytest

from simulated_github import Application, World
from simulated_github.actions.job_tokens import TOKEN_PERMISSIONS, effective_permissions
from simulated_github.records.accounts import Organization
from simulated_github.records.repositories import Repository
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    build_review_rule,
    create_branch,
    create_ruleset,
    create_tag,
    encode_base64,
    expect_ok,
    expect_refusal,
    open_pull_request,
    write_file,
)
from tests.simulated_github.helpers.checked_transport import connect
from tests.simulated_github.helpers.release_gate import finish_job, replace_workflow, take_job


@pytest.fixture(autouse=True)
def runner(github: Application, anyone: httpx.Client) -> None:
    expect_ok(anyone.post("/_simulator/runner"))
    assert github.world.has_runners


def create_job_client(github: Application, job: dict[str, Any]) -> httpx.Client:
    return connect(github, {"authorization": f"Bearer {job['github_token']}"})


def test_a_job_token_has_its_permissions_on_its_repository(
    github: Application, owner: httpx.Client, anyone: httpx.Client
) -> None:
    text = "on: push\npermissions: {contents: write}\njobs: {docs: {steps: []}}\n"
    replace_workflow(owner, text)
    job_client = create_job_client(github, take_job(anyone)[1])

    assert [
        repository["name"]
        for repository in expect_ok(job_client.get("/installation/repositories"))["repositories"]
    ] == ["httpx"]
    expect_ok(write_file(job_client, "site.md", "Docs.\n"))
    body = {"message": "x", "content": encode_base64("x")}
    expect_refusal(
        job_client.put("/repos/encode/httpcore/contents/site.md", json=body), 404, "Not Found"
    )
    expect_refusal(
        job_client.put(f"{HTTPX}/topics", json={"names": []}),
        403,
        "Resource not accessible by integration",
    )
    expect_refusal(
        job_client.get("/orgs/encode/actions/secrets"),
        403,
        "Resource not accessible by integration",
    )


def test_a_job_token_cannot_write_workflows(
    github: Application, owner: httpx.Client, anyone: httpx.Client
) -> None:
    """Source: GitHub's docs, "Permissions for the GITHUB_TOKEN" has no `workflows`."""
    replace_workflow(owner, "on: push\npermissions: write-all\njobs: {docs: {steps: []}}\n")
    job_client = create_job_client(github, take_job(anyone)[1])

    expect_refusal(
        write_file(job_client, ".github/workflows/more.yml", "on: push\njobs: {}\n"),
        403,
        "Resource not accessible by integration",
    )


def test_a_push_by_a_job_starts_no_run(
    github: Application, owner: httpx.Client, anyone: httpx.Client
) -> None:
    """Source: GitHub's docs, "GITHUB_TOKEN": its events "will not create a new workflow run"."""
    replace_workflow(owner, "on: push\npermissions: {contents: write}\njobs: {docs: {steps: []}}\n")
    job_client = create_job_client(github, take_job(anyone)[1])
    count = expect_ok(owner.get(f"{HTTPX}/actions/runs"))["total_count"]

    expect_ok(write_file(job_client, "site.md", "Docs.\n"))
    expect_ok(create_tag(job_client, "1.0"))

    assert expect_ok(owner.get(f"{HTTPX}/actions/runs"))["total_count"] == count


def test_a_job_token_ends_with_the_job(
    github: Application, person: Person, anyone: httpx.Client
) -> None:
    expect_ok(create_tag(person("maintainer-1"), "1.0"))
    number, job = take_job(anyone)
    job_client = create_job_client(github, job)
    assert job_client.get(HTTPX).status_code == 200

    finish_job(anyone, number)

    expect_refusal(job_client.get(HTTPX), 401, "Bad credentials")


SETTING = {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": True}


def test_a_job_opens_and_approves_pulls_only_by_the_setting(
    github: Application, owner: httpx.Client, person: Person, anyone: httpx.Client
) -> None:
    """Source: GitHub's docs, "Managing GitHub Actions settings for a repository".

    Both messages are in many public logs.
    """
    replace_workflow(
        owner, "on: {push: {branches: [main]}}\npermissions: write-all\njobs: {docs: {steps: []}}\n"
    )
    job_client = create_job_client(github, take_job(anyone)[1])
    number = open_pull_request(person("maintainer-1"))
    create_ruleset(owner, [build_review_rule()])
    reviews = f"{HTTPX}/pulls/{number}/reviews"
    merge = f"{HTTPX}/pulls/{number}/merge"
    create_branch(owner, "other")
    expect_ok(write_file(owner, "other.md", "x", branch="other"))
    pull = {"title": "x", "head": "other", "base": "main"}

    expect_refusal(
        job_client.post(f"{HTTPX}/pulls", json=pull),
        403,
        "GitHub Actions is not permitted to create or approve pull requests.",
    )
    refusal = expect_refusal(
        job_client.post(reviews, json={"event": "APPROVE"}), 422, "Unprocessable Entity"
    )
    assert refusal["errors"] == ["GitHub Actions is not permitted to approve pull requests."]
    expect_refusal(person("maintainer-1").put(merge), 405, "approving review")

    for path in ("/orgs/encode", HTTPX):
        expect_ok(owner.put(f"{path}/actions/permissions/workflow", json=SETTING))
    expect_ok(job_client.post(f"{HTTPX}/pulls", json=pull))
    expect_ok(job_client.post(reviews, json={"event": "APPROVE"}))
    expect_ok(person("maintainer-1").put(merge))


def test_a_ruleset_restricts_a_job_token(
    github: Application, owner: httpx.Client, anyone: httpx.Client
) -> None:
    replace_workflow(owner, "on: push\npermissions: {contents: write}\njobs: {docs: {steps: []}}\n")
    rules = {
        "name": "Tags",
        "target": "tag",
        "enforcement": "active",
        "rules": [{"type": "creation"}],
    }
    conditions = {"ref_name": {"include": ["~ALL"], "exclude": []}}
    expect_ok(owner.post(f"{HTTPX}/rulesets", json=rules | {"conditions": conditions}))
    job_client = create_job_client(github, take_job(anyone)[1])

    expect_refusal(
        create_tag(job_client, "1.0"), 422, "Cannot create ref due to creations being restricted"
    )


READS_METADATA = {"metadata": "read"}


@pytest.fixture
def repository(world: World) -> Repository:
    repository = world.repository("encode", "httpx")
    assert repository is not None
    return repository


@pytest.mark.parametrize(
    ("workflow", "job", "expected"),
    [
        ({}, None, {}),
        ({"contents": "read"}, None, {"contents": "read"}),
        ({"contents": "write"}, {}, {}),
        ({}, {"contents": "read", "id-token": "write"}, {"contents": "read", "id-token": "write"}),
        ({"contents": "none", "issues": "write"}, None, {"issues": "write"}),
        ({"id-token": "read"}, None, {}),
        ("read-all", None, {scope: "read" for scope in TOKEN_PERMISSIONS if scope != "id-token"}),
        ("write-all", None, dict.fromkeys(TOKEN_PERMISSIONS, "write")),
        ({"administration": "write"}, None, {}),
        ("nonsense", None, {}),
    ],
)
def test_permissions_that_are_not_declared_are_none(
    repository: Repository, workflow: Any, job: Any, expected: dict[str, str]
) -> None:
    assert READS_METADATA | expected == effective_permissions(repository, workflow, job)


def test_the_default_token_reads_contents_and_packages(repository: Repository) -> None:
    assert effective_permissions(repository, None, None) == READS_METADATA | {
        "contents": "read",
        "packages": "read",
    }


def test_a_permissive_token_writes_but_has_no_id_token(repository: Repository) -> None:
    repository.actions.default_workflow_permissions = "write"
    assert isinstance(repository.owner, Organization)
    repository.owner.actions.default_workflow_permissions = "write"

    permissions = effective_permissions(repository, None, None)

    assert permissions["contents"] == "write"
    assert "id-token" not in permissions


def test_a_restricted_organization_restricts_its_repositories(repository: Repository) -> None:
    repository.actions.default_workflow_permissions = "write"

    assert effective_permissions(repository, None, None)["contents"] == "read"
