"""Pages of a long list, as GraphQL connections.

Sources: GitHub's docs, "Using pagination in the GraphQL API" and "Rate limits and query limits for
the GraphQL API" (`first` or `last`, between 1 and 100, for the items of every connection), and
GitHub's public responses (the entries in `errors`; a query for `totalCount` alone needs neither).
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from graphql import FieldNode, FragmentSpreadNode, SelectionSetNode

from simulated_github.graphql.nodes import FieldError, Info
from simulated_github.shapes.links import Json

MOST_ITEMS = 100
_PAGED_FIELDS = frozenset({"edges", "nodes", "pageInfo"})
_CURSOR = "cursor:"

Item = TypeVar("Item")


def connect(
    info: Info,
    items: Iterable[Item],
    arguments: Mapping[str, Any],
    node: Callable[[Item], Any],
    edge: Callable[[Item], Json] | None = None,
) -> Json:
    """Return the requested page of a list as a connection.

    `node` turns an item into an object, `edge` into the further fields of its edge. Raise
    FieldError for a page that GitHub refuses.
    """
    everything = list(items)
    if _selects_page(info):
        start, end = _find_page(info.field_name, arguments, len(everything))
    else:
        start, end = 0, 0
    page = everything[start:end]

    def edges(_info: Info) -> list[Json]:
        return [
            {"cursor": _cursor(number), "node": node(item), **(edge(item) if edge else {})}
            for number, item in enumerate(page, start + 1)
        ]

    return {
        "totalCount": len(everything),
        "nodes": lambda _info: [node(item) for item in page],
        "edges": edges,
        "pageInfo": {
            "hasNextPage": end < len(everything),
            "hasPreviousPage": start > 0,
            "startCursor": _cursor(start + 1) if page else None,
            "endCursor": _cursor(end) if page else None,
        },
    }


def connection(
    items: Callable[[], Iterable[Item]],
    node: Callable[[Item], Any],
    edge: Callable[[Item], Json] | None = None,
) -> Callable[..., Json]:
    """Return a field that is a connection without further arguments."""
    return lambda info, **arguments: connect(info, items(), arguments, node, edge)


def refuse_items(fields: Json, refusal: FieldError) -> Json:
    """Return the fields of a connection that cannot be null, without its items.

    Assumption: `edges` and `nodes` are null, with an entry in `errors`, and `totalCount` is 0.
    """

    def refuse(_info: Info) -> None:
        raise refusal

    return fields | {"edges": refuse, "nodes": refuse, "totalCount": 0}


def _find_page(name: str, arguments: Mapping[str, Any], total: int) -> tuple[int, int]:
    """Return where the page begins and ends in a list of `total` items."""
    first = arguments.get("first")
    last = arguments.get("last")
    if first is None and last is None:
        raise FieldError(
            "MISSING_PAGINATION_BOUNDARIES",
            f"You must provide a `first` or `last` value to properly paginate the `{name}` "
            "connection.",
        )
    for argument, size in (("first", first), ("last", last)):
        if size is not None:
            _check_size(name, argument, size)
    start = _read_cursor(arguments.get("after"), 0)
    end = _read_cursor(arguments.get("before"), total + 1) - 1
    end = max(start, min(end, total))
    if first is not None:
        end = min(end, start + first)
    if last is not None:
        start = max(start, end - last)
    return start, end


def _check_size(name: str, argument: str, size: int) -> None:
    """Raise FieldError for a page outside GitHub's limits; Assumption: the entry below 1."""
    if size > MOST_ITEMS:
        raise FieldError(
            "EXCESSIVE_PAGINATION",
            f"Requesting {size} records on the `{name}` connection exceeds the `{argument}` limit "
            f"of {MOST_ITEMS} records.",
        )
    if size < 1:
        raise FieldError(
            "ARGUMENT_LIMIT",
            f"`{argument}` on the `{name}` connection must be within 1-{MOST_ITEMS}.",
        )


def _cursor(number: int) -> str:
    """Return the opaque cursor of an item; Assumption: it holds the item's position."""
    return base64.b64encode(f"{_CURSOR}{number}".encode()).decode()


def _read_cursor(cursor: str | None, default: int) -> int:
    if cursor is None:
        return default
    try:
        text = base64.b64decode(cursor, validate=True).decode()
        return int(text.removeprefix(_CURSOR))
    except (binascii.Error, UnicodeDecodeError, ValueError):
        message = f"`{cursor}` does not appear to be a valid cursor."
        raise FieldError("INVALID_CURSOR_ARGUMENTS", message) from None


def _selects_page(info: Info) -> bool:
    """Return whether the query names a field of the connection that depends on the page."""
    return any(
        field_node.selection_set is not None and _names_page(info, field_node.selection_set)
        for field_node in info.field_nodes
    )


def _names_page(info: Info, selections: SelectionSetNode) -> bool:
    for selection in selections.selections:
        if isinstance(selection, FieldNode):
            if selection.name.value in _PAGED_FIELDS:
                return True
        elif isinstance(selection, FragmentSpreadNode):
            if _names_page(info, info.fragments[selection.name.value].selection_set):
                return True
        elif _names_page(info, selection.selection_set):  # type: ignore[attr-defined]
            return True
    return False
