"""All resources of a repository whose releases wait at a gate, and their safe order."""

from typing import Any

import pytest
from pulumi import Output

from components.frozen_resources import FrozenResource
from components.release_repository import (
    Access,
    ReleaseRepository,
    ReleaseRepositoryArgs,
    RepositoryRecord,
)
from components.rulesets import ADMIN_ROLE, MAINTAIN_ROLE, ORGANIZATION_ADMINS
from stacks.previous_state import REPOSITORY, REPOSITORY_COMPONENT
from tests.components.registrations import (
    Registration,
    Registrations,
    component_outputs,
    declare,
)

ENVIRONMENT = "httpx/deploy/environment"
TAG_POLICY = "httpx/deploy/tags"
SECRET = "httpx/deploy/PYPI_TOKEN"
WORKFLOW = "httpx/publish.yml"
REVIEW = "httpx/review"
RULESETS = {"httpx/tags-created", "httpx/tags-kept"}
ACCESS = {"httpx/team/maintainers", "httpx/team/operations"}


def arguments(**changes: Any) -> ReleaseRepositoryArgs:
    """Return valid args with `changes`; `secrets` are names."""
    secrets = changes.pop("secrets", ["PYPI_TOKEN"])
    args = ReleaseRepositoryArgs(
        repository="httpx",
        create=False,
        access={
            "maintainers": Access(team_id="12", permission="write"),
            "operations": Access(team_id="11", permission="maintain"),
        },
        reviewer_team_ids=[11],
        reviewer_user_ids=[],
        release_tags="v*",
        wait_minutes=0,
        secrets={name: Output.secret("hunter2") for name in secrets},
        workflow="name: Publish\n",
        workflow_path=".github/workflows/publish.yml",
        approvals=1,
        tag_creators=[MAINTAIN_ROLE, ADMIN_ROLE],
        applied_by=ORGANIZATION_ADMINS,
    )
    args.update(changes)  # type: ignore[typeddict-item]
    return args


def resources_of(**changes: Any) -> Registrations:
    return declare(lambda: ReleaseRepository("httpx", arguments(**changes)))


def test_a_repository_has_nine_resources_on_github() -> None:
    resources = resources_of()

    assert {name: resource.kind.rsplit(":", 1)[-1] for name, resource in resources.items()} == {
        "httpx": "ReleaseRepository",
        "httpx/team/maintainers": "TeamRepository",
        "httpx/team/operations": "TeamRepository",
        "httpx/deploy": "DeployEnvironment",
        "httpx/deploy/environment": "RepositoryEnvironment",
        "httpx/deploy/tags": "RepositoryEnvironmentDeploymentPolicy",
        "httpx/tags-created": "RepositoryRuleset",
        "httpx/tags-kept": "RepositoryRuleset",
        "httpx/deploy/PYPI_TOKEN": "ActionsEnvironmentSecret",
        "httpx/publish.yml": "RepositoryFile",
        "httpx/review": "RepositoryRuleset",
    }
    assert len(github_resources(resources)) == 9


def github_resources(resources: Registrations) -> dict[str, Registration]:
    return {
        name: resource
        for name, resource in resources.items()
        if resource.kind.startswith("github:")
    }


def test_every_resource_is_in_the_repository() -> None:
    resources = github_resources(resources_of(repository="HTTPX"))

    assert {resource["repository"] for resource in resources.values()} == {"HTTPX"}


def test_every_resource_is_a_child_of_a_component() -> None:
    parents = {name: resource.parent for name, resource in resources_of().items()}

    assert parents.pop("httpx") == "releases-prod"
    assert parents.pop(ENVIRONMENT) == "httpx/deploy"
    assert parents.pop(TAG_POLICY) == "httpx/deploy"
    assert set(parents.values()) == {"httpx"}


def test_the_component_has_the_type_that_is_read_from_the_state() -> None:
    assert resources_of()["httpx"].kind == REPOSITORY_COMPONENT


# The order


