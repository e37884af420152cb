"""The organization as GitHub has it now, read in a few requests and at most one for each repository."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stacks.github_api import GitHubReader, scopes_of
from stacks.organization_actions import OrganizationActions, read_organization_actions
from stacks.previous_state import PreviousState
from stacks.publishing import tokens_of
from stacks.repository_scripts import Scripts, read_scripts
from stacks.settings import Settings, Team
from stacks.settings.problems import GitHubError, Problem


@dataclass(frozen=True)
class RepositoryOnGitHub:
    """A repository; `secrets` are the names of its own Actions secrets, read only for declared ones."""

    id: int
    name: str
    archived: bool
    private: bool
    secrets: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TeamOnGitHub:
    """A team, and where it was asked for, everyone in it or invited to it, by lower-case login."""

    id: int
    slug: str
    secret: bool
    people: frozenset[str] = frozenset()


@dataclass(frozen=True)
class AppOnGitHub:
    id: int
    permissions: Mapping[str, str]


@dataclass(frozen=True)
class Snapshot:
    """What GitHub knows. Logins, slugs and names are lower-case keys.

    Attributes:
        plan: The organization's plan, or nothing where the token may not see it.
        scopes: The scopes of a classic token, or nothing for other tokens.
        is_owner: Whether the token's person owns the organization; nothing for an app.
        scripts: The scripts of each declared repository that is there and could be looked into.
        actions: What the organization gives to the workflows of all its repositories.
    """

    plan: str | None
    scopes: frozenset[str] | None
    is_owner: bool | None
    owners: frozenset[str]
    missing_people: frozenset[str]
    teams: Mapping[str, TeamOnGitHub]
    repositories: Mapping[str, RepositoryOnGitHub]
    app: AppOnGitHub | None
    scripts: Mapping[str, Scripts] = field(default_factory=dict)
    actions: OrganizationActions = field(default_factory=OrganizationActions)


def read_organization(
    reader: GitHubReader, settings: Settings, previous_state: PreviousState
) -> Snapshot:
    """Asks GitHub. Raises `GitHubError` when it cannot be asked, or the owner is no organization."""
    owner = settings.owner
    organization = reader.find(f"/orgs/{owner}")
    if organization is None:
        raise GitHubError(
            "GitHub was asked before the first write", [no_organization(reader, owner)]
        )
    owners = logins(reader.items(f"/orgs/{owner}/members?role=admin"))
    members = logins(reader.items(f"/orgs/{owner}/members?role=member"))
    strangers = sorted({login.lower() for login in people(settings)} - owners - members)
    repositories = read_repositories(reader, settings)
    there = [
        repositories[name.lower()].name
        for name in declared_names(settings)
        if name.lower() in repositories
    ]
    wanted = frozenset(
        name for repository in settings.repositories for name in tokens_of(repository)
    )
    return Snapshot(
        plan=(organization.json().get("plan") or {}).get("name"),
        scopes=scopes_of(organization),
        is_owner=None if settings.app else is_owner(reader, owner),
        owners=owners,
        missing_people=frozenset(strangers) - reader.people(strangers).keys(),
        teams=read_teams(reader, settings, previous_state),
        repositories=repositories,
        app=read_app(reader, settings),
        scripts=read_scripts(reader, owner, there),
        actions=read_organization_actions(reader, owner, wanted),
    )


def no_organization(reader: GitHubReader, owner: str) -> Problem:
    user = reader.find(f"/users/{owner}")
    value = "a person's account" if user else "unknown to GitHub, or hidden from this token"
    return Problem(
        "github:owner",
        f"'{owner}', {value}",
        "an organization: only organizations have teams",
        "pulumi config set github:owner ORGANIZATION",
    )


def people(settings: Settings) -> Iterable[str]:
    """Everyone who is named anywhere."""
    for team in settings.teams:
        yield from team.people
    for repository in settings.repositories:
        yield from repository.reviewers.users


def is_owner(reader: GitHubReader, owner: str) -> bool:
    membership = reader.shown(f"/user/memberships/orgs/{owner}")
    return membership is not None and membership.json()["role"] == "admin"


def logins(items: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    return frozenset(str(item["login"]).lower() for item in items if item.get("login"))


def read_teams(
    reader: GitHubReader, settings: Settings, previous_state: PreviousState
) -> dict[str, TeamOnGitHub]:
    """Every team of the organization, and the people of those that the stack looks after."""
    looked_after = {
        previous_state.teams[team.role]: team
        for team in settings.teams
        if team.role in previous_state.teams
    }
    teams: dict[str, TeamOnGitHub] = {}
    for item in reader.items(f"/orgs/{settings.owner}/teams"):
        managed = looked_after.get(item["id"])
        teams[item["slug"]] = TeamOnGitHub(
            id=item["id"],
            slug=item["slug"],
            secret=item["privacy"] == "secret",
            people=read_people(reader, settings.owner, item["slug"], managed),
        )
    return teams


def read_people(
    reader: GitHubReader, owner: str, slug: str, managed: Team | None
) -> frozenset[str]:
    if managed is None or managed.existing:
        return frozenset()
    path = f"/orgs/{owner}/teams/{slug}"
    return logins(reader.items(f"{path}/members")) | logins(reader.items(f"{path}/invitations"))


def declared_names(settings: Settings) -> list[str]:
    return [repository.name for repository in settings.repositories]


def read_repositories(reader: GitHubReader, settings: Settings) -> dict[str, RepositoryOnGitHub]:
    declared = {name.lower() for name in declared_names(settings)}
    repositories: dict[str, RepositoryOnGitHub] = {}
    for item in reader.items(f"/orgs/{settings.owner}/repos"):
        key = item["name"].lower()
        secrets = (
            read_secrets(reader, settings.owner, item["name"])
            if key in declared
            else frozenset[str]()
        )
        repositories[key] = RepositoryOnGitHub(
            item["id"], item["name"], item["archived"], item["private"], secrets
        )
    return repositories


def read_secrets(reader: GitHubReader, owner: str, name: str) -> frozenset[str]:
    return frozenset(
        item["name"] for item in reader.items(f"/repos/{owner}/{name}/actions/secrets", "secrets")
    )


def read_app(reader: GitHubReader, settings: Settings) -> AppOnGitHub | None:
    answer = reader.find(f"/apps/{settings.app.slug}") if settings.app else None
    return AppOnGitHub(answer.json()["id"], answer.json()["permissions"]) if answer else None
