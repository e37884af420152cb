"""What a rehearsal plays: which repository and tag, in which layout, by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commands.rehearsal.declaration import Configuration, Rehearsed, reduced, with_maintainer
from commands.rehearsal.package_sources import Package, package_of, version_of
from commands.rehearsal.people import MAINTAINER, Cast, cast
from commands.rehearsal.release_tags import chosen_tag, other_tags
from stacks.settings import ReleaseRepository, Settings

UPLOAD_SECRET = "PYPI_TOKEN"
ENVIRONMENT = "deploy"
WORKFLOW = ".github/workflows/publish.yml"
DEFAULT_BRANCH = "main"


@dataclass(frozen=True)
class Plan:
    """A rehearsal before anything of it is started.

    Attributes:
        tag: The tag that is released.
        other_tags: Further release tags, for what must fail; fewer than two where the pattern has no more.
    """

    rehearsed: Rehearsed
    cast: Cast
    package: Package
    tag: str
    other_tags: tuple[str, ...]

    @property
    def settings(self) -> Settings:
        return self.rehearsed.settings

    @property
    def repository(self) -> ReleaseRepository:
        return self.settings.repositories[0]

    @property
    def owner(self) -> str:
        return self.settings.owner

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.repository.name}"

    @property
    def elsewhere(self) -> str:
        """A repository of the owner that is not declared."""
        return f"not-{self.repository.name}"[:100]

    @property
    def layout(self) -> str:
        return self.rehearsed.layout

    @property
    def configuration(self) -> Configuration:
        return self.rehearsed.configuration

    @property
    def version(self) -> str:
        return version_of(self.tag)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the environment's secrets."""
        return tuple(secret.name for secret in self.repository.secrets)

    @property
    def workflow(self) -> str:
        """The path of the publish workflow."""
        return WORKFLOW

    @property
    def upload_secret(self) -> str:
        return UPLOAD_SECRET


def plan(
    configuration: Mapping[str, Any], repository: str | None = None, tag: str | None = None, layout: str | None = None
) -> Plan:
    """A plan by a declaration, and by what was asked for. Raises `SettingsError` or `ChoiceError`; nothing is started."""
    rehearsed = reduced(configuration, repository, layout)
    people = cast(rehearsed.settings)
    if people.maintainer == MAINTAINER:
        rehearsed = with_maintainer(rehearsed, MAINTAINER)
    declared = rehearsed.settings.repositories[0]
    pattern = declared.release_tags
    chosen = chosen_tag(pattern, tag, "release-tags")
    return Plan(rehearsed, people, package_of(declared.name), chosen, other_tags(pattern, chosen))
