"""Faults on demand: a chosen request is refused, delayed, or loses its connection.

A fault selects requests by method, path and position, and has one effect on them. It is not part of
GitHub: tests add it through the control plane or `SimulatedGitHub.fault`. Deliberately
absent: randomness.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from simulated_github.errors import DOCUMENTATION
from simulated_github.git.http.service import UPLOAD
from simulated_github.graphql.heavy_queries import UNAVAILABLE, count_repositories, leave_out
from simulated_github.graphql.service import PATHS as GRAPHQL_PATHS
from simulated_github.http.responses import Response

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
WRITE = "WRITE"
_READ_METHODS = ("GET", "HEAD", "OPTIONS")
_FETCH_SUFFIX = f"/{UPLOAD}"
_MAXIMUM_DELAY = 600  # seconds

# Source: GitHub's docs, "Rate limits for the REST API", "Exceeding the rate limit". go-github
# recognizes a secondary limit by the end of the address (`CheckResponse`).
SECONDARY_LIMIT = {
    "message": (
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    ),
    "documentation_url": (
        f"{DOCUMENTATION}/using-the-rest-api/rate-limits-for-the-rest-api"
        "#about-secondary-rate-limits"
    ),
    "status": "403",
}
BODIES: Mapping[int, Mapping[str, Any]] = {
    403: SECONDARY_LIMIT,
    # Source: GitHub's API description, `validation-error`.
    422: {
        "message": "Validation Failed",
        "errors": [{"resource": "Simulator", "field": "fault", "code": "invalid"}],
        "documentation_url": DOCUMENTATION,
        "status": "422",
    },
    # Assumption: the messages of 500, 502 and 504, in the shape of `basic-error`.
    500: {"message": "Server Error", "documentation_url": DOCUMENTATION, "status": "500"},
    502: {"message": "Server Error", "documentation_url": DOCUMENTATION, "status": "502"},
    # Source: GitHub's API description, the response `service_unavailable`.
    503: {"code": "503", "message": "Service unavailable", "documentation_url": DOCUMENTATION},
    504: {
        "message": "We couldn't respond to your request in time.",
        "documentation_url": DOCUMENTATION,
        "status": "504",
    },
}


class FaultError(ValueError):
    """An invalid fault: every problem, one a line."""


@dataclass(frozen=True, slots=True)
class StruckRequest:
    """A request that a fault was applied to, as in the log."""

    method: str
    path: str


@dataclass(slots=True, kw_only=True)
class Fault:
    """A fault: the requests that it applies to, and its effect on them.

    Raise FaultError listing every problem when it is invalid.

    Args:
        method: A method, or `WRITE` for requests that change something; any method by default.
        path: A regular expression for the whole path, without `/api/v3`; any path by default.
        repositories: Only GraphQL queries that read more than this number of repositories.
        nth: Only the n-th matching request, counted from one; every one by default.
        repetitions: How many repetitions of the n-th request (the same method, path and body) the
            fault also applies to.
        status: Refuse the request without effect: 403 (secondary limit), 422, 500, 502, 503 or 504.
        retry_after: Seconds in the header `Retry-After` of a 403, 60 by default; 0 omits it.
        delay: Seconds to wait first.
        drop: Close the connection without a response, `before` or `after` the request's effect.
        truncate: Carry out the request, announce the whole response and send half of it.
        partial: `OWNER/NAME`: answer a GraphQL query with null and an error for this repository.
    """

    method: str | None = None
    path: str | None = None
    repositories: int | None = None
    nth: int | None = None
    repetitions: int = 0
    status: int | None = None
    retry_after: int | None = None
    delay: float = 0
    drop: str | None = None
    truncate: bool = False
    partial: str | None = None
    struck: list[StruckRequest] = field(default_factory=list, init=False)
    _match_count: int = field(default=0, init=False, repr=False)
    _nth_request: tuple[str, ...] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        problems = self._type_problems() or self._value_problems()
        if problems:
            raise FaultError("\n".join(problems))

    @classmethod
    def read(cls, document: Any) -> "Fault":
        """Return the fault of a JSON object whose keys are the arguments."""
        if not isinstance(document, dict):
            raise FaultError("a fault is an object")
        unknown = sorted(set(document) - set(_KINDS))
        if unknown:
            allowed = ", ".join(_KINDS)
            raise FaultError(
                "\n".join(f"{name}: unknown key; allowed: {allowed}" for name in unknown)
            )
        return cls(**document)

    def to_json(self) -> dict[str, Any]:
        """Return the fault as JSON: its arguments, and the requests that it was applied to."""
        arguments = {name: getattr(self, name) for name in _KINDS}
        return {name: value for name, value in arguments.items() if value} | {
            "struck": [asdict(request) for request in self.struck]
        }

    def strike(self, method: str, path: str, content: bytes) -> bool:
        """Count a matching request, and return whether the fault applies to it."""
        if not self._matches(method, path) or not self._matches_query(path, content):
            return False
        request = (method, path, hashlib.sha256(content).hexdigest())
        is_repetition = self.nth is not None and self._nth_request == request
        if not is_repetition or len(self.struck) > self.repetitions:
            self._match_count += 1
            if self.nth is not None and self._match_count != self.nth:
                return False
            self._nth_request = request
        self.struck.append(StruckRequest(method, path))
        return True

    def refusal(self, path: str) -> Response | None:
        """Return the response in place of GitHub's, or None when the fault refuses nothing."""
        if self.status is None:
            return None
        if self.status >= 500 and path in GRAPHQL_PATHS:
            return Response(self.status, dict(UNAVAILABLE))
        wait = 60 if self.retry_after is None else self.retry_after
        headers = {"retry-after": str(wait)} if self.status == 403 and wait else {}
        return Response(self.status, dict(BODIES[self.status]), headers)

    def change(self, content: bytes, response: Response) -> Response:
        """Return the response of GitHub as the fault changes it."""
        return leave_out(content, response, self.partial) if self.partial else response

    def _matches_query(self, path: str, content: bytes) -> bool:
        """Return whether the fault concerns the query, if any, of a request."""
        if self.partial is not None and path not in GRAPHQL_PATHS:
            return False
        if self.repositories is None:
            return True
        return path in GRAPHQL_PATHS and count_repositories(content) > self.repositories

    def _matches(self, method: str, path: str) -> bool:
        if self.method == WRITE and (
            method in _READ_METHODS or path in GRAPHQL_PATHS or path.endswith(_FETCH_SUFFIX)
        ):
            return False
        if self.method not in (None, WRITE, method):
            return False
        return self.path is None or re.fullmatch(self.path, path) is not None

    def _type_problems(self) -> list[str]:
        return [
            f"{name}: {getattr(self, name)!r} is not {noun}"
            for name, (kinds, noun) in _KINDS.items()
            if not _has_type(getattr(self, name), kinds)
        ]

    def _value_problems(self) -> list[str]:
        methods = (*METHODS, WRITE)
        effects = sum(
            (
                self.status is not None,
                self.drop is not None,
                self.truncate,
                self.partial is not None,
            )
        )
        problems = {
            f"method: {self.method!r} is not one of {', '.join(methods)}": (
                self.method is not None and self.method not in methods
            ),
            f"path: {self.path!r} is not a regular expression": not _is_pattern(self.path),
            f"repositories: {self.repositories} is less than 1": (
                self.repositories is not None and self.repositories < 1
            ),
            f"partial: {self.partial!r} is not OWNER/NAME": (
                self.partial is not None and self.partial.count("/") != 1
            ),
            f"nth: {self.nth} is less than 1": self.nth is not None and self.nth < 1,
            f"repetitions: {self.repetitions} is less than 0": self.repetitions < 0,
            "repetitions: only allowed together with nth": (
                self.repetitions != 0 and self.nth is None
            ),
            f"status: {self.status} is not one of {', '.join(map(str, BODIES))}": (
                self.status is not None and self.status not in BODIES
            ),
            "retry_after: only allowed with status 403": (
                self.retry_after is not None and self.status != 403
            ),
            f"retry_after: {self.retry_after} is less than 0": (self.retry_after or 0) < 0,
            f"delay: {self.delay} is not between 0 and {_MAXIMUM_DELAY} seconds": (
                not 0 <= self.delay <= _MAXIMUM_DELAY
            ),
            f"drop: {self.drop!r} is neither 'before' nor 'after'": (
                self.drop not in (None, "before", "after")
            ),
            "a fault needs one of status, delay, drop, truncate and partial": (
                effects == 0 and not self.delay
            ),
            "a fault can have only one of status, drop, truncate and partial": effects > 1,
        }
        return [problem for problem, is_present in problems.items() if is_present]


