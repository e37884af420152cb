"""A repository whose releases wait at a gate: everything that is declared for it, in the order in which it is safe."""

from typing import Any

import pytest
from pulumi import Output

from components.release_repository import Access, ReleaseRepository, ReleaseRepositoryArgs
from components.rulesets import ADMIN_ROLE, MAINTAIN_ROLE, ORGANIZATION_ADMINS
from stacks.previous_state import REPOSITORY, REPOSITORY_COMPONENT
from tests.components.declaring import Plan, declare

ENVIRONMENT, TAG_POLICY = "httpx/deploy/environment", "httpx/deploy/tags"
SECRET, WORKFLOW, REVIEW = "httpx/deploy/PYPI_TOKEN", "httpx/publish.yml", "httpx/review"
RULESETS = {"httpx/tags-created", "httpx/tags-kept"}
ACCESS = {"httpx/team/maintainers", "httpx/team/operations"}


def arguments(**changes: Any) -> ReleaseRepositoryArgs:
    """Sound arguments, some of them changed; `secrets` are names."""
    secrets = changes.pop("secrets", ["PYPI_TOKEN"])
    sound = ReleaseRepositoryArgs(
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
    sound.update(changes)  # type: ignore[typeddict-item]
    return sound


def declared(**changes: Any) -> Plan:
    return declare(lambda: ReleaseRepository("httpx", arguments(**changes)))


def test_nine_things_are_declared_for_a_repository() -> None:
    plan = declared()

    assert {name: each.kind.rsplit(":", 1)[-1] for name, each in plan.items()} == {
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
    assert len([each for each in plan.values() if each.kind.startswith("github:")]) == 9


def test_everything_is_in_the_repository() -> None:
    resources = [
        each for each in declared(repository="HTTPX").values() if each.kind.startswith("github:")
    ]

    assert {each["repository"] for each in resources} == {"HTTPX"}


def test_everything_is_a_child() -> None:
    plan = declared()

    assert plan["httpx"].parent == "releases-prod"
    assert {name for name, each in plan.items() if each.parent == "httpx/deploy"} == {
        ENVIRONMENT,
        TAG_POLICY,
    }
    assert {name for name, each in plan.items() if each.parent == "httpx"} == plan.keys() - {
        "httpx",
        ENVIRONMENT,
        TAG_POLICY,
    }


def test_the_component_is_the_one_that_is_looked_for_in_the_state() -> None:
    assert declared()["httpx"].kind == REPOSITORY_COMPONENT


# The order


def test_access_comes_first() -> None:
    assert all(declared().before(name) == set() for name in ACCESS)


@pytest.mark.parametrize("name", [ENVIRONMENT, *sorted(RULESETS)])
def test_the_environment_and_the_tag_rulesets_come_after_access(name: str) -> None:
    """Reviewers have to have access before they can be required."""
    assert declared().before(name) >= ACCESS


def test_the_secret_comes_after_the_whole_gate() -> None:
    assert declared().before(SECRET) >= {*ACCESS, ENVIRONMENT, TAG_POLICY, *RULESETS}


def test_the_workflow_comes_after_the_gate_and_the_secret() -> None:
    assert declared().before(WORKFLOW) >= {*ACCESS, ENVIRONMENT, TAG_POLICY, *RULESETS, SECRET}


def test_the_review_comes_last() -> None:
    plan = declared()

    assert plan.before(REVIEW) == {
        name for name, each in plan.items() if each.kind.startswith("github:")
    } - {REVIEW}


def test_without_a_secret_the_workflow_still_comes_after_the_gate() -> None:
    assert declared(secrets=[]).before(WORKFLOW) >= {ENVIRONMENT, TAG_POLICY, *RULESETS}


def test_every_secret_comes_before_the_workflow() -> None:
    assert declared(secrets=["DOCS_KEY", "PYPI_TOKEN"]).before(WORKFLOW) >= {
        SECRET,
        "httpx/deploy/DOCS_KEY",
    }


# Secrets


def test_only_the_values_of_secrets_are_secret() -> None:
    assert {name: each.secrets for name, each in declared().items() if each.secrets} == {
        SECRET: {"value"}
    }


def test_no_other_resource_has_the_value() -> None:
    assert [name for name, each in declared().items() if "hunter2" in repr(each)] == [SECRET]


# Options


def test_every_choice_reaches_its_resource() -> None:
    plan = declared(
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

    assert plan["httpx/team/docs"]["permission"] == "triage"
    assert plan[ENVIRONMENT]["reviewers"] == [{"teams": [11, 13], "users": [21]}]
    assert plan[ENVIRONMENT]["waitTimer"] == 30
    assert plan[TAG_POLICY]["tagPattern"] == "[0-9]*"
    for name in RULESETS:
        assert plan[name]["conditions"]["refName"]["includes"] == ["refs/tags/[0-9]*"]
    assert plan["httpx/tags-created"]["bypassActors"] == [
        {"actorType": "RepositoryRole", "actorId": 5, "bypassMode": "always"}
    ]
    assert (plan[WORKFLOW]["content"], plan[WORKFLOW]["file"]) == (
        "on: push\n",
        ".github/workflows/release.yml",
    )
    assert plan[REVIEW]["rules"]["pullRequest"]["requiredApprovingReviewCount"] == 3
    assert plan[REVIEW]["bypassActors"] == [
        {"actorType": "OrganizationAdmin", "bypassMode": "always"}
    ]


def test_a_repository_that_is_there_is_not_owned() -> None:
    assert declared().of_kind("Repository") == []


def test_one_that_is_created_is_public_and_has_a_branch_to_commit_to() -> None:
    created = declared(create=True).the("Repository")

    assert created.kind == REPOSITORY
    assert created.inputs == {"name": "httpx", "visibility": "public", "autoInit": True}
    assert created.parent == "httpx"


def test_one_that_is_created_outlives_its_entry_and_nothing_else_does() -> None:
    plan = declared(create=True)

    assert [name for name, each in plan.items() if each.retain_on_delete] == ["httpx/repository"]
    assert not any(each.protect for each in plan.values())


def test_one_that_is_created_comes_before_everything_that_is_in_it() -> None:
    plan = declared(create=True)

    assert all(
        "httpx/repository" in plan.before(name) for name in (*ACCESS, ENVIRONMENT, WORKFLOW, REVIEW)
    )


# Removal and renames


def test_what_belongs_to_the_environment_goes_with_it() -> None:
    assert {name: each.deleted_with for name, each in declared().items() if each.deleted_with} == {
        TAG_POLICY: ENVIRONMENT,
        SECRET: ENVIRONMENT,
    }


def test_only_grants_and_the_workflow_are_removed_before_they_are_replaced() -> None:
    assert {name for name, each in declared().items() if each.delete_before_replace} == {
        *ACCESS,
        WORKFLOW,
    }


def test_a_former_name_is_an_alias_of_the_component_from_which_every_child_inherits() -> None:
    plan = declared(formerly="requests-next")

    assert plan["httpx"].aliases == ("requests-next",)
    assert all(name.startswith("httpx") for name in plan)


@pytest.mark.parametrize("formerly", [None, ""])
def test_without_a_former_name_there_is_no_alias(formerly: str | None) -> None:
    assert declared(formerly=formerly)["httpx"].aliases == ()


def test_nothing_about_a_repository_changes_the_names_of_its_resources() -> None:
    before = declared()
    after = declared(
        release_tags="[0-9]*", approvals=5, wait_minutes=60, workflow="", reviewer_team_ids=[11, 13]
    )

    assert before.keys() == after.keys()
