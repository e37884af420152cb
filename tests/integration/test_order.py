"""The publish workflow and the secrets never exist without the gate."""

import pytest

from simulated_github import World
from tests.integration.on_github import (
    remove_entry,
    rename_entry,
    rename_repository,
    retire_entry,
    send_request,
)
from tests.integration.rehearsed_stack import OWNER, RehearsedStack, writes

ENVIRONMENT_URN = (
    "urn:pulumi:prod::releases::releases:index:ReleaseRepository$releases:index:DeployEnvironment$"
    "github:index/repositoryEnvironment:RepositoryEnvironment::httpx/deploy/environment"
)
WORKFLOW = ".github/workflows/publish.yml"


class ExposureWatch:
    """A watcher that records every repository without its gate, after each write."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.writes = 0
        self.problems: list[str] = []

    def __call__(self, world: World, method: str, path: str, _: int) -> None:
        from simulated_github.control.snapshot import snapshot

        self.writes += 1
        repositories = snapshot(world)["repositories"]
        for name in self.names:
            repository = repositories.get(f"{OWNER}/{name}")
            if repository:
                self.problems += [
                    f"{name}: {problem} after {method} {path}" for problem in exposures(repository)
                ]


def exposures(repository: dict) -> list[str]:  # type: ignore[type-arg]
    """Return what a repository exposes without its gate or its tag rulesets."""
    deploy = repository["environments"].get("deploy", {})
    gate = bool(
        deploy
        and any(reviewer.startswith("team ") for reviewer in deploy["reviewers"])
        and deploy["prevent_self_review"]
        and not deploy["can_admins_bypass"]
        and deploy["branch_policy"] is not None
    )
    tags = {"Release tags: who may create them", "Release tags: never moved or deleted"} <= set(
        repository["rulesets"]
    )
    managed = "name: deploy" in repository["files"].get(WORKFLOW, "")
    problems = []
    if deploy and not is_closed(deploy) and not gate:
        problems.append("the environment is open")
    if managed and not gate:
        problems.append("the workflow exists without the gate")
    if managed and not tags:
        problems.append("the workflow exists without the tag rulesets")
    if deploy.get("secrets") and not (gate and deploy["policies"]):
        problems.append("the secret exists without the gate")
    if deploy.get("secrets") and not tags:
        problems.append("the secret exists without the tag rulesets")
    return problems


def is_closed(environment: dict) -> bool:  # type: ignore[type-arg]
    """Return whether no branch and no tag can deploy to an environment."""
    return bool(environment["branch_policy"] == "custom" and environment["policies"] == [])


def test_the_gate_comes_first_while_up_creates_everything(declared: RehearsedStack) -> None:
    watch = ExposureWatch("httpx", "databases")
    declared.github.watch(watch)

    declared.up()

    assert watch.writes > 20
    assert watch.problems == []


def test_the_gate_goes_last_while_an_entry_is_removed(applied: RehearsedStack) -> None:
    watch = ExposureWatch("httpx", "databases")
    applied.github.watch(watch)
    remove_entry(applied, "httpx")

    with applied.requests() as requests:
        applied.up()

    assert watch.writes >= 7
    assert watch.problems == []
    assert "DELETE /api/v3/repos/encode/httpx/environments/deploy" not in writes(requests)


def test_the_gate_holds_while_an_entry_is_retired(applied: RehearsedStack) -> None:
    watch = ExposureWatch("httpx", "databases")
    applied.github.watch(watch)
    retire_entry(applied, "httpx")

    applied.up()

    assert watch.writes >= 7
    assert watch.problems == []
    assert applied.plan() == {}


def test_the_gate_comes_first_while_an_entry_returns(applied: RehearsedStack) -> None:
    retire_entry(applied, "httpx")
    applied.up()
    watch = ExposureWatch("httpx", "databases")
    applied.github.watch(watch)
    applied.repositories["httpx"] = None
    applied.configure()
    applied.set_tokens()

    applied.up()

    assert watch.writes >= 7
    assert watch.problems == []
    assert applied.plan() == {}


def test_the_gate_holds_while_a_repository_is_renamed(applied: RehearsedStack) -> None:
    rename_repository(applied, "httpx", "httpx2")
    rename_entry(applied, "httpx", "httpx2", formerly="httpx")
    watch = ExposureWatch("httpx2")
    applied.github.watch(watch)

    applied.up()

    assert watch.writes >= 7
    assert watch.problems == []


def test_the_gate_goes_last_while_everything_is_destroyed(applied: RehearsedStack) -> None:
    watch = ExposureWatch("httpx", "databases")
    applied.github.watch(watch)

    applied.sandbox.pulumi("destroy", "--yes", "--skip-preview")

    assert watch.writes > 10
    assert watch.problems == []
    closed = applied.repository("httpx")["environments"]["deploy"]
    assert is_closed(closed)
    assert closed["secrets"] == {}


def test_a_replaced_environment_is_written_and_not_deleted(applied: RehearsedStack) -> None:
    """The engine's last step deletes the former environment: on GitHub, the same object."""
    before = applied.repository("httpx")
    watch = ExposureWatch("httpx")
    applied.github.watch(watch)

    with (
        applied.requests() as requests,
        pytest.raises(AssertionError, match=r"delete-replaced .*httpx/deploy/environment"),
    ):
        applied.sandbox.pulumi("up", "--yes", "--skip-preview", "--replace", ENVIRONMENT_URN)

    assert writes(requests) == ["PUT /api/v3/repos/encode/httpx/environments/deploy"]
    assert watch.problems == []
    assert applied.repository("httpx") == before
    assert applied.plan() == {}


def test_the_watch_reports_a_missing_gate(applied: RehearsedStack) -> None:
    watch = ExposureWatch("httpx")
    applied.github.watch(watch)

    send_request(applied, "PUT", f"/repos/{OWNER}/httpx/environments/deploy", {})

    request = "PUT /repos/encode/httpx/environments/deploy"
    assert f"httpx: the workflow exists without the gate after {request}" in watch.problems
