"""The file that describes a world, and its validation, which reports every problem at once.

A list of users may contain a range (`maintainer-1..12`) or the name of a group. Deliberately
absent: what only the API creates (runs, reviews, invitations).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

WORLDS = Path(__file__).parents[1] / "worlds"
#: The scopes of a user's token `token-LOGIN`.
ALL_SCOPES = ("admin:org", "delete_repo", "repo", "workflow")


class WorldError(Exception):
    """An invalid world file: every problem, with its key, its value and what is allowed."""


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class _Model(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=_kebab, populate_by_name=True
    )


def _expand_kind(value: Any) -> Any:
    """Read `httpx: package` as `httpx: {like: package}`, and `httpx:` as `httpx: {}`."""
    if isinstance(value, str):
        return {"like": value}
    return {} if value is None else value


RoleName = Literal["read", "triage", "write", "maintain", "admin"]
People = list[str]
Files = dict[str, str]


class RepositoryFile(_Model):
    """A repository; `like` names a kind whose values it inherits and extends."""

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
    """A team."""

    privacy: Literal["secret", "closed"] = "closed"
    description: str | None = None
    maintainers: People = Field(default_factory=list)
    members: People = Field(default_factory=list)
    repositories: dict[RoleName, list[str]] = Field(default_factory=dict)


class OrganizationFile(_Model):
    """An organization with its members, teams and repositories."""

    name: str | None = None
    plan: Literal["free", "team", "enterprise"] = "free"
    base_permission: Literal["none", "read", "write", "admin"] = "read"
    owners: People = Field(default_factory=list)
    members: People = Field(default_factory=list)
    teams: dict[str, TeamFile] = Field(default_factory=dict)
    secrets: dict[str, str] = Field(default_factory=dict)
    repositories: dict[str, Annotated[RepositoryFile, BeforeValidator(_expand_kind)]] = Field(
        default_factory=dict
    )


class AppFile(_Model):
    """A GitHub App, installed in one organization."""

    installed_in: str
    permissions: dict[str, Literal["read", "write", "admin"]] = Field(default_factory=dict)


class TokenFile(_Model):
    """An additional token of a user."""

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
        # Version 0.1 used the British spelling; its world files still load.
        validation_alias=AliasChoices("organizations", "organisations"),
    )
    apps: dict[str, AppFile] = Field(default_factory=dict)
    tokens: dict[str, TokenFile] = Field(default_factory=dict)

    def people(self, names: list[str]) -> list[str]:
        """Return the logins of users, ranges and groups, without duplicates."""
        logins: list[str] = []
        for name in names:
            logins += self.people(self.groups[name]) if name in self.groups else _range(name)
        return list(dict.fromkeys(logins))


def _range(name: str) -> list[str]:
    stem, dots, last = name.partition("..")
    head, _, first = stem.rpartition("-")
    if not dots or not first.isdigit() or not last.isdigit():
        return [name]
    return [f"{head}-{number}" for number in range(int(first), int(last) + 1)]


def read(world: str) -> WorldFile:
    """Return the world of a name (`empty`, `encode`) or a path; raise WorldError if invalid."""
    path = WORLDS / f"{world}.yaml" if (WORLDS / f"{world}.yaml").is_file() else Path(world)
    try:
        document = yaml.safe_load(path.read_text())
    except OSError as error:
        names = ", ".join(sorted(file.stem for file in WORLDS.glob("*.yaml")))
        raise WorldError(
            f"world {world!r}: {error.strerror}. Give a path, or one of: {names}."
        ) from None
    except yaml.YAMLError as error:
        raise WorldError(f"world {world!r} is not YAML: {error}") from None
    return parse(document, str(path))


def parse(document: Any, path: str = "world") -> WorldFile:
    """Return the world of plain data; raise WorldError listing every problem."""
    try:
        world = WorldFile.model_validate({} if document is None else document)
    except ValidationError as error:
        problems = [_describe(details) for details in error.errors()]
        raise WorldError("\n".join((f"{path}:", *problems))) from None
    problems = _find_undefined_names(world)
    if problems:
        raise WorldError("\n".join((f"{path}:", *problems)))
    return world


def _describe(details: ErrorDetails) -> str:
    path = details["loc"]
    place = ".".join(map(str, path))
    if details["type"] == "extra_forbidden":
        return f"{place}: unknown key; allowed: {', '.join(_allowed_keys(path))}"
    return f"{place}: {details['msg']} (got {_shorten(details['input'])})"


def _allowed_keys(path: tuple[int | str, ...]) -> list[str]:
    """Return the allowed keys of the object that the last key of a path belongs to.

    In a path, keys of the format and names from the file alternate.
    """
    model: type[_Model] = WorldFile
    for key in path[:-1:2]:
        model = _MODELS.get(key, model)
    return [_kebab(name) for name in model.model_fields]


_MODELS: Mapping[int | str, type[_Model]] = {
    "organizations": OrganizationFile,
    "organisations": OrganizationFile,
    "repositories": RepositoryFile,
    "kinds": RepositoryFile,
    "teams": TeamFile,
    "apps": AppFile,
    "tokens": TokenFile,
}


def _shorten(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _find_undefined_names(world: WorldFile) -> list[str]:
    """Return a problem for each user, repository, kind or file set that is not defined."""
    users = set(world.people(world.users))
    problems = []
    for place, names in _user_references(world):
        unknown = sorted(set(world.people(names)) - users)
        problems += [f"{place}: {name!r} is not under users" for name in unknown]
    for name, app in world.apps.items():
        if app.installed_in not in world.organizations:
            problems.append(
                f"apps.{name}.installed-in: {app.installed_in!r} is not under organizations"
            )
    for login, organization in world.organizations.items():
        problems += _undefined_repositories(login, organization)
        for name, repository in organization.repositories.items():
            place = f"organizations.{login}.repositories.{name}"
            problems += _undefined_sets(world, place, repository)
    for name, kind in world.kinds.items():
        problems += _undefined_sets(world, f"kinds.{name}", kind)
    return problems


def _undefined_sets(world: WorldFile, place: str, repository: RepositoryFile) -> list[str]:
    kind = repository.like
    files = repository.files
    problems = []
    if kind is not None and kind not in world.kinds:
        names = ", ".join(world.kinds) or "none"
        problems.append(f"{place}.like: {kind!r} is not under kinds ({names})")
    if files is not None and files not in world.file_sets:
        names = ", ".join(world.file_sets) or "none"
        problems.append(f"{place}.files: {files!r} is not under file-sets ({names})")
    return problems


def _undefined_repositories(login: str, organization: OrganizationFile) -> list[str]:
    return [
        f"organizations.{login}.teams.{team}.repositories.{role}: "
        f"{name!r} is not a repository of {login}"
        for team, entry in organization.teams.items()
        for role, names in entry.repositories.items()
        for name in names
        if name not in organization.repositories
    ]


def _user_references(world: WorldFile) -> list[tuple[str, list[str]]]:
    """Return every list of users in the file, with its key."""
    references = [(f"tokens.{name}.user", [token.user]) for name, token in world.tokens.items()]
    for login, organization in world.organizations.items():
        place = f"organizations.{login}"
        references += [
            (f"{place}.owners", organization.owners),
            (f"{place}.members", organization.members),
        ]
        for name, team in organization.teams.items():
            members = [*team.members, *team.maintainers]
            references += [(f"{place}.teams.{name}.members", members)]
        for name, repository in organization.repositories.items():
            references += _collaborators(f"{place}.repositories.{name}", repository)
    for name, kind in world.kinds.items():
        references += _collaborators(f"kinds.{name}", kind)
    return references


def _collaborators(place: str, repository: RepositoryFile) -> list[tuple[str, list[str]]]:
    return [
        (f"{place}.collaborators.{role}", people)
        for role, people in repository.collaborators.items()
    ]
