"""The file that describes a world, and its validation, which reports every problem at once.

A list of users may contain a range (`maintainer-1..12`) or the name of a group. Deliberately
absent: what only the API creates (runs, reviews).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import yaml
from pydantic import AliasChoices, BeforeValidator, Field, ValidationError
from pydantic_core import ErrorDetails

from simulated_github.world.settings_file import (
    EnvironmentFile,
    FileModel,
    OrganizationActionsFile,
    People,
    RepositoryActionsFile,
    RoleName,
    RulesetBody,
    kebab,
)

WORLDS = Path(__file__).parents[1] / "worlds"
#: The scopes of a user's token `token-LOGIN`.
ALL_SCOPES = ("admin:org", "delete_repo", "repo", "workflow")


class WorldError(Exception):
    """An invalid world file: every problem, with its key, its value and what is allowed."""


def _expand_kind(value: Any) -> Any:
    """Read `httpx: package` as `httpx: {like: package}`, and `httpx:` as `httpx: {}`."""
    if isinstance(value, str):
        return {"like": value}
    return {} if value is None else value


Files = dict[str, str]


class RepositoryFile(FileModel):
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
    invitations: dict[RoleName, People] = Field(default_factory=dict)
    environments: dict[str, EnvironmentFile] = Field(default_factory=dict)
    rulesets: list[RulesetBody] = Field(default_factory=list)
    actions: RepositoryActionsFile | None = None


class TeamFile(FileModel):
    """A team."""

    privacy: Literal["secret", "closed"] = "closed"
    description: str | None = None
    maintainers: People = Field(default_factory=list)
    members: People = Field(default_factory=list)
    invitations: dict[Literal["member", "maintainer"], People] = Field(default_factory=dict)
    repositories: dict[RoleName, list[str]] = Field(default_factory=dict)


class OrganizationFile(FileModel):
    """An organization with its members, teams and repositories."""

    name: str | None = None
    plan: Literal["free", "team", "enterprise"] = "free"
    base_permission: Literal["none", "read", "write", "admin"] = "read"
    owners: People = Field(default_factory=list)
    members: People = Field(default_factory=list)
    invitations: dict[Literal["member", "admin"], People] = Field(default_factory=dict)
    teams: dict[str, TeamFile] = Field(default_factory=dict)
    secrets: dict[str, str] = Field(default_factory=dict)
    rulesets: list[RulesetBody] = Field(default_factory=list)
    actions: OrganizationActionsFile | None = None
    repositories: dict[str, Annotated[RepositoryFile, BeforeValidator(_expand_kind)]] = Field(
        default_factory=dict
    )


class AppFile(FileModel):
    """A GitHub App, installed in one organization."""

    installed_in: str
    permissions: dict[str, Literal["read", "write", "admin"]] = Field(default_factory=dict)


class TokenFile(FileModel):
    """An additional token of a user."""

    user: str
    scopes: list[str] = Field(default_factory=list)


class WorldFile(FileModel):
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
    """Return the allowed keys of the object that the last key of a path belongs to."""
    model: type[FileModel] = WorldFile
    keys = iter(path[:-1])
    for key in keys:
        field = model.model_fields.get(_field_name(str(key)))
        annotation = field.annotation if field else None
        model = _find_model(annotation) or model
        if get_origin(annotation) is dict:
            next(keys, None)  # a name from the file
    return [kebab(name) for name in model.model_fields]


def _field_name(key: str) -> str:
    return key.replace("-", "_").replace("organisations", "organizations")


def _find_model(annotation: Any) -> type[FileModel] | None:
    """Return the model in an annotation, such as the one of a mapping's values, or None."""
    if isinstance(annotation, type) and issubclass(annotation, FileModel):
        return annotation
    models = (_find_model(argument) for argument in get_args(annotation))
    return next((model for model in models if model), None)


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
        problems += _teams_of_outsiders(world, login, organization, users)
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


def _teams_of_outsiders(
    world: WorldFile, login: str, organization: OrganizationFile, users: set[str]
) -> list[str]:
    """Return a problem for each member of a team who is not in the organization."""
    people = set(world.people([*organization.owners, *organization.members]))
    return [
        f"organizations.{login}.teams.{name}.{role}: {member!r} is not under owners or members of "
        f"{login}; put users without a membership under invitations"
        for name, team in organization.teams.items()
        for role, members in (("members", team.members), ("maintainers", team.maintainers))
        for member in world.people(members)
        if member in users and member not in people
    ]


def _user_references(world: WorldFile) -> list[tuple[str, list[str]]]:
    """Return every list of users in the file, with its key."""
    references = [(f"tokens.{name}.user", [token.user]) for name, token in world.tokens.items()]
    for login, organization in world.organizations.items():
        place = f"organizations.{login}"
        references += [
            (f"{place}.owners", organization.owners),
            (f"{place}.members", organization.members),
            *_by_role(f"{place}.invitations", organization.invitations),
        ]
        for name, team in organization.teams.items():
            members = [*team.members, *team.maintainers]
            references += [(f"{place}.teams.{name}.members", members)]
            references += _by_role(f"{place}.teams.{name}.invitations", team.invitations)
        for name, repository in organization.repositories.items():
            references += _repository_users(f"{place}.repositories.{name}", repository)
    for name, kind in world.kinds.items():
        references += _repository_users(f"kinds.{name}", kind)
    return references


def _repository_users(place: str, repository: RepositoryFile) -> list[tuple[str, list[str]]]:
    reviewers = [
        (f"{place}.environments.{name}.reviewers.users", environment.reviewers.users)
        for name, environment in repository.environments.items()
    ]
    return [
        *_by_role(f"{place}.collaborators", repository.collaborators),
        *_by_role(f"{place}.invitations", repository.invitations),
        *reviewers,
    ]


def _by_role(place: str, people: Mapping[Any, list[str]]) -> list[tuple[str, list[str]]]:
    return [(f"{place}.{role}", names) for role, names in people.items()]
