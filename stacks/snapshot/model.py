"""GitHub as it is now, as plain values: what the rules before the first write compare with."""

import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from stacks.organization_actions import ActionsPolicy, OrganizationActions

SCRIPTS_DIRECTORY = "scripts"
PolicyKind = Literal["all", "protected", "custom"]


@dataclass(frozen=True)
class Scripts:
    """The files in `scripts` on a default branch, with whether each has execute permission."""

    executable: Mapping[str, bool]

    def missing(self, paths: Iterable[str]) -> list[str]:
        return [path for path in paths if self._name(path) not in self.executable]

    def not_executable(self, paths: Iterable[str]) -> list[str]:
        return [path for path in paths if self.executable.get(self._name(path)) is False]

    @staticmethod
    def _name(path: str) -> str:
        return path.removeprefix(f"{SCRIPTS_DIRECTORY}/")


def scripts_in(entries: Iterable[Mapping[str, Any]]) -> Scripts:
    """Return the scripts among the entries of a tree.

    Assumption: the target of a symbolic link has execute permission.
    """
    files = ((entry["name"], entry["mode"]) for entry in entries if not stat.S_ISDIR(entry["mode"]))
    return Scripts({name: stat.S_ISLNK(mode) or bool(mode & stat.S_IXUSR) for name, mode in files})


@dataclass(frozen=True)
class BypassActorOnGitHub:
    """A bypass actor of a ruleset.

    Attributes:
        actor_type: `Team`, `RepositoryRole`, `Integration`, `OrganizationAdmin`, `DeployKey`,
            `User` or `EnterpriseOwner`, as in the REST API.
        actor_id: Its numeric id; `None` for the types that have none.
        mode: `always`, `pull_request` or `exempt`.
    """

    actor_type: str
    actor_id: int | None
    mode: str


@dataclass(frozen=True)
class RulesetOnGitHub:
    """A ruleset that applies to a repository.

    Attributes:
        target: `branch`, `tag`, `push` or `repository`.
        enforcement: `active`, `disabled` or `evaluate`.
        source_type: `Repository`, `Organization` or `Enterprise`.
        include: The patterns of refs that it covers, such as `refs/tags/*`.
        bypass_actors: Its bypass actors; `None` where GitHub does not show all of them. Then any
            actor may bypass it.
        rules: The parameters of each rule by its type, both as in the REST API.
    """

    id: int
    name: str
    target: str
    enforcement: str
    source_type: str = "Repository"
    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    bypass_actors: frozenset[BypassActorOnGitHub] | None = frozenset()
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class DeploymentPolicyOnGitHub:
    """A pattern of refs that may deploy to an environment; `type` is `branch` or `tag`."""

    id: int
    name: str
    type: str


@dataclass(frozen=True)
class EnvironmentOnGitHub:
    """An environment of a repository.

    Attributes:
        name: Its name in the case in which GitHub has it.
        policy_kind: The refs that may deploy: `all`, those of `protected` branches, or those of
            `custom` deployment policies.
        policies: Its deployment policies; read only for the gate, else `None`.
        secrets: The names of its secrets; `None` where they were not read.
    """

    name: str
    reviewer_team_ids: frozenset[int] = frozenset()
    reviewer_user_ids: frozenset[int] = frozenset()
    prevent_self_review: bool = False
    can_admins_bypass: bool = True
    wait_minutes: int = 0
    policy_kind: PolicyKind = "all"
    policies: tuple[DeploymentPolicyOnGitHub, ...] | None = None
    secrets: frozenset[str] | None = None


@dataclass(frozen=True)
class WorkflowOnGitHub:
    """A file in `.github/workflows` on the default branch.

    Attributes:
        text: Its text; `None` where GitHub does not show it (binary, or too long).
        state: `active`, `disabled_manually` and so on; `None` where it was not read.
    """

    path: str
    text: str | None
    state: str | None = None


@dataclass(frozen=True)
class BranchProtectionOnGitHub:
    """Classic protection of the default branch.

    Attributes:
        binds_admins: Whether it binds admins too, as `isAdminEnforced` of GraphQL says.
        blocks_commits: Whether it refuses a commit without a pull request: it requires reviews or
            status checks, restricts who can push, or locks the branch.
        linear_history: Whether it refuses merge commits.
    """

    binds_admins: bool
    blocks_commits: bool
    linear_history: bool = False


@dataclass(frozen=True)
class CollaboratorOnGitHub:
    """A person with access of their own to a repository; `permission` is `read` to `admin`."""

    login: str
    id: int
    permission: str


