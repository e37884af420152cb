"""Members of a team, and pending invitations to it."""

from simulated_github.errors import Forbidden, ValidationFailed
from simulated_github.http.fields import body, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnTeam
from simulated_github.http.responses import Response, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.operations.memberships import invitation_shape
from simulated_github.operations.teams import MAINTAINER
from simulated_github.records.accounts import Team
from simulated_github.shapes import accounts, teams
from simulated_github.world import memberships


def _list(request: Request) -> Response:
    """List the members of a team and of its child teams, without invited users."""
    organization = request.organization
    team = request.team
    world = request.world
    requested_role = request.query.get("role", "all")
    team_and_children = [
        candidate
        for candidate in organization.teams.values()
        if candidate is team or candidate.parent_id == team.id
    ]
    user_ids = {
        user_id: None
        for candidate in team_and_children
        for user_id in candidate.members
        if requested_role in ("all", _role_in(request, candidate, user_id))
    }
    return page(
        request,
        (world.users[user_id] for user_id in user_ids),
        lambda user: accounts.simple(request.links, user),
    )


def _role_in(request: Request, team: Team, user_id: int) -> str:
    return memberships.team_role_and_state(
        request.organization, team, request.world.users[user_id]
    )[0]


def _list_invitations(request: Request) -> Response:
    pending = [
        invitation
        for invitation in request.organization.invitations.values()
        if request.team.id in invitation.teams
    ]
    return page(
        request,
        pending,
        lambda invitation: invitation_shape(request, invitation),
    )


def _membership_shape(request: Request) -> dict[str, object]:
    organization = request.organization
    team = request.team
    user = request.person
    return teams.team_membership(
        request.links,
        organization,
        team,
        user,
        *memberships.team_role_and_state(organization, team, user),
    )


def _get(request: Request) -> Response:
    return ok(_membership_shape(request))


def _add(request: Request) -> Response:
    role = request.body.get("role", "member")
    if request.person.kind != "User":
        raise ValidationFailed("Cannot add an organization or a bot as a team member.")
    _check_inviter(request)
    memberships.join_team(
        request.world, request.organization, request.team, request.person, role, request.user
    )
    return ok(_membership_shape(request))


def _check_inviter(request: Request) -> None:
    """Raise Forbidden unless an owner or an App adds a user from outside the organization.

    Source: GitHub's docs, REST page "Add or update team membership for a user": "an organization
    owner can add someone who is not part of the team's organization". Assumption: the message.
    """
    organization = request.organization
    is_outsider = request.person.id not in organization.members
    if is_outsider and not request.is_by_owner():
        raise Forbidden("You must be an admin to invite someone to the organization.")


def _remove(request: Request) -> Response:
    memberships.leave_team(request.organization, request.team, request.person)
    return no_content()


_PATH = "/orgs/{org}/teams/{team_slug}"

operations = [
    Operation("teams/list-members-in-org", "GET", f"{_PATH}/members", _list, OnTeam()),
    Operation(
        "teams/list-pending-invitations-in-org",
        "GET",
        f"{_PATH}/invitations",
        _list_invitations,
        OnTeam(),
    ),
    Operation(
        "teams/get-membership-for-user-in-org",
        "GET",
        f"{_PATH}/memberships/{{username}}",
        _get,
        OnTeam(),
    ),
    Operation(
        "teams/add-or-update-membership-for-user-in-org",
        "PUT",
        f"{_PATH}/memberships/{{username}}",
        _add,
        MAINTAINER,
        body(role=text("member", "maintainer")),
    ),
    Operation(
        "teams/remove-membership-for-user-in-org",
        "DELETE",
        f"{_PATH}/memberships/{{username}}",
        _remove,
        MAINTAINER,
    ),
]
