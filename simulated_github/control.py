"""The simulator's own plane under ``/_simulator/``: the state with opened secrets, the log, faults, limits, tokens, a reset.

It is no part of GitHub; its requests are neither logged nor counted, and it asks for no token.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from itertools import count
from typing import TYPE_CHECKING, Any

from simulated_github.answers import Answer
from simulated_github.faults import Fault
from simulated_github.state import snapshot

if TYPE_CHECKING:
    from simulated_github.app import Application

JSON = {"content-type": "application/json"}


def answer(application: Application, method: str, path: str, content: bytes) -> Answer:
    """What the control plane says to a request; 422 with a sentence when its body makes no sense."""
    handler = HANDLERS.get((method, path))
    if handler is None:
        return Answer(404, {"message": f"The control plane does not serve {method} {path}."})
    try:
        return handler(application, json.loads(content) if content.strip() else {})
    except ValueError as error:
        return Answer(422, {"message": str(error)})


def _clear_requests(application: Application, _: Any) -> Answer:
    application.requests.clear()
    return Answer(204)


def _reset(application: Application, _: Any) -> Answer:
    application.reset()
    return Answer(204)


def _add_fault(application: Application, document: Any) -> Answer:
    fault = Fault.read(document)
    application.faults.add(fault)
    return _json(fault.shown(), 201)


def _clear_faults(application: Application, _: Any) -> Answer:
    application.faults.clear()
    return Answer(204)


def _set_limit(application: Application, document: Any) -> Answer:
    numbers = _numbers(document, "requests", "seconds")
    application.limits.set(numbers["requests"], numbers["seconds"])
    return Answer(204)


def _mint(application: Application, document: Any) -> Answer:
    """A fresh token of somebody, which ends after a number of requests where one is given."""
    name = document.pop("name", None) if isinstance(document, dict) else None
    if not isinstance(name, str) or f"token-{name}" not in application.world.tokens:
        raise ValueError("name: the login of somebody, or the slug of an app, that this world has a token for")
    minted = mint(application, name, _numbers(document, "requests")["requests"] if document else None)
    return _json({"token": minted}, 201)


def mint(application: Application, name: str, requests: int | None) -> str:
    """The text of a token like ``token-NAME``, good for so many requests."""
    tokens = application.world.tokens
    number = next(number for number in count(2) if f"token-{name}-{number}" not in tokens)
    minted = f"token-{name}-{number}"
    tokens[minted] = tokens[f"token-{name}"]
    if requests is not None:
        application.limits.wear_out(minted, requests)
    return minted


def _numbers(document: Any, *names: str) -> dict[str, int]:
    if not isinstance(document, dict) or set(document) != set(names):
        raise ValueError(f"wanted are {' and '.join(names)}, and nothing else")
    for name, value in document.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"{name}: {value!r} is no whole number from 1 on")
    return document


def _json(body: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(body).encode(), dict(JSON))


HANDLERS: Mapping[tuple[str, str], Callable[[Application, Any], Answer]] = {
    ("GET", "/_simulator/state"): lambda application, _: _json(snapshot(application.world)),
    ("GET", "/_simulator/requests"): lambda application, _: _json([asdict(logged) for logged in application.requests]),
    ("DELETE", "/_simulator/requests"): _clear_requests,
    ("POST", "/_simulator/reset"): _reset,
    ("GET", "/_simulator/faults"): lambda application, _: _json(application.faults.shown()),
    ("POST", "/_simulator/faults"): _add_fault,
    ("DELETE", "/_simulator/faults"): _clear_faults,
    ("PUT", "/_simulator/limit"): _set_limit,
    ("POST", "/_simulator/tokens"): _mint,
}
