"""A request, its token and body, and the repository, team or user that its path names.

Each is looked up on first use. A 404 hides what the token may not see; a former name of a
repository redirects. Deliberately absent: the check whether the user may run the operation (see
`requirements`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import quote

from simulated_github.errors import BadCredentials, Moved, NotFound, ValidationFailed
from simulated_github.git.objects import Signature
from simulated_github.http.limits import Limits
from simulated_github.records.accounts import (
    Installation,
    Invitation,
    Organization,
    Team,
    Token,
    User,
)
from simulated_github.records.actions import Environment
from simulated_github.records.repositories import Repository, RepositoryInvitation
from simulated_github.records.roles import Role
from simulated_github.records.rulesets import Ruleset
from simulated_github.rules import access
from simulated_github.shapes.links import Links
from simulated_github.world import memberships
from simulated_github.world.world import World

_Invitation = TypeVar("_Invitation", Invitation, RepositoryInvitation)


@dataclass
class Request:
    """A request; `params` are the named parts of its path, `body` its body after the check."""

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

    def require_token(self) -> Token:
        """Return the token of the request; raise BadCredentials (401) when it has none."""
        if self.token is None:
            raise BadCredentials("Requires authentication")
        return self.token

    @property
    def user(self) -> User:
        """The user that the token belongs to; 401 without a token."""
        return self.require_token().user

    @property
    def login(self) -> str:
        """The login that the request counts against in the rate limit; empty without a token."""
        return self.token.user.login if self.token else ""

    @property
    def installation(self) -> Installation | None:
        """The installation that the token belongs to, if any."""
        return self.token.installation if self.token else None

    @property
    def names_organization(self) -> bool:
        """Whether the path begins with an organization, by login or id."""
        return "org" in self.params or "org_id" in self.params

    @property
    def is_read(self) -> bool:
        """Whether the request only reads: a HEAD is answered like a GET."""
        return self.method in ("GET", "HEAD")

    def is_by_owner(self) -> bool:
        """Return whether an owner of the path's organization, or an App, sent the request."""
        token = self.token
        return token is not None and (
            token.installation is not None or self.organization.is_owner(token.user.id)
        )

    def number(self, name: str) -> int:
        """Return a part of the path as a number; raise NotFound when it is not one."""
        try:
            return int(self.params[name])
        except ValueError:
            raise NotFound from None

    @cached_property
    def organization(self) -> Organization:
        """The organization that the path names by login or id, without expired invitations.

        The first use expires them, at the time of the world's clock.
        """
        world = self.world
        if "org_id" in self.params:
            organization = world.organizations.get(self.number("org_id"))
        else:
            organization = world.organization(self.params["org"])
        if organization is None:
            raise NotFound
        memberships.expire_invitations(world, organization)
        return organization

    @cached_property
    def team(self) -> Team:
        """The team that the path names by slug or id; 404 when the token may not see it."""
        organization = self.organization
        if "team_id" in self.params:
            team = organization.teams.get(self.number("team_id"))
        else:
            team = organization.team(self.params["team_slug"])
        if team is None or not self.may_see(organization, team):
            raise NotFound
        return team

    def may_see(self, organization: Organization, team: Team) -> bool:
        """Return whether the token may see a team: only its members see a secret one."""
        token = self.token
        if token is None:
            return False
        if token.installation is not None:
            return token.installation.organization_login == organization.login
        if organization.is_owner(token.user.id):
            return True
        is_member = token.user.id in organization.members
        return is_member and (
            team.privacy == "closed" or access.is_team_member(organization, team, token.user.id)
        )

    @cached_property
    def repository(self) -> Repository:
        """The repository that the path names by name or id; 404 when the token may not see it."""
        if "repository_id" in self.params:
            repository = self.world.repositories.get(self.number("repository_id"))
        else:
            repository = self._find_repository(self.params["owner"], self.params["repo"])
        if repository is None or self.role_on(repository) is Role.NONE:
            raise NotFound
        return repository

    def _find_repository(self, owner: str, name: str) -> Repository | None:
        repository = self.world.repository(owner, name)
        if repository is not None:
            return repository
        target = self.world.redirect_target(owner, name)
        if target is not None and self.role_on(target) is not Role.NONE:
            raise Moved(self._redirect_url(target), permanent=self.is_read)
        return None

    def _redirect_url(self, repository: Repository) -> str:
        remainder = self.path.split("/")[4:]
        query = "&".join(
            f"{quote(name)}={quote(value, safe='')}" for name, value in self.query.items()
        )
        url = self.links.api("repositories", str(repository.id), *remainder)
        return f"{url}?{query}" if query else url

    def role_on(self, repository: Repository) -> Role:
        """Return the user's role; an installation administers the repositories it can access."""
        if self.token is None:
            return Role.NONE if repository.private else Role.READ
        installation = self.token.installation
        if installation is None:
            is_hidden = repository.private and "repo" not in access.token_scopes(self.token)
            return Role.NONE if is_hidden else access.role_on(repository, self.token.user.id)
        if (
            repository.owner.login == installation.organization_login
            and installation.repository_id in (None, repository.id)
        ):
            return Role.ADMIN
        return Role.NONE if repository.private else Role.READ

    @cached_property
    def role(self) -> Role:
        """The user's role on the repository of the path."""
        return self.role_on(self.repository)

    @cached_property
    def environment(self) -> Environment:
        """The environment that the path names, in any case."""
        environment = self.repository.find_environment(self.params["environment_name"])
        if environment is None:
            raise NotFound
        return environment

    @cached_property
    def ruleset(self) -> Ruleset:
        """The ruleset that the path names."""
        ruleset = self.repository.rulesets.get(self.number("ruleset_id"))
        if ruleset is None:
            raise NotFound
        return ruleset

    @cached_property
    def person(self) -> User:
        """The user that the path names."""
        user = self.world.user(self.params["username"])
        if user is None:
            raise NotFound
        return user


def find_by_id(invitations: Mapping[int, _Invitation], invitation_id: int) -> _Invitation:
    """Return the invitation with an id; raise NotFound when there is none.

    `invitations` maps the ids of the invited users to their invitations.
    """
    for invitation in invitations.values():
        if invitation.id == invitation_id:
            return invitation
    raise NotFound


def parse_signature(request: Request, name: str) -> Signature:
    """Return the person in the body's field `author`, `committer` or `tagger`.

    The default is the user that sends the request. Raise ValidationFailed for an invalid date.
    """
    person = request.body.get(name) or {}
    default = user_signature(request.user, request.world.clock.seconds())
    return Signature(
        person.get("name", default.name),
        person.get("email", default.email),
        _parse_date(person.get("date"), default.seconds),
    )


def user_signature(user: User, seconds: int) -> Signature:
    """Return a user's signature for a commit; `seconds` is the time since 1970."""
    email = user.email or f"{user.id}+{user.login}@users.noreply.example"
    return Signature(user.name or user.login, email, seconds)


def _parse_date(date: str | None, default: int) -> int:
    if date is None:
        return default
    try:
        return int(datetime.fromisoformat(date).timestamp())
    except ValueError:
        raise ValidationFailed(f"Invalid request.\n\n{date} is not a valid date-time.") from None
