"""The package index of a rehearsal: a real `pypiserver` on the loopback interface, which takes uploads by token alone.

In front of it stand the two addresses at which PyPI exchanges identity tokens, where a trusted publisher is declared.
"""

import hmac
import logging
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from socketserver import TCPServer
from types import TracebackType
from typing import Any, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from commands.rehearsal.hidden import Hidden
from commands.rehearsal.pypi_server import pypi_server
from commands.rehearsal.trusted_publishers import TrustedPublishing

HOST = "127.0.0.1"
USER = "__token__"  # PyPI's documentation, "Upload API": the user name that goes with every token
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Silent(WSGIRequestHandler):
    """Answers requests without writing about them."""

    def log_message(self, *_: object) -> None:
        """Nothing: the timeline tells what happened."""


class Server(WSGIServer):
    """Listens without asking anybody for the machine's name, which the usual one does."""

    def server_bind(self) -> None:
        """Binds, and keeps the address as the name."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.socket.getsockname()[1]
        self.setup_environ()


class Index:
    """An index with its packages in `directory`. Use it as a context manager; `url` is then its address.

    Args:
        directory: Where the uploaded files are kept.
        hidden: Takes the tokens that the index gives out.
        token: The one token that may upload for as long as the index runs; none may where it is empty.
    """

    def __init__(self, directory: Path, hidden: Hidden, token: str = "") -> None:
        self.directory = directory
        self.trusted = TrustedPublishing(hidden)
        self._token = token

    def __enter__(self) -> Self:
        self.directory.mkdir(parents=True)
        logging.getLogger("pypiserver").setLevel(logging.CRITICAL)
        self._server = make_server(HOST, 0, self._application(), Server, Silent)
        self.url = f"http://{HOST}:{self._server.server_port}/"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def files(self) -> list[str]:
        """The names of the files that were uploaded."""
        return sorted(path.name for path in self.directory.iterdir())

    def _application(self) -> Wsgi:
        index = pypi_server(
            roots=[self.directory],
            authenticate=["update"],
            auther=self._lets_in,
            disable_fallback=True,
            overwrite=False,
            backend_arg="simple-dir",
        )
        return lambda environ, start: self.trusted.answer(environ, start) or index(environ, start)

    def _lets_in(self, user: str, password: str) -> bool:
        tokens = [self._token, *self.trusted.valid_tokens(time.time())]
        return user == USER and any(
            token and hmac.compare_digest(token, password) for token in tokens
        )
