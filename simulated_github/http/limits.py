"""How many requests somebody may send: GitHub's primary rate limit, made as small as one likes, and tokens that wear out.

Source: GitHub's docs, "Rate limits for the REST API": the headers, a 403 with ``x-ratelimit-remaining: 0`` past the limit, and
a new allowance at ``x-ratelimit-reset``. That an installation token ends after an hour is in "Generating an installation access
token"; here it ends after a number of requests, so that a test need not wait. That asking for one's
limit is free, and a 304 to whoever shows a token, is in "Rate limits" and "Best practices for using the REST API".
"""

import time
from collections.abc import Callable

from simulated_github.errors import BadCredentials, Forbidden

LIMIT = 1_000_000
WINDOW = 3600  # seconds


class RateLimitExceeded(Forbidden):
    """403: the primary limit is used up. Source: GitHub's docs, "Troubleshooting the REST API"."""

    def __init__(self, who: str) -> None:
        super().__init__(f"API rate limit exceeded for {who}.")


class Limits:
    """The allowances of everybody; ``now`` gives seconds since 1970."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._left: dict[str, int] = {}
        self.reset()

    def reset(self) -> None:
        """GitHub's limit as large as it is by default, tokens without an end, and nothing used."""
        self._left.clear()
        self.set(LIMIT, WINDOW)

    def set(self, requests: int, seconds: int) -> None:
        """Everybody may send so many requests in so many seconds, from now on."""
        self.requests, self.seconds = requests, seconds
        self._begin()

    def expire_token(self, token: str, requests: int) -> None:
        """The token is good for so many more requests."""
        self._left[token] = requests

    def present(self, token: str) -> None:
        """Somebody shows a token; BadCredentials when it has worn out."""
        left = self._left.get(token)
        if left is None:
            return
        if left == 0:
            raise BadCredentials
        self._left[token] = left - 1

    def is_good(self, token: str) -> bool:
        """Like ``present``, without an error."""
        try:
            self.present(token)
        except BadCredentials:
            return False
        return True

    def count(self, who: str) -> None:
        """One more request of somebody; RateLimitExceeded when it is one too many."""
        if self._now() >= self._ends:
            self._begin()
        self._used[who] = used = self._used.get(who, 0) + 1
        if used > self.requests:
            raise RateLimitExceeded(who or "this address")

    def give_back(self, who: str) -> None:
        """The request that was just counted was free."""
        self._used[who] -= 1

    def rate(self, who: str) -> dict[str, int]:
        """How many requests somebody has, has used and has left, and when (in seconds since 1970) the allowance is new."""
        used = min(self._used.get(who, 0), self.requests)
        return {
            "limit": self.requests,
            "remaining": self.requests - used,
            "used": used,
            "reset": int(self._ends),
        }

    def headers(self, who: str) -> dict[str, str]:
        """The same, as every answer says it."""
        return {f"x-ratelimit-{name}": str(value) for name, value in self.rate(who).items()} | {
            "x-ratelimit-resource": "core"
        }

    def _begin(self) -> None:
        self._ends = -(-self._now() // 1) + self.seconds
        self._used: dict[str, int] = {}
