"""What an `up` records of each repository and team, for the checks of later runs.

An output that a run leaves out is gone from the state, so everything that was ever recorded is
carried over.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from components.frozen_resources import ENVIRONMENT_COMPONENT, FrozenResource
from components.release_repository import RepositoryRecord
from stacks.ids import Ids
from stacks.previous_state import PreviousState, RecordedRepository, RecordedResource
from stacks.publishing import trusted_publisher
from stacks.settings import RepositorySettings, Settings


@dataclass(frozen=True)
class Records:
    """The recorded state, the ids of this run, and the workflow files that it replaces.

    Attributes:
        replaced_workflows: The commit and path of each replaced file, by repository.
    """

    ids: Ids = field(default_factory=Ids)
    previous_state: PreviousState = field(default_factory=PreviousState)
    replaced_workflows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of_repository(self, settings: Settings, repository: RepositorySettings) -> RepositoryRecord:
        """Return what to record of a repository. An archived one keeps its names as they were."""
        entry = self.entry(repository)
        people = self.people(repository.reviewers.users)
        teams = {
            slug: self.ids.teams[slug]
            for slug in existing_slugs(settings, repository)
            if slug in self.ids.teams
        }
        replaced = self.replaced_workflows.get(repository.name) or entry.replaced_workflow
        return RepositoryRecord(
            repository_id=self.ids.repositories.get(repository.name),
            people=entry.people if repository.archived else people,
            teams=entry.teams if repository.archived else teams,
            trusted_publishers=trusted_publishers(settings, repository, entry),
            replaced_workflow=replaced,
        )

    def people(self, logins: Iterable[str]) -> dict[str, int]:
        """Return the known ids of people by lower-case login."""
        names = [login.lower() for login in logins]
        return {login: self.ids.people[login] for login in names if login in self.ids.people}

    def frozen_resources(self, repository: RepositorySettings) -> list[FrozenResource] | None:
        """Return the recorded resources of an archived repository, else `None`."""
        if not repository.archived:
            return None
        return [
            FrozenResource(place, resource.type, is_in_environment(resource))
            for place, resource in self.entry(repository).resources.items()
        ]

    def entry(self, repository: RepositorySettings) -> RecordedRepository:
        """Return what the state has of a repository, under its name or its former name."""
        entries = self.previous_state.entries
        recorded = entries.get(repository.name) or entries.get(repository.formerly or "")
        return recorded or RecordedRepository(repository.name)


def existing_slugs(settings: Settings, repository: RepositorySettings) -> list[str]:
    """Return the slugs of the teams with access or review that the stack does not manage."""
    managed = {team.slug for team in settings.teams if not team.existing}
    roles = [team.slug for team in settings.teams]
    slugs = dict.fromkeys([*roles, *repository.teams, *repository.reviewers.teams])
    return [slug for slug in slugs if slug not in managed]


def trusted_publishers(
    settings: Settings, repository: RepositorySettings, entry: RecordedRepository
) -> list[Mapping[str, str]]:
    """Return every trusted publisher that was ever declared, oldest first."""
    recorded = list(entry.trusted_publishers)
    publishes = not (repository.archived or repository.retired)
    publisher = trusted_publisher(settings, repository) if publishes else None
    return recorded + ([publisher] if publisher and publisher not in recorded else [])


def is_in_environment(resource: RecordedResource) -> bool:
    """Return whether a resource is a child of the component of its environment."""
    types = resource.parent.rpartition("::")[0]
    return types.endswith(ENVIRONMENT_COMPONENT)
