"""Memberships of an organization: by invitation, accepted by whoever is invited."""

from simulated_github.errors import Forbidden, NotFound
from simulated_github.http.fields import body, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnOrganization, SignedIn
from simulated_github.http.responses import Response, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.records.organizations import Invitation, Organization, Team
from simulated_github.records.people import User
from simulated_github.shapes import accounts, teams
from simulated_github.world import memberships

OWNER = OnOrganization("admin", "members:write", ("admin:org", "write:org"))
READER = OnOrganization("member", "members:read", ("read:org",))


def _shape(request: Request, found: Organization, who: User) -> dict[str, object]:
    invited = found.invitations.get(who.id)
    if who.id in found.members:
        return accounts.membership(request.links, found, who, found.members[who.id], "active")
    if invited is None:
        raise NotFound
    return accounts.membership(request.links, found, who, invited.role, "pending")


def _get(request: Request) -> Response:
    return ok(_shape(request, request.organization, request.person))


def _set(request: Request) -> Response:
    found, who, role = request.organization, request.person, request.body.get("role", "member")
    if who.id in found.members:
        _keep_an_owner(found, who, role)
        found.members[who.id] = role
    else:
        memberships.invite(request.world, found, who, request.user, role)
    return ok(_shape(request, found, who))


def _keep_an_owner(found: Organization, who: User, role: str | None) -> None:
    others = [i for i, r in found.members.items() if r == "admin" and i != who.id]
    if found.is_owner(who.id) and role != "admin" and not others:
        raise Forbidden("You can't remove the last owner of the organization.")


def _remove(request: Request) -> Response:
    found, who = request.organization, request.person
    if who.id not in found.members and who.id not in found.invitations:
        raise NotFound
    _keep_an_owner(found, who, None)
    memberships.leave(request.world, found, who)
    return no_content()


def _mine(request: Request) -> Response:
    who = request.user
    for organization in request.world.organizations.values():
        memberships.expire(request.world, organization)
    found = [
        o
        for o in request.world.organizations.values()
        if who.id in o.members or who.id in o.invitations
    ]
    state = request.query.get("state")
    shown = [o for o in found if state is None or (who.id in o.members) is (state == "active")]
    return page(request, shown, lambda o: _shape(request, o, who))


def _get_mine(request: Request) -> Response:
    return ok(_shape(request, request.organization, request.user))


def _accept(request: Request) -> Response:
    found, who = request.organization, request.user
    if who.id not in found.members:
        memberships.accept(found, who)
    return ok(_shape(request, found, who))


def _invitations(request: Request) -> Response:
    return page(
        request, request.organization.invitations.values(), lambda i: _invitation(request, i)
    )


def _failed(request: Request) -> Response:
    return page(request, request.organization.failed_invitations, lambda i: _invitation(request, i))


def _invitation(request: Request, invited: Invitation) -> dict[str, object]:
    users = request.world.users
    return accounts.organization_invitation(
        request.links,
        request.organization,
        invited,
        users[invited.user_id],
        users[invited.inviter_id],
    )


def _find_invitation(request: Request) -> Invitation:
    wanted = request.number("invitation_id")
    found = next((i for i in request.organization.invitations.values() if i.id == wanted), None)
    if found is None:
        raise NotFound
    return found


def _cancel(request: Request) -> Response:
    del request.organization.invitations[_find_invitation(request).user_id]
    return no_content()


def _invitation_teams(request: Request) -> Response:
    found = request.organization
    shown: list[Team] = [
        found.teams[i] for i in _find_invitation(request).teams if i in found.teams
    ]
    return page(request, shown, lambda team: teams.with_parent(request.links, found, team))


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
        _mine,
        SignedIn(("read:org",), of_person=True),
    ),
    Operation(
        "orgs/get-membership-for-authenticated-user",
        "GET",
        "/user/memberships/orgs/{org}",
        _get_mine,
        SignedIn(("read:org",), of_person=True),
    ),
    Operation(
        "orgs/update-membership-for-authenticated-user",
        "PATCH",
        "/user/memberships/orgs/{org}",
        _accept,
        SignedIn(("write:org",), of_person=True),
        body(state=text("active", required=True)),
    ),
    Operation(
        "orgs/list-pending-invitations", "GET", "/orgs/{org}/invitations", _invitations, READER
    ),
    Operation(
        "orgs/list-failed-invitations", "GET", "/orgs/{org}/failed_invitations", _failed, READER
    ),
    Operation(
        "orgs/cancel-invitation",
        "DELETE",
        "/orgs/{org}/invitations/{invitation_id}",
        _cancel,
        OWNER,
    ),
    Operation(
        "orgs/list-invitation-teams",
        "GET",
        "/orgs/{org}/invitations/{invitation_id}/teams",
        _invitation_teams,
        READER,
    ),
]
