"""A transport for `httpx` clients without a socket, a thread or an event loop."""

from collections.abc import Awaitable, Generator
from typing import Any

import httpx

from simulated_github.app import Application
from simulated_github.http.asgi import EXTENSION, Message


class InProcess(httpx.BaseTransport):
    """The transport of `httpx.Client(transport=InProcess(application), base_url="http://x.test")`."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request to the application and return its response."""
        messages: list[Message] = []
        content = request.read()

        async def receive() -> Message:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Message) -> None:
            messages.append(message)

        connection = _Connection(request)
        scope = _scope(request) | {
            "extensions": {EXTENSION: {"drop": connection.drop, "wait": connection.wait}}
        }
        _run_to_end(self._application(scope, receive, send))
        start, body = messages
        return httpx.Response(
            start["status"], headers=start["headers"], content=body["body"], request=request
        )


class _Connection:
    """The effect of a fault on a client.

    No time passes: a delay either exceeds the client's timeout or ends at once.
    """

    def __init__(self, request: httpx.Request) -> None:
        self._request = request

    def drop(self) -> None:
        raise httpx.RemoteProtocolError(
            "The connection was closed without a complete response.", request=self._request
        )

    async def wait(self, seconds: float) -> None:
        timeout = self._request.extensions.get("timeout", {}).get("read")
        if timeout is not None and seconds > timeout:
            raise httpx.ReadTimeout(f"No response within {timeout} seconds.", request=self._request)


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


def _run_to_end(awaitable: Awaitable[None]) -> None:
    """Run the application in one step, because it only awaits its own `receive` and `send`."""
    steps: Generator[Any, None, None] = awaitable.__await__()
    try:
        next(steps)
    except StopIteration:
        return
    raise RuntimeError("the application awaits something outside of it")
