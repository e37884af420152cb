"""Memberships of an organization, and the invitations that lead to them."""

from simulated_github.errors import Forbidden, NotFound
from simulated_github.http.fields import body, text
from simulated_github.http.request import Request, find_by_id
from simulated_github.http.requirements import AnyToken, OnOrganization
from simulated_github.http.responses import Response, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.records.accounts import Invitation, Organization, Team, User
from simulated_github.shapes import accounts, teams
from simulated_github.world import memberships

OWNER = OnOrganization("admin", "members:write", ("admin:org", "write:org"))
READER = OnOrganization("member", "members:read", ("read:org",))


def _shape(request: Request, organization: Organization, user: User) -> dict[str, object]:
    invitation = organization.invitations.get(user.id)
    if user.id in organization.members:
        return accounts.membership(
            request.links, organization, user, organization.members[user.id], "active"
        )
    if invitation is None:
        raise NotFound
    return accounts.membership(request.links, organization, user, invitation.role, "pending")


def _get(request: Request) -> Response:
    return ok(_shape(request, request.organization, request.person))


def _set(request: Request) -> Response:
    organization = request.organization
    user = request.person
    role = request.body.get("role", "member")
    if user.id in organization.members:
        _check_last_owner(organization, user, role)
        organization.members[user.id] = role
    else:
        memberships.invite(request.world, organization, user, request.user, role)
    return ok(_shape(request, organization, user))


def _check_last_owner(organization: Organization, user: User, role: str | None) -> None:
    if role != "admin" and memberships.is_last_owner(organization, user):
        raise Forbidden("You can't remove the last owner of the organization.")


def _remove(request: Request) -> Response:
    organization = request.organization
    user = request.person
    if user.id not in organization.members and user.id not in organization.invitations:
        raise NotFound
    _check_last_owner(organization, user, None)
    memberships.leave(request.world, organization, user)
    return no_content()


def _list_own(request: Request) -> Response:
    user = request.user
    for organization in request.world.organizations.values():
        memberships.expire_invitations(request.world, organization)
    organizations = [
        organization
        for organization in request.world.organizations.values()
        if user.id in organization.members or user.id in organization.invitations
    ]
    state = request.query.get("state")
    selected = [
        organization
        for organization in organizations
        if state is None or (user.id in organization.members) is (state == "active")
    ]
    return page(request, selected, lambda organization: _shape(request, organization, user))


def _get_own(request: Request) -> Response:
    return ok(_shape(request, request.organization, request.user))


def _accept(request: Request) -> Response:
    organization = request.organization
    user = request.user
    if user.id not in organization.members:
        memberships.accept(organization, user)
    return ok(_shape(request, organization, user))


def _list_invitations(request: Request) -> Response:
    return page(
        request,
        request.organization.invitations.values(),
        lambda invitation: invitation_shape(request, invitation),
    )


def _list_failed_invitations(request: Request) -> Response:
    return page(
        request,
        request.organization.failed_invitations,
        lambda invitation: invitation_shape(request, invitation),
    )


def invitation_shape(request: Request, invitation: Invitation) -> dict[str, object]:
    """Return an invitation to the path's organization as the API shows it."""
    users = request.world.users
    return accounts.organization_invitation(
        request.links,
        request.organization,
        invitation,
        users[invitation.user_id],
        users[invitation.inviter_id],
    )


def _find_invitation(request: Request) -> Invitation:
    return find_by_id(request.organization.invitations, request.number("invitation_id"))


def _cancel_invitation(request: Request) -> Response:
    del request.organization.invitations[_find_invitation(request).user_id]
    return no_content()


def _list_invitation_teams(request: Request) -> Response:
    organization = request.organization
    invitation_teams: list[Team] = [
        organization.teams[team_id]
        for team_id in _find_invitation(request).teams
        if team_id in organization.teams
    ]
    return page(
        request, invitation_teams, lambda team: teams.with_parent(request.links, organization, team)
    )


operations = [
    Operation(
        "orgs/get-membership-for-user",
        "GET",
        "/orgs/{org}/memberships/{username}",
        _get,
        OnOrganization("member"),
    ),
    Operation(
        "orgs/set-membership-for-user",
        "PUT",
        "/orgs/{org}/memberships/{username}",
        _set,
        OWNER,
        body(role=text("admin", "member")),
    ),
    Operation(
        "orgs/remove-membership-for-user",
        "DELETE",
        "/orgs/{org}/memberships/{username}",
        _remove,
        OWNER,
    ),
    Operation("orgs/remove-member", "DELETE", "/orgs/{org}/members/{username}", _remove, OWNER),
    Operation(
        "orgs/list-memberships-for-authenticated-user",
        "GET",
        "/user/memberships/orgs",
        _list_own,
        AnyToken(("read:org",), user_only=True),
    ),
    Operation(
        "orgs/get-membership-for-authenticated-user",
        "GET",
        "/user/memberships/orgs/{org}",
        _get_own,
        AnyToken(("read:org",), user_only=True),
    ),
    Operation(
        "orgs/update-membership-for-authenticated-user",
        "PATCH",
        "/user/memberships/orgs/{org}",
        _accept,
        AnyToken(("write:org",), user_only=True),
        body(state=text("active", required=True)),
    ),
    Operation(
        "orgs/list-pending-invitations", "GET", "/orgs/{org}/invitations", _list_invitations, READER
    ),
    Operation(
        "orgs/list-failed-invitations",
        "GET",
        "/orgs/{org}/failed_invitations",
        _list_failed_invitations,
        READER,
    ),
    Operation(
        "orgs/cancel-invitation",
        "DELETE",
        "/orgs/{org}/invitations/{invitation_id}",
        _cancel_invitation,
        OWNER,
    ),
    Operation(
        "orgs/list-invitation-teams",
        "GET",
        "/orgs/{org}/invitations/{invitation_id}/teams",
        _list_invitation_teams,
        READER,
    ),
]
