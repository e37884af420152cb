"""The settings as the rest of the program sees them: frozen, complete, every default filled in."""

from dataclasses import dataclass, field
from typing import Literal

from publish_workflow.layouts import LAYOUTS, LayoutName
from stacks.settings.scopes import Level

Permission = Literal["read", "triage", "write", "maintain"]
TagCreators = Literal["maintain", "maintainers", "operations"]


@dataclass(frozen=True)
class Secret:
    """An environment secret: its name, and its value where the configuration has one.

    The value is kept out of `repr`, so that no log line, exception or test failure can show it.
    """

    name: str
    value: str | None = field(repr=False, default=None)


@dataclass(frozen=True)
class Team:
    """One of the two teams.

    Attributes:
        role: `operations` or `maintainers`; the name of its key, and stable when the team is renamed.
        name: Its name on GitHub.
        slug: Its slug on GitHub.
        existing: Whether it is looked after elsewhere; then its people are unknown here.
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
        return self.team_maintainers + self.members


@dataclass(frozen=True)
class Publishing:
    """How a repository is published: what the layout does without has no effect. `workflow` is the path of the file."""

    layout: LayoutName
    workflow: str
    python_version: str
    runner: str
    timeout_minutes: int
    environment_variables: tuple[tuple[str, str], ...]
    publish_install: str
    permissions: tuple[tuple[str, Level], ...]
    deploys_docs: bool

    @property
    def has_token(self) -> bool:
        return "secrets" in LAYOUTS[self.layout].options


@dataclass(frozen=True)
class RepositorySettings:
    """One repository with everything that is declared for it. `wait_minutes` are minutes; `teams` are slugs.

    `from_defaults` names the options that the defaults decided, so that what is wrong with one can be said where it was made.
    """

    name: str
    formerly: str | None
    create: bool
    release_tags: str
    tag_creators: TagCreators
    approvals: int
    wait_minutes: int
    reviewer_users: tuple[str, ...]
    reviewer_teams: tuple[str, ...]
    teams: tuple[tuple[str, Permission], ...]
    maintainers_permission: Permission
    secrets: tuple[Secret, ...]
    publishing: Publishing
    from_defaults: frozenset[str] = field(default=frozenset(), repr=False, compare=False)

    def place(self, option: str) -> tuple[str, ...]:
        """Where an option stands in the stack file, or would stand."""
        layer = ("defaults",) if option in self.from_defaults else ("repositories", self.name)
        return (*layer, option.replace("_", "-"))


@dataclass(frozen=True)
class App:
    """The GitHub App that applies the stack, when no organization admin does."""

    slug: str
    id: int


@dataclass(frozen=True)
class Settings:
    """Everything that is declared for one organization."""

    owner: str
    operations: Team
    maintainers: Team
    repositories: tuple[RepositorySettings, ...]
    app: App | None = None
    stack_repository: str | None = None

    @property
    def teams(self) -> tuple[Team, Team]:
        return (self.maintainers, self.operations)
