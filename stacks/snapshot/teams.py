"""Teams on GitHub, and what they may do in the repositories of the snapshot."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stacks.github_api import UNREADABLE, GitHubReader
from stacks.github_responses import failed_query
from stacks.previous_state import PreviousState
from stacks.settings import Settings, Team
from stacks.settings.problems import GitHubError
from stacks.snapshot.model import TeamOnGitHub
from stacks.snapshot.queries import REPOSITORIES_IN_ONE_REQUEST, grants_query, teams_query

# Permissions by team id, for one repository.
Permissions = Mapping[int, str]


@dataclass(frozen=True)
class Grants:
    """What teams may do.

    Attributes:
        permissions: The permission of each team by the ids of repository and team.
        unseen: The ids of repositories for which it may be incomplete.
    """

    permissions: Mapping[int, Permissions] = field(default_factory=dict)
    unseen: frozenset[int] = frozenset()


def read_team_nodes(reader: GitHubReader, owner: str) -> list[dict[str, Any]]:
    """Return every team that the token sees as the fragment `team`, 100 in one request.

    Raise `GitHubError` when the token cannot read teams: without them, nothing can be decided.
    """
    nodes: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        result = reader.query(teams_query(owner, cursor))
        organization = result.data.get("organization")
        if organization is None:
            raise GitHubError(UNREADABLE, [failed_query(result.errors)])
        teams = organization["teams"]
        nodes += [node for node in teams["nodes"] or () if node]
        if not teams["pageInfo"]["hasNextPage"]:
            return nodes
        cursor = teams["pageInfo"]["endCursor"]


def read_teams(
    reader: GitHubReader,
    settings: Settings,
    previous_state: PreviousState,
    nodes: Iterable[Mapping[str, Any]],
) -> dict[str, TeamOnGitHub]:
    """Return the teams by slug, with the people of those that the stack manages."""
    managed = {
        previous_state.teams[team.role]: team
        for team in settings.teams
        if team.role in previous_state.teams
    }
    return {
        node["slug"]: TeamOnGitHub(
            id=node["databaseId"],
            slug=node["slug"],
            secret=node["privacy"] == "SECRET",
            people=read_team_people(
                reader, settings.owner, node["slug"], managed.get(node["databaseId"])
            ),
        )
        for node in nodes
    }


def read_team_people(
    reader: GitHubReader, owner: str, slug: str, managed: Team | None
) -> frozenset[str]:
    if managed is None or managed.existing:
        return frozenset()
    path = f"/orgs/{owner}/teams/{slug}"
    return logins(reader.items(f"{path}/members")) | logins(reader.items(f"{path}/invitations"))


def logins(items: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the lower-case logins of users; an invitation by email has none."""
    return frozenset(str(item["login"]).lower() for item in items if item.get("login"))


def read_grants(
    reader: GitHubReader,
    owner: str,
    nodes: Sequence[Mapping[str, Any]],
    repositories: Mapping[str, int],
) -> Grants:
    """Return what the teams may do in the given repositories, which have their ids by name.

    A team with more than a hundred repositories is looked up by the names of the given ones, 25 in
    one request: its list may be as long as that of the organization.
    """
    permissions: dict[int, dict[int, str]] = defaultdict(dict)
    repository_ids = frozenset(repositories.values())
    large: list[str] = []
    for node in nodes:
        add_grants(permissions, node["databaseId"], node["repositories"], repository_ids)
        if node["repositories"]["pageInfo"]["hasNextPage"]:
            large.append(node["slug"])
    if not large:
        return Grants(permissions)
    ids = {node["slug"]: node["databaseId"] for node in nodes}
    unseen: set[int] = set()
    for slug, name, connection in look_up_grants(reader, owner, large, sorted(repositories)):
        add_grants(permissions, ids[slug], connection, repository_ids)
        is_cut_off = connection is None or connection["pageInfo"]["hasNextPage"]
        if is_cut_off and ids[slug] not in permissions[repositories[name]]:
            unseen.add(repositories[name])
    return Grants(permissions, frozenset(unseen))


def look_up_grants(
    reader: GitHubReader, owner: str, slugs: Sequence[str], names: Sequence[str]
) -> Iterator[tuple[str, str, Mapping[str, Any] | None]]:
    """Yield the grants of each team in the repositories whose names contain each name."""
    for batch, result in reader.query_in_batches(
        names, REPOSITORIES_IN_ONE_REQUEST, lambda batch: grants_query(owner, slugs, batch)
    ):
        organization = result.data.get("organization") or {}
        for position, slug in enumerate(slugs):
            team = organization.get(f"t{position}") or {}
            for index, name in enumerate(batch):
                yield slug, name, team.get(f"n{index}")


def add_grants(
    permissions: dict[int, dict[int, str]],
    team_id: int,
    connection: Mapping[str, Any] | None,
    repository_ids: frozenset[int],
) -> None:
    """Add the grants of one team in the given repositories."""
    for edge in (connection or {}).get("edges") or ():
        if edge and edge["node"]["databaseId"] in repository_ids:
            permissions[edge["node"]["databaseId"]][team_id] = edge["permission"].lower()
