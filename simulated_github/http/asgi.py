"""The ASGI side of HTTP: reading bodies, sending responses, and the connection itself.

ASGI cannot close a connection without a response: when an application returns without one, or
raises, the server sends a 500. Therefore `Protocol` and `InProcess` add an extension to the scope:
`drop` closes the connection now, `wait` delays the request.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from simulated_github.http.responses import Response

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

EXTENSION = "simulated_github"


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol with the extension.

    `abort` closes the socket and discards data that is not sent yet. The server then sees a
    disconnected client and sends nothing.
    """

    def on_message_begin(self) -> None:
        """Add the extension to the new request's scope."""
        super().on_message_begin()
        self.scope["extensions"] = {
            EXTENSION: {"drop": self.transport.abort, "wait": asyncio.sleep}
        }


async def read_body(receive: Receive) -> bytes:
    """Read the whole body of a request."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def send_response(send: Send, response: Response, *, with_body: bool) -> None:
    """Send a response; without its body for a HEAD request."""
    content = _content(response)
    await send(_start(response, len(content)))
    await send({"type": "http.response.body", "body": content if with_body else b""})


async def send_half(send: Send, response: Response) -> None:
    """Send the headers of the whole response and half of its body; nothing without a body."""
    content = _content(response)
    if content:
        half = content[: len(content) // 2]
        await send(_start(response, len(content)))
        await send({"type": "http.response.body", "body": half, "more_body": True})


def _content(response: Response) -> bytes:
    if isinstance(response.body, bytes):
        return response.body
    return b"" if response.body is None else json.dumps(response.body).encode()


def _start(response: Response, length: int) -> Message:
    headers = dict(response.headers)
    if response.body is not None:
        headers = {"content-type": "application/json; charset=utf-8"} | headers
    headers["x-github-media-type"] = "github.v3; format=json"
    if response.status not in (204, 304):
        headers["content-length"] = str(length)
    header_list = [
        (name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()
    ]
    return {"type": "http.response.start", "status": response.status, "headers": header_list}


async def drop(scope: Scope, receive: Receive) -> None:
    """Close the connection of a request, and wait until it is closed.

    The server sends a response of its own when the application returns earlier.
    """
    scope["extensions"][EXTENSION]["drop"]()
    while (await receive())["type"] != "http.disconnect":
        pass


async def wait(scope: Scope, seconds: float) -> None:
    """Delay a request by a number of seconds."""
    await scope["extensions"][EXTENSION]["wait"](seconds)


async def run_lifespan(receive: Receive, send: Send) -> None:
    """Acknowledge the server's start and stop."""
    while (message := await receive())["type"] != "lifespan.shutdown":
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})
