"""Runs a simulated GitHub over TCP: as a process, or in a thread while tests and commands use it. Loopback only."""

import copy
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

import uvicorn

from simulated_github.app import Application, LoggedRequest, Watcher
from simulated_github.control.api import mint
from simulated_github.control.faults import Fault
from simulated_github.http.connections import Protocol
from simulated_github.world.building import build
from simulated_github.world.world import World
from simulated_github.world.world_file import WorldFile, read

HOST = "127.0.0.1"
_STARTING = 30  # seconds


def create_app(world: str | WorldFile | World = "encode") -> Application:
    """The ASGI application of a world, or of a copy of a live one; WorldError when its file is wrong."""
    if isinstance(world, World):
        return Application(lambda: copy.deepcopy(world))
    file = read(world) if isinstance(world, str) else world
    return Application(lambda: build(file))


def listen(port: int = 0) -> socket.socket:
    """A listening socket on the loopback interface; port 0 takes a free one.

    The protocol is named because asyncio switches Nagle's delay off only where it is, and a delay is 40 ms an answer.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    listener.listen(1024)
    return listener


class Server(uvicorn.Server):
    """uvicorn, saying when it has started."""

    def __init__(self, application: Application, started: Callable[[], None] | None = None) -> None:
        config = uvicorn.Config(
            application, http=Protocol, log_level="error", access_log=False, lifespan="off"
        )
        super().__init__(config)
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self._started is not None:
            self._started()


class SimulatedGitHub:
    """A simulated GitHub for the time of a ``with`` block.

    ``url`` is its address (REST at ``url`` and ``url/api/v3``), ``world`` its live state, ``requests`` its log.
    """

    def __init__(self, world: str | WorldFile | World = "encode", port: int = 0) -> None:
        self.application = create_app(world)
        self._port = port

    def __enter__(self) -> "SimulatedGitHub":
        ready = threading.Event()
        self._socket = listen(self._port)
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}"
        self._server = Server(self.application, ready.set)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), daemon=True
        )
        self._thread.start()
        if not ready.wait(_STARTING):
            raise RuntimeError(f"the simulated GitHub did not start within {_STARTING} seconds")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    @property
    def world(self) -> World:
        """The live state."""
        return self.application.world

    @property
    def requests(self) -> list[LoggedRequest]:
        """The log of requests, oldest first."""
        return self.application.requests

    def watch(self, watcher: Watcher) -> None:
        """Call ``watcher(world, method, path, status)`` after every request that is not a GET, before the next one."""
        self.application.watchers.append(watcher)

    def fault(self, **what: Any) -> Fault:
        """Set a fault, by the arguments of ``Fault``; FaultError when it makes no sense. Its ``struck`` says whom it struck."""
        fault = Fault(**what)
        self.application.faults.add(fault)
        return fault

    def clear_faults(self) -> None:
        """No faults any more."""
        self.application.faults.clear()

    def limit(self, requests: int, seconds: int) -> None:
        """Let everybody send so many requests in so many seconds."""
        self.application.limits.set(requests, seconds)

    def token(self, name: str, requests: int | None = None) -> str:
        """A fresh token of somebody or of an app, which ends after so many requests."""
        return mint(self.application, name, requests)

    def run_jobs(self) -> None:
        """Leave every job that is let go to a runner, which takes it through the control plane."""
        self.application.world.has_runners = True

    def reset(self) -> None:
        """Back to the world as it was loaded."""
        self.application.reset()
