"""Responses of handlers, and the pages of a long list.

Source: GitHub's docs, "Using pagination in the REST API" (`Link` with next, prev, first and last;
30 items a page by default, at most 100).
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from simulated_github.http.request import Request

Shape = Callable[[Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Response:
    """Status, headers, and a body that is bytes, a value to send as JSON, or None for no body."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


def ok(body: Any) -> Response:
    """Return a 200 with a body."""
    return Response(200, body)


def created(body: Any) -> Response:
    """Return a 201 with a body; its `url`, if any, is the `Location`."""
    location = body.get("url") if isinstance(body, dict) else None
    return Response(201, body, {"location": location} if location else {})


def no_content() -> Response:
    """Return a 204, for a write or a check whose response has no body."""
    return Response(204)


def page(request: Request, items: Iterable[Any], shape: Shape, key: str | None = None) -> Response:
    """Return the requested page of a list.

    `shape` turns an item into JSON. With a `key`, the page is an object with that key and a total.
    """
    everything = list(items)
    size = min(_positive(request.query.get("per_page"), 30), 100)
    number = _positive(request.query.get("page"), 1)
    shapes = [shape(item) for item in everything[(number - 1) * size : number * size]]
    last = max(1, math.ceil(len(everything) / size))
    links = _link_header(request, number, last)
    body: Any = {"total_count": len(everything), key: shapes} if key else shapes
    return Response(200, body, {"link": links} if links else {})


def _positive(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and int(text) > 0 else default


def _link_header(request: Request, number: int, last: int) -> str:
    numbers: dict[str, int] = {}
    if number > 1:
        numbers |= {"prev": number - 1}
    if number < last:
        numbers |= {"next": number + 1, "last": last}
    if number > 1:
        numbers |= {"first": 1}
    return ", ".join(f'<{_page_url(request, n)}>; rel="{name}"' for name, n in numbers.items())


def _page_url(request: Request, number: int) -> str:
    query = urlencode(request.query | {"page": str(number)})
    return f"{request.links.origin}{request.links.prefix}{request.path}?{query}"
