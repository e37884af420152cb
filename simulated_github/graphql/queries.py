"""The few GraphQL queries that are served: users, organizations, teams and repositories by name, and what is in their trees.

Source: GitHub's public GraphQL schema, of which this is a small part; what is not there is null with a ``NOT_FOUND`` error.
"""

from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLResolveInfo,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from simulated_github.errors import APIError, BadRequest
from simulated_github.graphql.objects import git_object
from simulated_github.http.request import Request
from simulated_github.http.responses import Response
from simulated_github.world.ids import node_id

_SCHEMA = build_schema(
    """
    interface Node { id: ID! }
    type Query {
      user(login: String!): User
      organization(login: String!): Organization
      repository(owner: String!, name: String!, followRenames: Boolean = true): Repository
      viewer: User!
    }
    type User implements Node { id: ID! databaseId: Int login: String! name: String email: String! url: String! }
    type Organization implements Node {
      id: ID! databaseId: Int login: String! name: String url: String!
      team(slug: String!): Team
    }
    type Team implements Node { id: ID! databaseId: Int slug: String! name: String! description: String privacy: String! }
    type Ref { name: String! prefix: String! }
    scalar GitObjectID
    interface GitObject { id: ID! oid: GitObjectID! }
    type Commit implements Node & GitObject { id: ID! oid: GitObjectID! message: String! }
    type Blob implements Node & GitObject { id: ID! oid: GitObjectID! byteSize: Int! }
    type Tree implements Node & GitObject { id: ID! oid: GitObjectID! entries: [TreeEntry!] }
    type TreeEntry { name: String! path: String mode: Int! type: String! oid: GitObjectID! }
    type Repository implements Node {
      id: ID! databaseId: Int name: String! nameWithOwner: String! isPrivate: Boolean! isArchived: Boolean!
      url: String! viewerPermission: String defaultBranchRef: Ref object(expression: String, oid: GitObjectID): GitObject
    }
    """
)


class _MissingError(Exception):
    """Something that is not there."""


def answer(request: Request, payload: Any) -> Response:
    """The answer to a GraphQL request; 401 without a token, 400 without a query."""
    _ = request.user
    if (
        request.method != "POST"
        or not isinstance(payload, dict)
        or not isinstance(payload.get("query"), str)
    ):
        raise BadRequest("A query attribute must be specified and must be a string.")
    result = _execute(request, payload)
    answered: dict[str, Any] = {"data": result.data}
    if result.errors:
        answered["errors"] = [_error(error) for error in result.errors]
    return Response(200, answered)


def _execute(request: Request, payload: dict[str, Any]) -> ExecutionResult:
    try:
        document, errors = _read(payload["query"])
    except GraphQLError as error:
        return ExecutionResult(None, [error])
    if errors:
        return ExecutionResult(None, list(errors))
    return execute_sync(
        _SCHEMA,
        document,
        root_value=_Root(request),
        variable_values=payload.get("variables"),
        operation_name=payload.get("operationName"),
    )


@lru_cache(maxsize=64)
def _read(query: str) -> tuple[DocumentNode, tuple[GraphQLError, ...]]:
    """A query and what is wrong with it: to find that out takes longer than to answer. GraphQLError where it is none."""
    document = parse(query)
    return document, tuple(validate(_SCHEMA, document))


def _error(error: GraphQLError) -> dict[str, Any]:
    missing = {"type": "NOT_FOUND"} if isinstance(error.original_error, _MissingError) else {}
    return {**missing, **error.formatted}


class _Root:
    """The fields of ``Query``, resolved for one request."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def viewer(self, _info: GraphQLResolveInfo[Any]) -> dict[str, Any]:
        """Whoever asks."""
        return self._user(self._request.user.login)

    def user(self, _info: GraphQLResolveInfo[Any], login: str) -> dict[str, Any]:
        """A user by login."""
        return self._user(login)

    def _user(self, login: str) -> dict[str, Any]:
        found = self._request.world.user(login)
        if found is None:
            raise _MissingError(f"Could not resolve to a User with the login of '{login}'.")
        return _node("User", found.id) | {
            "login": found.login,
            "name": found.name,
            "email": found.email or "",
            "url": self._request.links.html(found.login),
        }

    def organization(self, _info: GraphQLResolveInfo[Any], login: str) -> dict[str, Any]:
        """An organization by login."""
        found = self._request.world.organization(login)
        if found is None:
            raise _MissingError(
                f"Could not resolve to an Organization with the login of '{login}'."
            )
        url = self._request.links.html(found.login)
        shown = {
            "login": found.login,
            "name": found.name or found.login,
            "url": url,
            "team": self._team(login),
        }
        return _node("Organization", found.id) | shown

    def _team(self, login: str) -> Any:
        def resolve(_info: GraphQLResolveInfo[Any], slug: str) -> dict[str, Any] | None:
            request = self._request
            inner = Request(request.world, "GET", "", {}, {}, request.links, request.token)
            inner.params = {"org": login, "team_slug": slug}
            try:
                team = inner.team
            except APIError:
                return None
            shown = {"slug": team.slug, "name": team.name, "description": team.description}
            privacy = "VISIBLE" if team.privacy == "closed" else "SECRET"
            return _node("Team", team.id) | shown | {"privacy": privacy}

        return resolve

    def repository(
        self,
        _info: GraphQLResolveInfo[Any],
        owner: str,
        name: str,
        followRenames: bool,  # noqa: N803  GitHub's spelling
    ) -> dict[str, Any]:
        """A repository by name, or by a former one."""
        request = self._request
        found = (
            request.world.repository(owner, name)
            or (followRenames and request.world.moved(owner, name))
            or None
        )
        if found is None or not request.role_on(found):
            raise _MissingError(
                f"Could not resolve to a Repository with the name '{owner}/{name}'."
            )
        branch = (
            {"name": found.default_branch, "prefix": "refs/heads/"}
            if found.default_ref in found.git.refs
            else None
        )
        return _node("Repository", found.id) | {
            "name": found.name,
            "nameWithOwner": found.full_name,
            "isPrivate": found.private,
            "isArchived": found.archived,
            "url": request.links.html(found.owner.login, found.name),
            "viewerPermission": request.role_on(found).name,
            "defaultBranchRef": branch,
            "object": lambda _info, expression=None, oid=None: git_object(
                found, expression or oid or ""
            ),
        }


def _node(kind: str, number: int) -> dict[str, Any]:
    return {"id": node_id(kind, number), "databaseId": number}
