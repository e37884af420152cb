"""A transport that lets an ``httpx`` client talk to the simulator without a socket, a thread or an event loop."""

from collections.abc import Awaitable, Generator, MutableMapping
from typing import Any

import httpx

from simulated_github.app import Application
from simulated_github.http.connections import EXTENSION


class InProcess(httpx.BaseTransport):
    """``httpx.Client(transport=InProcess(application), base_url="http://github.test")``."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Hand the request to the application and collect what it sends."""
        sent: list[MutableMapping[str, Any]] = []
        content = request.read()

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        connection = _Connection(request)
        scope = _scope(request) | {
            "extensions": {EXTENSION: {"drop": connection.drop, "wait": connection.wait}}
        }
        _run_to_its_end(self._application(scope, receive, send))
        start, body = sent
        return httpx.Response(
            start["status"], headers=start["headers"], content=body["body"], request=request
        )


class _Connection:
    """What a client sees of a fault. No time passes: a wait is too long for the client, or over at once."""

    def __init__(self, request: httpx.Request) -> None:
        self._request = request

    def drop(self) -> None:
        raise httpx.RemoteProtocolError(
            "The connection was closed without a whole answer.", request=self._request
        )

    async def wait(self, seconds: float) -> None:
        patience = self._request.extensions.get("timeout", {}).get("read")
        if patience is not None and seconds > patience:
            raise httpx.ReadTimeout(f"No answer within {patience} seconds.", request=self._request)


def _scope(request: httpx.Request) -> dict[str, Any]:
    path, _, query = request.url.raw_path.partition(b"?")
    return {
        "type": "http",
        "scheme": request.url.scheme,
        "method": request.method,
        "path": request.url.path,
        "raw_path": path,
        "query_string": query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
    }


def _run_to_its_end(work: Awaitable[None]) -> None:
    """The application waits for nothing but its own ``receive`` and ``send``, so one step is all it takes."""
    steps: Generator[Any, None, None] = work.__await__()
    try:
        next(steps)
    except StopIteration:
        return
    raise RuntimeError("the application waits for something outside of it")
