"""Repositories with their settings, invitations and deploy keys."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from simulated_github.git.store import GitStore
from simulated_github.records.accounts import Organization, User
from simulated_github.records.actions import ActionsSettings, Environment, Secret, Variable
from simulated_github.records.branch_protection import BranchProtection
from simulated_github.records.pulls import PullRequest
from simulated_github.records.roles import Role
from simulated_github.records.rulesets import Ruleset
from simulated_github.records.runs import Run, Workflow

#: The settings of a new repository. Source: the defaults in GitHub's API description of "Create an
#: organization repository", and its response when none of them is sent.
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
    """A deploy key: an SSH key for one repository; `added_by_id` is the user who added it."""

    id: int
    title: str
    key: str
    read_only: bool
    created_at: str
    added_by_id: int


@dataclass(slots=True, eq=False)
class RepositoryInvitation:
    """An invitation of an outside collaborator to a repository."""

    id: int
    user_id: int
    inviter_id: int
    role: Role
    created_at: str


@dataclass(slots=True, eq=False)
class Repository:
    """A repository.

    `branch_protections` maps patterns of branch names to the classic protection.
    `collaborators` maps user ids to the role granted directly, `last_pushers` ref names to the
    id of the user who pushed to them last, `former_branches` the former name of a branch to its
    next one.
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
    branch_protections: dict[str, BranchProtection] = field(default_factory=dict)
    pulls: dict[int, PullRequest] = field(default_factory=dict)
    runs: dict[int, Run] = field(default_factory=dict)
    workflows: dict[str, Workflow] = field(default_factory=dict)
    last_pushers: dict[str, int] = field(default_factory=dict)
    former_branches: dict[str, str] = field(default_factory=dict)
    git: GitStore = field(default_factory=GitStore)

    @property
    def full_name(self) -> str:
        """Owner and name, such as `encode/httpx`."""
        return f"{self.owner.login}/{self.name}"

    @property
    def private(self) -> bool:
        """Whether only users with a role may see the repository."""
        return self.visibility != "public"

    @property
    def organization(self) -> Organization | None:
        """The organization that owns the repository, or None for a user's repository."""
        return self.owner if isinstance(self.owner, Organization) else None

    @property
    def plan(self) -> str:
        """The plan of the owner: free, team or enterprise."""
        return self.owner.plan

    @property
    def default_ref(self) -> str:
        """The full ref name of the default branch."""
        return f"refs/heads/{self.default_branch}"

    def renamed_branch(self, former_name: str) -> str | None:
        """Return the present name of a branch that was renamed, or None."""
        names = [former_name]
        while names[-1] in self.former_branches and len(names) <= len(self.former_branches):
            names.append(self.former_branches[names[-1]])
            if f"refs/heads/{names[-1]}" in self.git.refs:
                return names[-1]
        return None

    def find_environment(self, name: str) -> Environment | None:
        """Return the environment with a name, ignoring case."""
        lowered = name.lower()
        return next((e for e in self.environments.values() if e.name.lower() == lowered), None)

    def forget(self, kind: str, ids: Collection[int]) -> None:
        """Take deleted users or teams (`kind` is `User` or `Team`) off all rules.

        They are reviewers of environments, bypass actors of rulesets, and actors of classic branch
        protections.
        """
        self.remove_reviewers(kind, ids)
        for ruleset in self.rulesets.values():
            ruleset.remove_bypass_actors(kind, ids)
        for protection in self.branch_protections.values():
            protection.remove_actors(kind, ids)

    def cancel_invitations_from(self, user_id: int) -> None:
        """Cancel the pending invitations that a user sent."""
        self.invitations = {
            invited_id: invitation
            for invited_id, invitation in self.invitations.items()
            if invitation.inviter_id != user_id
        }

    def remove_reviewers(self, kind: str, ids: Collection[int]) -> None:
        """Take users or teams (`kind` is `User` or `Team`) off the reviewers of environments."""
        for environment in self.environments.values():
            environment.reviewers = tuple(
                r for r in environment.reviewers if r.kind != kind or r.id not in ids
            )
