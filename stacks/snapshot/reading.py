"""The organization as GitHub has it now, read in about one request for each repository."""

from collections.abc import Iterable, Mapping
from typing import Any

from stacks.github_api import UNREADABLE, GitHubReader
from stacks.github_responses import scopes_of
from stacks.organization_actions import read_organization_actions
from stacks.previous_state import PreviousState
from stacks.publishing import pypi_token_names
from stacks.settings import Settings, Team
from stacks.settings.problems import GitHubError, Problem
from stacks.snapshot.model import (
    SCRIPTS_DIRECTORY,
    AppOnGitHub,
    RepositoryOnGitHub,
    Scripts,
    Snapshot,
    TeamOnGitHub,
    scripts_in,
)


def read_organization(
    reader: GitHubReader, settings: Settings, previous_state: PreviousState
) -> Snapshot:
    """Query GitHub. Raise `GitHubError` when it cannot be read, or the owner is no organization."""
    owner = settings.owner
    organization = reader.get(f"/orgs/{owner}")
    if organization is None:
        raise GitHubError(UNREADABLE, [missing_organization(reader, owner)])
    owners = logins(reader.items(f"/orgs/{owner}/members?role=admin"))
    members = logins(reader.items(f"/orgs/{owner}/members?role=member"))
    outsiders = sorted({login.lower() for login in declared_logins(settings)} - owners - members)
    repositories = read_repositories(reader, settings)
    existing_names = [
        repositories[name.lower()].name
        for name in declared_names(settings)
        if name.lower() in repositories
    ]
    token_names = frozenset(
        name for repository in settings.repositories for name in pypi_token_names(repository)
    )
    return Snapshot(
        plan=(organization.json().get("plan") or {}).get("name"),
        scopes=scopes_of(organization),
        is_owner=None if settings.app else is_owner(reader, owner),
        owners=owners,
        unknown_logins=frozenset(outsiders) - reader.user_ids(outsiders).keys(),
        teams=read_teams(reader, settings, previous_state),
        repositories=repositories,
        app=read_app(reader, settings),
        scripts=read_scripts(reader, owner, existing_names),
        actions=read_organization_actions(reader, owner, token_names),
    )


def missing_organization(reader: GitHubReader, owner: str) -> Problem:
    user = reader.get(f"/users/{owner}")
    account = "the account of a user" if user else "unknown to GitHub, or hidden from this token"
    return Problem(
        "github:owner",
        f"'{owner}', {account}",
        "an organization: only organizations have teams",
        "pulumi config set github:owner ORGANIZATION",
    )


def declared_logins(settings: Settings) -> Iterable[str]:
    for team in settings.teams:
        yield from team.people
    for repository in settings.repositories:
        yield from repository.reviewers.users


def declared_names(settings: Settings) -> list[str]:
    return [repository.name for repository in settings.repositories]


def is_owner(reader: GitHubReader, owner: str) -> bool:
    membership = reader.get_if_permitted(f"/user/memberships/orgs/{owner}")
    return membership is not None and membership.json()["role"] == "admin"


def logins(items: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the lower-case logins of users; an invitation by email has none."""
    return frozenset(str(item["login"]).lower() for item in items if item.get("login"))


def read_teams(
    reader: GitHubReader, settings: Settings, previous_state: PreviousState
) -> dict[str, TeamOnGitHub]:
    """Return every team of the organization, with the people of those that the stack manages."""
    managed = {
        previous_state.teams[team.role]: team
        for team in settings.teams
        if team.role in previous_state.teams
    }
    teams: dict[str, TeamOnGitHub] = {}
    for item in reader.items(f"/orgs/{settings.owner}/teams"):
        slug = item["slug"]
        teams[slug] = TeamOnGitHub(
            id=item["id"],
            slug=slug,
            secret=item["privacy"] == "secret",
            people=read_people(reader, settings.owner, slug, managed.get(item["id"])),
        )
    return teams


def read_people(
    reader: GitHubReader, owner: str, slug: str, managed: Team | None
) -> frozenset[str]:
    if managed is None or managed.existing:
        return frozenset()
    path = f"/orgs/{owner}/teams/{slug}"
    return logins(reader.items(f"{path}/members")) | logins(reader.items(f"{path}/invitations"))


def read_repositories(reader: GitHubReader, settings: Settings) -> dict[str, RepositoryOnGitHub]:
    """Return every repository of the organization, with the secrets of declared ones."""
    declared = {name.lower() for name in declared_names(settings)}
    repositories: dict[str, RepositoryOnGitHub] = {}
    for item in reader.items(f"/orgs/{settings.owner}/repos"):
        key = item["name"].lower()
        secrets = frozenset[str]()
        if key in declared:
            secrets = read_secrets(reader, settings.owner, item["name"])
        repositories[key] = RepositoryOnGitHub(
            item["id"], item["name"], item["archived"], item["private"], secrets
        )
    return repositories


def read_secrets(reader: GitHubReader, owner: str, name: str) -> frozenset[str]:
    path = f"/repos/{owner}/{name}/actions/secrets"
    return frozenset(item["name"] for item in reader.items(path, "secrets"))


def read_app(reader: GitHubReader, settings: Settings) -> AppOnGitHub | None:
    response = reader.get(f"/apps/{settings.app.slug}") if settings.app else None
    if response is None:
        return None
    document = response.json()
    return AppOnGitHub(document["id"], document["permissions"])


def read_scripts(reader: GitHubReader, owner: str, names: Iterable[str]) -> dict[str, Scripts]:
    """Return the scripts of repositories by lower-case name, 50 in one request.

    Repositories that the token cannot read are left out.
    """
    trees = reader.trees(owner, list(names), f"HEAD:{SCRIPTS_DIRECTORY}")
    return {name.lower(): scripts_in(entries) for name, entries in trees.items()}
