"""The gate that every release waits at, and the secrets behind it."""

from collections.abc import Sequence

from pulumi import Output, ResourceOptions

from components.deploy_environment import DEPLOY, DeployEnvironment, environment_secret
from tests.components.registrations import Registration, Registrations, declare


def deploy_environment(
    team_ids: Sequence[int] = (11,),
    user_ids: Sequence[int] = (),
    release_tags: str | None = "v*",
    wait_minutes: int = 0,
) -> DeployEnvironment:
    return DeployEnvironment(
        "httpx/deploy",
        {
            "repository": "httpx",
            "team_ids": team_ids,
            "user_ids": user_ids,
            "release_tags": release_tags,
            "wait_minutes": wait_minutes,
        },
    )


def environment(
    team_ids: Sequence[int] = (11,), user_ids: Sequence[int] = (), wait_minutes: int = 0
) -> Registration:
    resources = declare(lambda: deploy_environment(team_ids, user_ids, wait_minutes=wait_minutes))
    return resources.only("RepositoryEnvironment")


def tag_policy(release_tags: str = "v*") -> Registration:
    resources = declare(lambda: deploy_environment(release_tags=release_tags))
    return resources.only("RepositoryEnvironmentDeploymentPolicy")


def test_the_environment_is_called_deploy() -> None:
    assert DEPLOY == "deploy"
    assert environment()["environment"] == "deploy"
    assert environment()["repository"] == "httpx"


def test_the_user_who_started_a_release_cannot_approve_it() -> None:
    gate = environment(team_ids=(11, 12), user_ids=(21,))

    assert gate["reviewers"] == [{"teams": [11, 12], "users": [21]}]
    assert gate["preventSelfReview"] is True


def test_admins_cannot_bypass_the_environment() -> None:
    assert environment()["canAdminsBypass"] is False


def test_no_branch_can_deploy() -> None:
    assert environment()["deploymentBranchPolicy"] == {
        "protectedBranches": False,
        "customBranchPolicies": True,
    }
    assert "branchPattern" not in tag_policy().inputs


def test_release_tags_can_deploy() -> None:
    assert tag_policy("v[0-9]*").inputs == {
        "repository": "httpx",
        "environment": "deploy",
        "tagPattern": "v[0-9]*",
    }


def test_the_tag_policy_depends_on_its_environment() -> None:
    assert "httpx/deploy/environment" in tag_policy().dependencies


def test_without_release_tags_the_environment_is_closed() -> None:
    resources = declare(lambda: deploy_environment(release_tags=None))

    assert resources.of_kind("RepositoryEnvironmentDeploymentPolicy") == []
    assert resources.only("RepositoryEnvironment").inputs == environment().inputs


def test_a_deployment_can_wait() -> None:
    assert environment(wait_minutes=30)["waitTimer"] == 30


def test_environment_and_tag_policy_are_children() -> None:
    resources = declare(deploy_environment)

    assert resources["httpx/deploy"].kind == "releases:index:DeployEnvironment"
    assert resources["httpx/deploy/environment"].parent == "httpx/deploy"
    assert resources["httpx/deploy/tags"].parent == "httpx/deploy"


def resources_with_secret() -> Registrations:
    def program() -> None:
        gate = deploy_environment()
        environment_secret(
            "httpx/deploy/PYPI_TOKEN",
            environment=gate.environment,
            secret_name="PYPI_TOKEN",
            value=Output.secret("hunter2"),
            opts=ResourceOptions(parent=gate, depends_on=gate.policies),
        )

    return declare(program)


def test_a_secret_is_in_the_environment_only() -> None:
    secret = resources_with_secret().only("ActionsEnvironmentSecret")

    assert secret.inputs == {
        "repository": "httpx",
        "environment": "deploy",
        "secretName": "PYPI_TOKEN",
        "value": "hunter2",
    }


def test_only_the_value_of_a_secret_is_secret() -> None:
    assert resources_with_secret().only("ActionsEnvironmentSecret").secrets == {"value"}


def test_a_secret_depends_on_the_complete_gate() -> None:
    resources = resources_with_secret()

    assert resources.prerequisites("httpx/deploy/PYPI_TOKEN") >= {
        "httpx/deploy/environment",
        "httpx/deploy/tags",
    }
    assert resources["httpx/deploy/PYPI_TOKEN"].parent == "httpx/deploy"


def test_the_environment_stays_and_what_opens_it_goes() -> None:
    resources = resources_with_secret()

    assert [name for name, resource in resources.items() if resource.retain_on_delete] == [
        "httpx/deploy/environment"
    ]
    assert not any(resource.protect or resource.deleted_with for resource in resources.values())
