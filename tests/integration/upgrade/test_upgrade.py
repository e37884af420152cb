"""The present program keeps every resource of a state of version 0.1.0."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.sandbox import PROJECT
from tests.integration.engine_steps import (
    ENVIRONMENT,
    EngineStep,
    check_environments_stay,
    endangered_environments,
)
from tests.integration.on_github import send_request
from tests.integration.rehearsed_stack import OWNER, RehearsedStack, writes
from tests.integration.upgrade.applied import (
    applied_by_program,
    recorded_urns,
    unpack_program,
    urns_in_state,
)
from tests.integration.upgrade.stacks import STACKS


@pytest.fixture(scope="module")
def former_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack_program(tmp_path_factory.mktemp("program-0.1.0"))


@pytest.fixture(params=STACKS)
def upgraded(
    request: pytest.FixtureRequest, former_program: Path
) -> Iterator[tuple[str, RehearsedStack]]:
    """Yield the name of a stack file, and its stack of version 0.1.0 with the present program."""
    with applied_by_program(former_program, STACKS[request.param]) as stack:
        stack.sandbox.use_program(PROJECT)
        yield request.param, stack


def test_an_upgrade_rewords_workflow_files_at_most(
    upgraded: tuple[str, RehearsedStack],
) -> None:
    name, stack = upgraded
    recorded = recorded_urns()[name]
    assert urns_in_state(stack) == recorded

    delete_ungated_workflow(stack)
    plan = stack.plan()
    with stack.requests() as requests:
        stack.up()

    workflow_files = {urn.rsplit("::", 1)[-1] for urn, _ in recorded if ":RepositoryFile::" in urn}
    assert plan.keys() <= workflow_files
    assert set(plan.values()) <= {"update"}
    assert sorted(line.split("/.github/")[0] for line in writes(requests)) == sorted(
        f"PUT /api/v3/repos/encode/{file.split('/')[0]}/contents" for file in plan
    )
    assert urns_in_state(stack) == recorded
    with stack.requests() as requests:
        assert stack.plan() == {}
    assert [line.path for line in requests] == ["/api/v3/orgs/encode"]


def delete_ungated_workflow(stack: RehearsedStack) -> None:
    """Delete starlette's old workflow, since its new one is at another path.

    It still publishes without an approval, so `up` stops at it, and version 0.1.0 did not.
    """
    path = f"/repos/{OWNER}/starlette/contents/.github/workflows/publish.yml"
    files = stack.repository("starlette")["files"]
    if ".github/workflows/release.yml" in files and ".github/workflows/publish.yml" in files:
        sha = send_request(stack, "GET", path)["sha"]
        send_request(stack, "DELETE", path, {"message": "Remove the old workflow", "sha": sha})


def test_an_entry_is_not_removed_while_up_would_delete_its_gate(former_program: Path) -> None:
    with applied_by_program(former_program, STACKS["existing-teams"]) as stack:
        stack.sandbox.use_program(PROJECT)
        assert stack.repositories.keys() == {"httpx", "starlette"}
        stack.configuration["repositories"] = {"httpcore": {"secrets": []}}
        del stack.configuration["secrets"]
        stack.configure()

        with stack.requests() as requests:
            refused = stack.up(check=False)

        assert "recorded by a version that deletes its environment" in refused.output
        assert "pulumi config set --path 'repositories.starlette.retired' true" in refused.output
        assert writes(requests) == []


def test_recorded_urns_cover_each_kind_of_resource() -> None:
    pairs = [pair for urns in recorded_urns().values() for pair in urns]

    kinds = {urn.split("::")[1].split("$")[-1] for urn, _ in pairs}

    assert kinds == {
        "pulumi:pulumi:Stack",
        "pulumi:providers:github",
        "releases:index:ManagedTeam",
        "releases:index:ReleaseRepository",
        "releases:index:DeployEnvironment",
        "github:index/team:Team",
        "github:index/teamMembership:TeamMembership",
        "github:index/repository:Repository",
        "github:index/teamRepository:TeamRepository",
        "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy",
        "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret",
        "github:index/repositoryFile:RepositoryFile",
        "github:index/repositoryRuleset:RepositoryRuleset",
        ENVIRONMENT,
    }


# The check that every plan of the suite goes through


def environment_urn(repository: str) -> str:
    [urn] = [
        urn
        for urn, _ in recorded_urns()["managed-teams"]
        if urn.endswith(f"::{repository}/deploy/environment")
    ]
    return f"urn:pulumi:prod::{urn}"


def test_the_check_finds_a_planted_replacement(applied: RehearsedStack) -> None:
    with pytest.raises(AssertionError, match=r"replace .*httpx/deploy/environment"):
        applied.sandbox.pulumi("preview", "--replace", environment_urn("httpx"))


def test_the_check_finds_a_planted_new_name(applied: RehearsedStack) -> None:
    """A resource with a new name and no alias: the engine creates it, and deletes the old one."""
    applied.sandbox.pulumi("state", "rename", environment_urn("httpx"), "former-name", "--yes")

    with pytest.raises(AssertionError, match=r"delete .*former-name"):
        applied.plan()


def step(operation: str, old: str | None, new: str | None) -> EngineStep:
    return EngineStep(operation, "urn", ENVIRONMENT, inputs(old), inputs(new))


def inputs(repository: str | None) -> dict[str, str] | None:
    return {"repository": repository, "environment": "deploy"} if repository else None


@pytest.mark.parametrize(
    "steps",
    [
        [step("replace", "httpx", "httpx")],
        [step("create-replacement", "httpx", "httpx"), step("delete-replaced", "httpx", None)],
        [step("create", None, "httpx"), step("delete", "HTTPX", None)],
    ],
)
def test_a_removal_of_a_declared_environment_is_an_error(steps: list[EngineStep]) -> None:
    with pytest.raises(AssertionError, match="stay declared"):
        check_environments_stay(steps)


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [step("update", "httpx", "httpx")],
        [step("delete", "httpx", None), step("same", "databases", "databases")],
        [step("create-replacement", "httpx", "httpx2"), step("delete-replaced", "httpx", None)],
    ],
)
def test_other_steps_endanger_no_environment(steps: list[EngineStep]) -> None:
    assert list(endangered_environments(steps)) == []
