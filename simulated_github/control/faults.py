"""Faults on demand: a chosen request is refused, kept waiting, or loses its connection.

A fault says which requests it strikes (a method, a path, the n-th of them or every one) and what it does to them. It is no part
of GitHub: it is added through the control plane or through ``SimulatedGitHub.fault``. Deliberately absent: chance.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from simulated_github.errors import DOCUMENTATION
from simulated_github.http.responses import Response

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
WRITE = "WRITE"
_READING = ("GET", "HEAD", "OPTIONS")
_QUERIES = ("/graphql", "/api/graphql")
_FETCHES = "/git-upload-pack"
_LONGEST = 600  # seconds

# Source: GitHub's docs, "Rate limits for the REST API", "Exceeding the rate limit". The address's end is what go-github knows
# a secondary limit by (``CheckResponse``).
SECONDARY_LIMIT = {
    "message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    "documentation_url": f"{DOCUMENTATION}/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits",
    "status": "403",
}
BODIES: Mapping[int, Mapping[str, Any]] = {
    403: SECONDARY_LIMIT,
    # Source: GitHub's API description, ``validation-error``.
    422: {
        "message": "Validation Failed",
        "errors": [{"resource": "Simulator", "field": "fault", "code": "invalid"}],
        "documentation_url": DOCUMENTATION,
        "status": "422",
    },
    # Assumption: the words of 500, 502 and 504, in the shape of ``basic-error``.
    500: {"message": "Server Error", "documentation_url": DOCUMENTATION, "status": "500"},
    502: {"message": "Server Error", "documentation_url": DOCUMENTATION, "status": "502"},
    # Source: GitHub's API description, the response ``service_unavailable``.
    503: {"code": "503", "message": "Service unavailable", "documentation_url": DOCUMENTATION},
    504: {
        "message": "We couldn't respond to your request in time.",
        "documentation_url": DOCUMENTATION,
        "status": "504",
    },
}


class FaultError(ValueError):
    """A fault that cannot be: every problem, one in a line."""


@dataclass(frozen=True, slots=True)
class Struck:
    """A request that a fault struck, as the log would keep it."""

    method: str
    path: str


@dataclass(slots=True, kw_only=True)
class Fault:
    """What happens to which requests. Raises ``FaultError`` when it makes no sense.

    Args:
        method: A method, or ``WRITE`` for any request that changes something; any request by default.
        path: A regular expression for the whole path, without ``/api/v3``; any path by default.
        nth: Only the n-th request that matches, counted from one; every one by default.
        repetitions: How many times that very request (method, path and body) is struck again when it is sent again.
        status: Refuse it without an effect: 403 (a secondary limit), 422, 500, 502, 503 or 504.
        retry_after: Seconds in the header ``Retry-After`` of a 403; 60 by default, 0 leaves the header out.
        delay: Seconds to wait before anything else.
        drop: Close the connection without an answer, ``before`` or ``after`` the effect.
        truncate: Have the effect, announce the whole answer and send half of it.
    """

    method: str | None = None
    path: str | None = None
    nth: int | None = None
    repetitions: int = 0
    status: int | None = None
    retry_after: int | None = None
    delay: float = 0
    drop: str | None = None
    truncate: bool = False
    struck: list[Struck] = field(default_factory=list, init=False)
    _seen: int = field(default=0, init=False, repr=False)
    _again: tuple[str, ...] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        problems = [*self._wrong_types(), *self._wrong_values()]
        if problems:
            raise FaultError("\n".join(problems))

    @classmethod
    def read(cls, document: Any) -> "Fault":
        """A fault from JSON; keys are the arguments."""
        if not isinstance(document, dict):
            raise FaultError("a fault is an object")
        unknown = sorted(set(document) - set(_KINDS))
        if unknown:
            raise FaultError(
                "\n".join(f"{name}: unknown; there are {', '.join(_KINDS)}" for name in unknown)
            )
        return cls(**document)

    def shown(self) -> dict[str, Any]:
        """The fault as JSON: what was asked for, and what it struck so far."""
        asked = {name: getattr(self, name) for name in _KINDS}
        return {name: value for name, value in asked.items() if value} | {
            "struck": [asdict(each) for each in self.struck]
        }

    def strikes(self, method: str, path: str, content: bytes) -> bool:
        """Whether this request is struck; counts it when it matches."""
        if not self._matches(method, path):
            return False
        same = (method, path, hashlib.sha256(content).hexdigest())
        if self.nth is not None and self._again == same and len(self.struck) <= self.repetitions:
            self.struck.append(Struck(method, path))
            return True
        self._seen += 1
        if self.nth is not None and self._seen != self.nth:
            return False
        self._again = same
        self.struck.append(Struck(method, path))
        return True

    def refusal(self) -> Response | None:
        """The answer in place of GitHub's, where there is one."""
        if self.status is None:
            return None
        wait = 60 if self.retry_after is None else self.retry_after
        headers = {"retry-after": str(wait)} if self.status == 403 and wait else {}
        return Response(self.status, dict(BODIES[self.status]), headers)

    def _matches(self, method: str, path: str) -> bool:
        if self.method == WRITE and (
            method in _READING or path in _QUERIES or path.endswith(_FETCHES)
        ):
            return False
        if self.method not in (None, WRITE, method):
            return False
        return self.path is None or re.fullmatch(self.path, path) is not None

    def _wrong_types(self) -> list[str]:
        return [
            f"{name}: {getattr(self, name)!r} is not {words}"
            for name, (kinds, words) in _KINDS.items()
            if not _is(getattr(self, name), kinds)
        ]

    def _wrong_values(self) -> list[str]:
        if self._wrong_types():
            return []
        checks = {
            f"method: {self.method!r} is none of {', '.join((*METHODS, WRITE))}": self.method
            in (None, WRITE, *METHODS),
            f"path: {self.path!r} is no regular expression": _is_pattern(self.path),
            f"nth: {self.nth} is less than 1": self.nth is None or self.nth >= 1,
            f"repetitions: {self.repetitions} is less than 0": self.repetitions >= 0,
            "repetitions: they are of the n-th request, and no nth is given": not self.repetitions
            or self.nth is not None,
            f"status: {self.status} is none of {', '.join(map(str, BODIES))}": self.status is None
            or self.status in BODIES,
            "retry_after: only a 403 has it": self.retry_after is None or self.status == 403,
            f"retry_after: {self.retry_after} is less than 0": (self.retry_after or 0) >= 0,
            f"delay: {self.delay} is not between 0 and {_LONGEST} seconds": 0
            <= self.delay
            <= _LONGEST,
            f"drop: {self.drop!r} is neither 'before' nor 'after'": self.drop
            in (None, "before", "after"),
            "a fault does something: status, delay, drop or truncate": bool(
                self._effects() or self.delay
            ),
            "a fault does one thing of status, drop and truncate": self._effects() <= 1,
        }
        return [problem for problem, holds in checks.items() if not holds]

    def _effects(self) -> int:
        return sum((self.status is not None, self.drop is not None, self.truncate))


