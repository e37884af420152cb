"""A team of the organization and its memberships.

Deliberately absent: `TeamMembers`, which owns the whole list. It reads only people who accepted
their invitation, so each refresh would add invited people again, and an invitation would outlive
its removal from the stack file.
"""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_github as github
from pulumi import Input, Output, ResourceOptions


class ManagedTeamArgs(TypedDict):
    """The team and its people; each login is the name of a resource.

    `people` are the numeric ids by login, which the state records for later runs. With `is_kept`,
    GitHub keeps the team when it is no longer declared, and it loses its members.
    """

    team_name: Input[str]
    description: Input[str]
    members: Sequence[str]
    team_maintainers: Sequence[str]
    people: NotRequired[Mapping[str, int]]
    is_kept: NotRequired[bool]


class ManagedTeam(pulumi.ComponentResource):
    """A team that the stack manages: one `Team`, and one `TeamMembership` for each person.

    Attributes:
        id: The numeric id, as text; it stays when the team is renamed.
        slug: The slug, which follows the name.
        memberships: The membership of each person, by lower-case login.
    """

    id: Output[str]
    slug: Output[str]
    memberships: dict[str, github.TeamMembership]

    def __init__(
        self, name: str, args: ManagedTeamArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("releases:index:ManagedTeam", name, {}, opts)
        team = github.Team(
            f"{name}/team",
            name=args["team_name"],
            description=args["description"],
            # A secret team can be neither a required reviewer nor a bypass actor.
            privacy="closed",
            opts=ResourceOptions(
                parent=self, retain_on_delete=True if args.get("is_kept") else None
            ),
        )
        roles = {"maintainer": args["team_maintainers"], "member": args["members"]}
        self.memberships = {
            # For a person outside the organization, GitHub sends an invitation.
            login.lower(): github.TeamMembership(
                f"{name}/{login.lower()}",
                team_id=team.id,
                username=login,
                role=role,
                opts=ResourceOptions(parent=self),
            )
            for role, logins in roles.items()
            for login in logins
        }
        self.id = team.id
        self.slug = team.slug
        people = dict(args.get("people", {}))
        self.register_outputs({"id": self.id, "slug": self.slug, "people": people})