def test_access_comes_first() -> None:
    assert all(resources_of().prerequisites(name) == set() for name in ACCESS)


@pytest.mark.parametrize("name", [ENVIRONMENT, *sorted(RULESETS)])
def test_environment_and_tag_rulesets_come_after_access(name: str) -> None:
    """GitHub requires access of a required reviewer."""
    assert resources_of().prerequisites(name) >= ACCESS


def test_the_secret_comes_after_the_complete_gate() -> None:
    assert resources_of().prerequisites(SECRET) >= {*ACCESS, ENVIRONMENT, TAG_POLICY, *RULESETS}


def test_the_workflow_comes_after_the_gate_and_the_secret() -> None:
    assert resources_of().prerequisites(WORKFLOW) >= {
        *ACCESS,
        ENVIRONMENT,
        TAG_POLICY,
        *RULESETS,
        SECRET,
    }


def test_the_review_ruleset_comes_last() -> None:
    resources = resources_of()

    assert resources.prerequisites(REVIEW) == github_resources(resources).keys() - {REVIEW}


def test_without_a_secret_the_workflow_comes_after_the_gate() -> None:
    assert resources_of(secrets=[]).prerequisites(WORKFLOW) >= {ENVIRONMENT, TAG_POLICY, *RULESETS}


def test_every_secret_comes_before_the_workflow() -> None:
    assert resources_of(secrets=["DOCS_KEY", "PYPI_TOKEN"]).prerequisites(WORKFLOW) >= {
        SECRET,
        "httpx/deploy/DOCS_KEY",
    }


# Secrets


def test_only_the_values_of_secrets_are_secret() -> None:
    assert {
        name: resource.secrets for name, resource in resources_of().items() if resource.secrets
    } == {SECRET: {"value"}}


def test_no_other_resource_holds_the_value_of_a_secret() -> None:
    assert [name for name, resource in resources_of().items() if "hunter2" in repr(resource)] == [
        SECRET
    ]


# Options


def test_every_arg_reaches_its_resource() -> None:
    resources = resources_of(
        access={"docs": Access(team_id="docs", permission="triage")},
        reviewer_team_ids=[11, 13],
        reviewer_user_ids=[21],
        release_tags="[0-9]*",
        wait_minutes=30,
        workflow="on: push\n",
        workflow_path=".github/workflows/release.yml",
        approvals=3,
        tag_creators=[ADMIN_ROLE],
    )

    assert resources["httpx/team/docs"]["permission"] == "triage"
    assert resources[ENVIRONMENT]["reviewers"] == [{"teams": [11, 13], "users": [21]}]
    assert resources[ENVIRONMENT]["waitTimer"] == 30
    assert resources[TAG_POLICY]["tagPattern"] == "[0-9]*"
    for name in RULESETS:
        assert resources[name]["conditions"]["refName"]["includes"] == ["refs/tags/[0-9]*"]
    assert resources["httpx/tags-created"]["bypassActors"] == [
        {"actorType": "RepositoryRole", "actorId": 5, "bypassMode": "always"}
    ]
    assert resources[WORKFLOW]["content"] == "on: push\n"
    assert resources[WORKFLOW]["file"] == ".github/workflows/release.yml"
    assert resources[REVIEW]["rules"]["pullRequest"]["requiredApprovingReviewCount"] == 3
    assert resources[REVIEW]["bypassActors"] == [
        {"actorType": "OrganizationAdmin", "bypassMode": "always"}
    ]


def test_an_existing_repository_is_not_managed() -> None:
    assert resources_of().of_kind("Repository") == []


def test_a_created_repository_is_public_and_has_a_branch() -> None:
    created = resources_of(create=True).only("Repository")

    assert created.kind == REPOSITORY
    assert created.inputs == {"name": "httpx", "visibility": "public", "autoInit": True}
    assert created.parent == "httpx"


