"""The settings as the rest of the program sees them: frozen, complete, with every default."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pydantic import ConfigDict

from stacks.settings.declaration import Declaration, DeclaredApp, DeclaredTeam, RepositoryEntry
from stacks.settings.model import kebab, key_of
from stacks.settings.names import slug_of
from stacks.settings.options import DEFAULTS, UNAVAILABLE_VALUES, Options, is_unavailable


@dataclass(frozen=True)
class Secret:
    """An environment secret: its name, and its value if the configuration has one.

    The value is not part of `repr`, so that no log line, exception or test failure shows it.
    """

    name: str
    value: str | None = field(repr=False, default=None)


@dataclass(frozen=True)
class Team:
    """One of the two teams.

    Attributes:
        role: `operations` or `maintainers`: its key, which stays when the team is renamed.
        name: Its name on GitHub.
        slug: Its slug on GitHub.
        existing: Whether the stack does not manage the team, so that its members are unknown.
    """

    role: str
    name: str
    slug: str
    existing: bool = False
    description: str = ""
    members: tuple[str, ...] = ()
    team_maintainers: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        """Return the logins of team maintainers and members."""
        return self.team_maintainers + self.members


class RepositorySettings(Options):
    """One repository with all its options.

    Attributes:
        environment_secrets: The secrets that `secret_names` names, with their values.
        archived: Whether the repository is archived on GitHub, and the stack leaves it alone.
        retired: Whether only the closed environment is left of it.
        from_defaults: The keys of the options that the defaults of the stack file set.
    """

    model_config = ConfigDict(populate_by_name=True)

    name: str
    formerly: str | None = None
    create: bool = False
    archived: bool = False
    retired: bool = False
    environment_secrets: tuple[Secret, ...] = ()
    from_defaults: frozenset[str] = frozenset()

    @property
    def has_token(self) -> bool:
        """Return whether the layout publishes with a token."""
        return not is_unavailable(self.layout, "secret_names")

    def place(self, option: str) -> tuple[str, ...]:
        """Return the place in the stack file where an option is set, or could be set.

        `option` is its key, or its key with underscores.
        """
        key = kebab(option)
        layer = ("defaults",) if key in self.from_defaults else ("repositories", self.name)
        return (*layer, key)


@dataclass(frozen=True)
class App:
    """The GitHub App that applies the stack in place of an organization admin."""

    slug: str
    id: int


@dataclass(frozen=True)
class Acceptance:
    """The reason to accept a finding, and the last day on which it is accepted."""

    reason: str
    until: date


@dataclass(frozen=True)
class Settings:
    """The settings of one organization."""

    owner: str
    operations: Team
    maintainers: Team
    repositories: tuple[RepositorySettings, ...]
    app: App | None = None
    stack_repository: str | None = None
    accept: Mapping[str, Acceptance] = field(default_factory=dict)

    @property
    def publishing(self) -> tuple[RepositorySettings, ...]:
        """Return the repositories that are not retired."""
        return tuple(repository for repository in self.repositories if not repository.retired)

    @property
    def teams(self) -> tuple[Team, Team]:
        """Return the two teams."""
        return (self.maintainers, self.operations)


def resolve(owner: str, declaration: Declaration) -> Settings:
    """Return the settings of a declaration without problems."""
    return Settings(
        owner=owner,
        operations=resolve_team("operations", declaration.operations),
        maintainers=resolve_team("maintainers", declaration.maintainers),
        repositories=resolve_repositories(declaration),
        app=resolve_app(declaration.applied_by),
        stack_repository=declaration.stack_repository,
        accept=resolve_acceptances(declaration),
    )


def resolve_team(role: str, declared: DeclaredTeam | None) -> Team:
    """Return the team of a role, with its default name."""
    declared = declared or DeclaredTeam()
    if declared.existing:
        return Team(role, name=declared.existing, slug=declared.existing, existing=True)
    name = declared.name or role
    return Team(
        role,
        name=name,
        slug=slug_of(name),
        description=declared.description or "",
        members=tuple(declared.members),
        team_maintainers=tuple(declared.team_maintainers),
    )


def resolve_app(declared: DeclaredApp | None) -> App | None:
    """Return the app that applies the stack, if one is declared."""
    if declared and declared.app and declared.id:
        return App(declared.app, declared.id)
    return None


def resolve_acceptances(declaration: Declaration) -> dict[str, Acceptance]:
    """Return the accepted findings by id."""
    return {
        finding: Acceptance(declared.reason, declared.until)
        for finding, declared in (declaration.accept or {}).items()
        if declared.reason and declared.until
    }


def resolve_repositories(declaration: Declaration) -> tuple[RepositorySettings, ...]:
    """Return every repository, sorted by name: the order of the file never shows in a preview."""
    entries = declaration.repositories or {}
    return tuple(resolve_repository(name, entries[name], declaration) for name in sorted(entries))


def publishing_repositories(declaration: Declaration) -> list[RepositorySettings]:
    """Return every repository that is not retired, sorted by name."""
    return [
        repository for repository in resolve_repositories(declaration) if not repository.retired
    ]


def resolve_repository(
    name: str, entry: RepositoryEntry | None, declaration: Declaration
) -> RepositorySettings:
    """Return a repository with its options: of its entry, of `defaults`, or built in.

    A value in an entry replaces one in `defaults`; lists and mappings are never merged. Options
    that the layout does not have are ignored. A retired repository has no options and no secrets.
    """
    entry = entry or RepositoryEntry()
    layer = None if entry.retired else declaration.defaults
    defaults = layer.declared_options() if layer else {}
    options = {**DEFAULTS, **defaults, **entry.declared_options()}
    options |= {
        option: value
        for option, value in UNAVAILABLE_VALUES.items()
        if is_unavailable(options["layout"], option)
    }
    if entry.retired:
        options = {**DEFAULTS, "secret_names": []}
    values = (declaration.secrets or {}).get(name, {})
    for option, value in options.items():
        if isinstance(value, dict):
            options[option] = dict(sorted(value.items()))
    options["secret_names"] = sorted(options["secret_names"])
    return RepositorySettings(
        **options,
        name=name,
        formerly=entry.formerly,
        create=bool(entry.create),
        archived=bool(entry.archived),
        retired=bool(entry.retired),
        environment_secrets=tuple(
            # Treat an empty value as missing.
            Secret(
                secret, (values[secret].get_secret_value() or None) if secret in values else None
            )
            for secret in options["secret_names"]
        ),
        from_defaults=frozenset(
            key_of(Options, option) for option in defaults if option not in entry.declared_options()
        ),
    )
