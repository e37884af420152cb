"""Tests of organizations and teams in GraphQL responses."""

import httpx
import pytest

from simulated_github import World, create_app
from simulated_github.world.world_file import parse
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    create_team,
    expect_ok,
    grant_access,
)
from tests.simulated_github.helpers.checked_transport import connect
from tests.simulated_github.helpers.graphql_calls import (
    list_errors,
    read,
    read_organization,
    run_query,
)

TEAMS = "/orgs/encode/teams"
MEMBERS = "edges {role node {login}}"


def create_child_team(owner: httpx.Client, parent: int) -> None:
    body = {"name": "Releases", "privacy": "closed", "parent_team_id": parent}
    expect_ok(owner.post(TEAMS, json=body))
    expect_ok(owner.delete(f"{TEAMS}/releases/memberships/owner-1"))
    expect_ok(owner.put(f"{TEAMS}/releases/memberships/maintainer-2", json={"role": "maintainer"}))


def test_members_have_their_role(owner: httpx.Client, world: World) -> None:
    [organization] = world.organizations.values()

    members = read_organization(owner, f"membersWithRole(first: 100) {{totalCount {MEMBERS}}}")[
        "membersWithRole"
    ]

    assert members["totalCount"] == len(organization.members)
    roles = {edge["node"]["login"]: edge["role"] for edge in members["edges"]}
    assert roles["owner-1"] == "ADMIN"
    assert roles["maintainer-1"] == "MEMBER"


def test_members_are_concealed_from_others(person: Person) -> None:
    members = read_organization(
        person("outsider-1"), f"viewerIsAMember membersWithRole(first: 5) {{totalCount {MEMBERS}}}"
    )

    assert members == {"viewerIsAMember": False, "membersWithRole": {"totalCount": 0, "edges": []}}


def test_a_team_has_its_members_and_those_of_child_teams(owner: httpx.Client) -> None:
    team = create_team(owner, "Operations", ["maintainer-1", "owner-1"])
    create_child_team(owner, team["id"])

    response = read_organization(
        owner,
        'team(slug: "operations") {databaseId name slug privacy parentTeam {slug} '
        f"all: members(first: 5) {{totalCount {MEMBERS}}} "
        f"own: members(first: 5, membership: IMMEDIATE) {{{MEMBERS}}} "
        f"child: members(first: 5, membership: CHILD_TEAM) {{{MEMBERS}}} "
        f"maintainers: members(first: 5, role: MAINTAINER) {{nodes {{login}}}} "
        "childTeams(first: 5) {nodes {slug parentTeam {databaseId slug}}}}",
    )["team"]

    def list_members(name: str) -> list[tuple[str, str]]:
        return [(edge["node"]["login"], edge["role"]) for edge in response[name]["edges"]]

    own = [("maintainer-1", "MEMBER"), ("owner-1", "MAINTAINER")]
    assert response["databaseId"] == team["id"]
    assert (response["name"], response["privacy"]) == ("Operations", "VISIBLE")
    assert response["parentTeam"] is None
    assert list_members("all") == [*own, ("maintainer-2", "MEMBER")]
    assert list_members("own") == own
    assert list_members("child") == [("maintainer-2", "MEMBER")]
    assert response["maintainers"] == {"nodes": [{"login": "owner-1"}]}
    assert response["childTeams"]["nodes"] == [
        {"slug": "releases", "parentTeam": {"databaseId": team["id"], "slug": "operations"}}
    ]


def test_a_child_team_inherits_repositories(owner: httpx.Client) -> None:
    team = create_team(owner, "Operations")
    create_child_team(owner, team["id"])
    grant_access(owner, "operations", "push")
    grant_access(owner, "releases", "admin", "httpcore")

    response = read_organization(
        owner,
        'team(slug: "releases") {repositories(first: 5) {totalCount pageInfo {hasNextPage} '
        "edges {permission node {databaseId name nameWithOwner}}}}",
    )["team"]["repositories"]

    assert response["totalCount"] == 2
    assert [(edge["node"]["nameWithOwner"], edge["permission"]) for edge in response["edges"]] == [
        ("encode/httpcore", "ADMIN"),
        ("encode/httpx", "WRITE"),
    ]


def test_filter_teams(owner: httpx.Client) -> None:
    team = create_team(owner, "Operations", ["maintainer-1"])
    create_child_team(owner, team["id"])
    create_team(owner, "hidden", privacy="secret")

    response = read_organization(
        owner,
        'a: teams(first: 5, query: "rel") {nodes {slug}} '
        "b: teams(first: 5, privacy: SECRET) {nodes {slug}} "
        "c: teams(first: 5, rootTeamsOnly: true) {nodes {slug}} "
        'd: teams(first: 5, userLogins: ["maintainer-1"]) {nodes {slug}}',
    )

    assert {
        alias: [team["slug"] for team in teams["nodes"]] for alias, teams in response.items()
    } == {"a": ["releases"], "b": ["hidden"], "c": ["operations", "hidden"], "d": ["operations"]}


