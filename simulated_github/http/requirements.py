"""What an operation requires of the user and the token, and the refusal of other requests.

Each requirement is a value in the table of operations: a role, a token's scope, an App's
permission. Sources: GitHub's docs, the page of each operation, "Permissions required for GitHub
Apps" and "Troubleshooting the REST API" (a 404 in place of a 403, so as not to confirm that
something exists).
"""

from dataclasses import dataclass
from typing import Protocol

from simulated_github.errors import APIError, Forbidden, NotFound
from simulated_github.http.request import Request
from simulated_github.records.roles import Role
from simulated_github.rules import access

NOT_FOR_INTEGRATIONS = "Resource not accessible by integration"
ARCHIVED = "Repository was archived so is read-only."


class Requirement(Protocol):
    """A condition checked before an operation runs."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of which a classic token needs one, for `X-Accepted-OAuth-Scopes`."""

    @property
    def permission(self) -> str:
        """The App permission, such as `contents:write`; empty when none is needed."""

    @property
    def description(self) -> str:
        """What a user needs, in a few words for the page on coverage."""

    def check(self, request: Request) -> None:
        """Raise the refusal when the condition does not hold."""


@dataclass(frozen=True, slots=True)
class Anyone:
    """No requirement, not even a token."""

    scopes: tuple[str, ...] = ()
    permission: str = ""
    description: str = "anyone"

    def check(self, request: Request) -> None:
        """Check nothing."""


@dataclass(frozen=True, slots=True)
class AnyToken:
    """Any token that has the permission or one of the scopes; `user_only` refuses Apps."""

    scopes: tuple[str, ...] = ()
    permission: str = ""
    user_only: bool = False

    @property
    def description(self) -> str:
        """A token, or a user's token."""
        return "a user's token" if self.user_only else "a token"

    def check(self, request: Request) -> None:
        """Refuse a missing token with a 401, and with `user_only` an App's token with a 403."""
        token = request.require_token()
        if self.user_only and token.installation is not None:
            raise Forbidden(NOT_FOR_INTEGRATIONS)
        _check_token(request, self.scopes, self.permission)


@dataclass(frozen=True, slots=True)
class OnRepository:
    """A role on the path's repository.

    With `hides`, a smaller role gets a 404, as in older operations. `anonymous` allows reading a
    public repository without a token, `writes_archived` writing to an archived one.
    """

    role: Role
    permission: str = "metadata:read"
    scopes: tuple[str, ...] = ("repo", "public_repo")
    hides: bool = False
    anonymous: bool = True
    writes_archived: bool = False

    @property
    def description(self) -> str:
        """The name of the role."""
        return f"{self.role.label} on the repository"

    def check(self, request: Request) -> None:
        """Check the token and the role; allow every user to read a public repository."""
        repository = request.repository
        if self._is_public_read(request):
            return
        request.require_token()
        _check_token(request, self.scopes, self.permission)
        if request.role < self.role:
            raise self._refusal()
        if repository.archived and not request.is_read and not self.writes_archived:
            raise Forbidden(ARCHIVED)

    def _is_public_read(self, request: Request) -> bool:
        is_open_read = request.is_read and self.role is Role.READ
        return (
            is_open_read
            and not request.repository.private
            and (self.anonymous or request.token is not None)
        )

    def _refusal(self) -> APIError:
        if self.hides:
            return NotFound()
        access_name = "admin rights to" if self.role is Role.ADMIN else "push access to"
        return Forbidden(f"Must have {access_name} Repository.")


@dataclass(frozen=True, slots=True)
class OnOrganization:
    """Membership (`role` is `member`) or ownership (`admin`) of the path's organization."""

    role: str
    permission: str = "members:read"
    scopes: tuple[str, ...] = ("read:org",)
    hides: bool = False

    @property
    def description(self) -> str:
        """The role in the organization."""
        return "owner of the organization" if self.role == "admin" else "member of the organization"

    def check(self, request: Request) -> None:
        """Check the token and the role; refuse with a 403, or a 404 if `hides`."""
        organization = request.organization
        user = request.user
        _check_token(request, self.scopes, self.permission)
        if _is_installed(request):
            return
        if self.role == "admin" and not organization.is_owner(user.id):
            raise self._refusal("You must be an admin to perform this action.")
        if user.id not in organization.members:
            raise self._refusal("You must be a member of the organization.")

    def _refusal(self, message: str) -> APIError:
        return NotFound() if self.hides else Forbidden(message)


@dataclass(frozen=True, slots=True)
class OnTeam:
    """Permission to see the path's team or, with `maintains`, to change it.

    The maintainers of the team and the owners of the organization may change it.
    """

    maintains: bool = False
    permission: str = "members:read"
    scopes: tuple[str, ...] = ("read:org",)

    @property
    def description(self) -> str:
        """The role in the team."""
        return "maintainer of the team" if self.maintains else "a user who may see the team"

    def check(self, request: Request) -> None:
        """Refuse a team that the token may not see with a 404, one it may not change with a 403."""
        request.require_token()
        _check_token(request, self.scopes, self.permission)
        team = request.team
        organization = request.organization
        user = request.user
        if not self.maintains or _is_installed(request) or organization.is_owner(user.id):
            return
        if team.members.get(user.id) != "maintainer":
            raise Forbidden(
                "Must have admin rights to the team or be an owner of the organization."
            )


def _is_installed(request: Request) -> bool:
    installation = request.installation
    return (
        installation is not None and installation.organization_login == request.organization.login
    )


def _check_token(request: Request, scopes: tuple[str, ...], permission: str) -> None:
    """Raise Forbidden for an App without the permission, NotFound for a user without a scope."""
    token = request.token
    if token is None or access.token_allows(token, permission, scopes):
        return
    raise NotFound() if token.installation is None else Forbidden(NOT_FOR_INTEGRATIONS)
