"""The scenario of a rehearsal: the repository, tag and layout from a stack file, and the people."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commands.check_stack_file import project_of
from commands.rehearsal.errors import ChoiceError
from commands.rehearsal.organization import (
    MADE_UP_MAINTAINER,
    ReleasePeople,
    choose_people,
    organization_world,
)
from commands.rehearsal.package import (
    ExamplePackage,
    choose_tag,
    later_tags,
    package_of,
    version_of,
)
from commands.sandbox import PROJECT
from publish_workflow.layouts import LAYOUTS
from simulated_github.world.world_file import WorldFile
from stacks.settings import RepositorySettings, Settings
from stacks.settings.configuration_keys import options_of, strip_prefixes
from stacks.settings.loading import parse_settings
from stacks.settings.model import key_of
from stacks.settings.options import UNAVAILABLE_VALUES, Options, is_unavailable

Configuration = dict[str, Any]

LAYOUT_NAMES = tuple(LAYOUTS)
DEFAULT_STACK = "prod"
UPLOAD_SECRET = "PYPI_TOKEN"
ENVIRONMENT = "deploy"
DEFAULT_BRANCH = "main"
FIRST_VERSION = "0.0.1"
# A rehearsal does not wait for timers, its repository exists already, and its package is made up.
OMITTED_OPTIONS = {
    "wait-minutes": "the wait timer is left out",
    "create": "the repository exists already",
    "formerly": "the repository keeps its name",
    "publish-install": "publishing installs with scripts/install, because the package is made up",
}


@dataclass(frozen=True)
class ReleaseScenario:
    """Everything that is known about a rehearsal before it starts.

    Attributes:
        stack: The name of the stack whose file declares the repository.
        configuration: The values of the rehearsed stack file, without secrets.
        settings: The settings of that configuration. They have one repository.
        notes: The differences between the rehearsal and the user's declaration.
        tag: The tag that is released.
        later_tags: More release tags, for the attacks. Fewer than two if the pattern has no more.
    """

    stack: str
    configuration: Configuration
    settings: Settings
    notes: tuple[str, ...]
    people: ReleasePeople
    package: ExamplePackage
    tag: str
    later_tags: tuple[str, ...]

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
    def undeclared_repository(self) -> str:
        """The name of a repository of the same owner that the stack does not manage."""
        return f"not-{self.repository.name}"[:100]

    @property
    def world(self) -> WorldFile:
        """The organization before the stack is applied, with an earlier version of the package."""
        files = self.package.files(FIRST_VERSION, self.upload_secret)
        return organization_world(self.settings, self.people, files, self.undeclared_repository)

    @property
    def layout(self) -> str:
        return self.repository.layout

    @property
    def has_token(self) -> bool:
        """Whether the package is uploaded with a token that is stored on GitHub."""
        return self.repository.has_token

    @property
    def version(self) -> str:
        return version_of(self.tag)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the environment's secrets."""
        return tuple(secret.name for secret in self.repository.environment_secrets)

    @property
    def workflow(self) -> str:
        """The path of the publish workflow."""
        return self.repository.workflow

    @property
    def upload_secret(self) -> str:
        """The name of the secret that uploads the package; empty if there are no secrets."""
        return UPLOAD_SECRET if UPLOAD_SECRET in self.secrets else next(iter(self.secrets), "")


def choose_scenario(
    configuration: Mapping[str, Any],
    repository: str | None = None,
    tag: str | None = None,
    layout: str | None = None,
    *,
    stack: str = DEFAULT_STACK,
) -> ReleaseScenario:
    """Return the scenario for the configuration of a stack and a user's choices.

    Raise `SettingsError` for a configuration that the stack refuses too, and `ChoiceError` for a
    choice that does not fit it.
    """
    stack_file = stack_file_of(stack)
    reduced, notes = reduce_configuration(configuration, repository, layout, stack_file)
    settings = read_settings(reduced, stack_file)
    people = choose_people(settings)
    if people.maintainer == MADE_UP_MAINTAINER:
        reduced = with_maintainer(reduced, MADE_UP_MAINTAINER)
        settings = read_settings(reduced, stack_file)
        notes.append(
            f"{MADE_UP_MAINTAINER} is made up: all declared maintainers are on operations too"
        )
    declared = settings.repositories[0]
    if declared.has_token and not declared.environment_secrets:
        raise ChoiceError(
            place="secrets",
            value="empty",
            allowed=f"a secret for the layout {declared.layout}",
            remedy="declare the secret, or try --layout trusted-publishing",
        )
    release_tag = choose_tag(declared.release_tags, tag)
    return ReleaseScenario(
        stack=stack,
        configuration=reduced,
        settings=settings,
        notes=tuple(notes),
        people=people,
        package=package_of(declared.name, docs=declared.deploys_docs),
        tag=release_tag,
        later_tags=later_tags(declared.release_tags, release_tag),
    )


