"""A simulated GitHub over TCP on the loopback interface, as a process or in a thread."""

import copy
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

import uvicorn

from simulated_github.app import Application
from simulated_github.control.faults import Fault
from simulated_github.control.simulation import LoggedRequest, Watcher
from simulated_github.control.world_settings import load
from simulated_github.http.asgi import Protocol
from simulated_github.world.world import World
from simulated_github.world.world_file import WorldFile, read

HOST = "127.0.0.1"
_START_TIMEOUT = 30  # seconds


def create_app(world: str | WorldFile | World = "encode") -> Application:
    """Return the ASGI application of a world.

    Args:
        world: The name of a world (`empty`, `encode`), the path to a world file, its content,
            or a live world, which is copied.

    Raise WorldError when the world file is invalid.
    """
    if isinstance(world, World):
        return Application(lambda: copy.deepcopy(world))
    file = read(world) if isinstance(world, str) else world
    return Application(lambda: load(file))


def listen(port: int = 0) -> socket.socket:
    """Return a listening socket on the loopback interface; port 0 chooses a free one.

    With an explicit protocol, asyncio disables Nagle's algorithm, which delays a response by 40 ms.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    listener.listen(1024)
    return listener


class Server(uvicorn.Server):
    """uvicorn's server, which calls `on_start` once it accepts connections."""

    def __init__(
        self, application: Application, on_start: Callable[[], None] | None = None
    ) -> None:
        config = uvicorn.Config(
            application, http=Protocol, log_level="error", access_log=False, lifespan="off"
        )
        super().__init__(config)
        self._on_start = on_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the server, then call `on_start`."""
        await super().startup(sockets)
        if self._on_start is not None:
            self._on_start()


class SimulatedGitHub:
    """A simulated GitHub that runs for the duration of a `with` block.

    `url` is its address (REST at `url` and `url/api/v3`), `world` its live state,
    `requests` its log.
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
        if not ready.wait(_START_TIMEOUT):
            raise RuntimeError(
                f"the simulated GitHub did not start within {_START_TIMEOUT} seconds"
            )
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
        """The live world; a reset replaces it."""
        return self.application.world

    @property
    def requests(self) -> list[LoggedRequest]:
        """The log of requests, oldest first."""
        return self.application.requests

    def watch(self, watcher: Watcher) -> None:
        """Call `watcher(world, method, path, status)` after every request that is not a read."""
        self.application.watchers.append(watcher)

    def fault(self, **arguments: Any) -> Fault:
        """Add a fault with the arguments of `Fault` and return it.

        Its `struck` lists the requests it was applied to. Raise FaultError when it is invalid.
        """
        fault = Fault(**arguments)
        self.application.faults.add(fault)
        return fault

    def clear_faults(self) -> None:
        """Remove all faults."""
        self.application.faults.clear()

    def limit(self, requests: int, seconds: int) -> None:
        """Allow each user a number of requests in a window of seconds."""
        self.application.limits.set(requests, seconds)

    def token(self, name: str, requests: int | None = None) -> str:
        """Create a token of a user or an app, and return it.

        `requests` is the number of requests after which it expires; by default it does not.
        """
        return self.application.simulation.create_token(name, requests)

    def run_jobs(self) -> None:
        """Leave ready jobs to a runner, which takes them through the control plane."""
        self.application.world.has_runners = True

    def reset(self) -> None:
        """Restore the world as loaded, with an empty log and no faults or limits."""
        self.application.reset()
