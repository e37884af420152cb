"""Accounts: users, Apps with their tokens, and organizations with their members and teams."""

from dataclasses import dataclass, field

from simulated_github.records.actions import ActionsSettings, Secret, Variable
from simulated_github.records.roles import Role
from simulated_github.records.rulesets import Ruleset


@dataclass(slots=True, eq=False)
class User:
    """A user account: a person, or the bot of a GitHub App (`kind` is `Bot`)."""

    id: int
    login: str
    created_at: str
    name: str | None = None
    email: str | None = None
    kind: str = "User"

    @property
    def plan(self) -> str:
        """The plan: every user has the free one."""
        return "free"


@dataclass(slots=True, eq=False)
class App:
    """A GitHub App with the permissions it requests (name to `read`, `write`, `admin`)."""

    id: int
    slug: str
    name: str
    owner_login: str
    created_at: str
    permissions: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Installation:
    """A GitHub App installed in an organization, with the permissions granted there.

    `repository_id` limits it to one repository; None means all of them.
    """

    id: int
    app: App
    bot: User
    organization_login: str
    permissions: dict[str, str]
    repository_id: int | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """A classic token of a user, with scopes, or an installation token.

    `is_job_token` marks the `GITHUB_TOKEN` of a workflow job.
    """

    user: User
    scopes: frozenset[str] = frozenset()
    installation: Installation | None = None
    is_job_token: bool = False


@dataclass(slots=True, eq=False)
class Invitation:
    """An invitation to an organization.

    `teams` maps team ids to the role that the user gets in each on accepting. `failed_at` is
    set when the invitation expired.
    """

    id: int
    user_id: int
    role: str
    inviter_id: int
    created_at: str
    teams: dict[int, str] = field(default_factory=dict)
    failed_at: str | None = None


@dataclass(slots=True, eq=False)
class Team:
    """A team.

    `members` maps user ids to `member` or `maintainer`, `repositories` repository ids to
    the role that the team has there.
    """

    id: int
    name: str
    slug: str
    created_at: str
    updated_at: str
    description: str | None = None
    privacy: str = "secret"
    notification_setting: str = "notifications_enabled"
    permission: str = "pull"
    parent_id: int | None = None
    members: dict[int, str] = field(default_factory=dict)
    repositories: dict[int, Role] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Organization:
    """An organization; `members` maps user ids to `member` or `admin` (an owner)."""

    id: int
    login: str
    created_at: str
    name: str | None = None
    plan: str = "free"
    base_role: Role = Role.READ
    members_can_create_repositories: bool = True
    members_can_create_teams: bool = True
    members: dict[int, str] = field(default_factory=dict)
    invitations: dict[int, Invitation] = field(default_factory=dict)
    failed_invitations: list[Invitation] = field(default_factory=list)
    teams: dict[int, Team] = field(default_factory=dict)
    secrets: dict[str, Secret] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
    rulesets: dict[int, Ruleset] = field(default_factory=dict)
    actions: ActionsSettings = field(default_factory=ActionsSettings)
    kind: str = "Organization"

    def cancel_invitations_from(self, user_id: int) -> None:
        """Cancel the pending invitations that a user sent."""
        self.invitations = {
            invited_id: invitation
            for invited_id, invitation in self.invitations.items()
            if invitation.inviter_id != user_id
        }

    def is_owner(self, user_id: int) -> bool:
        """Return whether a user is an owner of the organization."""
        return self.members.get(user_id) == "admin"

    def team(self, slug: str) -> Team | None:
        """Return the team with a slug, ignoring case."""
        lowered = slug.lower()
        return next((team for team in self.teams.values() if team.slug == lowered), None)
