"""The release stack: it turns settings into components."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import pulumi
from pulumi import Input, Output, Resource

from components.release_repository import Access, ReleaseRepository, ReleaseRepositoryArgs
from components.rulesets import ADMIN_ROLE, MAINTAIN_ROLE, ORGANIZATION_ADMINS, BypassActor
from components.team import ManagedTeam
from stacks import runtime
from stacks.ids import needs_id
from stacks.publishing import workflow_text
from stacks.records import Records
from stacks.settings import RepositorySettings, Secret, Settings, Team

# Measured with `scripts/bench 100`: from 5 to 40 the times differ little. Without a limit, the
# program uses twice the processor time for a preview of 100 repositories.
MAX_CONCURRENT_REPOSITORIES = 20


@dataclass(frozen=True)
class TeamReference:
    """A team as the components need it.

    Attributes:
        reference: The numeric id as text, or the slug: enough to give the team access.
        id: The numeric id; 0 if only access is granted.
    """

    reference: Input[str]
    id: Input[int]


class ReleaseStack:
    """All resources of an organization.

    `records` must have the ids of all reviewers and existing teams that `settings` need.
    """

    def __init__(self, settings: Settings, records: Records) -> None:
        self.settings = settings
        self.records = records
        self.ids = records.ids
        self.teams: dict[str, TeamReference] = {}
        self.memberships: list[tuple[str, Resource]] = []

    async def deploy(self) -> None:
        """Declare the teams, and then the repositories, a few at a time.

        Each time that a resource is done, the SDK scans all unfinished resources. With all
        repositories at once, that time would grow with the square of their number.
        """
        with runtime.short_traces():
            self.teams = {team.role: self.deploy_team(team) for team in self.settings.teams}
        pending: set[asyncio.Task[None]] = set()
        for repository in self.settings.repositories:
            with runtime.short_traces():
                component = ReleaseRepository(repository.name, self.repository_args(repository))
            pending.add(asyncio.create_task(wait_until_done(component)))
            if len(pending) == MAX_CONCURRENT_REPOSITORIES:
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                await asyncio.gather(*done)
        await asyncio.gather(*pending)

    def deploy_team(self, team: Team) -> TeamReference:
        if team.existing:
            if not needs_id(team, self.settings):
                return TeamReference(team.slug, 0)
            team_id = self.ids.teams[team.slug]
            return TeamReference(str(team_id), team_id)
        managed = ManagedTeam(
            team.role,
            {
                "team_name": team.name,
                "description": team.description,
                "members": team.members,
                "team_maintainers": team.team_maintainers,
                "people": self.records.people(team.people),
                # `destroy` leaves archived repositories as they are. Without its reviewers, the
                # gate of one that is unarchived later would be open.
                "is_kept": any(item.archived for item in self.settings.repositories),
            },
        )
        self.memberships += managed.memberships.items()
        return TeamReference(managed.id, managed.id.apply(int))

    def repository_args(self, repository: RepositorySettings) -> ReleaseRepositoryArgs:
        frozen = self.records.frozen_resources(repository)
        reviewers = repository.reviewers.users if frozen is None else []
        return ReleaseRepositoryArgs(
            repository=repository.name,
            formerly=repository.formerly,
            create=repository.create,
            access=self.access(repository),
            reviewer_team_ids=self.reviewer_team_ids(repository) if frozen is None else [],
            reviewer_user_ids=[self.ids.people[login.lower()] for login in reviewers],
            reviewer_memberships=self.memberships_of(reviewers),
            release_tags=repository.release_tags,
            wait_minutes=repository.wait_minutes,
            secrets={
                secret.name: secret_value(secret) for secret in repository.environment_secrets
            },
            workflow=workflow_text(self.settings, repository),
            workflow_path=repository.workflow,
            approvals=repository.approvals,
            tag_creators=self.tag_creators(repository),
            applied_by=self.applied_by,
            retired=repository.retired,
            frozen=frozen,
            record=self.records.of_repository(self.settings, repository),
        )

    def memberships_of(self, logins: Iterable[str]) -> list[Resource]:
        """Return the memberships of people: their access to a repository may depend on one."""
        people = {login.lower() for login in logins}
        return [membership for login, membership in self.memberships if login in people]

    def access(self, repository: RepositorySettings) -> dict[str, Access]:
        """Return each team's access by a stable name: a role, or the slug of an extra team.

        In a retired repository, only operations has access, as a required reviewer needs.
        """
        maintainers = Access(
            team_id=self.teams["maintainers"].reference,
            permission=repository.maintainers_permission,
        )
        operations = Access(team_id=self.teams["operations"].reference, permission="maintain")
        if repository.retired:
            return {"operations": operations}
        extra_teams = {
            f"@{slug}": Access(team_id=slug, permission=permission)
            for slug, permission in repository.teams.items()
        }
        return {"maintainers": maintainers, "operations": operations, **extra_teams}

    def reviewer_team_ids(self, repository: RepositorySettings) -> list[Input[int]]:
        """Return the ids of operations and of the extra teams that may approve.

        An extra team can be the maintainers team, by its slug.
        """
        maintainers = {self.settings.maintainers.slug: self.teams["maintainers"].id}
        ids: dict[str, Input[int]] = {**self.ids.teams, **maintainers}
        return [self.teams["operations"].id, *(ids[slug] for slug in repository.reviewers.teams)]

    def tag_creators(self, repository: RepositorySettings) -> list[BypassActor]:
        teams = {role: BypassActor("Team", team.id) for role, team in self.teams.items()}
        return {
            "maintain": [MAINTAIN_ROLE, ADMIN_ROLE],
            "maintainers": [teams["maintainers"], teams["operations"]],
            "operations": [teams["operations"]],
        }[repository.tag_creators]

    @property
    def applied_by(self) -> BypassActor:
        app = self.settings.app
        return BypassActor("Integration", app.id) if app else ORGANIZATION_ADMINS


async def wait_until_done(repository: ReleaseRepository) -> None:
    """Wait until the engine has registered the final child of a repository."""
    await repository.last.urn.future()


def secret_value(secret: Secret) -> Output[str]:
    """Return a secret output: encrypted in the state, and hidden in every diff.

    In a preview the value may be missing. Then the output is unknown.
    """
    if secret.value is None:
        return Output.secret(cast(str, pulumi.UNKNOWN))
    return Output.secret(secret.value)
