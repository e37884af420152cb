"""GraphQL queries of the tests, and a query for everything that the schema has."""

from typing import Any

import httpx
from graphql import (
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
)

from simulated_github.graphql.schema import SCHEMA
from tests.simulated_github.helpers.api_calls import expect_ok

LARGE_TYPES = ("Organization", "Repository", "Team")
#: Arguments for the fields that require them, by type and field.
_ARGUMENTS = {
    "Organization.repository": 'name: "httpx"',
    "Organization.ruleset": "databaseId: 1",
    "Organization.team": 'slug: "operations"',
    "Repository.environment": 'name: "deploy"',
    "Repository.object": 'expression: "HEAD:"',
    "Repository.ref": 'qualifiedName: "main"',
    "Repository.ruleset": "databaseId: 1",
}


def run_query(client: httpx.Client, query: str, **variables: Any) -> Any:
    """Send a query and return the body of the response, which may have errors."""
    return expect_ok(client.post("/graphql", json={"query": query, "variables": variables}))


def read(client: httpx.Client, query: str, **variables: Any) -> Any:
    """Send a query that must not have errors, and return its data."""
    body = run_query(client, query, **variables)
    assert "errors" not in body, body["errors"]
    return body["data"]


def read_repository(client: httpx.Client, fields: str, name: str = "httpx") -> Any:
    """Return fields of a repository of `encode`."""
    query = f'{{repository(owner: "encode", name: "{name}") {{{fields}}}}}'
    return read(client, query)["repository"]


def read_organization(client: httpx.Client, fields: str) -> Any:
    """Return fields of the organization `encode`."""
    return read(client, f'{{organization(login: "encode") {{{fields}}}}}')["organization"]


def list_errors(body: Any) -> list[tuple[str | None, Any]]:
    """Return the type and the path of each entry in `errors`."""
    return [(error.get("type"), error.get("path")) for error in body.get("errors", ())]


def select_everything(kind: Any, path: tuple[str, ...] = ()) -> str:
    """Return a selection of every field below a type, with pages of ten items.

    `path` names the types above it. Of a large type below another one, and of a type below itself,
    the plain fields alone are selected. An abstract type is selected as each of its types. The
    alias of a field names its type, because fields of two types with the same name conflict.
    """
    named = get_named_type(kind)
    if is_leaf_type(named):
        return ""
    if is_abstract_type(named):
        members = SCHEMA.get_possible_types(named)
        parts = [f"... on {member.name} {select_everything(member, path)}" for member in members]
        return f"{{__typename {' '.join(parts)}}}"
    is_shallow = named.name in path or (path != () and named.name in LARGE_TYPES)
    selections = ["__typename"]
    for name, field in named.fields.items():
        inner = get_named_type(field.type)
        if is_leaf_type(inner) or not is_shallow:
            selection = select_everything(inner, (*path, named.name))
            arguments = _arguments(named.name, name, field)
            selections.append(f"{named.name}_{name}: {name}{arguments} {selection}")
    return f"{{{' '.join(selections)}}}"


def _arguments(kind: str, name: str, field: GraphQLField) -> str:
    key = f"{kind}.{name}"
    if key in _ARGUMENTS:
        return f"({_ARGUMENTS[key]})"
    assert not any(is_required_argument(argument) for argument in field.args.values()), key
    return "(first: 10)" if "first" in field.args else ""


def list_object_types() -> list[GraphQLObjectType]:
    """Return the object types of the schema, without those of introspection."""
    return [
        kind
        for name, kind in SCHEMA.type_map.items()
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
    ]


def find_typenames(value: Any) -> set[str]:
    """Return every `__typename` in the data of a response."""
    if isinstance(value, list):
        return set().union(*(find_typenames(item) for item in value))
    if not isinstance(value, dict):
        return set()
    names = {value["__typename"]} if "__typename" in value else set()
    return names.union(*(find_typenames(item) for item in value.values()))
