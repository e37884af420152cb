"""Which actions a workflow may use.

Source: GitHub's docs, "Managing GitHub Actions settings for a repository"; the sentences are those of public issue threads.
"""

from typing import Any

import httpx
import pytest

from simulated_github import Application
from simulated_github.control.snapshot import snapshot
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import HTTPX, create_tag, expect_ok
from tests.simulated_github.helpers.release_gate import build_gate, get_newest_run, replace_workflow

HERE, ABOVE = f"{HTTPX}/actions/permissions", "/orgs/encode/actions/permissions"
SHA = "de0fac2e4500dabe0009e67214ff5f5447ce83dd"
PINNED, LOOSE = f"actions/checkout@{SHA}", "actions/checkout@v6"
FOREIGN = f"pypa/gh-action-pypi-publish@{SHA}"


def use(owner: httpx.Client, *names: str) -> None:
    """A workflow that is started by tags and uses these actions."""
    steps = "".join(f"      - uses: {name}\n" for name in names)
    replace_workflow(
        owner,
        f"on: {{push: {{tags: ['*']}}}}\njobs:\n  publish:\n    environment: deploy\n    steps:\n{steps}",
    )


def allow(
    owner: httpx.Client, place: str, *, selected: dict[str, Any] | None = None, **settings: Any
) -> None:
    first = {"enabled": True} if place == HERE else {"enabled_repositories": "all"}
    expect_ok(owner.put(place, json=first | settings))
    if selected is not None:
        expect_ok(owner.put(f"{place}/selected-actions", json=selected))


def end(github: Application, owner: httpx.Client) -> tuple[str | None, str | None]:
    """How the newest run ended, and why it did not start."""
    expect_ok(create_tag(owner, f"1.{len(snapshot(github.world)['runs'])}"))
    run = get_newest_run(owner)
    return run["conclusion"], snapshot(github.world)["runs"][-1]["reason"]


@pytest.mark.parametrize("place", [HERE, ABOVE])
def test_an_action_that_is_not_pinned_keeps_a_workflow_from_starting(
    github: Application, owner: httpx.Client, place: str
) -> None:
    allow(owner, place, sha_pinning_required=True)
    use(owner, LOOSE, FOREIGN)
    why = "The action actions/checkout@v6 is not allowed in encode/httpx because all actions must be pinned to a full-length"

    conclusion, reason = end(github, owner)

    assert (conclusion, reason) == ("startup_failure", f"{why} commit SHA.")
    use(
        owner,
        PINNED,
        FOREIGN,
        "./.github/actions/publish",
        f"docker://rhysd/actionlint@sha256:{'0' * 64}",
    )
    assert end(github, owner) == ("success", None)


@pytest.mark.parametrize("place", [HERE, ABOVE])
@pytest.mark.parametrize(
    ("allowed", "selected", "whose"),
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
def test_only_the_actions_that_are_allowed_are_used(
    github: Application,
    owner: httpx.Client,
    place: str,
    allowed: str,
    selected: dict[str, Any] | None,
    whose: str,
) -> None:
    allow(owner, place, allowed_actions=allowed, selected=selected)
    use(owner, FOREIGN)

    conclusion, reason = end(github, owner)

    assert conclusion == "startup_failure"
    assert (
        reason
        == f"The action {FOREIGN} is not allowed in encode/httpx because all actions must be from {whose}"
    )
    use(owner, f"encode/publish@{SHA}", "./.github/actions/publish")
    assert end(github, owner) == ("success", None)


def test_patterns_let_actions_through(github: Application, owner: httpx.Client) -> None:
    allow(
        owner,
        HERE,
        allowed_actions="selected",
        selected={"github_owned_allowed": False, "patterns_allowed": ["pypa/*@*"]},
    )
    use(owner, FOREIGN)
    assert end(github, owner) == ("success", None)

    use(owner, PINNED, LOOSE)
    conclusion, reason = end(github, owner)
    assert conclusion == "startup_failure"
    assert reason is not None
    assert reason.startswith(f"The actions {PINNED} and {LOOSE} are not allowed")


def test_a_reusable_workflow_may_be_named_by_a_tag_and_must_be_allowed(
    github: Application, owner: httpx.Client
) -> None:
    replace_workflow(
        owner,
        "on: {push: {tags: ['*']}}\njobs: {publish: {uses: hynek/x/.github/workflows/y.yml@v1}}\n",
    )
    allow(owner, HERE, sha_pinning_required=True)
    assert end(github, owner) == ("success", None)

    allow(owner, HERE, allowed_actions="local_only")
    assert end(github, owner)[0] == "startup_failure"


def test_a_release_that_does_not_start_waits_for_nobody_and_has_no_jobs(
    owner: httpx.Client, person: Person
) -> None:
    """Source: DataDog/dd-trace-rb pull request 6136: rejected before any job is created."""
    build_gate(owner)
    use(owner, LOOSE)
    allow(owner, ABOVE, sha_pinning_required=True)
    expect_ok(create_tag(person("operator-1"), "1.0"))

    run = get_newest_run(owner)
    assert (run["status"], run["conclusion"]) == ("completed", "startup_failure")
    assert expect_ok(owner.get(f"{HTTPX}/actions/runs/{run['id']}/jobs"))["total_count"] == 0
    assert expect_ok(owner.get(f"{HTTPX}/actions/runs/{run['id']}/pending_deployments")) == []
