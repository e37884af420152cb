"""The organization as GitHub has it now, read in about three requests for each repository.

The whole organization is not read, only its members and teams, and the repositories that the stack
file or the state names.
"""

from collections.abc import Iterator
from dataclasses import replace

from stacks.github_api import UNREADABLE, GitHubReader
from stacks.github_responses import scopes_of
from stacks.organization_actions import OrganizationActions, read_organization_actions
from stacks.previous_state import PreviousState
from stacks.publishing import pypi_token_names
from stacks.settings import Settings
from stacks.settings.problems import GitHubError, Problem
from stacks.snapshot.details import complete_repository
from stacks.snapshot.hidden_rulesets import complete_rulesets
from stacks.snapshot.model import AppOnGitHub, RepositoryOnGitHub, Snapshot
from stacks.snapshot.people import read_members, read_people
from stacks.snapshot.repositories import Repositories, find_repositories
from stacks.snapshot.teams import Grants, read_grants, read_team_nodes, read_teams


def read_organization(
    reader: GitHubReader, settings: Settings, previous_state: PreviousState, *, deep: bool = False
) -> Snapshot:
    """Query GitHub. Raise `GitHubError` when it cannot be read, or the owner is no organization.

    With `deep`, read also what only `scripts/preflight` checks, such as the names of all recorded
    environment secrets: one more request for each repository that has some.
    """
    owner = settings.owner
    organization = reader.get(f"/orgs/{owner}")
    if organization is None:
        raise GitHubError(UNREADABLE, [missing_organization(reader, owner)])
    document = organization.json()
    plan = (document.get("plan") or {}).get("name")
    base_permission = document.get("default_repository_permission")
    members = read_members(reader, owner)
    people = read_people(reader, settings, previous_state, members)
    team_nodes = read_team_nodes(reader, owner)
    token_names = frozenset(
        name for repository in settings.repositories for name in pypi_token_names(repository)
    )
    actions = read_organization_actions(reader, owner, token_names)
    repositories = find_repositories(reader, settings, previous_state)
    ids = {fields.repository.name: number for number, fields in repositories.owned.items()}
    grants = read_grants(reader, owner, team_nodes, ids)
    return Snapshot(
        plan=plan,
        scopes=scopes_of(organization),
        is_owner=None if settings.app else is_owner(reader, owner),
        owners=members.owners,
        unknown_logins=people.unknown,
        teams=read_teams(reader, settings, previous_state, team_nodes),
        repositories={
            repository.name.lower(): with_grants(repository, grants)
            for repository in complete_repositories(
                reader,
                owner,
                repositories,
                actions if deep else None,
                ids_with_secrets(settings, previous_state, deep=deep),
            )
        },
        app=read_app(reader, settings),
        actions=actions,
        redirects=repositories.redirects,
        transferred=repositories.transferred,
        people=people.ids,
        logins=people.logins,
        members=frozenset(members.ids),
        base_permission=base_permission,
        unseen=tuple(unseen_parts(owner, plan, base_permission, actions)),
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


def is_owner(reader: GitHubReader, owner: str) -> bool:
    membership = reader.get_if_permitted(f"/user/memberships/orgs/{owner}")
    return membership is not None and membership.json()["role"] == "admin"


def read_app(reader: GitHubReader, settings: Settings) -> AppOnGitHub | None:
    response = reader.get(f"/apps/{settings.app.slug}") if settings.app else None
    if response is None:
        return None
    document = response.json()
    return AppOnGitHub(document["id"], document["permissions"])


def complete_repositories(
    reader: GitHubReader,
    owner: str,
    repositories: Repositories,
    deep: OrganizationActions | None,
    with_secrets: frozenset[int],
) -> list[RepositoryOnGitHub]:
    """Return the repositories of the organization with everything that GraphQL leaves out.

    `with_secrets` are the ids of repositories of which the secrets of the gate are read.
    """
    owned = complete_rulesets(reader, owner, list(repositories.owned.values()))
    return reader.concurrently(
        lambda fields: complete_repository(
            reader,
            owner,
            fields,
            deep,
            gate_secrets=fields.repository.id in with_secrets,
        ),
        owned,
    )


def ids_with_secrets(
    settings: Settings, previous_state: PreviousState, *, deep: bool
) -> frozenset[int]:
    """Return the repositories of which the names of the gate's secrets are read.

    `up` fails to delete a secret that GitHub no longer has, so it reads them where it deletes one.
    With `deep`, they are read of every repository with a recorded secret.
    """
    declared = {
        name: set(repository.secret_names)
        for repository in settings.repositories
        for name in (repository.name, repository.formerly)
        if name and not repository.archived and not repository.retired and not deep
    }
    return frozenset(
        entry.id
        for key, entry in previous_state.entries.items()
        if entry.id is not None and entry.secret_names - declared.get(key, set())
    )


def with_grants(repository: RepositoryOnGitHub, grants: Grants) -> RepositoryOnGitHub:
    unseen = {"team_permissions"} if repository.id in grants.unseen else set()
    return replace(
        repository,
        team_permissions=grants.permissions.get(repository.id, {}),
        unseen=repository.unseen | unseen,
    )


def unseen_parts(
    owner: str, plan: str | None, base_permission: str | None, actions: OrganizationActions
) -> Iterator[str]:
    """Yield the parts of the organization that the token cannot read.

    Left out are its secrets and the permissions of workflow tokens: `OrganizationActions` has them.
    """
    if plan is None:
        yield f"the plan of {owner}"
    if base_permission is None:
        yield f"the base permission of {owner}"
    if actions.policy is None:
        yield f"the Actions policy of {owner}"
