"""Queries that are too heavy for GitHub: how many repositories one reads, and a partial response.

Faults use this, so that a test can make GitHub refuse a query for many repositories, or leave one
of them out. Source: GitHub's public responses to heavy queries (a 502 in steampipe-plugin-github
issue 351, the partial one in github-profile-3d-contrib issue 163).
"""

import json
from typing import Any

from graphql import DocumentNode, FieldNode, GraphQLError, StringValueNode, VariableNode, parse
from graphql.utilities import get_operation_ast

from simulated_github.graphql.analysis import analyze
from simulated_github.http.responses import Response

#: The body of a 5xx response to a query.
UNAVAILABLE = {
    "data": None,
    "errors": [
        {
            "message": (
                "Something went wrong while executing your query. This may be the result of a "
                "timeout, or it could be a GitHub bug."
            )
        }
    ],
}


def count_repositories(content: bytes) -> int:
    """Return how many repositories the query of a request body reads at most; 0 without one."""
    payload, document = _parse(content)
    if document is None:
        return 0
    return analyze(document, payload.get("operationName"), payload.get("variables")).repositories


def leave_out(content: bytes, response: Response, full_name: str) -> Response:
    """Return the response of a query with null and an error in place of a repository.

    `full_name` is `OWNER/NAME`, as the query names the repository in its field `repository`. A
    response without it is returned as it is.
    """
    payload, document = _parse(content)
    data = response.body.get("data") if isinstance(response.body, dict) else None
    if document is None or not data:
        return response
    operation = get_operation_ast(document, payload.get("operationName"))
    variables = payload.get("variables") or {}
    aliases = [
        field.alias.value if field.alias else field.name.value
        for field in (operation.selection_set.selections if operation else ())
        if isinstance(field, FieldNode)
        and field.name.value == "repository"
        and _full_name(field, variables).lower() == full_name.lower()
    ]
    if not aliases:
        return response
    errors = [*response.body.get("errors", ()), *(_limit_error(alias) for alias in aliases)]
    body = response.body | {"data": data | dict.fromkeys(aliases), "errors": errors}
    return Response(response.status, body, response.headers)


def _parse(content: bytes) -> tuple[dict[str, Any], DocumentNode | None]:
    try:
        payload = json.loads(content)
        return payload, parse(payload["query"])
    except (ValueError, KeyError, TypeError, GraphQLError):
        return {}, None


def _full_name(field: FieldNode, variables: dict[str, Any]) -> str:
    values = {argument.name.value: argument.value for argument in field.arguments or ()}
    texts = []
    for name in ("owner", "name"):
        value = values.get(name)
        if isinstance(value, StringValueNode):
            texts.append(value.value)
        elif isinstance(value, VariableNode):
            texts.append(str(variables.get(value.name.value)))
    return "/".join(texts)


def _limit_error(alias: str) -> dict[str, Any]:
    return {
        "type": "RESOURCE_LIMITS_EXCEEDED",
        "path": [alias],
        "message": "Resource limits for this query exceeded.",
    }
