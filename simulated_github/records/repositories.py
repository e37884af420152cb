"""A repository with everything that hangs on it."""

from dataclasses import dataclass, field
from typing import Any

from simulated_github.git.store import GitStore
from simulated_github.records.actions import ActionsSettings, Secret, Variable
from simulated_github.records.environments import Environment
from simulated_github.records.organizations import Organization
from simulated_github.records.people import User
from simulated_github.records.pulls import PullRequest
from simulated_github.records.roles import Role
from simulated_github.records.rulesets import Ruleset
from simulated_github.records.runs import Run, Workflow

#: The settings of a fresh repository. Source: the defaults in GitHub's API description of "Create an organization
#: repository", and its answer for a repository made with none of them.
DEFAULT_SETTINGS: dict[str, Any] = {
    "description": None,
    "homepage": None,
    "has_issues": True,
    "has_projects": True,
    "has_wiki": True,
    "has_downloads": True,
    "has_discussions": False,
    "is_template": False,
    "allow_squash_merge": True,
    "allow_merge_commit": True,
    "allow_rebase_merge": True,
    "allow_auto_merge": False,
    "allow_update_branch": False,
    "allow_forking": True,
    "delete_branch_on_merge": False,
    "use_squash_pr_title_as_default": False,
    "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
    "squash_merge_commit_message": "COMMIT_MESSAGES",
    "merge_commit_title": "MERGE_MESSAGE",
    "merge_commit_message": "PR_TITLE",
    "web_commit_signoff_required": False,
}


@dataclass(frozen=True, slots=True)
class DeployKey:
    """A key; ``added_by_id`` is who put it there."""

    id: int
    title: str
    key: str
    read_only: bool
    created_at: str
    added_by_id: int


@dataclass(slots=True, eq=False)
class RepositoryInvitation:
    """An invitation of someone from outside to a repository."""

    id: int
    user_id: int
    inviter_id: int
    role: Role
    created_at: str


@dataclass(slots=True, eq=False)
class Repository:
    """A repository.

    ``collaborators`` maps a person's id to the role given directly, ``last_pushers`` a ref to who moved it last.
    """

    id: int
    owner: Organization | User
    name: str
    created_at: str
    updated_at: str
    default_branch: str = "main"
    visibility: str = "public"
    archived: bool = False
    vulnerability_alerts: bool = False
    settings: dict[str, Any] = field(default_factory=lambda: dict(DEFAULT_SETTINGS))
    topics: tuple[str, ...] = ()
    collaborators: dict[int, Role] = field(default_factory=dict)
    invitations: dict[int, RepositoryInvitation] = field(default_factory=dict)
    environments: dict[str, Environment] = field(default_factory=dict)
    secrets: dict[str, Secret] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
    actions: ActionsSettings = field(default_factory=ActionsSettings)
    deploy_keys: dict[int, DeployKey] = field(default_factory=dict)
    rulesets: dict[int, Ruleset] = field(default_factory=dict)
    pulls: dict[int, PullRequest] = field(default_factory=dict)
    runs: dict[int, Run] = field(default_factory=dict)
    workflows: dict[str, Workflow] = field(default_factory=dict)
    last_pushers: dict[str, int] = field(default_factory=dict)
    git: GitStore = field(default_factory=GitStore)

    @property
    def full_name(self) -> str:
        """Owner and name, such as ``encode/httpx``."""
        return f"{self.owner.login}/{self.name}"

    @property
    def private(self) -> bool:
        """Whether only those with a role may see it."""
        return self.visibility != "public"

    @property
    def default_ref(self) -> str:
        """The whole name of the default branch's ref."""
        return f"refs/heads/{self.default_branch}"
