"""What a team may do in a repository."""

import pulumi
import pulumi_github as github
from pulumi import Input, ResourceOptions

# The provider keeps the API's first names for the roles that the pages call read and write.
API_PERMISSIONS = {"read": "pull", "triage": "triage", "write": "push", "maintain": "maintain"}


class RepositoryAccess(github.TeamRepository):
    """One team's access to one repository. `team_id` is a numeric id, or the slug of an existing team."""

    def __init__(
        self,
        name: str,
        *,
        team_id: Input[str],
        repository: Input[str],
        permission: str,
        parent: pulumi.Resource,
    ) -> None:
        # Both names of a renamed team or repository lead to one grant, so the old one has to go before the new one comes:
        # the other way round, removing it would take back what was just given.
        super().__init__(
            name,
            team_id=team_id,
            repository=repository,
            permission=API_PERMISSIONS[permission],
            opts=ResourceOptions(parent=parent, delete_before_replace=True),
        )
