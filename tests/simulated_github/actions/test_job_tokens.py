"""What a job may do with its own token. Source: GitHub's docs, "GITHUB_TOKEN" and "Permissions for the GITHUB_TOKEN"."""

from typing import Any

import httpx
import pytest

from simulated_github import Application
from tests.simulated_github.conftest import Person, client
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
from tests.simulated_github.helpers.release_gate import finish_job, replace_workflow, take_job


@pytest.fixture(autouse=True)
def runner(github: Application, anyone: httpx.Client) -> None:
    expect_ok(anyone.post("/_simulator/runner"))
    assert github.world.has_runners


def job_token(github: Application, taken: dict[str, Any]) -> httpx.Client:
    return client(github, {"authorization": f"Bearer {taken['github_token']}"})


def test_a_jobs_own_token_is_for_its_repository_with_its_permissions(
    github: Application, owner: httpx.Client, anyone: httpx.Client
) -> None:
    text = "on: push\npermissions: {contents: write}\njobs: {docs: {steps: []}}\n"
    replace_workflow(owner, text)
    own = job_token(github, take_job(anyone)[1])

    assert [
        one["name"] for one in expect_ok(own.get("/installation/repositories"))["repositories"]
    ] == ["httpx"]
    expect_ok(write_file(own, "site.md", "Docs.\n"))
    body = {"message": "x", "content": encode_base64("x")}
    expect_refusal(own.put("/repos/encode/httpcore/contents/site.md", json=body), 404, "Not Found")
    expect_refusal(
        own.put(f"{HTTPX}/topics", json={"names": []}),
        403,
        "Resource not accessible by integration",
    )
    expect_refusal(
        own.get("/orgs/encode/actions/secrets"), 403, "Resource not accessible by integration"
    )


def test_a_jobs_own_token_writes_no_workflow(
    github: Application, owner: httpx.Client, anyone: httpx.Client
) -> None:
    """Source: GitHub's docs, "Permissions for the GITHUB_TOKEN": ``workflows`` is not among them."""
    replace_workflow(owner, "on: push\npermissions: write-all\njobs: {docs: {steps: []}}\n")
    own = job_token(github, take_job(anyone)[1])

    expect_refusal(
        write_file(own, ".github/workflows/more.yml", "on: push\njobs: {}\n"),
        403,
        "Resource not accessible by integration",
    )


def test_what_a_job_pushes_starts_nothing(
    github: Application, owner: httpx.Client, anyone: httpx.Client
) -> None:
    """Source: GitHub's docs, "GITHUB_TOKEN": "events triggered by the GITHUB_TOKEN will not create a new workflow run"."""
    replace_workflow(owner, "on: push\npermissions: {contents: write}\njobs: {docs: {steps: []}}\n")
    own = job_token(github, take_job(anyone)[1])
    before = expect_ok(owner.get(f"{HTTPX}/actions/runs"))["total_count"]

    expect_ok(write_file(own, "site.md", "Docs.\n"))
    expect_ok(create_tag(own, "1.0"))

    assert expect_ok(owner.get(f"{HTTPX}/actions/runs"))["total_count"] == before


def test_a_jobs_own_token_ends_with_the_job(
    github: Application, person: Person, anyone: httpx.Client
) -> None:
    expect_ok(create_tag(person("maintainer-1"), "1.0"))
    number, taken = take_job(anyone)
    own = job_token(github, taken)
    assert own.get(HTTPX).status_code == 200

    finish_job(anyone, number)

    expect_refusal(own.get(HTTPX), 401, "Bad credentials")


SETTING = {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": True}


def test_a_job_opens_and_approves_pull_requests_only_where_the_setting_lets_it(
    github: Application, owner: httpx.Client, person: Person, anyone: httpx.Client
) -> None:
    """Source: GitHub's docs, "Managing GitHub Actions settings for a repository"; both sentences are in many public logs."""
    replace_workflow(
        owner, "on: {push: {branches: [main]}}\npermissions: write-all\njobs: {docs: {steps: []}}\n"
    )
    own = job_token(github, take_job(anyone)[1])
    number = open_pull_request(person("maintainer-1"))
    create_ruleset(owner, [build_review_rule()])
    reviews, merge = f"{HTTPX}/pulls/{number}/reviews", f"{HTTPX}/pulls/{number}/merge"
    create_branch(owner, "other")
    expect_ok(write_file(owner, "other.md", "x", branch="other"))
    opened = {"title": "x", "head": "other", "base": "main"}

    expect_refusal(
        own.post(f"{HTTPX}/pulls", json=opened),
        403,
        "GitHub Actions is not permitted to create or approve pull requests.",
    )
    answer = expect_refusal(
        own.post(reviews, json={"event": "APPROVE"}), 422, "Unprocessable Entity"
    )
    assert answer["errors"] == ["GitHub Actions is not permitted to approve pull requests."]
    expect_refusal(person("maintainer-1").put(merge), 405, "approving review")

    for place in ("/orgs/encode", HTTPX):
        expect_ok(owner.put(f"{place}/actions/permissions/workflow", json=SETTING))
    expect_ok(own.post(f"{HTTPX}/pulls", json=opened))
    expect_ok(own.post(reviews, json={"event": "APPROVE"}))
    expect_ok(person("maintainer-1").put(merge))


def test_a_ruleset_binds_a_jobs_own_token(
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
    own = job_token(github, take_job(anyone)[1])

    expect_refusal(
        create_tag(own, "1.0"), 422, "Cannot create ref due to creations being restricted"
    )
