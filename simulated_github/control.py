"""The simulator's own plane under ``/_simulator/``: the state with opened secrets, the log of requests, a reset.

It is no part of GitHub; its requests are neither logged nor counted, and it asks for no token.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from simulated_github.answers import Answer
from simulated_github.state import snapshot

if TYPE_CHECKING:
    from simulated_github.app import Application

JSON = {"content-type": "application/json"}


def answer(application: Application, method: str, path: str) -> Answer:
    """What the control plane says to a request."""
    if (method, path) == ("GET", "/_simulator/state"):
        return _json(snapshot(application.world))
    if (method, path) == ("GET", "/_simulator/requests"):
        return _json([asdict(logged) for logged in application.requests])
    if (method, path) == ("DELETE", "/_simulator/requests"):
        application.requests.clear()
        return Answer(204)
    if (method, path) == ("POST", "/_simulator/reset"):
        application.reset()
        return Answer(204)
    return Answer(404, {"message": f"The control plane does not serve {method} {path}."})


def _json(body: object) -> Answer:
    return Answer(200, json.dumps(body).encode(), dict(JSON))
