"""Builds a world from its file; the same file always has the same ids, shas and keys.

Deliberately absent: the settings that GitHub's API checks (see `control.world_settings`), and
archiving, which ends every change.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from simulated_github.git.objects import Signature
from simulated_github.records.accounts import App, Installation, Organization, Team, Token, User
from simulated_github.records.actions import Secret
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import ROLES
from simulated_github.world.ids import slug_of
from simulated_github.world.world import World
from simulated_github.world.world_file import (
    ALL_SCOPES,
    OrganizationFile,
    RepositoryFile,
    TeamFile,
    WorldFile,
)


def build(file: WorldFile) -> World:
    """Return the world that a file describes."""
    world = World(datetime.fromisoformat(file.start))
    for login in file.people(file.users):
        add_user(world, login, f"token-{login}")
    for login, organization in file.organizations.items():
        _add_organization(world, file, login, organization)
    for slug, app in file.apps.items():
        _add_app(world, slug, app.installed_in, dict(app.permissions))
    for name, token in file.tokens.items():
        world.tokens[name] = Token(
            world.users[_user_ids(world, file, [token.user])[0]], frozenset(token.scopes)
        )
    return world


def add_user(world: World, login: str, token: str) -> User:
    """Add a user with a classic token that has every scope, and return the user."""
    stamp = world.clock.stamp()
    name = login.replace("-", " ").title()
    user = world.add_user(
        User(world.ids.take("user"), login, stamp, name, f"{login}@users.example")
    )
    world.tokens[token] = Token(user, frozenset(ALL_SCOPES))
    return user


def _add_app(world: World, slug: str, login: str, permissions: dict[str, str]) -> None:
    stamp = world.clock.stamp()
    permissions = {"metadata": "read"} | permissions
    app = App(
        world.ids.take("app"), slug, slug.replace("-", " ").title(), login, stamp, permissions
    )
    bot = world.add_user(User(world.ids.take("user"), f"{slug}[bot]", stamp, kind="Bot"))
    installation = Installation(world.ids.take("installation"), app, bot, login, permissions)
    world.apps[app.id] = app
    world.installations[installation.id] = installation
    world.tokens[f"token-{slug}"] = Token(bot, installation=installation)


def _user_ids(world: World, file: WorldFile, names: list[str]) -> list[int]:
    return [user.id for login in file.people(names) if (user := world.user(login))]


def _add_organization(world: World, file: WorldFile, login: str, entry: OrganizationFile) -> None:
    organization = Organization(
        world.ids.take("organization"), login, world.clock.stamp(), entry.name, entry.plan
    )
    organization.base_role = ROLES[entry.base_permission]
    organization.members |= dict.fromkeys(_user_ids(world, file, entry.members), "member")
    organization.members |= dict.fromkeys(_user_ids(world, file, entry.owners), "admin")
    organization.secrets |= build_secrets(world, entry.secrets)
    world.add_organization(organization)
    for name, repository in entry.repositories.items():
        _add_repository(world, file, organization, name, repository)
    for name, team in entry.teams.items():
        _add_team(world, file, organization, name, team)


def build_secrets(world: World, values: Mapping[str, str]) -> dict[str, Secret]:
    """Return secrets by their names in capitals."""
    stamp = world.clock.stamp()
    return {
        name.upper(): Secret(name.upper(), value, stamp, stamp) for name, value in values.items()
    }


def _add_team(
    world: World, file: WorldFile, organization: Organization, name: str, entry: TeamFile
) -> None:
    stamp = world.clock.stamp()
    team = Team(
        world.ids.take("team"), name, slug_of(name), stamp, stamp, entry.description, entry.privacy
    )
    team.members |= dict.fromkeys(_user_ids(world, file, entry.members), "member")
    team.members |= dict.fromkeys(_user_ids(world, file, entry.maintainers), "maintainer")
    for role, names in entry.repositories.items():
        repositories = (world.repository(organization.login, repository) for repository in names)
        team.repositories |= {
            repository.id: ROLES[role] for repository in repositories if repository
        }
    organization.teams[team.id] = team


def _add_repository(
    world: World, file: WorldFile, owner: Organization, name: str, entry: RepositoryFile
) -> None:
    merged = merge_kind(file, entry)
    stamp = world.clock.stamp()
    repository = Repository(world.ids.take("repository"), owner, name, stamp, stamp)
    repository.default_branch = merged.default_branch or "main"
    repository.visibility = merged.visibility or "public"
    repository.settings["description"] = merged.description
    repository.secrets |= build_secrets(world, merged.secrets)
    for role, people in merged.collaborators.items():
        repository.collaborators |= dict.fromkeys(_user_ids(world, file, people), ROLES[role])
    world.add_repository(repository)
    files = (file.file_sets[merged.files] if merged.files else {}) | merged.more_files
    if files:
        _commit(world, repository, files)


def merge_kind(file: WorldFile, entry: RepositoryFile) -> RepositoryFile:
    """Return a repository with the values of its kind, which its own values override or extend."""
    if entry.like is None:
        return entry
    kind = merge_kind(file, file.kinds[entry.like])
    own: dict[str, Any] = {name: getattr(entry, name) for name in entry.model_fields_set - {"like"}}
    for name in ("more_files", "secrets", "collaborators", "invitations", "environments"):
        own[name] = getattr(kind, name) | own.get(name, {})
    return kind.model_copy(update=own)


def _commit(world: World, repository: Repository, files: dict[str, str]) -> None:
    author = Signature("GitHub", "noreply@github.example", world.clock.seconds())
    content = {
        path: text.replace("<repository>", repository.name).encode() for path, text in files.items()
    }
    repository.git.refs[repository.default_ref] = repository.git.commit(
        (), content, "Initial commit\n", author, author
    )
