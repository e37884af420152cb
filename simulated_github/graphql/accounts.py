"""Users, Apps and organizations in GraphQL responses."""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from simulated_github.graphql import rulesets
from simulated_github.graphql.connections import connect, refuse_items
from simulated_github.graphql.nodes import FieldError, Info, Node, require_permission
from simulated_github.graphql.repositories import find_repository
from simulated_github.graphql.teams import team_node, visible_teams
from simulated_github.http.request import Request
from simulated_github.records.accounts import App, Organization, User
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.shapes.links import Json
from simulated_github.world.ids import node_id

_ORDERS: dict[str, Callable[[Repository], Any]] = {
    "CREATED_AT": attrgetter("created_at", "id"),
    "NAME": lambda repository: repository.name.lower(),
    "PUSHED_AT": attrgetter("updated_at", "id"),
    "STARGAZERS": attrgetter("id"),
    "UPDATED_AT": attrgetter("updated_at", "id"),
}


def user(request: Request, record: User) -> Json:
    """Return the fields of a user."""
    return {
        "id": node_id("User", record.id),
        "databaseId": record.id,
        "login": record.login,
        "name": record.name,
        "email": record.email or "",
        "url": request.links.html(record.login),
    }


def app(request: Request, record: App) -> Json:
    """Return the fields of an App."""
    return {
        "id": node_id("App", record.id),
        "databaseId": record.id,
        "name": record.name,
        "slug": record.slug,
        "url": request.links.html("apps", record.slug),
    }


def organization(request: Request, record: Organization) -> Json:
    """Return the fields of an organization."""
    token = request.require_token()
    return {
        "id": node_id("Organization", record.id),
        "databaseId": record.id,
        "login": record.login,
        "name": record.name or record.login,
        "url": request.links.html(record.login),
        "viewerCanAdminister": token.installation is None and record.is_owner(token.user.id),
        "viewerIsAMember": token.installation is None and token.user.id in record.members,
        "membersWithRole": lambda info, **paging: _members(info, request, record, paging),
        "repositories": _repositories(request, record),
        "repository": lambda _info, name, follow_renames: find_repository(
            request, record.login, name, follow_renames
        ),
        "ruleset": lambda _info, database_id, **_arguments: rulesets.find_in_organization(
            request, record, database_id
        ),
        "rulesets": lambda info, **arguments: rulesets.list_in_organization(
            info, request, record, arguments
        ),
        "team": lambda _info, slug: _find_team(request, record, slug),
        "teams": _teams(request, record),
    }


def _members(info: Info, request: Request, record: Organization, paging: Any) -> Json:
    """Return the members; without the right to see them, none, because all are concealed."""
    members = record.members if _may_list_members(request, record) else {}
    fields = connect(
        info,
        [request.world.users[user_id] for user_id in members],
        paging,
        lambda member: Node("User", member),
        lambda member: {"role": members[member.id].upper()},
    )
    return _require_members_permission(request, record, fields)


def _may_list_members(request: Request, record: Organization) -> bool:
    token = request.require_token()
    if token.installation is not None:
        return token.installation.organization_login == record.login
    return token.user.id in record.members


def _require_members_permission(request: Request, record: Organization, fields: Json) -> Json:
    """Return a connection's fields, without its items for an App that lacks the permission."""
    installation = request.installation
    if installation is None or installation.organization_login != record.login:
        return fields
    try:
        require_permission(request, "members:read")
    except FieldError as error:
        return refuse_items(fields, error)
    return fields


def _find_team(request: Request, record: Organization, slug: str) -> Node | None:
    """Return the team with a slug, or None when the token may not see one."""
    require_permission(request, "members:read")
    team = record.team(slug)
    if team is None or not request.may_see(record, team):
        return None
    return team_node(record, team)


def _teams(request: Request, record: Organization) -> Any:
    def resolve(
        info: Info,
        query: str | None = None,
        privacy: str | None = None,
        root_teams_only: bool = False,
        user_logins: Sequence[str] | None = None,
        **paging: Any,
    ) -> Json:
        teams = visible_teams(request, record, query, privacy, root_teams_only, user_logins)
        fields = connect(info, teams, paging, lambda team: team_node(record, team))
        return _require_members_permission(request, record, fields)

    return resolve


def _repositories(request: Request, record: Organization) -> Any:
    def resolve(
        info: Info,
        is_archived: bool | None = None,
        is_fork: bool | None = None,
        order_by: dict[str, str] | None = None,
        privacy: str | None = None,
        visibility: str | None = None,
        **paging: Any,
    ) -> Json:
        selected = [
            repository
            for repository in request.world.repositories.values()
            if repository.owner is record
            and request.role_on(repository) > Role.NONE
            and is_archived in (None, repository.archived)
            and not is_fork
            and privacy in (None, "PRIVATE" if repository.private else "PUBLIC")
            and visibility in (None, repository.visibility.upper())
        ]
        return connect(
            info,
            _sort(selected, order_by),
            paging,
            lambda repository: Node("Repository", repository),
        )

    return resolve


def _sort(repositories: list[Repository], order: dict[str, str] | None) -> Iterable[Repository]:
    """Sort repositories as the query requests, by default as they were created (Assumption)."""
    if order is None:
        return repositories
    return sorted(repositories, key=_ORDERS[order["field"]], reverse=order["direction"] == "DESC")
