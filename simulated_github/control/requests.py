"""Requests to the control plane: their bodies, and the responses to them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulated_github.control.simulation import Simulation
from simulated_github.http.responses import Response

_NOUNS: Mapping[type, str] = {int: "a whole number", str: "text", dict: "an object"}


class UnknownNameError(LookupError):
    """A name in a path that belongs to no object: a 404."""


@dataclass(frozen=True, slots=True)
class ControlRequest:
    """A request to the control plane.

    `origin` is the address that the client used, `params` are the named parts of the path.
    """

    simulation: Simulation
    document: Any
    origin: str
    params: Mapping[str, str] = field(default_factory=dict)


def read_fields(
    document: Any, required: Mapping[str, type], optional: Mapping[str, type] | None = None
) -> dict[str, Any]:
    """Return the document when it has the required keys and no unknown ones.

    Raise ValueError otherwise, and when a value has the wrong type.
    """
    allowed = {**required, **(optional or {})}
    if not isinstance(document, dict) or not set(required) <= set(document) <= set(allowed):
        raise ValueError(_allowed_keys(required, optional or ()))
    for name, value in document.items():
        if isinstance(value, bool) or not isinstance(value, allowed[name]):
            raise ValueError(f"{name}: {value!r} is not {_NOUNS[allowed[name]]}")
    return document


def read_numbers(document: Any, *names: str) -> dict[str, int]:
    """Return the document when it has these keys alone, with whole numbers from 1 on.

    Raise ValueError otherwise.
    """
    if not isinstance(document, dict) or set(document) != set(names):
        raise ValueError(_allowed_keys(names, ()))
    for name, value in document.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"{name}: {value!r} is not a whole number from 1 on")
    return document


def _allowed_keys(required: Iterable[str], optional: Iterable[str]) -> str:
    required = ", ".join(required)
    if not optional:
        return f"the body is an object with the keys {required} and no others"
    keys = f"with the keys {required}; optional" if required else "without required keys; optional"
    return f"the body is an object {keys}: {', '.join(optional)}"


def to_json(body: object, status: int = 200) -> Response:
    """Return a response with a body as JSON."""
    content = json.dumps(body).encode()
    return Response(status, content, {"content-type": "application/json"})
