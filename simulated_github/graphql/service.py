"""The GraphQL endpoint: the execution of a query, and the entries in `errors`.

Source: GitHub's public GraphQL schema, of which `schema.graphql` is a small part. A field that the
token may not see is null, with an entry that has a `type` and a `path`; the other data stays.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    execute_sync,
    parse,
    validate,
)

from simulated_github.errors import BadRequest
from simulated_github.graphql.analysis import Analysis, analyze
from simulated_github.graphql.nodes import (
    Context,
    FieldError,
    Node,
    resolve_field,
    resolve_type,
)
from simulated_github.graphql.query import SHAPES
from simulated_github.graphql.schema import SCHEMA
from simulated_github.http.request import Request
from simulated_github.http.responses import Response

PATHS = ("/graphql", "/api/graphql")


def respond(request: Request, payload: Any) -> Response:
    """Return the response to a GraphQL request.

    Raise BadCredentials without a token, BadRequest without a query.
    """
    token = request.require_token()
    query = payload.get("query") if isinstance(payload, dict) else None
    if request.method != "POST" or not isinstance(query, str):
        raise BadRequest("A query attribute must be specified and must be a string.")
    try:
        document, errors = _parse(query)
    except GraphQLError as error:
        return Response(200, {"data": None, "errors": [_describe(error)]})
    if errors:
        return Response(200, {"data": None, "errors": [_describe(error) for error in errors]})
    analysis = analyze(document, payload.get("operationName"), payload.get("variables"))
    refusals = analysis.refusals(token)
    if refusals:
        return Response(200, {"errors": [_describe(error) for error in refusals]})
    result = _execute(request, document, payload, _rate(request, analysis))
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [_describe(error) for error in result.errors]
    return Response(200, body)


def _execute(
    request: Request, document: DocumentNode, payload: dict[str, Any], rate: dict[str, Any]
) -> ExecutionResult:
    return execute_sync(
        SCHEMA,
        document,
        root_value=Node("Query"),
        context_value=Context(request, SHAPES, rate),
        variable_values=payload.get("variables"),
        operation_name=payload.get("operationName"),
        field_resolver=resolve_field,
        type_resolver=resolve_type,
    )


def _rate(request: Request, analysis: Analysis) -> dict[str, Any]:
    """Return the fields of `rateLimit`; here REST and GraphQL share one limit."""
    rate = request.limits.rate(request.login)
    reset_at = datetime.fromtimestamp(rate.pop("reset"), UTC)
    return rate | {
        "cost": analysis.cost,
        "nodeCount": analysis.nodes,
        "resetAt": reset_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


@lru_cache(maxsize=64)
def _parse(query: str) -> tuple[DocumentNode, tuple[GraphQLError, ...]]:
    """Parse and validate a query; raise GraphQLError for a syntax error.

    Cached, because validation takes longer than execution.
    """
    document = parse(query)
    return document, tuple(validate(SCHEMA, document))


def _describe(error: GraphQLError) -> dict[str, Any]:
    cause = error.original_error
    error_type = {"type": cause.kind} if isinstance(cause, FieldError) else {}
    return {**error_type, **error.formatted}
