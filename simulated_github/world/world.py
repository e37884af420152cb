"""The state of a simulated GitHub and the ways to look things up in it; no rules."""

from collections.abc import Iterable
from datetime import UTC, datetime

from simulated_github.records.organizations import Organization, Team
from simulated_github.records.people import App, Installation, Token, User
from simulated_github.records.repositories import Repository
from simulated_github.world.clock import Clock
from simulated_github.world.ids import Ids
from simulated_github.world.sealed_box import KeyPair

_START = datetime(2026, 1, 5, 9, 0, 0, tzinfo=UTC)


class World:
    """Everything that a simulated GitHub knows."""

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

    def add_user(self, user: User) -> User:
        """Let a user in; the login must be free."""
        self._logins[user.login.lower()] = user.id
        self.users[user.id] = user
        return user

    def add_organization(self, organization: Organization) -> Organization:
        """Let an organization in; the login must be free."""
        self._logins[organization.login.lower()] = organization.id
        self.organizations[organization.id] = organization
        return organization

    def user(self, login: str) -> User | None:
        """The user of a login; case does not matter."""
        return self.users.get(self._logins.get(login.lower(), 0))

    def organization(self, login: str) -> Organization | None:
        """The organization of a login; case does not matter."""
        return self.organizations.get(self._logins.get(login.lower(), 0))

    def rename_user(self, user: User, login: str) -> None:
        """Give a user another login; the old one is free at once."""
        del self._logins[user.login.lower()]
        user.login = login
        self._logins[login.lower()] = user.id

    def remove_user(self, user: User) -> None:
        """Forget a person: ``ghost`` stands in their place. Source: GitHub's docs, "Deleting your account"."""
        del self._logins[user.login.lower()]
        self.users[user.id] = User(user.id, "ghost", user.created_at, "Deleted user", kind="User")
        self.tokens = {name: token for name, token in self.tokens.items() if token.user is not user}
        for organization in self.organizations.values():
            organization.members.pop(user.id, None)
            organization.invitations.pop(user.id, None)
            for team in organization.teams.values():
                team.members.pop(user.id, None)
        for repository in self.repositories.values():
            repository.collaborators.pop(user.id, None)
            repository.invitations.pop(user.id, None)
            for environment in repository.environments.values():
                environment.reviewers = tuple(
                    r for r in environment.reviewers if (r.kind, r.id) != ("User", user.id)
                )

    def add_repository(self, repository: Repository) -> Repository:
        """Keep a repository; a redirect from its name, if there was one, ends here."""
        key = repository.full_name.lower()
        self._former.pop(key, None)
        self._names[key] = repository.id
        self.repositories[repository.id] = repository
        return repository

    def repository(self, owner: str, name: str) -> Repository | None:
        """The repository of a name; case does not matter."""
        return self.repositories.get(self._names.get(f"{owner}/{name}".lower(), 0))

    def moved(self, owner: str, name: str) -> Repository | None:
        """The repository that had this name before it was renamed."""
        return self.repositories.get(self._former.get(f"{owner}/{name}".lower(), 0))

    def rename_repository(self, repository: Repository, name: str) -> None:
        """Give a repository another name and leave a redirect behind."""
        self.move_repository(repository, repository.owner, name)

    def move_repository(
        self, repository: Repository, owner: Organization | User, name: str
    ) -> None:
        """Give a repository a name and an owner and leave a redirect behind; teams of a former owner lose it."""
        old = repository.full_name.lower()
        del self._names[old]
        self._former[old] = repository.id
        if repository.owner is not owner:
            self._take_from_teams(repository)
        repository.owner, repository.name = owner, name
        self.add_repository(repository)

    def _take_from_teams(self, repository: Repository) -> None:
        for organization in self.organizations.values():
            for team in organization.teams.values():
                team.repositories.pop(repository.id, None)

    def remove_repository(self, repository: Repository) -> None:
        """Forget a repository, its teams' access to it and the redirects to it."""
        del self.repositories[repository.id]
        del self._names[repository.full_name.lower()]
        self._former = {
            name: number for name, number in self._former.items() if number != repository.id
        }
        self._take_from_teams(repository)

    def owned_by(self, owner: Organization | User) -> Iterable[Repository]:
        """The repositories of an owner, by name."""
        return sorted(
            (r for r in self.repositories.values() if r.owner is owner),
            key=lambda r: r.name.lower(),
        )

    def team(self, number: int) -> tuple[Organization, Team] | None:
        """A team and its organization, by the team's number."""
        for organization in self.organizations.values():
            if number in organization.teams:
                return organization, organization.teams[number]
        return None

    def key(self, place: str) -> KeyPair:
        """The key that secrets for a place are sealed with."""
        if place not in self._keys:
            self._keys[place] = KeyPair(place)
        return self._keys[place]
