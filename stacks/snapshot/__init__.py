"""The snapshot: GitHub as it is now, read in one place before the first write of `pulumi up`."""

from stacks.snapshot.model import (
    AppOnGitHub,
    BypassActorOnGitHub,
    CollaboratorOnGitHub,
    DeploymentPolicyOnGitHub,
    EnvironmentOnGitHub,
    RepositoryOnGitHub,
    RulesetOnGitHub,
    Scripts,
    Snapshot,
    TeamOnGitHub,
    WorkflowOnGitHub,
)

__all__ = [
    "AppOnGitHub",
    "BypassActorOnGitHub",
    "CollaboratorOnGitHub",
    "DeploymentPolicyOnGitHub",
    "EnvironmentOnGitHub",
    "RepositoryOnGitHub",
    "RulesetOnGitHub",
    "Scripts",
    "Snapshot",
    "TeamOnGitHub",
    "WorkflowOnGitHub",
]