def test_only_environment_and_created_repository_are_retained() -> None:
    resources = resources_of(create=True)

    assert [name for name, resource in resources.items() if resource.retain_on_delete] == [
        "httpx/repository",
        ENVIRONMENT,
    ]
    assert not any(resource.protect for resource in resources.values())


def test_a_created_repository_comes_first() -> None:
    resources = resources_of(create=True)

    assert all(
        "httpx/repository" in resources.prerequisites(name)
        for name in (*ACCESS, ENVIRONMENT, WORKFLOW, REVIEW)
    )


# Retired and archived


def test_a_retired_repository_has_a_closed_environment() -> None:
    operations = {"operations": Access(team_id="11", permission="maintain")}
    resources = resources_of(retired=True, access=operations)

    assert github_resources(resources).keys() == {"httpx/team/operations", ENVIRONMENT}
    assert resources[ENVIRONMENT].inputs == resources_of()[ENVIRONMENT].inputs
    assert resources.prerequisites(ENVIRONMENT) == {"httpx/team/operations"}


def test_an_archived_repository_is_declared_as_recorded() -> None:
    resources_before = resources_of()
    frozen = [
        FrozenResource(
            name.removeprefix("httpx/"),
            resource.kind,
            in_environment=resource.parent == "httpx/deploy",
        )
        for name, resource in github_resources(resources_before).items()
    ]

    resources = resources_of(frozen=frozen, secrets=["OTHER"], workflow="changed", approvals=5)

    assert resources.keys() == resources_before.keys()
    for name, resource in github_resources(resources).items():
        assert resource.kind == resources_before[name].kind
        assert resource.parent == resources_before[name].parent
        assert resource.ignore_changes == ["*"]
        assert resource.retain_on_delete
        assert resource.inputs == {}


def test_without_a_recorded_resource_nothing_is_frozen() -> None:
    assert list(resources_of(frozen=[])) == ["httpx"]


def test_the_outputs_are_what_later_runs_read() -> None:
    record = RepositoryRecord(
        repository_id=7,
        people={"tomchristie": 5},
        teams={"docs": 12},
        trusted_publishers=[{"owner": "encode"}],
        replaced_workflow={"commit": "a1", "path": "x.yml"},
    )

    def outputs(**changes: Any) -> dict[str, Any]:
        def program() -> None:
            ReleaseRepository("httpx", arguments(record=record, **changes))

        return component_outputs(program)["httpx"]

    assert outputs() == {
        "repository": "httpx",
        "repositoryId": 7,
        "people": {"tomchristie": 5},
        "teams": {"docs": 12},
        "trustedPublishers": [{"owner": "encode"}],
        "archived": False,
        "retired": False,
        "replacedWorkflow": {"commit": "a1", "path": "x.yml"},
    }
    assert outputs(frozen=[])["archived"] is True
    assert outputs(retired=True)["retired"] is True


# Removal and renames


def test_each_resource_is_deleted_by_a_request_of_its_own() -> None:
    """A resource that goes with the environment would stay, as the environment does."""
    assert not any(resource.deleted_with for resource in resources_of().values())


def test_grants_and_workflow_are_deleted_before_replacement() -> None:
    assert {
        name for name, resource in resources_of().items() if resource.delete_before_replace
    } == {
        *ACCESS,
        WORKFLOW,
    }


def test_a_former_name_is_an_alias_of_the_component() -> None:
    resources = resources_of(formerly="requests-next")

    assert resources["httpx"].aliases == ["requests-next"]
    assert all(name.startswith("httpx") for name in resources)


@pytest.mark.parametrize("formerly", [None, ""])
def test_without_a_former_name_there_is_no_alias(formerly: str | None) -> None:
    assert resources_of(formerly=formerly)["httpx"].aliases == []


def test_no_arg_changes_the_names_of_resources() -> None:
    before = resources_of()
    after = resources_of(
        release_tags="[0-9]*", approvals=5, wait_minutes=60, workflow="", reviewer_team_ids=[11, 13]
    )

    assert before.keys() == after.keys()
