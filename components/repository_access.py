"""A team's access to a repository."""

import pulumi_github as github
from pulumi import Input, ResourceOptions

# The provider uses the first names of the roles, which GitHub's pages now call read and write.
API_PERMISSIONS = {"read": "pull", "triage": "triage", "write": "push", "maintain": "maintain"}


def repository_access(
    name: str,
    *,
    team_id: Input[str],
    repository: Input[str],
    permission: str,
    opts: ResourceOptions | None = None,
) -> github.TeamRepository:
    """Give a team access to a repository.

    Args:
        name: The resource's name.
        team_id: The team's numeric id as text, or the slug of an existing team.
        repository: The repository's name.
        permission: `read`, `triage`, `write` or `maintain`. Raise `KeyError` for any other.
        opts: Options of the resource.
    """
    # The old and the new name of a renamed team or repository stand for one grant. In the other
    # order, the deletion of the old grant would revoke the new one.
    old_first = ResourceOptions(delete_before_replace=True)
    return github.TeamRepository(
        name,
        team_id=team_id,
        repository=repository,
        permission=API_PERMISSIONS[permission],
        opts=ResourceOptions.merge(old_first, opts),
    )
