"""How people come into an organization and its teams, and how they leave.

Sources: GitHub's docs, REST pages "Organization members" and "Team members" ("the newly-created membership will be in
the pending state until the person accepts the invitation"; removing a team's membership "allows you to remove both
active and pending memberships").
"""

from datetime import timedelta

from simulated_github.errors import NotFound
from simulated_github.records.organizations import Invitation, Organization, Team
from simulated_github.records.people import User
from simulated_github.world.world import World

#: How long an invitation may be accepted.
LIFE = timedelta(days=7)


def invite(
    world: World, organization: Organization, who: User, inviter: User, role: str = "member"
) -> Invitation:
    """Invite someone, or change the role that they are invited with."""
    found = organization.invitations.get(who.id)
    if found is None:
        found = Invitation(
            world.ids.take("invitation"), who.id, role, inviter.id, world.clock.stamp()
        )
        organization.invitations[who.id] = found
    found.role = role
    return found


def expire(world: World, organization: Organization) -> None:
    """Invitations fail after seven days. Source: GitHub's docs, "Inviting users to join your organization"."""
    stamp = world.clock.stamp(before=LIFE)
    for invited in [i for i in organization.invitations.values() if i.created_at <= stamp]:
        del organization.invitations[invited.user_id]
        invited.failed_at = world.clock.stamp()
        organization.failed_invitations.append(invited)


def accept(organization: Organization, who: User) -> None:
    """Accept an invitation: membership of the organization and of the teams that waited for it."""
    invited = organization.invitations.pop(who.id, None)
    if invited is None:
        raise NotFound
    organization.members[who.id] = invited.role
    for team_id, role in invited.teams.items():
        if team_id in organization.teams:
            organization.teams[team_id].members[who.id] = role


def leave(world: World, organization: Organization, who: User) -> None:
    """Leave an organization, or have its invitation withdrawn; direct access to its repositories goes with it."""
    was_member = organization.members.pop(who.id, None) is not None
    organization.invitations.pop(who.id, None)
    for team in organization.teams.values():
        team.members.pop(who.id, None)
    if was_member:
        for repository in world.owned_by(organization):
            repository.collaborators.pop(who.id, None)


def join_team(
    world: World, organization: Organization, team: Team, who: User, role: str, inviter: User
) -> None:
    """Put someone into a team: at once when they are in the organization, otherwise by invitation."""
    if who.id in organization.members:
        team.members[who.id] = role
        return
    found = organization.invitations.get(who.id) or invite(world, organization, who, inviter)
    found.teams[team.id] = role


def leave_team(organization: Organization, team: Team, who: User) -> None:
    """Take someone out of a team, whether they are in it or only invited.

    Assumption: an invitation that was for this team alone is withdrawn with it; one that names another team, or an
    owner's, stays.
    """
    if who.id in team.members:
        del team.members[who.id]
        return
    invited = organization.invitations.get(who.id)
    if invited is None or team.id not in invited.teams:
        raise NotFound
    del invited.teams[team.id]
    if not invited.teams and invited.role == "member":
        del organization.invitations[who.id]


def team_membership(organization: Organization, team: Team, who: User) -> tuple[str, str]:
    """Role and state of someone in a team. An organization's owner is a maintainer whatever was asked."""
    if who.id in team.members:
        return ("maintainer" if organization.is_owner(who.id) else team.members[who.id]), "active"
    invited = organization.invitations.get(who.id)
    if invited is None or team.id not in invited.teams:
        raise NotFound
    return ("maintainer" if invited.role == "admin" else invited.teams[team.id]), "pending"
