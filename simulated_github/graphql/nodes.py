"""Objects of a GraphQL response, whose fields are read when a query names them.

A shape turns the records behind an object into its fields. A field that is a function is called
with the arguments of the query, so that a list that no query names costs nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLResolveInfo

from simulated_github.http.request import Request
from simulated_github.http.requirements import NOT_FOR_INTEGRATIONS
from simulated_github.rules import access
from simulated_github.shapes.links import Json

Info = GraphQLResolveInfo[Any]
Shape = Callable[..., Json]


class FieldError(Exception):
    """A field without a value: null, with an entry in `errors`.

    `kind` is the entry's `type`, such as `NOT_FOUND` or `FORBIDDEN`.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Context:
    """What every field of a query shares: the request, the shape of each type, and the rate."""

    request: Request
    shapes: Mapping[str, Shape]
    rate: Json


class Node:
    """An object of a GraphQL type; `values` are the records that the type's shape reads."""

    __slots__ = ("_fields", "_values", "type_name")

    def __init__(self, type_name: str, *values: Any) -> None:
        self.type_name = type_name
        self._values = values
        self._fields: Json | None = None

    def read(self, context: Context) -> Json:
        """Return the fields of the object."""
        if self._fields is None:
            self._fields = context.shapes[self.type_name](context.request, *self._values)
        return self._fields


def resolve_field(source: Node | Json, info: Info, **arguments: Any) -> Any:
    """Return the value of a field."""
    fields = source.read(info.context) if isinstance(source, Node) else source
    value = fields[info.field_name]
    return value(info, **arguments) if callable(value) else value


def resolve_type(value: Node, _info: Info, _abstract_type: Any) -> str:
    """Return the type of an object behind an interface or a union."""
    return value.type_name


def require_permission(request: Request, permission: str) -> None:
    """Raise FieldError when an App lacks a permission such as `contents:read`."""
    installation = request.installation
    if installation is not None and not access.has_permission(installation, permission):
        raise FieldError("FORBIDDEN", NOT_FOR_INTEGRATIONS)
