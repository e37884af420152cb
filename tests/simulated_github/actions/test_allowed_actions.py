"""Tests of the actions that a workflow may use.

Sources: GitHub's docs, "Managing GitHub Actions settings for a repository"; public issue threads
for the messages.
"""

from typing import Any

import httpx
import pytest

from simulated_github import Application
from simulated_github.control.snapshot import snapshot
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import HTTPX, create_tag, expect_ok
from tests.simulated_github.helpers.release_gate import build_gate, get_newest_run, replace_workflow

REPOSITORY_SETTINGS = f"{HTTPX}/actions/permissions"
ORGANIZATION_SETTINGS = "/orgs/encode/actions/permissions"
SHA = "de0fac2e4500dabe0009e67214ff5f5447ce83dd"
PINNED = f"actions/checkout@{SHA}"
UNPINNED = "actions/checkout@v6"
THIRD_PARTY = f"pypa/gh-action-pypi-publish@{SHA}"


def use_actions(owner: httpx.Client, *names: str) -> None:
    """Replace the publish workflow with one that runs on tags and uses these actions."""
    steps = "".join(f"      - uses: {name}\n" for name in names)
    replace_workflow(
        owner,
        "on: {push: {tags: ['*']}}\njobs:\n  publish:\n    environment: deploy\n"
        f"    steps:\n{steps}",
    )


def allow(
    owner: httpx.Client, path: str, *, selected: dict[str, Any] | None = None, **settings: Any
) -> None:
    required = {"enabled": True} if path == REPOSITORY_SETTINGS else {"enabled_repositories": "all"}
    expect_ok(owner.put(path, json=required | settings))
    if selected is not None:
        expect_ok(owner.put(f"{path}/selected-actions", json=selected))


def run_release(github: Application, owner: httpx.Client) -> tuple[str | None, str | None]:
    """Push a tag and return the conclusion of its run, and the reason when it did not start."""
    expect_ok(create_tag(owner, f"1.{len(snapshot(github.world)['runs'])}"))
    run = get_newest_run(owner)
    return run["conclusion"], snapshot(github.world)["runs"][-1]["reason"]


def expect_success(github: Application, owner: httpx.Client) -> None:
    """Fail the test unless the workflow starts and succeeds."""
    conclusion, reason = run_release(github, owner)
    assert conclusion == "success"
    assert reason is None


@pytest.mark.parametrize("path", [REPOSITORY_SETTINGS, ORGANIZATION_SETTINGS])
def test_an_unpinned_action_keeps_a_workflow_from_starting(
    github: Application, owner: httpx.Client, path: str
) -> None:
    allow(owner, path, sha_pinning_required=True)
    use_actions(owner, UNPINNED, THIRD_PARTY)
    message = (
        "The action actions/checkout@v6 is not allowed in encode/httpx"
        " because all actions must be pinned to a full-length commit SHA."
    )

    conclusion, reason = run_release(github, owner)

    assert conclusion == "startup_failure"
    assert reason == message
    use_actions(
        owner,
        PINNED,
        THIRD_PARTY,
        "./.github/actions/publish",
        f"docker://rhysd/actionlint@sha256:{'0' * 64}",
    )
    expect_success(github, owner)


@pytest.mark.parametrize("path", [REPOSITORY_SETTINGS, ORGANIZATION_SETTINGS])
@pytest.mark.parametrize(
    ("allowed", "selected", "sources"),
    [
        ("local_only", None, "a repository owned by encode."),
        ("selected", {}, "a repository owned by encode or created by GitHub."),
        (
            "selected",
            {"verified_allowed": True, "patterns_allowed": ["hynek/*"]},
            "a repository owned by encode, created by GitHub, verified in the GitHub Marketplace, "
            "or match one of the patterns: hynek/*.",
        ),
    ],
)
def test_a_workflow_may_use_only_allowed_actions(
    github: Application,
    owner: httpx.Client,
    path: str,
    allowed: str,
    selected: dict[str, Any] | None,
    sources: str,
) -> None:
    allow(owner, path, allowed_actions=allowed, selected=selected)
    use_actions(owner, THIRD_PARTY)

    conclusion, reason = run_release(github, owner)

    assert conclusion == "startup_failure"
    assert reason == (
        f"The action {THIRD_PARTY} is not allowed in encode/httpx"
        f" because all actions must be from {sources}"
    )
    use_actions(owner, f"encode/publish@{SHA}", "./.github/actions/publish")
    expect_success(github, owner)


def test_patterns_allow_actions(github: Application, owner: httpx.Client) -> None:
    allow(
        owner,
        REPOSITORY_SETTINGS,
        allowed_actions="selected",
        selected={"github_owned_allowed": False, "patterns_allowed": ["pypa/*@*"]},
    )
    use_actions(owner, THIRD_PARTY)
    expect_success(github, owner)

    use_actions(owner, PINNED, UNPINNED)
    conclusion, reason = run_release(github, owner)
    assert conclusion == "startup_failure"
    assert reason is not None
    assert reason.startswith(f"The actions {PINNED} and {UNPINNED} are not allowed")


def test_a_reusable_workflow_may_be_unpinned_but_must_be_allowed(
    github: Application, owner: httpx.Client
) -> None:
    replace_workflow(
        owner,
        "on: {push: {tags: ['*']}}\njobs: {publish: {uses: hynek/x/.github/workflows/y.yml@v1}}\n",
    )
    allow(owner, REPOSITORY_SETTINGS, sha_pinning_required=True)
    expect_success(github, owner)

    allow(owner, REPOSITORY_SETTINGS, allowed_actions="local_only")
    assert run_release(github, owner)[0] == "startup_failure"


def test_a_run_that_does_not_start_has_no_jobs(owner: httpx.Client, person: Person) -> None:
    """Source: DataDog/dd-trace-rb pull request 6136: rejected before any job is created."""
    build_gate(owner)
    use_actions(owner, UNPINNED)
    allow(owner, ORGANIZATION_SETTINGS, sha_pinning_required=True)
    expect_ok(create_tag(person("operator-1"), "1.0"))

    run = get_newest_run(owner)
    assert run["status"] == "completed"
    assert run["conclusion"] == "startup_failure"
    assert expect_ok(owner.get(f"{HTTPX}/actions/runs/{run['id']}/jobs"))["total_count"] == 0
    assert expect_ok(owner.get(f"{HTTPX}/actions/runs/{run['id']}/pending_deployments")) == []
