"""The GraphQL endpoint: its schema, and the execution of a query.

Source: GitHub's public GraphQL schema, of which this is a small part. An object that does not exist
is null, with a `NOT_FOUND` error.
"""

from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from simulated_github.errors import BadRequest
from simulated_github.graphql.resolvers import Query, UnresolvedError
from simulated_github.http.request import Request
from simulated_github.http.responses import Response

PATHS = ("/graphql", "/api/graphql")
SCHEMA = build_schema(
    """
    interface Node { id: ID! }
    type Query {
      user(login: String!): User
      organization(login: String!): Organization
      repository(owner: String!, name: String!, followRenames: Boolean = true): Repository
      viewer: User!
    }
    type User implements Node {
      id: ID! databaseId: Int login: String! name: String email: String! url: String!
    }
    type Organization implements Node {
      id: ID! databaseId: Int login: String! name: String url: String!
      team(slug: String!): Team
    }
    type Team implements Node {
      id: ID! databaseId: Int slug: String! name: String! description: String privacy: String!
    }
    type Ref { name: String! prefix: String! }
    scalar GitObjectID
    interface GitObject { id: ID! oid: GitObjectID! }
    type Commit implements Node & GitObject { id: ID! oid: GitObjectID! message: String! }
    type Blob implements Node & GitObject { id: ID! oid: GitObjectID! byteSize: Int! }
    type Tree implements Node & GitObject { id: ID! oid: GitObjectID! entries: [TreeEntry!] }
    type TreeEntry { name: String! path: String mode: Int! type: String! oid: GitObjectID! }
    type Repository implements Node {
      id: ID! databaseId: Int name: String! nameWithOwner: String! isPrivate: Boolean!
      isArchived: Boolean! url: String! viewerPermission: String defaultBranchRef: Ref
      object(expression: String, oid: GitObjectID): GitObject
    }
    """
)


def respond(request: Request, payload: Any) -> Response:
    """Return the response to a GraphQL request.

    Raise BadCredentials without a token, BadRequest without a query.
    """
    request.require_token()
    query = payload.get("query") if isinstance(payload, dict) else None
    if request.method != "POST" or not isinstance(query, str):
        raise BadRequest("A query attribute must be specified and must be a string.")
    result = _execute(request, payload)
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [_describe(error) for error in result.errors]
    return Response(200, body)


def _execute(request: Request, payload: dict[str, Any]) -> ExecutionResult:
    try:
        document, errors = _parse(payload["query"])
    except GraphQLError as error:
        return ExecutionResult(None, [error])
    if errors:
        return ExecutionResult(None, list(errors))
    return execute_sync(
        SCHEMA,
        document,
        root_value=Query(request),
        variable_values=payload.get("variables"),
        operation_name=payload.get("operationName"),
    )


@lru_cache(maxsize=64)
def _parse(query: str) -> tuple[DocumentNode, tuple[GraphQLError, ...]]:
    """Parse and validate a query; raise GraphQLError for a syntax error.

    Cached, because validation takes longer than execution.
    """
    document = parse(query)
    return document, tuple(validate(SCHEMA, document))


def _describe(error: GraphQLError) -> dict[str, Any]:
    error_type = {"type": "NOT_FOUND"} if isinstance(error.original_error, UnresolvedError) else {}
    return {**error_type, **error.formatted}
