"""The `deploy` environment: the gate that a release waits at.

Deliberately absent: branch policies (a workflow on a branch is anybody's) and a way to let admins pass.
"""

from collections.abc import Sequence

import pulumi
import pulumi_github as github
from pulumi import Input, Output, ResourceOptions

NAME = "deploy"


class DeployEnvironment(pulumi.ComponentResource):
    """An environment that only release tags reach, and only after a required reviewer who did not start the release agreed.

    `wait_minutes` is the wait timer. Its children are the environment and one tag policy.
    """

    environment: github.RepositoryEnvironment
    tag_policy: github.RepositoryEnvironmentDeploymentPolicy

    def __init__(
        self,
        name: str,
        *,
        repository: Input[str],
        team_ids: Sequence[Input[int]],
        user_ids: Sequence[Input[int]],
        release_tags: Input[str],
        wait_minutes: Input[int],
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__("releases:index:DeployEnvironment", name, {}, opts)
        self.environment = github.RepositoryEnvironment(
            f"{name}/environment",
            repository=repository,
            environment=NAME,
            reviewers=[{"teams": [*team_ids], "users": [*user_ids]}],
            prevent_self_review=True,
            can_admins_bypass=False,
            wait_timer=wait_minutes,
            deployment_branch_policy={"protected_branches": False, "custom_branch_policies": True},
            opts=ResourceOptions(parent=self),
        )
        self.tag_policy = github.RepositoryEnvironmentDeploymentPolicy(
            f"{name}/tags",
            repository=repository,
            environment=self.environment.environment,
            tag_pattern=release_tags,
            # GitHub removes the policies of an environment with it, in one step.
            opts=ResourceOptions(parent=self, deleted_with=self.environment),
        )
        self.register_outputs({"environment": self.environment.environment})

    @property
    def environment_name(self) -> Output[str]:
        return self.environment.environment


class EnvironmentSecret(github.ActionsEnvironmentSecret):
    """A secret of an environment and of nothing else; `value` has to be a secret output."""

    def __init__(
        self,
        name: str,
        *,
        environment: github.RepositoryEnvironment,
        secret_name: str,
        value: Output[str],
        depends_on: Sequence[pulumi.Resource],
        parent: pulumi.Resource,
    ) -> None:
        super().__init__(
            name,
            repository=environment.repository,
            environment=environment.environment,
            secret_name=secret_name,
            value=value,
            # Removed with the environment, in one step: at no moment is the secret there and the gate is not.
            opts=ResourceOptions(parent=parent, depends_on=[*depends_on], deleted_with=environment),
        )
