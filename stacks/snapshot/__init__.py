"""The snapshot: GitHub as it is now, read in one place before the first write of `pulumi up`."""

from stacks.snapshot.model import (
    AppOnGitHub,
    BranchProtectionOnGitHub,
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
    "BranchProtectionOnGitHub",
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
