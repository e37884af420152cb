"""What the simulator does to connections: it closes one without an answer, or keeps one waiting.

ASGI has no word for it: an application that returns without an answer, or raises, makes the server send a 500. So whoever
carries the requests offers an extension of the scope: ``drop`` closes the connection now, ``wait`` lets seconds pass.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

EXTENSION = "simulated_github"


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol, with the extension.

    ``abort`` closes the socket without sending what is left; what was written before is on its way by then. The server notices
    that nobody is connected and sends nothing.
    """

    def on_message_begin(self) -> None:
        """A request begins; its scope is new."""
        super().on_message_begin()
        self.scope["extensions"] = {
            EXTENSION: {"drop": self.transport.abort, "wait": asyncio.sleep}
        }


async def drop(
    scope: MutableMapping[str, Any], receive: Callable[[], Awaitable[MutableMapping[str, Any]]]
) -> None:
    """Close the connection of a request; returns when it is closed, so that the server does not answer by itself."""
    scope["extensions"][EXTENSION]["drop"]()
    while (await receive())["type"] != "http.disconnect":
        pass


async def wait(scope: MutableMapping[str, Any], seconds: float) -> None:
    """Keep a request waiting."""
    await scope["extensions"][EXTENSION]["wait"](seconds)
