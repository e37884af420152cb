"""Tests of workflows that a push starts, and pushes with a job's token.

Sources: GitHub's docs, "Events that trigger workflows" and "GITHUB_TOKEN".
"""

import httpx
import pytest

from simulated_github import SimulatedGitHub
from tests.simulated_github.git.http.conftest import Clone, Git
from tests.simulated_github.helpers.api_calls import expect_ok, get_head
from tests.simulated_github.helpers.release_gate import (
    RUNS,
    WORKFLOW,
    finish_job,
    replace_workflow,
    take_job,
)


def test_a_tag_starts_the_workflow_of_its_commit(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    text = (git.folder / WORKFLOW).read_text().replace("name: ", "name: Another ", 1)
    sha = git.commit(WORKFLOW, text)

    git("push", "origin", "HEAD:refs/tags/1.0").expect_ok()

    runs = expect_ok(owner.get(RUNS))["workflow_runs"]
    assert [
        (run["event"], run["head_branch"], run["head_sha"], run["actor"]["login"]) for run in runs
    ] == [("push", "1.0", sha, "maintainer-1")]


def test_an_annotated_tag_starts_the_workflow(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    git("tag", "-a", "-m", "A release.", "1.0").expect_ok()

    git("push", "origin", "1.0").expect_ok()

    assert [run["head_sha"] for run in expect_ok(owner.get(RUNS))["workflow_runs"]] == [
        get_head(owner)
    ]


@pytest.mark.parametrize(("count", "started"), [(3, 3), (4, 0)])
def test_more_than_three_tags_at_once_start_nothing(
    clone: Clone, owner: httpx.Client, count: int, started: int
) -> None:
    """Source: GitHub's docs, "Events that trigger workflows", `push`."""
    clone("maintainer-1")(
        "push", "origin", *(f"HEAD:refs/tags/1.{number}" for number in range(count))
    ).expect_ok()

    assert expect_ok(owner.get(RUNS))["total_count"] == started


def test_a_push_with_a_jobs_token_starts_nothing(
    clone: Clone, served: SimulatedGitHub, owner: httpx.Client
) -> None:
    """Source: GitHub's docs, "GITHUB_TOKEN"; `mkdocs gh-deploy` does so in a workflow."""
    git = clone("maintainer-1")
    served.run_jobs()
    replace_workflow(owner, "on: push\npermissions: {contents: write}\njobs: {docs: {steps: []}}\n")
    job_id, job = take_job(owner)
    bot = Git(git.folder, git.base, "x-access-token")
    url = bot.url(token=job["github_token"])
    before = expect_ok(owner.get(RUNS))["total_count"]

    bot("push", url, "HEAD:refs/heads/gh-pages").expect_ok()
    assert expect_ok(owner.get(RUNS))["total_count"] == before

    finish_job(owner, job_id)
    bot("push", url, "HEAD:refs/heads/later").expect_refusal("Authentication failed")


def test_a_job_without_write_permission_cannot_push(
    clone: Clone, served: SimulatedGitHub, owner: httpx.Client
) -> None:
    git = clone("maintainer-1")
    served.run_jobs()
    replace_workflow(owner, "on: push\npermissions: {contents: read}\njobs: {docs: {steps: []}}\n")
    bot = Git(git.folder, git.base, "x-access-token")
    url = bot.url(token=take_job(owner)[1]["github_token"])

    bot("push", url, "HEAD:refs/heads/gh-pages").expect_refusal(
        "Permission to encode/httpx.git denied to github-actions[bot]."
    )


def test_a_job_cannot_push_a_workflow_file(
    clone: Clone, served: SimulatedGitHub, owner: httpx.Client
) -> None:
    git = clone("maintainer-1")
    served.run_jobs()
    replace_workflow(owner, "on: push\npermissions: write-all\njobs: {docs: {steps: []}}\n")
    bot = Git(git.folder, git.base, "x-access-token")
    git.commit(".github/workflows/more.yml", "on: push\njobs: {}\n")

    bot(
        "push", bot.url(token=take_job(owner)[1]["github_token"]), "HEAD:refs/heads/next"
    ).expect_refusal(
        "refusing to allow a GitHub App to create or update workflow "
        "`.github/workflows/more.yml` without `workflows` permission"
    )
