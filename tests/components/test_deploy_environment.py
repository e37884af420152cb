"""The gate that a release waits at, and the secrets behind it."""

from collections.abc import Sequence

from pulumi import Output

from components.deploy_environment import NAME, DeployEnvironment, EnvironmentSecret
from tests.components.declaring import Plan, declare


def gate(
    teams: Sequence[int] = (11,), users: Sequence[int] = (), tags: str = "v*", wait: int = 0
) -> DeployEnvironment:
    return DeployEnvironment(
        "httpx/deploy",
        repository="httpx",
        team_ids=teams,
        user_ids=users,
        release_tags=tags,
        wait_minutes=wait,
    )


def declared(
    teams: Sequence[int] = (11,), users: Sequence[int] = (), tags: str = "v*", wait: int = 0
) -> Plan:
    return declare(lambda: gate(teams, users, tags, wait))


def test_the_environment_is_called_deploy() -> None:
    assert NAME == "deploy"
    assert declared().the("RepositoryEnvironment")["environment"] == "deploy"
    assert declared().the("RepositoryEnvironment")["repository"] == "httpx"


def test_somebody_else_than_who_started_the_release_has_to_agree() -> None:
    environment = declared(teams=(11, 12), users=(21,)).the("RepositoryEnvironment")

    assert environment["reviewers"] == [{"teams": [11, 12], "users": [21]}]
    assert environment["preventSelfReview"] is True


def test_admins_do_not_pass_it() -> None:
    assert declared().the("RepositoryEnvironment")["canAdminsBypass"] is False


def test_no_branch_reaches_it() -> None:
    environment = declared().the("RepositoryEnvironment")

    assert environment["deploymentBranchPolicy"] == {
        "protectedBranches": False,
        "customBranchPolicies": True,
    }
    [policy] = declared().of_kind("RepositoryEnvironmentDeploymentPolicy")
    assert "branchPattern" not in policy.inputs


def test_release_tags_reach_it() -> None:
    policy = declared(tags="v[0-9]*").the("RepositoryEnvironmentDeploymentPolicy")

    assert policy.inputs == {
        "repository": "httpx",
        "environment": "deploy",
        "tagPattern": "v[0-9]*",
    }


def test_the_tag_policy_comes_after_the_environment_and_goes_with_it() -> None:
    policy = declared().the("RepositoryEnvironmentDeploymentPolicy")

    assert "httpx/deploy/environment" in policy.after
    assert policy.deleted_with == "httpx/deploy/environment"


def test_a_wait_is_one_more_gate() -> None:
    assert declared(wait=30).the("RepositoryEnvironment")["waitTimer"] == 30


def test_both_are_children_of_the_gate() -> None:
    plan = declared()

    assert plan["httpx/deploy"].kind == "releases:index:DeployEnvironment"
    assert (
        plan["httpx/deploy/environment"].parent
        == plan["httpx/deploy/tags"].parent
        == "httpx/deploy"
    )


def with_secret() -> Plan:
    def program() -> None:
        environment = gate()
        EnvironmentSecret(
            "httpx/deploy/PYPI_TOKEN",
            environment=environment.environment,
            secret_name="PYPI_TOKEN",
            value=Output.secret("hunter2"),
            depends_on=[environment.tag_policy],
            parent=environment,
        )

    return declare(program)


def test_a_secret_belongs_to_the_environment_alone() -> None:
    secret = with_secret().the("ActionsEnvironmentSecret")

    assert secret.inputs == {
        "repository": "httpx",
        "environment": "deploy",
        "secretName": "PYPI_TOKEN",
        "value": "hunter2",
    }


def test_the_value_of_a_secret_and_nothing_else_is_secret() -> None:
    assert with_secret().the("ActionsEnvironmentSecret").secrets == {"value"}


def test_a_secret_comes_after_the_gate_is_complete_and_goes_with_it() -> None:
    plan = with_secret()

    assert plan.before("httpx/deploy/PYPI_TOKEN") >= {
        "httpx/deploy/environment",
        "httpx/deploy/tags",
    }
    assert plan["httpx/deploy/PYPI_TOKEN"].deleted_with == "httpx/deploy/environment"
    assert plan["httpx/deploy/PYPI_TOKEN"].parent == "httpx/deploy"


def test_nothing_of_a_gate_is_retained_or_protected() -> None:
    assert not any(each.retain_on_delete or each.protect for each in with_secret().values())
