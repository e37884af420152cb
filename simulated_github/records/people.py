"""Whoever acts: people, GitHub Apps with their installations, and the tokens of both."""

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class User:
    """A person, or the bot user of an App."""

    id: int
    login: str
    created_at: str
    name: str | None = None
    email: str | None = None
    kind: str = "User"


@dataclass(slots=True, eq=False)
class App:
    """A GitHub App: what it is called and what it asks for."""

    id: int
    slug: str
    name: str
    owner_login: str
    created_at: str
    permissions: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Installation:
    """An App in an organization, with the permissions that it was given there; perhaps for one repository alone."""

    id: int
    app: App
    bot: User
    organization_login: str
    permissions: dict[str, str]
    repository_id: int | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """A token: a person's classic one with scopes, or an installation's; ``is_job_token`` is a workflow job's own."""

    user: User
    scopes: frozenset[str] = frozenset()
    installation: Installation | None = None
    is_job_token: bool = False
