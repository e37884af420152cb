"""The release stack: settings become components here, and nowhere else."""

import asyncio
from dataclasses import dataclass
from typing import cast

import pulumi
from pulumi import Input, Output

from components.release_repository import Access, ReleaseRepository, ReleaseRepositoryArgs
from components.rulesets import ADMIN_ROLE, MAINTAIN_ROLE, ORGANIZATION_ADMINS, Bypass
from components.team import ManagedTeam
from stacks import runtime
from stacks.ids import Ids
from stacks.publishing import workflow_text
from stacks.settings import RepositorySettings, Secret, Settings, Team

# Measured with `scripts/bench 100`: from 5 to 40 there is little between them; without a limit, a preview of 100 repositories
# takes the program twice the processor time.
MOST_UNDER_WAY = 20


@dataclass(frozen=True)
class Grantee:
    """A team as the components need it: what access is given to, and its number for everything else."""

    reference: Input[str]
    number: Input[int]


class ReleaseStack:
    """Everything that is declared for an organization. `ids` has to hold everyone that `settings` names."""

    def __init__(self, settings: Settings, ids: Ids) -> None:
        self.settings = settings
        self.ids = ids
        self.teams: dict[str, Grantee] = {}

    async def deploy(self) -> None:
        """Declares the teams, and then the repositories, a few at a time.

        With all of them at once, the SDK looks at everything that is still under way each time that something is done: its
        share of a run would grow with the square of the repositories.
        """
        with runtime.short_traces():
            self.teams = {team.role: self.deploy_team(team) for team in self.settings.teams}
        under_way: set[asyncio.Task[None]] = set()
        for repository in self.settings.repositories:
            with runtime.short_traces():
                component = ReleaseRepository(repository.name, self.arguments(repository))
            under_way.add(asyncio.create_task(settled(component)))
            if len(under_way) == MOST_UNDER_WAY:
                done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                await asyncio.gather(*done)
        await asyncio.gather(*under_way)

    def deploy_team(self, team: Team) -> Grantee:
        if team.existing:
            number = self.ids.teams.get(team.slug)
            return Grantee(str(number), number) if number else Grantee(team.slug, 0)
        managed = ManagedTeam(
            team.role,
            team_name=team.name,
            description=team.description,
            members=team.members,
            team_maintainers=team.team_maintainers,
        )
        return Grantee(managed.id, managed.id.apply(int))

    def arguments(self, repository: RepositorySettings) -> ReleaseRepositoryArgs:
        return ReleaseRepositoryArgs(
            repository=repository.name,
            formerly=repository.formerly,
            create=repository.create,
            access=self.access(repository),
            reviewer_team_ids=self.reviewing_teams(repository),
            reviewer_user_ids=[self.ids.people[login] for login in repository.reviewer_users],
            release_tags=repository.release_tags,
            wait_minutes=repository.wait_minutes,
            secrets={secret.name: secret_value(secret) for secret in repository.secrets},
            workflow=workflow_text(self.settings, repository),
            workflow_path=repository.publishing.workflow,
            approvals=repository.approvals,
            tag_creators=self.tag_creators(repository),
            applied_by=self.applied_by,
        )

    def access(self, repository: RepositorySettings) -> dict[str, Access]:
        """Everybody's access by a stable name: the roles of the two teams, the slugs of the others."""
        maintainers, operations = self.teams["maintainers"], self.teams["operations"]
        return {
            "maintainers": Access(
                team_id=maintainers.reference, permission=repository.maintainers_permission
            ),
            "operations": Access(team_id=operations.reference, permission="maintain"),
            **{
                f"@{slug}": Access(team_id=slug, permission=permission)
                for slug, permission in repository.teams
            },
        }

    def reviewing_teams(self, repository: RepositorySettings) -> list[Input[int]]:
        """Operations, and whoever reviews beside them; the maintainers may be named by the slug that they have."""
        maintainers = {self.settings.maintainers.slug: self.teams["maintainers"].number}
        beside = [{**self.ids.teams, **maintainers}[slug] for slug in repository.reviewer_teams]
        return [self.teams["operations"].number, *beside]

    def tag_creators(self, repository: RepositorySettings) -> list[Bypass]:
        teams = {role: Bypass("Team", team.number) for role, team in self.teams.items()}
        return {
            "maintain": [MAINTAIN_ROLE, ADMIN_ROLE],
            "maintainers": [teams["maintainers"], teams["operations"]],
            "operations": [teams["operations"]],
        }[repository.tag_creators]

    @property
    def applied_by(self) -> Bypass:
        app = self.settings.app
        return Bypass("Integration", app.id) if app else ORGANIZATION_ADMINS


async def settled(repository: ReleaseRepository) -> None:
    """Waits until the engine has dealt with a repository: with what comes last, after everything else."""
    await repository.last.urn.future()


def secret_value(secret: Secret) -> Output[str]:
    """A secret's value as the engine keeps it: encrypted in the state, hidden in every diff.

    Without a value only a preview gets here, and then it is simply unknown.
    """
    if secret.value is None:
        return Output.secret(cast(str, pulumi.UNKNOWN))
    return Output.secret(secret.value)
