"""Users, GitHub Apps with their installations, and the tokens of both."""

from dataclasses import dataclass, field


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
