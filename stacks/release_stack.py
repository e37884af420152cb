"""The release stack: settings become components here, and nowhere else.

Look-ups stand here too, as few as there can be: the id of each person and each existing team that reviews deployments.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import pulumi
import pulumi_github as github
from pulumi import Input, Output

from components.deploy_environment import NAME as DEPLOY
from components.release_repository import Access, ReleaseRepository, ReleaseRepositoryArgs
from components.rulesets import ADMIN_ROLE, MAINTAIN_ROLE, ORGANIZATION_ADMINS, Bypass
from components.team import ManagedTeam
from stacks.settings import ReleaseRepository as Declared
from stacks.settings import Secret, Settings, Team
from workflows.publish import PublishSettings, publish_workflow


@dataclass(frozen=True)
class TeamOnGitHub:
    """A team as the components need it: a numeric id as text (or a slug where nothing needs the number), and the number."""

    reference: Input[str]
    id: Output[int]


class ReleaseStack:
    """Everything that is declared for an organisation, deployed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.teams = {team.role: self.deploy_team(team) for team in settings.teams}
        for repository in settings.repositories:
            ReleaseRepository(repository.name, self.arguments(repository))

    def deploy_team(self, team: Team) -> TeamOnGitHub:
        if team.existing:
            return self.existing_team(team.slug, numeric=self.needs_number(team))
        managed = ManagedTeam(
            team.role,
            team_name=team.name,
            description=team.description,
            members=team.members,
            team_maintainers=team.team_maintainers,
        )
        return TeamOnGitHub(managed.id, managed.id.apply(int))

    def needs_number(self, team: Team) -> bool:
        """Whether anything but access is given to a team; a slug is enough for that, and saves a look-up."""
        return team.role == "operations" or any(
            repository.tag_creators == "maintainers" or team.slug in repository.reviewer_teams
            for repository in self.settings.repositories
        )

    def existing_team(self, slug: str, *, numeric: bool) -> TeamOnGitHub:
        if not numeric:
            return TeamOnGitHub(slug, Output.from_input(0))
        number = self.team_ids[slug]
        return TeamOnGitHub(number.apply(str), number)

    @cached_property
    def team_ids(self) -> Mapping[str, Output[int]]:
        """The ids of the existing teams that something needs the number of, one request each."""
        slugs = {team.slug for team in self.settings.teams if team.existing and self.needs_number(team)}
        slugs |= {slug for repository in self.settings.repositories for slug in repository.reviewer_teams}
        managed = {team.slug for team in self.settings.teams if not team.existing}
        return {slug: team_id(slug) for slug in sorted(slugs - managed)}

    @cached_property
    def user_ids(self) -> Mapping[str, Output[int]]:
        """The ids of the people who review deployments, one request each."""
        logins = {login for repository in self.settings.repositories for login in repository.reviewer_users}
        return {login: user_id(login) for login in sorted(logins)}

    def arguments(self, repository: Declared) -> ReleaseRepositoryArgs:
        return ReleaseRepositoryArgs(
            repository=repository.name,
            formerly=repository.formerly,
            create=repository.create,
            access=self.access(repository),
            reviewer_team_ids=[self.teams["operations"].id, *(self.team_number(slug) for slug in repository.reviewer_teams)],
            reviewer_user_ids=[self.user_ids[login] for login in repository.reviewer_users],
            release_tags=repository.release_tags,
            wait_minutes=repository.wait_minutes,
            secrets={secret.name: secret_value(secret) for secret in repository.secrets},
            workflow=workflow_text(self.settings, repository),
            approvals=repository.approvals,
            tag_creators=self.tag_creators(repository),
            applied_by=self.applied_by,
        )

    def access(self, repository: Declared) -> dict[str, Access]:
        """Everybody's access by a stable name: the roles of the two teams, the slugs of the others."""
        return {
            "maintainers": Access(team_id=self.teams["maintainers"].reference, permission=repository.maintainers_permission),
            "operations": Access(team_id=self.teams["operations"].reference, permission="maintain"),
            **{f"@{slug}": Access(team_id=slug, permission=permission) for slug, permission in repository.teams},
        }

    def team_number(self, slug: str) -> Output[int]:
        """The id of a reviewing team: the maintainers may be one, under the slug they have."""
        return self.teams["maintainers"].id if slug == self.settings.maintainers.slug else self.team_ids[slug]

    def tag_creators(self, repository: Declared) -> list[Bypass]:
        teams = {role: Bypass("Team", team.id) for role, team in self.teams.items()}
        return {
            "maintain": [MAINTAIN_ROLE, ADMIN_ROLE],
            "maintainers": [teams["maintainers"], teams["operations"]],
            "operations": [teams["operations"]],
        }[repository.tag_creators]

    @property
    def applied_by(self) -> Bypass:
        app = self.settings.app
        return Bypass("Integration", app.id) if app else ORGANIZATION_ADMINS


def secret_value(secret: Secret) -> Output[str]:
    """A secret's value as the engine keeps it: encrypted in the state, hidden in every diff.

    Without a value only a preview gets here, and then it is simply unknown.
    """
    if secret.value is None:
        return Output.secret(cast(str, pulumi.UNKNOWN))
    return Output.secret(secret.value)


def workflow_text(settings: Settings, repository: Declared) -> str:
    return publish_workflow(
        PublishSettings(
            owner=settings.owner,
            repository=repository.name,
            release_tags=repository.release_tags,
            environment=DEPLOY,
            secrets=[secret.name for secret in repository.secrets],
        )
    )


def team_id(slug: str) -> Output[int]:
    return github.get_team_output(slug=slug, summary_only=True).apply(lambda team: int(team.id))


def user_id(login: str) -> Output[int]:
    """A person's number. The provider's own look-up of a user reads two lists of keys as well, at three requests a person."""
    answer = github.get_rest_api_output(endpoint=f"users/{login}")
    return answer.apply(lambda found: int(json.loads(found.body)["id"]))
