"""The simulator's own plane under ``/_simulator/``: state, log, faults, limits, tokens, runners and their jobs, a reset.

It is no part of GitHub; its requests are neither logged nor counted, and it asks for no token.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from simulated_github.actions import runners
from simulated_github.control.faults import Fault
from simulated_github.control.snapshot import snapshot
from simulated_github.http.responses import Response

if TYPE_CHECKING:
    from simulated_github.app import Application

JSON = {"content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class ControlRequest:
    """A request to the control plane; ``origin`` is the address by which it came."""

    application: Application
    document: Any
    origin: str


def answer(
    application: Application, method: str, path: str, content: bytes, origin: str
) -> Response:
    """What the control plane says to a request; 422 with a sentence when its body makes no sense."""
    handler = HANDLERS.get((method, path))
    if handler is None:
        return Response(404, {"message": f"The control plane does not serve {method} {path}."})
    try:
        return handler(
            ControlRequest(application, json.loads(content) if content.strip() else {}, origin)
        )
    except runners.NotAllowedError as error:
        return Response(403, {"message": str(error)})
    except ValueError as error:
        return Response(422, {"message": str(error)})


def _state(asked: ControlRequest) -> Response:
    """Return the whole state; the key `organisations` is there for clients of version 0.1."""
    state = snapshot(asked.application.world)
    return _json({**state, "organisations": state["organizations"]})


def _clear_requests(asked: ControlRequest) -> Response:
    asked.application.requests.clear()
    return Response(204)


def _reset(asked: ControlRequest) -> Response:
    asked.application.reset()
    return Response(204)


def _add_fault(asked: ControlRequest) -> Response:
    fault = Fault.read(asked.document)
    asked.application.faults.add(fault)
    return _json(fault.shown(), 201)


def _clear_faults(asked: ControlRequest) -> Response:
    asked.application.faults.clear()
    return Response(204)


def _set_limit(asked: ControlRequest) -> Response:
    numbers = _numbers(asked.document, "requests", "seconds")
    asked.application.limits.set(numbers["requests"], numbers["seconds"])
    return Response(204)


def _mint(asked: ControlRequest) -> Response:
    """A fresh token of somebody, which ends after a number of requests where one is given."""
    application, document = asked.application, asked.document
    name = document.pop("name", None) if isinstance(document, dict) else None
    if not isinstance(name, str) or f"token-{name}" not in application.world.tokens:
        raise ValueError(
            "name: the login of somebody, or the slug of an app, that this world has a token for"
        )
    minted = mint(
        application, name, _numbers(document, "requests")["requests"] if document else None
    )
    return _json({"token": minted}, 201)


def mint(application: Application, name: str, requests: int | None) -> str:
    """The text of a token like ``token-NAME``, good for so many requests."""
    tokens = application.world.tokens
    number = next(number for number in count(2) if f"token-{name}-{number}" not in tokens)
    minted = f"token-{name}-{number}"
    tokens[minted] = tokens[f"token-{name}"]
    if requests is not None:
        application.limits.expire_token(minted, requests)
    return minted


def _have_runners(asked: ControlRequest) -> Response:
    asked.application.world.has_runners = True
    return Response(204)


def _take(asked: ControlRequest) -> Response:
    number = _numbers(asked.document, "id")["id"]
    return _json(runners.take(asked.application.world, asked.origin, number))


def _finish(asked: ControlRequest) -> Response:
    sent = _values(
        asked.document, {"id": int, "conclusion": str}, {"outputs": dict, "summary": str}
    )
    outputs = {name: str(value) for name, value in sent.get("outputs", {}).items()}
    runners.finish(
        asked.application.world, sent["id"], sent["conclusion"], outputs, sent.get("summary", "")
    )
    return Response(204)


def _bypass(asked: ControlRequest) -> Response:
    sent = _values(asked.document, {"run_id": int, "actor": str})
    runners.start_waiting_jobs(asked.application.world, sent["run_id"], sent["actor"])
    return Response(204)


def _values(
    document: Any, wanted: Mapping[str, type], more: Mapping[str, type] | None = None
) -> dict[str, Any]:
    """The document, when it has what is wanted and nothing but that and what more there may be; ValueError otherwise."""
    allowed = {**wanted, **(more or {})}
    if not isinstance(document, dict) or not set(wanted) <= set(document) <= set(allowed):
        besides = f"; {' and '.join(more)} may be there" if more else ", and nothing else"
        raise ValueError(f"wanted are {' and '.join(wanted)}{besides}")
    for name, value in document.items():
        if isinstance(value, bool) or not isinstance(value, allowed[name]):
            raise ValueError(f"{name}: {value!r} is no {_NOUNS[allowed[name]]}")
    return document


_NOUNS: Mapping[type, str] = {int: "whole number", str: "text", dict: "object"}


def _numbers(document: Any, *names: str) -> dict[str, int]:
    if not isinstance(document, dict) or set(document) != set(names):
        raise ValueError(f"wanted are {' and '.join(names)}, and nothing else")
    for name, value in document.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"{name}: {value!r} is no whole number from 1 on")
    return document


def _json(body: object, status: int = 200) -> Response:
    return Response(status, json.dumps(body).encode(), dict(JSON))


HANDLERS: Mapping[tuple[str, str], Callable[[ControlRequest], Response]] = {
    ("GET", "/_simulator/state"): _state,
    ("GET", "/_simulator/requests"): lambda asked: _json(
        [asdict(logged) for logged in asked.application.requests]
    ),
    ("DELETE", "/_simulator/requests"): _clear_requests,
    ("POST", "/_simulator/reset"): _reset,
    ("GET", "/_simulator/faults"): lambda asked: _json(asked.application.faults.shown()),
    ("POST", "/_simulator/faults"): _add_fault,
    ("DELETE", "/_simulator/faults"): _clear_faults,
    ("PUT", "/_simulator/limit"): _set_limit,
    ("POST", "/_simulator/tokens"): _mint,
    ("POST", "/_simulator/runner"): _have_runners,
    ("GET", "/_simulator/jobs"): lambda asked: _json(runners.waiting_jobs(asked.application.world)),
    ("POST", "/_simulator/jobs/take"): _take,
    ("POST", "/_simulator/jobs/finish"): _finish,
    ("POST", "/_simulator/bypass"): _bypass,
}
