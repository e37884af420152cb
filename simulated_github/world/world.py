"""The state of a simulated GitHub, its clock, and lookups by name and id.

Deliberately absent: rules.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from simulated_github.records.accounts import App, Installation, Organization, Team, Token, User
from simulated_github.records.repositories import Repository
from simulated_github.world.ids import Ids
from simulated_github.world.sealed_box import KeyPair

_START = datetime(2026, 1, 5, 9, 0, 0, tzinfo=UTC)


class Clock:
    """A clock that every write advances by a second.

    It never reads the wall clock, so responses and commits are the same in every run. The clock
    never waits.
    """

    def __init__(self, start: datetime) -> None:
        self._now = start

    def tick(self, seconds: int = 1) -> None:
        """Advance by a number of seconds."""
        self._now += timedelta(seconds=seconds)

    def now(self) -> datetime:
        """Return the time, in UTC."""
        return self._now

    def stamp(self, *, before: timedelta = timedelta()) -> str:
        """Return the time, or an earlier one, in GitHub's form: `2026-01-05T09:00:00Z`."""
        return (self._now - before).strftime("%Y-%m-%dT%H:%M:%SZ")

    def seconds(self) -> int:
        """Return the time in git's form: whole seconds since 1970."""
        return int(self._now.timestamp())


