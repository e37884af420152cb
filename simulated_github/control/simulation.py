"""A running simulation: its world, its log of requests, its faults and its limits."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, count

from simulated_github.actions.identity_tokens import Issuer
from simulated_github.control.faults import Faults
from simulated_github.git.http.service import is_fetch
from simulated_github.http.limits import Limits
from simulated_github.world.world import World

Watcher = Callable[[World, str, str, int], None]


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A request in the log. Deliberately absent: its token, its body and its query."""

    method: str
    path: str
    status: int


class Simulation:
    """The state between requests.

    `load` builds the world, at the start and at each reset. After every request that may have
    changed the world, each of `watchers` is called as `watcher(world, method, path, status)`.
    """

    world: World
    issuer: Issuer

    def __init__(self, load: Callable[[], World]) -> None:
        self._load = load
        self.requests: list[LoggedRequest] = []
        self.watchers: list[Watcher] = []
        self.faults = Faults()
        self.limits = Limits()
        self.reset()

    def reset(self) -> None:
        """Restore the world as loaded, empty the log, clear the faults and lift the limits."""
        self.world = self._load()
        self.issuer = Issuer()
        self.requests.clear()
        self.faults.clear()
        self.limits.reset()

    def log(self, method: str, path: str, status: int) -> None:
        """Log a request; after a write, advance the clock and call the watchers."""
        self.requests.append(LoggedRequest(method, path, status))
        if method in ("GET", "HEAD") or is_fetch(method, path):
            return
        self.world.clock.tick()
        for watch in self.watchers:
            watch(self.world, method, path, status)

    def create_token(self, name: str, requests: int | None = None) -> str:
        """Create a token of a user or an app, and return it.

        The token has the scopes or permissions of the first token of that user or app. It expires
        after `requests` requests; by default it does not expire. Raise KeyError for an unknown
        name.
        """
        first = self.world.first_token(name)
        if first is None:
            raise KeyError(name)
        token = self.unused_token(name)
        self.world.tokens[token] = first
        if requests is not None:
            self.limits.expire_token(token, requests)
        return token

    def unused_token(self, name: str) -> str:
        """Return `token-NAME`, or the first of `token-NAME-2` and so on that is not used yet."""
        numbered = (f"token-{name}-{number}" for number in count(2))
        texts = chain([f"token-{name}"], numbered)
        return next(text for text in texts if not self.world.has_used(text))
