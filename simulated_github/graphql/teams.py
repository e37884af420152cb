"""Teams in GraphQL responses, with their members, repositories and invitations."""

from collections.abc import Iterable
from typing import Any

from simulated_github.graphql.connections import connect
from simulated_github.graphql.nodes import Info, Node
from simulated_github.http.request import Request
from simulated_github.records.accounts import Invitation, Organization, Team
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.rules import access
from simulated_github.shapes.links import Json
from simulated_github.world import memberships
from simulated_github.world.ids import node_id

_INVITATION_ROLES = {"admin": "ADMIN", "member": "DIRECT_MEMBER"}


def team_node(organization: Organization, team: Team) -> Node:
    """Return a team as an object of a response."""
    return Node("Team", organization, team)


def team(request: Request, organization: Organization, record: Team) -> Json:
    """Return the fields of a team."""
    parent = organization.teams.get(record.parent_id) if record.parent_id else None

    def child_teams(info: Info, immediate_only: bool, **paging: Any) -> Json:
        children = [
            child
            for child in _descendants(organization, record)
            if child.parent_id == record.id or not immediate_only
        ]
        return connect(info, children, paging, lambda child: team_node(organization, child))

    return {
        "id": node_id("Team", record.id),
        "databaseId": record.id,
        "combinedSlug": f"{organization.login}/{record.slug}",
        "createdAt": record.created_at,
        "updatedAt": record.updated_at,
        "description": record.description,
        "name": record.name,
        "slug": record.slug,
        "url": request.links.html("orgs", organization.login, "teams", record.slug),
        "privacy": "VISIBLE" if record.privacy == "closed" else "SECRET",
        "organization": Node("Organization", organization),
        "parentTeam": team_node(organization, parent) if parent else None,
        "viewerCanAdminister": _may_administer(request, organization, record),
        "childTeams": child_teams,
        "members": _members(request, organization, record),
        "repositories": _repositories(request, organization, record),
        "invitations": lambda info, **paging: _invitations(
            info, request, organization, record, paging
        ),
    }


def _descendants(organization: Organization, ancestor: Team) -> list[Team]:
    """Return the teams below a team, at any depth."""
    return [
        candidate
        for candidate in organization.teams.values()
        if candidate is not ancestor
        and ancestor in access.team_and_ancestors(organization, candidate)
    ]


def _may_administer(request: Request, organization: Organization, record: Team) -> bool:
    """Return whether the token may change a team: a maintainer's, an owner's, or an App's."""
    token = request.require_token()
    if token.installation is not None:
        return token.installation.organization_login == organization.login
    return organization.is_owner(token.user.id) or record.members.get(token.user.id) == "maintainer"


def _members(request: Request, organization: Organization, record: Team) -> Any:
    """Return the field `members`; a member of a child team alone is a plain member.

    Source: GitHub's docs, "About teams": the members of child teams count as members.
    """

    def resolve(
        info: Info,
        membership: str | None,
        role: str | None = None,
        query: str | None = None,
        **paging: Any,
    ) -> Json:
        user_ids = {user_id: None for user_id in record.members if membership != "CHILD_TEAM"}
        if membership != "IMMEDIATE":
            user_ids |= {
                user_id: None
                for child in _descendants(organization, record)
                for user_id in child.members
                if membership == "ALL" or user_id not in record.members
            }
        users = [
            user
            for user_id in user_ids
            if role in (None, _member_role(organization, record, user_id))
            and _contains(query, (user := request.world.users[user_id]).login, user.name)
        ]
        return connect(
            info,
            users,
            paging,
            lambda user: Node("User", user),
            lambda user: {"role": _member_role(organization, record, user.id)},
        )

    return resolve


def _member_role(organization: Organization, record: Team, user_id: int) -> str:
    """Return the role of a member; an owner of the organization is always a maintainer."""
    if user_id in record.members and organization.is_owner(user_id):
        return "MAINTAINER"
    return record.members.get(user_id, "member").upper()


def _contains(query: str | None, *names: str | None) -> bool:
    return not query or any(query.lower() in name.lower() for name in names if name)


def _repositories(request: Request, organization: Organization, record: Team) -> Any:
    def resolve(info: Info, query: str | None = None, **paging: Any) -> Json:
        return connect(
            info,
            [
                repository
                for repository in _accessible_repositories(request, organization, record)
                if _contains(query, repository.name)
            ],
            paging,
            lambda repository: Node("Repository", repository),
            lambda repository: {
                "permission": access.team_role(organization, record, repository).name
            },
        )

    return resolve


def _accessible_repositories(
    request: Request, organization: Organization, record: Team
) -> Iterable[Repository]:
    """Return the team's repositories, its parents' included, that the token may see."""
    ids = {
        repository_id
        for ancestor in access.team_and_ancestors(organization, record)
        for repository_id, role in ancestor.repositories.items()
        if role > Role.NONE
    }
    return sorted(
        (
            repository
            for repository in request.world.existing_repositories(ids)
            if request.role_on(repository) > Role.NONE
        ),
        key=lambda repository: repository.name.lower(),
    )


def _invitations(
    info: Info,
    request: Request,
    organization: Organization,
    record: Team,
    paging: dict[str, Any],
) -> Json | None:
    """Return the pending invitations; null unless the token may administer the team (Assumption).

    Expired ones are left out.
    """
    if not _may_administer(request, organization, record):
        return None
    memberships.expire_invitations(request.world, organization)
    pending = (i for i in organization.invitations.values() if record.id in i.teams)
    return connect(info, pending, paging, lambda i: Node("OrganizationInvitation", organization, i))


def invitation(request: Request, organization: Organization, record: Invitation) -> Json:
    """Return the fields of an invitation to an organization."""
    users = request.world.users
    return {
        "id": node_id("OrganizationInvitation", record.id),
        "createdAt": record.created_at,
        "email": None,
        "invitee": Node("User", users[record.user_id]),
        "inviterActor": Node("User", users[record.inviter_id]),
        "organization": Node("Organization", organization),
        "role": _INVITATION_ROLES[record.role],
    }


def visible_teams(
    request: Request,
    organization: Organization,
    query: str | None = None,
    privacy: str | None = None,
    root_only: bool = False,
    logins: Iterable[str] | None = None,
) -> list[Team]:
    """Return the teams that the token may see and that the filters admit."""
    member_ids = None
    if logins is not None:
        users = (request.world.user(login) for login in logins)
        member_ids = {user.id for user in users if user}
    return [
        record
        for record in organization.teams.values()
        if request.may_see(organization, record)
        and _contains(query, record.name, record.slug)
        and privacy in (None, "VISIBLE" if record.privacy == "closed" else "SECRET")
        and not (root_only and record.parent_id)
        and (member_ids is None or not member_ids.isdisjoint(record.members))
    ]