class World:
    """All users, organizations, repositories, apps and tokens of a simulated GitHub."""

    def __init__(self, start: datetime = _START) -> None:
        self.clock = Clock(start)
        self.ids = Ids()
        self.users: dict[int, User] = {}
        self.organizations: dict[int, Organization] = {}
        self.repositories: dict[int, Repository] = {}
        self.apps: dict[int, App] = {}
        self.installations: dict[int, Installation] = {}
        self.tokens: dict[str, Token] = {}
        self.has_runners = False
        self._logins: dict[str, int] = {}
        self._names: dict[str, int] = {}
        self._former: dict[str, int] = {}
        self._keys: dict[str, KeyPair] = {}
        self._revoked: set[str] = set()

    def add_user(self, user: User) -> User:
        """Add a user and return it; no account may have the login."""
        self._logins[user.login.lower()] = user.id
        self.users[user.id] = user
        return user

    def add_organization(self, organization: Organization) -> Organization:
        """Add an organization and return it; no account may have the login."""
        self._logins[organization.login.lower()] = organization.id
        self.organizations[organization.id] = organization
        return organization

    def user(self, login: str) -> User | None:
        """Return the user of a login, in any case, or None."""
        return self.users.get(self._logins.get(login.lower(), 0))

    def organization(self, login: str) -> Organization | None:
        """Return the organization of a login, in any case, or None."""
        return self.organizations.get(self._logins.get(login.lower(), 0))

    def rename_user(self, user: User, login: str) -> None:
        """Change a user's login; another account may take the old one at once."""
        del self._logins[user.login.lower()]
        user.login = login
        self._logins[login.lower()] = user.id

    def remove_user(self, user: User) -> None:
        """Delete a user, with tokens, repositories, memberships, invitations and reviewer roles.

        Runs, reviews and pull requests then show the user `ghost`.

        Source: GitHub's docs, "Deleting your account".
        """
        del self._logins[user.login.lower()]
        self.users[user.id] = User(user.id, "ghost", user.created_at, "Deleted user", kind="User")
        self._revoke_tokens(user)
        for repository in [r for r in self.repositories.values() if r.owner is user]:
            self.remove_repository(repository)
        for organization in self.organizations.values():
            organization.members.pop(user.id, None)
            organization.invitations.pop(user.id, None)
            organization.cancel_invitations_from(user.id)
            for team in organization.teams.values():
                team.members.pop(user.id, None)
            for ruleset in organization.rulesets.values():
                ruleset.remove_bypass_actors("User", [user.id])
        for repository in self.repositories.values():
            repository.collaborators.pop(user.id, None)
            repository.invitations.pop(user.id, None)
            repository.cancel_invitations_from(user.id)
            repository.forget("User", [user.id])

    def people(self) -> list[User]:
        """Return the users, in order of their ids, without the bots of apps and deleted users."""
        return [
            user
            for user in self.users.values()
            if user.kind == "User" and self.user(user.login) is user
        ]

    def first_token(self, name: str) -> Token | None:
        """Return the first token of the user of a login or the app of a slug, or None."""
        return next((t for t in self.tokens.values() if _belongs_to(t, name)), None)

    def has_used(self, token: str) -> bool:
        """Return whether a text is a token, or was that of a deleted user."""
        return token in self.tokens or token in self._revoked

    def _revoke_tokens(self, user: User) -> None:
        """Revoke the tokens of a user for good: no later account gets the same text."""
        self._revoked |= {text for text, token in self.tokens.items() if token.user is user}
        self.tokens = {text: token for text, token in self.tokens.items() if token.user is not user}

    def add_repository(self, repository: Repository) -> Repository:
        """Add a repository and return it; remove a redirect from its name, if any."""
        key = repository.full_name.lower()
        self._former.pop(key, None)
        self._names[key] = repository.id
        self.repositories[repository.id] = repository
        return repository

    def repository(self, owner: str, name: str) -> Repository | None:
        """Return the repository of a name, in any case, or None."""
        return self.repositories.get(self._names.get(f"{owner}/{name}".lower(), 0))

    def existing_repositories(self, ids: Iterable[int]) -> list[Repository]:
        """Return the repositories of a list of ids, without deleted ones."""
        return [self.repositories[number] for number in ids if number in self.repositories]

    def redirect_target(self, owner: str, name: str) -> Repository | None:
        """Return the repository that had this name before a rename or transfer, or None."""
        return self.repositories.get(self._former.get(f"{owner}/{name}".lower(), 0))

    def rename_repository(self, repository: Repository, name: str) -> None:
        """Rename a repository, with a redirect from the old name."""
        self.move_repository(repository, repository.owner, name)

    def move_repository(
        self, repository: Repository, owner: Organization | User, name: str
    ) -> None:
        """Change a repository's owner and name, with a redirect from the old name.

        With a new owner, teams lose their access, and the former owner's lists of selected
        repositories lose the repository; everything of its own stays.

        Source: GitHub's docs, "Transferring a repository" (secrets, deploy keys and collaborators
        stay). Assumption: environments, rulesets and settings of Actions stay too.
        """
        old = repository.full_name.lower()
        del self._names[old]
        self._former[old] = repository.id
        if repository.owner is not owner:
            self._revoke_access(repository)
        repository.owner = owner
        repository.name = name
        self.add_repository(repository)

    def _revoke_access(self, repository: Repository) -> None:
        """Take a repository from its owner's teams, and from the lists of selected repositories."""
        organization = repository.organization
        if organization is None:
            return
        for team in organization.teams.values():
            team.repositories.pop(repository.id, None)
        settings = organization.actions
        settings.repositories = _without(settings.repositories, repository.id)
        for value in (*organization.secrets.values(), *organization.variables.values()):
            value.repositories = _without(value.repositories, repository.id)
        for ruleset in organization.rulesets.values():
            ruleset.remove_repository(repository.id)

    def remove_repository(self, repository: Repository) -> None:
        """Delete a repository, its owner's references to it, and the redirects to it."""
        del self.repositories[repository.id]
        del self._names[repository.full_name.lower()]
        self._former = {
            name: target for name, target in self._former.items() if target != repository.id
        }
        self._revoke_access(repository)

    def repositories_of(self, owner: Organization | User) -> Iterable[Repository]:
        """Return the repositories of an owner, ordered by name."""
        return sorted(
            (r for r in self.repositories.values() if r.owner is owner),
            key=lambda r: r.name.lower(),
        )

    def team(self, team_id: int) -> tuple[Organization, Team] | None:
        """Return a team's organization and the team, or None."""
        for organization in self.organizations.values():
            if team_id in organization.teams:
                return organization, organization.teams[team_id]
        return None

    def key(self, place: str) -> KeyPair:
        """Return the key pair for the secrets of a place, such as `repository/240000001`."""
        if place not in self._keys:
            self._keys[place] = KeyPair(place)
        return self._keys[place]


def _without(ids: tuple[int, ...], removed: int) -> tuple[int, ...]:
    return tuple(number for number in ids if number != removed)


def _belongs_to(token: Token, name: str) -> bool:
    if token.is_job_token:
        return False
    if token.installation is not None:
        return token.installation.app.slug == name
    return token.user.login.lower() == name.lower()
