"""What a rehearsal plays: which repository and tag, in which layout, by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commands.rehearsal.declaration import Configuration, Rehearsed, reduced, with_maintainer
from commands.rehearsal.errors import ChoiceError
from commands.rehearsal.organization import world
from commands.rehearsal.package_sources import Package, package_of, version_of
from commands.rehearsal.people import MAINTAINER, Cast, cast
from commands.rehearsal.release_tags import chosen_tag, other_tags
from simulated_github.world.world_file import WorldFile
from stacks.settings import RepositorySettings, Settings

UPLOAD_SECRET = "PYPI_TOKEN"
ENVIRONMENT = "deploy"
DEFAULT_BRANCH = "main"
FIRST_VERSION = "0.0.1"


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
    def repository(self) -> RepositorySettings:
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
    def world(self) -> WorldFile:
        """The organization before the stack is applied, with the package at a version before the one that is released."""
        return world(
            self.settings,
            self.cast,
            self.package.files(FIRST_VERSION, self.upload_secret),
            self.elsewhere,
        )

    @property
    def layout(self) -> str:
        return self.repository.publishing.layout

    @property
    def has_token(self) -> bool:
        """Whether the package is uploaded with a token that is stored on GitHub."""
        return self.repository.publishing.has_token

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
        return self.repository.publishing.workflow

    @property
    def upload_secret(self) -> str:
        """The secret that the package is uploaded with; another one where the usual is not declared, empty where none is."""
        return UPLOAD_SECRET if UPLOAD_SECRET in self.secrets else next(iter(self.secrets), "")


def plan(
    configuration: Mapping[str, Any],
    repository: str | None = None,
    tag: str | None = None,
    layout: str | None = None,
) -> Plan:
    """A plan by a declaration, and by what was asked for. Raises `SettingsError` or `ChoiceError`; nothing is started."""
    rehearsed = reduced(configuration, repository, layout)
    people = cast(rehearsed.settings)
    if people.maintainer == MAINTAINER:
        rehearsed = with_maintainer(rehearsed, MAINTAINER)
    declared = rehearsed.settings.repositories[0]
    if declared.publishing.has_token and not declared.secrets:
        remedy = "declare the secret, or try --layout trusted-publishing"
        raise ChoiceError(
            "secrets", "empty", f"a secret for the layout {declared.publishing.layout}", remedy
        )
    chosen = chosen_tag(declared.release_tags, tag, "release-tags")
    package = package_of(declared.name, docs=declared.publishing.deploys_docs)
    return Plan(rehearsed, people, package, chosen, other_tags(declared.release_tags, chosen))
