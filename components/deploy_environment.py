"""The `deploy` environment, the gate that every release waits at, and the secrets behind it.

The environment is never deleted. Its name stands in the workflow of every tagged commit, and GitHub
creates a missing environment again without any rule. Without the tag policy it is closed: it has
custom deployment policies and no pattern, so that no branch and no tag can deploy to it.

Deliberately absent: branch policies, since any user with write access can push a branch with
another workflow, and an option that lets admins bypass the gate.
"""

from collections.abc import Sequence
from typing import TypedDict

import pulumi
import pulumi_github as github
from pulumi import Input, Output, Resource, ResourceOptions

DEPLOY = "deploy"


class DeployEnvironmentArgs(TypedDict):
    """The gate of one repository.

    `team_ids` and `user_ids` are the numeric ids of the required reviewers, and `wait_minutes` is
    the wait timer. `release_tags` is the pattern of the tags that may deploy; `None` closes it.
    """

    repository: Input[str]
    team_ids: Sequence[Input[int]]
    user_ids: Sequence[Input[int]]
    release_tags: Input[str] | None
    wait_minutes: Input[int]


class DeployEnvironment(pulumi.ComponentResource):
    """An environment for release tags that needs the approval of a required reviewer.

    The user who started the release cannot approve it.

    Attributes:
        environment: The environment.
        policies: Its only deployment policy; empty where the environment is closed.
    """

    environment: github.RepositoryEnvironment
    policies: list[Resource]

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
            # The old and the new environment of a replacement are one object on GitHub, which the
            # deletion of the old one would remove.
            opts=ResourceOptions(parent=self, retain_on_delete=True),
        )
        release_tags = args["release_tags"]
        self.policies = [] if release_tags is None else [self._tag_policy(name, args, release_tags)]
        self.register_outputs({"environment": self.environment.environment})

    def _tag_policy(
        self, name: str, args: DeployEnvironmentArgs, release_tags: Input[str]
    ) -> Resource:
        return github.RepositoryEnvironmentDeploymentPolicy(
            f"{name}/tags",
            repository=args["repository"],
            environment=self.environment.environment,
            tag_pattern=release_tags,
            opts=ResourceOptions(parent=self),
        )


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
        environment: The environment.
        secret_name: The secret's name on GitHub.
        value: The value, which must be a secret output.
        opts: Options of the resource.
    """
    return github.ActionsEnvironmentSecret(
        name,
        repository=environment.repository,
        environment=environment.environment,
        secret_name=secret_name,
        value=value,
        opts=opts,
    )
