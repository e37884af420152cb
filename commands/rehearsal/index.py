"""The package index of a rehearsal: a real `pypiserver` on loopback, with trusted publishing."""

import hmac
import logging
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from socketserver import TCPServer
from typing import Any, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from commands.rehearsal.timeline import Redactor
from commands.rehearsal.trusted_publishing import TrustedPublishing

HOST = "127.0.0.1"
USER = "__token__"  # Source: PyPI's documentation, "Upload API": the user name for every token.
WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class SilentRequestHandler(WSGIRequestHandler):
    """A request handler without a log, because the timeline has one."""

    def log_message(self, *_: object) -> None:
        """Drop the message."""


class LoopbackServer(WSGIServer):
    """A server that does not look up the machine's name, unlike its base class."""

    def server_bind(self) -> None:
        """Bind, and use the address as the name."""
        TCPServer.server_bind(self)
        self.server_name = HOST
        self.server_port = self.socket.getsockname()[1]
        self.setup_environ()


class PackageIndex:
    """An index that accepts uploads by token only.

    Use it as a context manager; `url` is then its address.

    Args:
        directory: Where the uploaded files go.
        redactor: Masks the upload tokens that the index issues.
        token: A token that may upload as long as the index runs; no such token if empty.
    """

    def __init__(self, directory: Path, redactor: Redactor, token: str = "") -> None:
        self.directory = directory
        self.trusted = TrustedPublishing(redactor)
        self._token = token

    def __enter__(self) -> Self:
        self.directory.mkdir(parents=True)
        logging.getLogger("pypiserver").setLevel(logging.CRITICAL)
        application = self._application()
        self._server = make_server(HOST, 0, application, LoopbackServer, SilentRequestHandler)
        self.url = f"http://{HOST}:{self._server.server_port}/"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def files(self) -> list[str]:
        """The names of the uploaded files."""
        return sorted(path.name for path in self.directory.iterdir())

    def _application(self) -> WSGIApplication:
        uploads = pypiserver_application(
            roots=[self.directory],
            authenticate=["update"],
            auther=self._may_upload,
            disable_fallback=True,
            overwrite=False,
            backend_arg="simple-dir",
        )
        return lambda environ, start: (
            self.trusted.respond(environ, start) or uploads(environ, start)
        )

    def _may_upload(self, user: str, password: str) -> bool:
        tokens = [self._token, *self.trusted.valid_tokens(time.time())]
        return user == USER and any(
            token and hmac.compare_digest(token, password) for token in tokens
        )


def pypiserver_application(**settings: Any) -> Any:
    """Return `pypiserver` as a WSGI application; `settings` are those of `pypiserver.app`.

    Its web framework imports a deprecated module and adds an import hook, for which Python warns on
    every later import. Neither is needed, so both are removed.
    """
    importers = [*sys.meta_path]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pypiserver  # type: ignore[import-untyped]

        application = pypiserver.app(**settings)
    sys.meta_path[:] = importers
    return application
