"""Who is in a team, and who is invited to it."""

from simulated_github.errors import Forbidden, ValidationFailed
from simulated_github.http.fields import body, text
from simulated_github.http.request import Request
from simulated_github.http.requirements import OnTeam
from simulated_github.http.responses import Response, no_content, ok, page
from simulated_github.http.routing import Operation
from simulated_github.operations.teams import MAINTAINER
from simulated_github.records.organizations import Team
from simulated_github.shapes import accounts, teams
from simulated_github.world import memberships


def _list(request: Request) -> Response:
    """Members of the team and of those nested in it; people who are only invited are not among them."""
    found, team, world = request.organization, request.team, request.world
    wanted = request.query.get("role", "all")
    nested = [t for t in found.teams.values() if t is team or t.parent_id == team.id]
    people = {i: None for t in nested for i in t.members if wanted in ("all", _role(request, t, i))}
    return page(
        request, (world.users[i] for i in people), lambda who: accounts.simple(request.links, who)
    )


def _role(request: Request, team: Team, user_id: int) -> str:
    return memberships.team_membership(request.organization, team, request.world.users[user_id])[0]


def _invitations(request: Request) -> Response:
    found, users = request.organization, request.world.users
    here = [i for i in found.invitations.values() if request.team.id in i.teams]
    return page(
        request,
        here,
        lambda i: accounts.organization_invitation(
            request.links, found, i, users[i.user_id], users[i.inviter_id]
        ),
    )


def _membership(request: Request) -> dict[str, object]:
    found, team, who = request.organization, request.team, request.person
    return teams.team_membership(
        request.links, found, team, who, *memberships.team_membership(found, team, who)
    )


def _get(request: Request) -> Response:
    return ok(_membership(request))


def _set(request: Request) -> Response:
    role = request.body.get("role", "member")
    if request.person.kind != "User":
        raise ValidationFailed("Cannot add an organization or a bot as a team member.")
    _check_inviter(request)
    memberships.join_team(
        request.world, request.organization, request.team, request.person, role, request.user
    )
    return ok(_membership(request))


def _check_inviter(request: Request) -> None:
    """Whoever is not in the organization is put into a team by its owners.

    Source: the page "Add or update team membership for a user", "an organization owner can add someone who is not part of the
    team's organization"; the sentence is an assumption.
    """
    found = request.organization
    inviting = request.person.id not in found.members
    if inviting and request.installation is None and not found.is_owner(request.user.id):
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
        _invitations,
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
        _set,
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