def test_a_member_sees_visible_teams_only(owner: httpx.Client, person: Person) -> None:
    create_team(owner, "operations")
    create_team(owner, "hidden", privacy="secret")
    fields = "teams(first: 5) {totalCount nodes {slug}}"

    assert read_organization(person("maintainer-1"), fields)["teams"] == {
        "totalCount": 1,
        "nodes": [{"slug": "operations"}],
    }
    assert read_organization(person("outsider-1"), fields)["teams"]["totalCount"] == 0


def test_invitations_of_a_team(owner: httpx.Client, person: Person) -> None:
    create_team(owner, "operations", ["maintainer-1"])
    expect_ok(owner.put(f"{TEAMS}/operations/memberships/outsider-1"))
    fields = (
        'team(slug: "operations") {members(first: 5) {totalCount} '
        "invitations(first: 5) {nodes {role invitee {login}}}}"
    )

    assert read_organization(owner, fields)["team"] == {
        "members": {"totalCount": 1},
        "invitations": {"nodes": [{"role": "DIRECT_MEMBER", "invitee": {"login": "outsider-1"}}]},
    }
    assert read_organization(person("maintainer-1"), fields)["team"]["invitations"] is None


def test_repositories_of_an_organization(owner: httpx.Client, person: Person) -> None:
    expect_ok(owner.patch(HTTPX, json={"private": True}))
    expect_ok(owner.patch("/repos/encode/httpcore", json={"archived": True}))
    fields = (
        "all: repositories(first: 100, orderBy: {field: NAME, direction: DESC}) {nodes {name}} "
        "private: repositories(first: 5, privacy: PRIVATE) {nodes {name}} "
        "archived: repositories(first: 5, isArchived: true) {nodes {name}} "
        "forks: repositories(first: 5, isFork: true) {totalCount}"
    )

    seen = read_organization(owner, fields)
    names = [repository["name"] for repository in seen["all"]["nodes"]]
    assert names == sorted(names, reverse=True)
    assert seen["private"] == {"nodes": [{"name": "httpx"}]}
    assert seen["archived"] == {"nodes": [{"name": "httpcore"}]}
    assert seen["forks"] == {"totalCount": 0}
    hidden = read_organization(person("outsider-1"), fields)
    assert len(hidden["all"]["nodes"]) == len(names) - 1
    assert hidden["private"] == {"nodes": []}


def test_an_app_without_the_permission_gets_the_rest() -> None:
    document = {
        "users": ["owner-1"],
        "organizations": {"encode": {"owners": ["owner-1"], "repositories": {"httpx": {}}}},
        "apps": {
            "blind": {"installed-in": "encode", "permissions": {"contents": "read"}},
            "seeing": {"installed-in": "encode", "permissions": {"members": "read"}},
        },
    }
    application = create_app(parse(document))
    query = (
        '{organization(login: "encode") {login membersWithRole(first: 5) '
        '{totalCount nodes {login}} teams(first: 5) {nodes {slug}} team(slug: "x") {slug} '
        "repositories(first: 5) {nodes {name}}}}"
    )

    blind = run_query(connect(application, {"authorization": "Bearer token-blind"}), query)
    seeing = read(connect(application, {"authorization": "Bearer token-seeing"}), query)

    repositories = {"nodes": [{"name": "httpx"}]}
    assert blind["data"]["organization"] == {
        "login": "encode",
        "membersWithRole": {"totalCount": 0, "nodes": None},
        "teams": {"nodes": None},
        "team": None,
        "repositories": repositories,
    }
    assert [kind for kind, _path in list_errors(blind)] == ["FORBIDDEN"] * 3
    assert {error["message"] for error in blind["errors"]} == {
        "Resource not accessible by integration"
    }
    assert seeing["organization"]["membersWithRole"]["totalCount"] == 1


def test_objects_by_global_id(owner: httpx.Client, person: Person) -> None:
    team = create_team(owner, "hidden", privacy="secret")
    repository = expect_ok(owner.get(HTTPX))
    ids = [team["node_id"], repository["node_id"], repository["owner"]["node_id"], "bm90aGluZw=="]
    query = (
        "query($ids: [ID!]!) {nodes(ids: $ids) {__typename ... on Team {slug} "
        "... on Repository {name} ... on Organization {login}}}"
    )

    body = run_query(owner, query, ids=ids)

    assert body["data"]["nodes"] == [
        {"__typename": "Team", "slug": "hidden"},
        {"__typename": "Repository", "name": "httpx"},
        {"__typename": "Organization", "login": "encode"},
        None,
    ]
    assert list_errors(body) == [("NOT_FOUND", ["nodes", 3])]
    assert run_query(person("outsider-1"), query, ids=ids)["data"]["nodes"][0] is None
    single = f'{{node(id: "{repository["node_id"]}") {{id}}}}'
    assert read(owner, single) == {"node": {"id": repository["node_id"]}}


@pytest.mark.parametrize("count", [100, 101])
def test_at_most_a_hundred_ids(owner: httpx.Client, count: int) -> None:
    query = "query($ids: [ID!]!) {nodes(ids: $ids) {id}}"

    errors = list_errors(run_query(owner, query, ids=["x"] * count))

    expected = [("ARGUMENT_LIMIT", ["nodes"])] if count > 100 else [("NOT_FOUND", ["nodes", 0])]
    assert errors[:1] == expected
