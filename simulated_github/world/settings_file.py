"""The settings of a world file that GitHub's API checks: environments, invitations, Actions."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

RoleName = Literal["read", "triage", "write", "maintain", "admin"]
People = list[str]
#: A ruleset as the body of the REST API.
RulesetBody = dict[str, Any]


def kebab(name: str) -> str:
    """Return the key of a field: `wait_timer` is `wait-timer`."""
    return name.replace("_", "-")


class FileModel(BaseModel):
    """An object of a world file; unknown keys are refused."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=kebab, populate_by_name=True
    )


class ReviewersFile(FileModel):
    """The required reviewers of an environment."""

    users: People = Field(default_factory=list)
    teams: list[str] = Field(default_factory=list)


class DeploymentPoliciesFile(FileModel):
    """The name patterns of the refs that may deploy to an environment."""

    branches: list[str] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)


class EnvironmentFile(FileModel):
    """An environment; without `deployment-policies`, every ref may deploy."""

    reviewers: ReviewersFile = Field(default_factory=ReviewersFile)
    prevent_self_review: bool = False
    can_admins_bypass: bool = True
    wait_timer: int = 0
    protected_branches: bool = False
    deployment_policies: DeploymentPoliciesFile | None = None
    secrets: dict[str, str] = Field(default_factory=dict)


class ActionsFile(FileModel):
    """The settings of Actions; those that are left out keep GitHub's defaults."""

    allowed_actions: Literal["all", "local_only", "selected"] | None = None
    sha_pinning_required: bool | None = None
    github_owned_allowed: bool | None = None
    verified_allowed: bool | None = None
    patterns_allowed: list[str] | None = None
    default_workflow_permissions: Literal["read", "write"] | None = None
    can_approve_pull_request_reviews: bool | None = None


class RepositoryActionsFile(ActionsFile):
    """The settings of Actions of a repository."""

    enabled: bool = True


class OrganizationActionsFile(ActionsFile):
    """The settings of Actions of an organization."""

    enabled_repositories: Literal["all", "none", "selected"] = "all"
    selected_repositories: list[str] | None = None