class Faults:
    """The active faults, oldest first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def __len__(self) -> int:
        return len(self._faults)

    def add(self, fault: Fault) -> None:
        """Add a fault."""
        self._faults.append(fault)

    def clear(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    def to_json(self) -> list[dict[str, Any]]:
        """Return the faults as JSON, oldest first."""
        return [fault.to_json() for fault in self._faults]

    def strike(self, method: str, path: str, content: bytes) -> Fault | None:
        """Count a request in every matching fault; return the oldest that applies, or None."""
        applicable = [fault for fault in self._faults if fault.strike(method, path, content)]
        return applicable[0] if applicable else None


_KINDS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "method": ((str, type(None)), "text"),
    "path": ((str, type(None)), "text"),
    "repositories": ((int, type(None)), "a whole number"),
    "nth": ((int, type(None)), "a whole number"),
    "repetitions": ((int,), "a whole number"),
    "status": ((int, type(None)), "a whole number"),
    "retry_after": ((int, type(None)), "a whole number"),
    "delay": ((int, float), "a number of seconds"),
    "drop": ((str, type(None)), "text"),
    "truncate": ((bool,), "true or false"),
    "partial": ((str, type(None)), "text"),
}


def _has_type(value: Any, kinds: tuple[type, ...]) -> bool:
    return isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))


def _is_pattern(text: str | None) -> bool:
    try:
        re.compile(text or "")
    except re.error:
        return False
    return True
