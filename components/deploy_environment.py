"""The `deploy` environment, the gate that every release waits at, and the secrets behind it.

Deliberately absent: branch policies, since any user with write access can push a branch with
another workflow, and an option that lets admins bypass the gate.
"""

from collections.abc import Sequence
from typing import TypedDict

import pulumi
import pulumi_github as github
from pulumi import Input, Output, ResourceOptions

DEPLOY = "deploy"


class DeployEnvironmentArgs(TypedDict):
    """The gate of one repository.

    `team_ids` and `user_ids` are the numeric ids of the required reviewers, `release_tags` is the
    pattern of the tags that may deploy, and `wait_minutes` is the wait timer.
    """

    repository: Input[str]
    team_ids: Sequence[Input[int]]
    user_ids: Sequence[Input[int]]
    release_tags: Input[str]
    wait_minutes: Input[int]


class DeployEnvironment(pulumi.ComponentResource):
    """An environment for release tags that needs the approval of a required reviewer.

    The user who started the release cannot approve it.

    Attributes:
        environment: The environment.
        tag_policy: Its only deployment policy.
    """

    environment: github.RepositoryEnvironment
    tag_policy: github.RepositoryEnvironmentDeploymentPolicy

    def __init__(
        self, name: str, args: DeployEnvironmentArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("releases:index:DeployEnvironment", name, {}, opts)
        self.environment = github.RepositoryEnvironment(
            f"{name}/environment",
            repository=args["repository"],
            environment=DEPLOY,
            reviewers=[{"teams": [*args["team_ids"]], "users": [*args["user_ids"]]}],
            prevent_self_review=True,
            can_admins_bypass=False,
            wait_timer=args["wait_minutes"],
            deployment_branch_policy={"protected_branches": False, "custom_branch_policies": True},
            opts=ResourceOptions(parent=self),
        )
        self.tag_policy = github.RepositoryEnvironmentDeploymentPolicy(
            f"{name}/tags",
            repository=args["repository"],
            environment=self.environment.environment,
            tag_pattern=args["release_tags"],
            # GitHub deletes the policies of an environment together with it.
            opts=ResourceOptions(parent=self, deleted_with=self.environment),
        )
        self.register_outputs({"environment": self.environment.environment})


def environment_secret(
    name: str,
    *,
    environment: github.RepositoryEnvironment,
    secret_name: Input[str],
    value: Output[str],
    opts: ResourceOptions | None = None,
) -> github.ActionsEnvironmentSecret:
    """Store a secret in an environment and nowhere else.

    Args:
        name: The resource's name.
        environment: The environment. GitHub deletes its secrets together with it, so a secret never
            exists without its gate.
        secret_name: The secret's name on GitHub.
        value: The value, which must be a secret output.
        opts: Options of the resource.
    """
    deleted_with_gate = ResourceOptions(deleted_with=environment)
    return github.ActionsEnvironmentSecret(
        name,
        repository=environment.repository,
        environment=environment.environment,
        secret_name=secret_name,
        value=value,
        opts=ResourceOptions.merge(deleted_with_gate, opts),
    )
