"""Memberships of organizations and teams: invite, accept, add, remove.

Sources: GitHub's docs, REST pages "Organization members" and "Team members" ("the newly-created
membership will be in the pending state until the person accepts the invitation"; removing a team's
membership "allows you to remove both active and pending memberships").
"""

from datetime import timedelta

from simulated_github.errors import NotFound
from simulated_github.records.accounts import Invitation, Organization, Team, User
from simulated_github.records.repositories import Repository, RepositoryInvitation
from simulated_github.world.world import World

#: The time after which an invitation expires.
INVITATION_LIFETIME = timedelta(days=7)


def invite(
    world: World, organization: Organization, user: User, inviter: User, role: str = "member"
) -> Invitation:
    """Invite a user, or change the role of a pending invitation; return the invitation."""
    invitation = organization.invitations.get(user.id)
    if invitation is None:
        invitation = Invitation(
            world.ids.take("invitation"), user.id, role, inviter.id, world.clock.stamp()
        )
        organization.invitations[user.id] = invitation
    invitation.role = role
    return invitation


def has_expired(world: World, invitation: Invitation | RepositoryInvitation) -> bool:
    """Return whether an invitation is older than seven days.

    Source: GitHub's docs, "Inviting users to join your organization".
    """
    return invitation.created_at <= world.clock.stamp(before=INVITATION_LIFETIME)


def expire_invitations(world: World, organization: Organization) -> None:
    """Move the expired invitations of an organization to its failed ones."""
    for invitation in [i for i in organization.invitations.values() if has_expired(world, i)]:
        del organization.invitations[invitation.user_id]
        invitation.failed_at = world.clock.stamp()
        organization.failed_invitations.append(invitation)


def accept(organization: Organization, user: User) -> None:
    """Make an invited user a member of the organization and of the invitation's teams.

    Raise NotFound when there is no invitation.
    """
    invitation = organization.invitations.pop(user.id, None)
    if invitation is None:
        raise NotFound
    organization.members[user.id] = invitation.role
    for team_id, role in invitation.teams.items():
        if team_id in organization.teams:
            organization.teams[team_id].members[user.id] = role


def accept_repository(world: World, repository: Repository, user: User) -> None:
    """Make an invited user a collaborator of a repository.

    Raise NotFound when there is no invitation, or only one that expired.
    """
    invitation = repository.invitations.get(user.id)
    if invitation is None or has_expired(world, invitation):
        raise NotFound
    del repository.invitations[user.id]
    repository.collaborators[user.id] = invitation.role


def leave(world: World, organization: Organization, user: User) -> None:
    """Remove a user from an organization and its teams, with the invitation or all access.

    A member also loses direct access to the organization's repositories, and is no required
    reviewer there any more; the pending invitations that the member sent are canceled.

    Source: GitHub's docs, "Removing a member from your organization". Assumptions: invitations to
    repositories are canceled too; the user is taken off the reviewers, so that an environment
    without another reviewer no longer holds jobs.
    """
    was_member = organization.members.pop(user.id, None) is not None
    organization.invitations.pop(user.id, None)
    for team in organization.teams.values():
        team.members.pop(user.id, None)
    if was_member:
        organization.cancel_invitations_from(user.id)
        for repository in world.repositories_of(organization):
            repository.collaborators.pop(user.id, None)
            repository.cancel_invitations_from(user.id)
            repository.remove_reviewers("User", [user.id])


def is_last_owner(organization: Organization, user: User) -> bool:
    """Return whether a user is the only owner of an organization."""
    owners = [user_id for user_id in organization.members if organization.is_owner(user_id)]
    return owners == [user.id]


def join_team(
    world: World, organization: Organization, team: Team, user: User, role: str, inviter: User
) -> None:
    """Add a user to a team; a user who is not in the organization is invited."""
    if user.id in organization.members:
        team.members[user.id] = role
        return
    invitation = organization.invitations.get(user.id)
    if invitation is None:
        invitation = invite(world, organization, user, inviter)
    invitation.teams[team.id] = role


def leave_team(organization: Organization, team: Team, user: User) -> None:
    """Remove a user from a team, or the team from the user's invitation.

    Raise NotFound when the user is neither a member nor invited.

    Assumption: a member's invitation to this team alone is withdrawn; an invitation that names
    another team, or an owner's, stays.
    """
    if user.id in team.members:
        del team.members[user.id]
        return
    invitation = organization.invitations.get(user.id)
    if invitation is None or team.id not in invitation.teams:
        raise NotFound
    del invitation.teams[team.id]
    if not invitation.teams and invitation.role == "member":
        del organization.invitations[user.id]


def team_role_and_state(organization: Organization, team: Team, user: User) -> tuple[str, str]:
    """Return the role and the state of a user in a team; raise NotFound for other users.

    An owner of the organization is always a maintainer.
    """
    if user.id in team.members:
        return ("maintainer" if organization.is_owner(user.id) else team.members[user.id]), "active"
    invitation = organization.invitations.get(user.id)
    if invitation is None or team.id not in invitation.teams:
        raise NotFound
    return ("maintainer" if invitation.role == "admin" else invitation.teams[team.id]), "pending"