class Faults:
    """The faults that are set. The first that strikes a request is the one that happens."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def __len__(self) -> int:
        return len(self._faults)

    def add(self, fault: Fault) -> None:
        """From now on."""
        self._faults.append(fault)

    def clear(self) -> None:
        """No faults any more."""
        self._faults.clear()

    def shown(self) -> list[dict[str, Any]]:
        """All of them as JSON, oldest first."""
        return [fault.shown() for fault in self._faults]

    def striking(self, method: str, path: str, content: bytes) -> Fault | None:
        """The fault that strikes this request; every fault counts it."""
        return next(
            iter([fault for fault in self._faults if fault.strikes(method, path, content)]), None
        )


_KINDS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "method": ((str, type(None)), "text"),
    "path": ((str, type(None)), "text"),
    "nth": ((int, type(None)), "a whole number"),
    "repetitions": ((int,), "a whole number"),
    "status": ((int, type(None)), "a whole number"),
    "retry_after": ((int, type(None)), "a whole number"),
    "delay": ((int, float), "a number of seconds"),
    "drop": ((str, type(None)), "text"),
    "truncate": ((bool,), "true or false"),
}


def _is(value: Any, kinds: tuple[type, ...]) -> bool:
    return isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))


def _is_pattern(text: str | None) -> bool:
    try:
        re.compile(text or "")
    except re.error:
        return False
    return True
