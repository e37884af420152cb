"""Who may do what: pure questions about a person's role, and about what a token carries.

Sources: GitHub's docs, "Repository roles for an organization", "Scopes for OAuth apps" and "Permissions required for
GitHub Apps".
"""

from simulated_github.records.organizations import Organization, Team
from simulated_github.records.people import Installation, Token, User
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role

#: What a scope brings along with itself.
_IMPLIED = {
    "repo": ("public_repo",),
    "admin:org": ("write:org", "read:org"),
    "write:org": ("read:org",),
    "user": ("read:user", "user:email"),
}
_LEVELS = {"": 0, "none": 0, "read": 1, "write": 2, "admin": 3}


def token_scopes(token: Token) -> frozenset[str]:
    """The scopes that a token has, with those that they bring along."""
    found = set(token.scopes)
    for scope in token.scopes:
        for implied in _IMPLIED.get(scope, ()):
            found |= {implied, *_IMPLIED.get(implied, ())}
    return frozenset(found)


def has_permission(installation: Installation, permission: str) -> bool:
    """Whether an installation has a permission such as ``contents:write``."""
    name, _, level = permission.partition(":")
    return _LEVELS[installation.permissions.get(name, "")] >= _LEVELS[level]


def team_and_ancestors(organization: Organization, team: Team) -> list[Team]:
    """A team and those it is nested in, innermost first."""
    found = [team]
    while found[-1].parent_id is not None:
        found.append(organization.teams[found[-1].parent_id])
    return found


def team_role(organization: Organization, team: Team, repository: Repository) -> Role:
    """The role that a team has on a repository, by itself or from a parent."""
    return max(
        (
            t.repositories.get(repository.id, Role.NONE)
            for t in team_and_ancestors(organization, team)
        ),
        default=Role.NONE,
    )


def is_team_member(organization: Organization, team: Team, user_id: int) -> bool:
    """Whether a person is in a team or in one nested in it."""
    return any(
        user_id in other.members and team in team_and_ancestors(organization, other)
        for other in organization.teams.values()
    )


def role_on(repository: Repository, user: User) -> Role:
    """A person's role on a repository: the greatest that ownership, teams, the organization and direct access give."""
    return role_of_user_id(repository, user.id)


def role_of_user_id(repository: Repository, user_id: int) -> Role:
    """Like ``role_on``, for a person's number."""
    owner, direct = repository.owner, repository.collaborators.get(user_id, Role.NONE)
    public = Role.NONE if repository.private else Role.READ
    if isinstance(owner, User):
        return Role.ADMIN if owner.id == user_id else max(direct, public)
    if owner.is_owner(user_id):
        return Role.ADMIN
    base = owner.base_role if user_id in owner.members else Role.NONE
    teams = (
        team_role(owner, team, repository)
        for team in owner.teams.values()
        if user_id in team.members
    )
    return max(direct, public, base, *teams)


def granted_role(repository: Repository, user_id: int) -> Role:
    """Like ``role_of_id``, without what everybody may do with a public repository."""
    owner = repository.owner
    inside = isinstance(owner, Organization) and user_id in owner.members
    if inside or user_id in repository.collaborators or owner.id == user_id:
        return role_of_user_id(repository, user_id)
    return Role.NONE
