"""GitHub's primary rate limit, which can be lowered, and tokens that expire.

Source: GitHub's docs, "Rate limits for the REST API" (the headers; a 403 with
`x-ratelimit-remaining: 0` past the limit; a new window at `x-ratelimit-reset`), "Rate limits"
and "Best practices for using the REST API" (reading the limit and a 304 for a token are free), and
"Generating an installation access token" (a token expires after an hour; here after a number of
requests, so that a test need not wait).
"""

import time
from collections.abc import Callable

from simulated_github.errors import BadCredentials, Forbidden

LIMIT = 1_000_000
WINDOW = 3600  # seconds


class RateLimitExceeded(Forbidden):
    """403: the primary limit is used up. Source: GitHub's docs, "Troubleshooting the REST API"."""

    def __init__(self, login: str) -> None:
        super().__init__(f"API rate limit exceeded for {login or 'this address'}.")


class Limits:
    """The rate limit and its use, by login; `now` returns seconds since 1970."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._remaining_uses: dict[str, int] = {}
        self.reset()

    def reset(self) -> None:
        """Restore the default limit, and remove the expiry of all tokens."""
        self._remaining_uses.clear()
        self.set(LIMIT, WINDOW)

    def set(self, requests: int, seconds: int) -> None:
        """Allow each login a number of requests in a window of seconds, starting now."""
        self.requests = requests
        self.seconds = seconds
        self._start_window()

    def expire_token(self, token: str, requests: int) -> None:
        """Let a token expire after a number of further requests."""
        self._remaining_uses[token] = requests

    def use_token(self, token: str) -> None:
        """Count a use of a token; raise BadCredentials when it has expired."""
        remaining = self._remaining_uses.get(token)
        if remaining is None:
            return
        if remaining == 0:
            raise BadCredentials
        self._remaining_uses[token] = remaining - 1

    def count(self, login: str) -> None:
        """Count a request; raise RateLimitExceeded when it is past the limit."""
        if self._now() >= self._window_end:
            self._start_window()
        self._used[login] = used = self._used.get(login, 0) + 1
        if used > self.requests:
            raise RateLimitExceeded(login)

    def refund(self, login: str) -> None:
        """Subtract a login's last request from its count."""
        self._used[login] -= 1

    def rate(self, login: str) -> dict[str, int]:
        """Return the limit of a login, its used and remaining requests, and the window's end.

        The end (`reset`) is in seconds since 1970.
        """
        used = min(self._used.get(login, 0), self.requests)
        return {
            "limit": self.requests,
            "remaining": self.requests - used,
            "used": used,
            "reset": int(self._window_end),
        }

    def headers(self, login: str) -> dict[str, str]:
        """Return the rate of a login as GitHub's `x-ratelimit-` headers."""
        headers = {f"x-ratelimit-{name}": str(value) for name, value in self.rate(login).items()}
        return headers | {"x-ratelimit-resource": "core"}

    def _start_window(self) -> None:
        self._window_end = -(-self._now() // 1) + self.seconds
        self._used: dict[str, int] = {}
