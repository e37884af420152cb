"""The access of users and tokens: roles on repositories, scopes, and permissions of Apps.

Sources: GitHub's docs, "Repository roles for an organization", "Scopes for OAuth apps" and
"Permissions required for GitHub Apps".
"""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from simulated_github.records.accounts import Installation, Organization, Team, Token, User
from simulated_github.records.actions import NamedValue
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role

_Item = TypeVar("_Item", bound=NamedValue)
#: The scopes that a scope includes.
_INCLUDED_SCOPES = {
    "repo": ("public_repo",),
    "admin:org": ("write:org", "read:org"),
    "write:org": ("read:org",),
    "user": ("read:user", "user:email"),
}
_PERMISSION_LEVELS = {"": 0, "none": 0, "read": 1, "write": 2, "admin": 3}


def token_scopes(token: Token) -> frozenset[str]:
    """Return the scopes of a token, with the scopes that they include."""
    scopes = set(token.scopes)
    for scope in token.scopes:
        for included in _INCLUDED_SCOPES.get(scope, ()):
            scopes |= {included, *_INCLUDED_SCOPES.get(included, ())}
    return frozenset(scopes)


def has_permission(installation: Installation, permission: str) -> bool:
    """Return whether an installation has a permission such as `contents:write`."""
    name, _, level = permission.partition(":")
    granted_level = installation.permissions.get(name, "")
    return _PERMISSION_LEVELS[granted_level] >= _PERMISSION_LEVELS[level]


def token_allows(token: Token, permission: str, scopes: Iterable[str]) -> bool:
    """Return whether a token has an App's permission or, for a user's token, one of the scopes.

    An empty permission, or no scopes, means that none is required.
    """
    if token.installation is not None:
        return not permission or has_permission(token.installation, permission)
    return not scopes or not token_scopes(token).isdisjoint(scopes)


def is_shared_with(item: NamedValue, repository: Repository) -> bool:
    """Return whether an organization's secret or variable is visible to one of its repositories.

    Source: GitHub's docs, REST pages "Secrets" and "Variables": `private` means private and
    internal repositories.
    """
    if item.visibility == "selected":
        return repository.id in item.repositories
    return item.visibility == "all" or repository.private


def filter_shared(items: Mapping[str, _Item], repository: Repository) -> dict[str, _Item]:
    """Return the organization's secrets or variables that are visible to a repository, by name."""
    return {name: item for name, item in items.items() if is_shared_with(item, repository)}


def team_and_ancestors(organization: Organization, team: Team) -> list[Team]:
    """Return a team followed by its parents, innermost first."""
    teams = [team]
    while teams[-1].parent_id is not None:
        teams.append(organization.teams[teams[-1].parent_id])
    return teams


def team_role(organization: Organization, team: Team, repository: Repository) -> Role:
    """Return the role that a team has on a repository, directly or inherited from a parent."""
    return max(
        ancestor.repositories.get(repository.id, Role.NONE)
        for ancestor in team_and_ancestors(organization, team)
    )


def is_team_member(organization: Organization, team: Team, user_id: int) -> bool:
    """Return whether a user is in a team or in one of its child teams."""
    return any(
        user_id in child.members and team in team_and_ancestors(organization, child)
        for child in organization.teams.values()
    )


def role_on(repository: Repository, user_id: int) -> Role:
    """Return the role of a user on a repository: the greatest that any source grants.

    Every user can read a public repository.
    """
    public = Role.NONE if repository.private else Role.READ
    return max(public, granted_role(repository, user_id))


def granted_role(repository: Repository, user_id: int) -> Role:
    """Return the role of a user, without the access that every user has to a public repository.

    The sources are ownership, teams, the organization's base permission and direct access.
    """
    owner = repository.owner
    direct = repository.collaborators.get(user_id, Role.NONE)
    if isinstance(owner, User):
        return Role.ADMIN if owner.id == user_id else direct
    if owner.is_owner(user_id):
        return Role.ADMIN
    base = owner.base_role if user_id in owner.members else Role.NONE
    teams = (
        team_role(owner, team, repository)
        for team in owner.teams.values()
        if user_id in team.members
    )
    return max(direct, base, *teams)