@dataclass(frozen=True)
class RepositoryOnGitHub:
    """A declared or recorded repository.

    Attributes:
        name: Its name now, in the case in which GitHub has it.
        owner: The login of its owner now; empty where it is the organization of the stack.
        secrets: The names of its Actions secrets.
        default_branch: The name of its default branch; `None` where it is empty.
        head: The commit of its default branch; empty where there is none, or it was not read.
        protected: Whether its default branch has classic branch protection; `None` if unseen.
        protection: That protection; `None` where it has none, or it is unseen.
        actions: The actions that may run in it; read only for `scripts/preflight`, else `None`.
        merge_methods: The allowed ones of `merge`, `squash` and `rebase`.
        rulesets: The rulesets that apply to it, the organization's included.
        workflows: The workflow files on the default branch by path.
        scripts: The scripts on the default branch; `None` where they could not be read.
        collaborators: The people with access of their own.
        team_permissions: The permission of each team with a grant, by team id.
        environments: The environments by lower-case name.
        unseen: The parts that the token cannot read: names of attributes of this class, and
            `policies` for those of the environment `deploy`.
    """

    id: int
    name: str
    archived: bool
    private: bool
    secrets: frozenset[str] = frozenset()
    owner: str = ""
    default_branch: str | None = "main"
    head: str = ""
    protected: bool | None = False
    protection: BranchProtectionOnGitHub | None = None
    actions: ActionsPolicy | None = None
    merge_methods: frozenset[str] = frozenset({"merge", "squash", "rebase"})
    rulesets: tuple[RulesetOnGitHub, ...] = ()
    workflows: Mapping[str, WorkflowOnGitHub] = field(default_factory=dict)
    scripts: Scripts | None = None
    collaborators: tuple[CollaboratorOnGitHub, ...] = ()
    team_permissions: Mapping[int, str] = field(default_factory=dict)
    environments: Mapping[str, EnvironmentOnGitHub] = field(default_factory=dict)
    unseen: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TeamOnGitHub:
    """A team.

    `people` are the lower-case logins of its members and of the users invited to it, read only for
    teams that the stack manages.
    """

    id: int
    slug: str
    secret: bool
    people: frozenset[str] = frozenset()


@dataclass(frozen=True)
class AppOnGitHub:
    """A GitHub App; `permissions` are levels by permission."""

    id: int
    permissions: Mapping[str, str]


@dataclass(frozen=True)
class Snapshot:
    """What GitHub has. Logins, slugs and names are lower-case keys.

    Attributes:
        plan: The organization's plan, or `None` where the token cannot read it.
        scopes: The scopes of a classic token, or `None` for other tokens.
        is_owner: Whether the token's user owns the organization, or `None` for an app.
        unknown_logins: The logins in the settings that GitHub does not have.
        repositories: The declared and recorded repositories of the organization, by their name now.
        redirects: The name now of each declared or recorded name that GitHub redirects within the
            organization, since the repository was renamed. Both are lower-case.
        transferred: Recorded repositories that another account owns now, by id.
        people: The numeric id of each declared and recorded login that GitHub has.
        logins: The login now of each recorded person, by id; deleted accounts are left out.
        members: The organization's members, owners included.
        base_permission: What every member may do in every repository: `none` to `admin`; `None`
            where the token cannot read it.
        actions: What the organization gives to the workflows of all its repositories.
        unseen: The parts that the token cannot read, each as a phrase for a message.
    """

    plan: str | None
    scopes: frozenset[str] | None
    is_owner: bool | None
    owners: frozenset[str]
    unknown_logins: frozenset[str]
    teams: Mapping[str, TeamOnGitHub]
    repositories: Mapping[str, RepositoryOnGitHub]
    app: AppOnGitHub | None
    actions: OrganizationActions = field(default_factory=OrganizationActions)
    redirects: Mapping[str, str] = field(default_factory=dict)
    transferred: Mapping[int, RepositoryOnGitHub] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)
    logins: Mapping[int, str] = field(default_factory=dict)
    members: frozenset[str] = frozenset()
    base_permission: str | None = "none"
    unseen: tuple[str, ...] = ()

    def repository_with_id(self, repository_id: int | None) -> RepositoryOnGitHub | None:
        """Return the repository that has an id, transferred or not; ids survive a rename."""
        if repository_id is None:
            return None
        return next(
            (
                repository
                for repository in (*self.repositories.values(), *self.transferred.values())
                if repository.id == repository_id
            ),
            None,
        )
