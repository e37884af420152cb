"""The collaborators of a repository, by affiliation, and the sources of their roles.

Source: GitHub's docs, REST page "Collaborators", `affiliation`, and `PermissionSource` in GitHub's
public GraphQL schema.
"""

from collections.abc import Iterator

from simulated_github.records.accounts import Organization, Team
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.rules import access


def is_affiliated(repository: Repository, user_id: int, affiliation: str) -> bool:
    """Return whether a user is a collaborator; `affiliation` is direct, outside or all."""
    direct = user_id in repository.collaborators
    if affiliation == "direct":
        return direct
    if affiliation == "outside":
        return direct and not is_organization_member(repository, user_id)
    return access.granted_role(repository, user_id) > Role.NONE


def is_organization_member(repository: Repository, user_id: int) -> bool:
    """Return whether a user is a member of the organization that owns a repository."""
    organization = repository.organization
    return organization is not None and user_id in organization.members


def role_sources(
    repository: Repository, user_id: int
) -> Iterator[tuple[Organization | Repository | Team, Role]]:
    """Yield what grants a user a role on an organization's repository, and the role.

    Nothing is yielded for the repository of a user, which has collaborators alone.
    """
    organization = repository.organization
    if organization is None:
        return
    if organization.is_owner(user_id):
        yield organization, Role.ADMIN
    elif user_id in organization.members and organization.base_role > Role.NONE:
        yield organization, organization.base_role
    for team in organization.teams.values():
        role = access.team_role(organization, team, repository)
        if user_id in team.members and role > Role.NONE:
            yield team, role
    if user_id in repository.collaborators:
        yield repository, repository.collaborators[user_id]
