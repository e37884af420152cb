"""A request on its way to a handler: what was sent, who sends it, and the things that its path names.

The things are looked up on first use and hidden from those who may not see them; a former name of a repository becomes
a redirect. Deliberately absent: whether the sender may do it (see ``needs``).
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from simulated_github.errors import BadCredentials, Moved, NotFound
from simulated_github.http.limits import Limits
from simulated_github.records.environments import Environment
from simulated_github.records.organizations import Organization, Team
from simulated_github.records.people import Installation, Token, User
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.records.rulesets import Ruleset
from simulated_github.rules import access
from simulated_github.shapes.links import Links
from simulated_github.world import memberships
from simulated_github.world.world import World


@dataclass
class Request:
    """One request; ``params`` are the named parts of its path, ``body`` what the operation's record let through."""

    world: World
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    links: Links
    token: Token | None = None
    params: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)

    @property
    def sender(self) -> Token:
        """The token of whoever sends the request; 401 when there is none."""
        if self.token is None:
            raise BadCredentials("Requires authentication")
        return self.token

    @property
    def user(self) -> User:
        """Whoever sends the request; 401 when nobody says so."""
        return self.sender.user

    @property
    def who(self) -> str:
        """Whose allowance the request counts to: the login of its sender, or nothing."""
        return self.token.user.login if self.token else ""

    @property
    def installation(self) -> Installation | None:
        """The installation that sends the request, when it is one."""
        return self.token.installation if self.token else None

    def number(self, name: str) -> int:
        """A part of the path that is a number; 404 when it is not."""
        try:
            return int(self.params[name])
        except ValueError:
            raise NotFound from None

    @cached_property
    def organization(self) -> Organization:
        """The organization of the path, by login or by number."""
        world = self.world
        if "org_id" in self.params:
            found = world.organizations.get(self.number("org_id"))
        else:
            found = world.organization(self.params["org"])
        if found is None:
            raise NotFound
        memberships.expire(world, found)
        return found

    @cached_property
    def team(self) -> Team:
        """The team of the path, by slug or by number; a secret one is hidden from those who are not in it."""
        organization = self.organization
        by_id = "team_id" in self.params
        found = (
            organization.teams.get(self.number("team_id"))
            if by_id
            else organization.team(self.params["team_slug"])
        )
        if found is None or not self.may_see(organization, found):
            raise NotFound
        return found

    def may_see(self, organization: Organization, team: Team) -> bool:
        """Whether the sender may know of a team."""
        token = self.token
        if token is None:
            return False
        if token.installation is not None:
            return token.installation.organization_login == organization.login
        if organization.is_owner(token.user.id):
            return True
        inside = token.user.id in organization.members
        return inside and (
            team.privacy == "closed" or access.is_team_member(organization, team, token.user.id)
        )

    @cached_property
    def repository(self) -> Repository:
        """The repository of the path, by name or by number; a private one is hidden from those without a role."""
        if "repository_id" in self.params:
            found = self.world.repositories.get(self.number("repository_id"))
        else:
            found = self._named(self.params["owner"], self.params["repo"])
        if found is None or self.role_on(found) is Role.NONE:
            raise NotFound
        return found

    def _named(self, owner: str, name: str) -> Repository | None:
        found = self.world.repository(owner, name)
        if (
            found is None
            and (moved := self.world.moved(owner, name))
            and self.role_on(moved) is not Role.NONE
        ):
            raise Moved(self._moved_to(moved), permanent=self.method in ("GET", "HEAD"))
        return found

    def _moved_to(self, repository: Repository) -> str:
        rest = self.path.split("/")[4:]
        query = "&".join(
            f"{quote(name)}={quote(value, safe='')}" for name, value in self.query.items()
        )
        return self.links.api("repositories", str(repository.id), *rest) + (
            f"?{query}" if query else ""
        )

    def role_on(self, repository: Repository) -> Role:
        """The sender's role on a repository; an installation may see what its organization has."""
        if self.token is None:
            return Role.NONE if repository.private else Role.READ
        installation = self.token.installation
        if installation is None:
            return self._scoped(repository, access.role_on(repository, self.token.user))
        if (
            repository.owner.login == installation.organization_login
            and installation.repository_id in (None, repository.id)
        ):
            return Role.ADMIN
        return Role.NONE if repository.private else Role.READ

    def _scoped(self, repository: Repository, role: Role) -> Role:
        hidden = (
            repository.private
            and self.token is not None
            and "repo" not in access.token_scopes(self.token)
        )
        return Role.NONE if hidden else role

    @cached_property
    def role(self) -> Role:
        """The sender's role on the repository of the path."""
        return self.role_on(self.repository)

    @cached_property
    def environment(self) -> Environment:
        """The environment of the path; case does not matter."""
        found = self.repository.find_environment(self.params["environment_name"])
        if found is None:
            raise NotFound
        return found

    @cached_property
    def ruleset(self) -> Ruleset:
        """The ruleset of the path."""
        found = self.repository.rulesets.get(self.number("ruleset_id"))
        if found is None:
            raise NotFound
        return found

    @cached_property
    def person(self) -> User:
        """The user that the path names."""
        found = self.world.user(self.params["username"])
        if found is None:
            raise NotFound
        return found
