"""The file that describes a world: validated whole, every problem at once, before anything is built from it.

People may be written as a range (``maintainer-1..12``) or by the name of a group. Deliberately absent: what only the API
can make (runs, reviews, invitations).
"""

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

WORLDS = Path(__file__).parents[1] / "worlds"
ROLES = ("read", "triage", "write", "maintain", "admin")
#: What a person's token may do when the file says nothing else.
ALL_SCOPES = ("admin:org", "delete_repo", "repo", "workflow")


class WorldError(Exception):
    """A world file that cannot be used: every problem with its place, the value and what is allowed."""


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class _Model(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=_kebab, populate_by_name=True
    )


def _like(value: Any) -> Any:
    return {"like": value} if isinstance(value, str) else {} if value is None else value


RoleName = Literal["read", "triage", "write", "maintain", "admin"]
People = list[str]
Files = dict[str, str]


class RepositoryFile(_Model):
    """A repository; ``like`` names a kind whose entries it takes over, and adds to."""

    like: str | None = None
    description: str | None = None
    default_branch: str | None = None
    visibility: Literal["public", "private"] | None = None
    archived: bool = False
    files: str | None = None
    more_files: Files = Field(default_factory=dict)
    secrets: dict[str, str] = Field(default_factory=dict)
    collaborators: dict[RoleName, People] = Field(default_factory=dict)


class TeamFile(_Model):
    """A team that is there already."""

    privacy: Literal["secret", "closed"] = "closed"
    description: str | None = None
    maintainers: People = Field(default_factory=list)
    members: People = Field(default_factory=list)
    repositories: dict[RoleName, list[str]] = Field(default_factory=dict)


class OrganizationFile(_Model):
    """An organization with its people, teams and repositories."""

    name: str | None = None
    plan: Literal["free", "team", "enterprise"] = "free"
    base_permission: Literal["none", "read", "write", "admin"] = "read"
    owners: People = Field(default_factory=list)
    members: People = Field(default_factory=list)
    teams: dict[str, TeamFile] = Field(default_factory=dict)
    secrets: dict[str, str] = Field(default_factory=dict)
    repositories: dict[str, Annotated[RepositoryFile, BeforeValidator(_like)]] = Field(
        default_factory=dict
    )


class AppFile(_Model):
    """A GitHub App, installed in one organization."""

    installed_in: str
    permissions: dict[str, Literal["read", "write", "admin"]] = Field(default_factory=dict)


class TokenFile(_Model):
    """A further token of a person."""

    user: str
    scopes: list[str] = Field(default_factory=list)


class WorldFile(_Model):
    """A whole world."""

    start: str = "2026-01-05T09:00:00Z"
    users: People = Field(default_factory=list)
    groups: dict[str, People] = Field(default_factory=dict)
    file_sets: dict[str, Files] = Field(default_factory=dict)
    kinds: dict[str, RepositoryFile] = Field(default_factory=dict)
    organizations: dict[str, OrganizationFile] = Field(
        default_factory=dict,
        # The British spelling was the key of version 0.1, and world files written for it still load.
        validation_alias=AliasChoices("organizations", "organisations"),
    )
    apps: dict[str, AppFile] = Field(default_factory=dict)
    tokens: dict[str, TokenFile] = Field(default_factory=dict)

    def people(self, names: list[str]) -> list[str]:
        """Logins, with ranges and groups written out, each once."""
        found: list[str] = []
        for name in names:
            found += self.people(self.groups[name]) if name in self.groups else _range(name)
        return list(dict.fromkeys(found))


def _range(name: str) -> list[str]:
    stem, dots, last = name.partition("..")
    head, _, first = stem.rpartition("-")
    if not dots or not first.isdigit() or not last.isdigit():
        return [name]
    return [f"{head}-{number}" for number in range(int(first), int(last) + 1)]


def read(world: str) -> WorldFile:
    """The world of a name (``empty``, ``encode``) or a path; WorldError names everything that is wrong with it."""
    path = WORLDS / f"{world}.yaml" if (WORLDS / f"{world}.yaml").is_file() else Path(world)
    try:
        document = yaml.safe_load(path.read_text())
    except OSError as error:
        known = ", ".join(sorted(file.stem for file in WORLDS.glob("*.yaml")))
        raise WorldError(
            f"world {world!r}: {error.strerror}. Give a path, or one of: {known}."
        ) from None
    except yaml.YAMLError as error:
        raise WorldError(f"world {world!r} is not YAML: {error}") from None
    return parse(document, str(path))


def parse(document: Any, path: str = "world") -> WorldFile:
    """A world from plain data; WorldError names everything that is wrong with it."""
    try:
        found = WorldFile.model_validate({} if document is None else document)
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, e['loc']))}: {e['msg']} (got {_shown(e['input'])})"
            for e in error.errors()
        ]
        raise WorldError("\n".join((f"{path}:", *problems))) from None
    problems = list(_dangling(found))
    if problems:
        raise WorldError("\n".join((f"{path}:", *problems)))
    return found


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _dangling(world: WorldFile) -> list[str]:
    users = set(world.people(world.users))
    problems = []
    for place, names in _mentions(world):
        unknown = sorted(set(world.people(names)) - users)
        problems += [f"{place}: {name!r} is not under users" for name in unknown]
    for name, app in world.apps.items():
        if app.installed_in not in world.organizations:
            problems.append(
                f"apps.{name}.installed-in: {app.installed_in!r} is not under organizations"
            )
    for login, organization in world.organizations.items():
        problems += _unknown_repositories(login, organization)
        for name, repository in organization.repositories.items():
            problems += _unknown_sets(
                world, f"organizations.{login}.repositories.{name}", repository
            )
    for name, kind in world.kinds.items():
        problems += _unknown_sets(world, f"kinds.{name}", kind)
    return problems


def _unknown_sets(world: WorldFile, place: str, repository: RepositoryFile) -> list[str]:
    problems = []
    if repository.like is not None and repository.like not in world.kinds:
        problems.append(
            f"{place}.like: {repository.like!r} is not under kinds ({', '.join(world.kinds) or 'none'})"
        )
    if repository.files is not None and repository.files not in world.file_sets:
        problems.append(
            f"{place}.files: {repository.files!r} is not under file-sets ({', '.join(world.file_sets) or 'none'})"
        )
    return problems


def _unknown_repositories(login: str, organization: OrganizationFile) -> list[str]:
    return [
        f"organizations.{login}.teams.{team}.repositories.{role}: {name!r} is not a repository of {login}"
        for team, entry in organization.teams.items()
        for role, names in entry.repositories.items()
        for name in names
        if name not in organization.repositories
    ]


def _mentions(world: WorldFile) -> list[tuple[str, list[str]]]:
    found = [(f"tokens.{name}.user", [token.user]) for name, token in world.tokens.items()]
    for login, organization in world.organizations.items():
        place = f"organizations.{login}"
        found += [
            (f"{place}.owners", organization.owners),
            (f"{place}.members", organization.members),
        ]
        for name, team in organization.teams.items():
            found += [(f"{place}.teams.{name}.members", [*team.members, *team.maintainers])]
        for name, repository in organization.repositories.items():
            found += _collaborators(f"{place}.repositories.{name}", repository)
    for name, kind in world.kinds.items():
        found += _collaborators(f"kinds.{name}", kind)
    return found


def _collaborators(place: str, repository: RepositoryFile) -> list[tuple[str, list[str]]]:
    return [
        (f"{place}.collaborators.{role}", people)
        for role, people in repository.collaborators.items()
    ]
