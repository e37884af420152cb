"""A transport that lets an ``httpx`` client talk to the simulator without a socket, a thread or an event loop."""

from collections.abc import Awaitable, Generator, MutableMapping
from typing import Any

import httpx

from simulated_github.app import Application


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

        _run_to_its_end(self._application(_scope(request), receive, send))
        start, body = sent
        return httpx.Response(start["status"], headers=start["headers"], content=body["body"], request=request)


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
