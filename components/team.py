"""A team of the organization, and who is in it.

Deliberately absent: `TeamMembers`, which owns the whole list. It reads only people who have accepted, so somebody invited would
be added again at each refresh, and an invitation would outlive its removal from the declaration.
"""

from collections.abc import Iterable

import pulumi
import pulumi_github as github
from pulumi import Input, Output, ResourceOptions


class ManagedTeam(pulumi.ComponentResource):
    """A team that the stack looks after. Its children are one `Team` and one `TeamMembership` for each person.

    Attributes:
        id: The numeric id, as text; it stays when the team is renamed.
        slug: The slug, which follows the name.
    """

    id: Output[str]
    slug: Output[str]

    def __init__(
        self,
        name: str,
        *,
        team_name: Input[str],
        description: Input[str],
        members: Iterable[str],
        team_maintainers: Iterable[str],
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__("releases:index:ManagedTeam", name, {}, opts)
        # A secret team could be neither a required reviewer nor a bypass actor.
        team = github.Team(
            f"{name}/team",
            name=team_name,
            description=description,
            privacy="closed",
            opts=ResourceOptions(parent=self),
        )
        for role, logins in (("maintainer", team_maintainers), ("member", members)):
            for login in logins:
                TeamMember(
                    f"{name}/{login.lower()}", team_id=team.id, login=login, role=role, parent=self
                )
        self.id, self.slug = team.id, team.slug
        self.register_outputs({"id": self.id, "slug": self.slug})


class TeamMember(github.TeamMembership):
    """One person's place in a team. For somebody outside the organization it is an invitation until it is accepted."""

    def __init__(
        self, name: str, *, team_id: Input[str], login: str, role: str, parent: pulumi.Resource
    ) -> None:
        super().__init__(
            name, team_id=team_id, username=login, role=role, opts=ResourceOptions(parent=parent)
        )
