"""What handlers return, and how a long list becomes pages.

Source of the pages: GitHub's docs, "Using pagination in the REST API" (``Link`` with next, prev, first and last;
thirty a page, a hundred at most).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from simulated_github.http.request import Request

Shape = Callable[[Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Response:
    """Status, headers and a body that becomes JSON; None sends none."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


def ok(body: Any) -> Response:
    """200 with a body."""
    return Response(200, body)


def created(body: Any) -> Response:
    """201 with a body, and its address where it has one."""
    location = body.get("url") if isinstance(body, dict) else None
    return Response(201, body, {"location": location} if location else {})


def no_content() -> Response:
    """204."""
    return Response(204)


def page(request: Request, items: Iterable[Any], shape: Shape, key: str | None = None) -> Response:
    """One page of a list; under a key, it stands beside ``total_count``."""
    everything = list(items)
    size = min(_positive(request.query.get("per_page"), 30), 100)
    number = _positive(request.query.get("page"), 1)
    shown = [shape(item) for item in everything[(number - 1) * size : number * size]]
    last = max(1, -(-len(everything) // size))
    links = _link_header(request, number, last)
    body: Any = {"total_count": len(everything), key: shown} if key else shown
    return Response(200, body, {"link": links} if links else {})


def _positive(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and int(text) > 0 else default


def _link_header(request: Request, number: int, last: int) -> str:
    numbers: Sequence[tuple[str, int]] = (
        ("prev", number - 1),
        ("next", number + 1),
        ("last", last),
        ("first", 1),
    )
    wanted = {"prev": number > 1, "next": number < last, "last": number < last, "first": number > 1}
    return ", ".join(
        f'<{_page_url(request, n)}>; rel="{name}"' for name, n in numbers if wanted[name]
    )


def _page_url(request: Request, number: int) -> str:
    query = urlencode(request.query | {"page": str(number)})
    return f"{request.links.origin}{request.links.prefix}{request.path}?{query}"