def reduce_configuration(
    configuration: Mapping[str, Any],
    repository: str | None,
    layout: str | None,
    stack_file: Path,
) -> tuple[Configuration, list[str]]:
    """Return the configuration of one repository, and how it differs from the declared one."""
    full = strip_prefixes(configuration, project_of(PROJECT))
    name = choose_repository(read_settings(full, stack_file), repository)
    options = declared_options(full, name)
    notes = [note for option, note in OMITTED_OPTIONS.items() if options.pop(option, None)]
    declared_layout = str(options.get("publish", LAYOUT_NAMES[0]))
    if layout is not None and choose_layout(layout) != declared_layout:
        unavailable = unavailable_options(options, layout)
        options = {option: value for option, value in options.items() if option not in unavailable}
        options["publish"] = layout
        notes.append(f"the layout is {layout} in place of {declared_layout}")
        notes += [
            f"{option} is left out, because that layout does not have it" for option in unavailable
        ]
    reduced = {key: deepcopy(value) for key, value in full.items() if is_rehearsed(key)}
    reduced["repositories"] = {name: options}
    return reduced, notes


def stack_file_of(stack: str) -> Path:
    return PROJECT / f"Pulumi.{stack}.yaml"


def read_settings(configuration: Mapping[str, Any], stack_file: Path) -> Settings:
    """Return the settings of a configuration. Raise `SettingsError` listing every problem."""
    project = project_of(PROJECT)
    values = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in options_of(configuration, project).items()
        if name != "secrets"
    }
    return parse_settings(
        values, configuration.get("github:owner"), stack_file, {}, project=project
    )


def is_rehearsed(key: str) -> bool:
    """Return whether a rehearsal keeps a key.

    The provider's keys are for the real GitHub, and secrets are encrypted for their owners.
    """
    return key == "github:owner" or (":" not in key and key not in ("defaults", "secrets"))


def with_maintainer(configuration: Configuration, login: str) -> Configuration:
    """Return the configuration with one more member of the maintainers team."""
    team = configuration.get("maintainers") or {}
    return {
        **configuration,
        "maintainers": {**team, "members": [*team.get("members", []), login]},
    }


def declared_options(configuration: Configuration, repository: str) -> dict[str, Any]:
    """Return the declared options of a repository, with the stack file's defaults filled in."""
    entries = configuration["repositories"]
    entry = next(value for name, value in entries.items() if name.lower() == repository.lower())
    return {**(configuration.get("defaults") or {}), **(entry or {})}


def unavailable_options(options: Mapping[str, Any], layout: str) -> list[str]:
    """Return the options that only other layouts have, by their keys in the stack file."""
    unavailable = {
        key_of(Options, name) for name in UNAVAILABLE_VALUES if is_unavailable(layout, name)
    }
    return [key for key in options if key in unavailable]


def choose_repository(settings: Settings, repository: str | None) -> str:
    """Return the name of a declared repository, by default the first one, in its declared case.

    The stack's own repository is not offered, because it releases no package.
    """
    stack_repository = (settings.stack_repository or "").lower()
    names = [
        entry.name for entry in settings.repositories if entry.name.lower() != stack_repository
    ]
    if not names:
        raise ChoiceError(
            place="repositories",
            value="without a package",
            allowed="a repository that releases something",
            remedy="declare one",
        )
    if repository is None:
        return names[0]
    for name in names:
        if name.lower() == repository.lower():
            return name
    raise ChoiceError(
        place="REPOSITORY",
        value=repr(repository),
        allowed=f"one of the declared repositories: {abbreviated_list(names)}",
        remedy="choose one of them, or declare it under repositories",
    )


def choose_layout(layout: str) -> str:
    """Return the name of a layout. Raise `ChoiceError` for an unknown one."""
    if layout in LAYOUT_NAMES:
        return layout
    raise ChoiceError(
        place="--layout",
        value=repr(layout),
        allowed=f"one of {', '.join(LAYOUT_NAMES)}",
        remedy="choose one of them, or omit the option for the declared one",
    )


def abbreviated_list(names: list[str], limit: int = 12) -> str:
    more = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {more} more" if more > 0 else "")
