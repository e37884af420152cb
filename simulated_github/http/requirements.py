"""What an operation asks of whoever calls it, and the refusal when it is not there.

Each need is a value in the table of operations: a role, a token's scope, an App's permission. Sources: GitHub's docs,
the page of each operation, "Permissions required for GitHub Apps" and "Troubleshooting the REST API" (404 in place of
403, so as not to confirm that something exists).
"""

from dataclasses import dataclass
from typing import Protocol

from simulated_github.errors import APIError, BadCredentials, Forbidden, NotFound
from simulated_github.http.request import Request
from simulated_github.records.roles import Role
from simulated_github.rules import access

NOT_FOR_INTEGRATIONS = "Resource not accessible by integration"


class Requirement(Protocol):
    """Something that must hold before an operation runs."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of which a classic token needs one; named in ``X-Accepted-OAuth-Scopes``."""

    @property
    def permission(self) -> str:
        """The App permission, such as ``contents:write``; empty when none is needed."""

    @property
    def description(self) -> str:
        """What is asked of people, in a few words for the page on coverage."""

    def check(self, request: Request) -> None:
        """Return when it holds; raise the refusal otherwise."""


@dataclass(frozen=True, slots=True)
class Anyone:
    """Nothing: also without a token."""

    scopes: tuple[str, ...] = ()
    permission: str = ""
    description: str = "anyone"

    def check(self, request: Request) -> None:
        """Nothing to check."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A token, with a scope or a permission where one is named; ``of_person`` keeps Apps out."""

    scopes: tuple[str, ...] = ()
    permission: str = ""
    of_person: bool = False

    @property
    def description(self) -> str:
        """A token, perhaps a person's."""
        return "a person's token" if self.of_person else "a token"

    def check(self, request: Request) -> None:
        """A token that nobody sent is a 401, an App's where a person is meant a 403."""
        if self.of_person and request.sender.installation is not None:
            raise Forbidden(NOT_FOR_INTEGRATIONS)
        _ = request.user
        _token_allows(request, self.scopes, self.permission)


@dataclass(frozen=True, slots=True)
class OnRepository:
    """A role on the path's repository.

    ``hides`` answers 404 to a role that is too small, as older operations do; ``anonymous`` lets what is public be read
    without a token; ``writes_archived`` lets a write through to an archived repository.
    """

    role: Role
    permission: str = "metadata:read"
    scopes: tuple[str, ...] = ("repo", "public_repo")
    hides: bool = False
    anonymous: bool = True
    writes_archived: bool = False

    @property
    def description(self) -> str:
        """The role on the repository."""
        return f"{self.role.label} on the repository"

    def check(self, request: Request) -> None:
        """Reading what is public needs no token; anything else needs role, scope or permission."""
        repository = request.repository
        if self._is_open(request):
            return
        _ = request.user
        _token_allows(request, self.scopes, self.permission)
        if request.role < self.role:
            raise self._refusal()
        if repository.archived and request.method != "GET" and not self.writes_archived:
            raise Forbidden("Repository was archived so is read-only.")

    def _is_open(self, request: Request) -> bool:
        reads = (
            request.method == "GET" and self.role is Role.READ and not request.repository.private
        )
        return reads and (self.anonymous or request.token is not None)

    def _refusal(self) -> APIError:
        if self.hides:
            return NotFound()
        named = "admin rights to" if self.role is Role.ADMIN else "push access to"
        return Forbidden(f"Must have {named} Repository.")


@dataclass(frozen=True, slots=True)
class OnOrganization:
    """Membership of the path's organization, or ownership of it (``role`` is ``member`` or ``admin``)."""

    role: str
    permission: str = "members:read"
    scopes: tuple[str, ...] = ("read:org",)
    hides: bool = False

    @property
    def description(self) -> str:
        """Ownership or membership."""
        return "owner of the organization" if self.role == "admin" else "member of the organization"

    def check(self, request: Request) -> None:
        """Outsiders are told 404 or 403; members who are not owners 403."""
        organization, user = request.organization, request.user
        _token_allows(request, self.scopes, self.permission)
        if _installed_in(request):
            return
        if self.role == "admin" and not organization.is_owner(user.id):
            raise (
                NotFound()
                if self.hides
                else Forbidden("You must be an admin to perform this action.")
            )
        if user.id not in organization.members:
            raise (
                NotFound() if self.hides else Forbidden("You must be a member of the organization.")
            )


@dataclass(frozen=True, slots=True)
class OnTeam:
    """To see the path's team, or to look after it: as an owner of the organization or a maintainer of the team."""

    maintains: bool = False
    permission: str = "members:read"
    scopes: tuple[str, ...] = ("read:org",)

    @property
    def description(self) -> str:
        """To look after the team, or to see it."""
        return "maintainer of the team" if self.maintains else "someone who may see the team"

    def check(self, request: Request) -> None:
        """A team that may not be seen is a 404; one that may not be changed is a 403."""
        if request.token is None:
            raise BadCredentials("Requires authentication")
        _token_allows(request, self.scopes, self.permission)
        team, organization, user = request.team, request.organization, request.user
        if not self.maintains or _installed_in(request) or organization.is_owner(user.id):
            return
        if team.members.get(user.id) != "maintainer":
            raise Forbidden(
                "Must have admin rights to the team or be an owner of the organization."
            )


def _installed_in(request: Request) -> bool:
    installation = request.token.installation if request.token else None
    return (
        installation is not None and installation.organization_login == request.organization.login
    )


def _token_allows(request: Request, scopes: tuple[str, ...], permission: str) -> None:
    token = request.token
    if token is None:
        return
    if token.installation is not None:
        if permission and not access.has_permission(token.installation, permission):
            raise Forbidden(NOT_FOR_INTEGRATIONS)
    elif scopes and not access.token_scopes(token) & set(scopes):
        raise NotFound()
