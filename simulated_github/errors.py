"""What a simulated GitHub answers when it refuses: one ladder, each step with GitHub's status and body.

Source of the shapes: GitHub's API description (schemas ``basic-error`` and ``validation-error``) and its page
"Troubleshooting the REST API".
"""
# ruff: noqa: N818  a refusal is named after what GitHub says, not after "error"

from collections.abc import Mapping, Sequence
from typing import Any

DOCUMENTATION = "https://docs.github.com/rest"


class APIError(Exception):
    """Any refusal; ``status`` is the HTTP status and ``body`` what is answered."""

    status = 500

    def __init__(self, message: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.headers = dict(headers or {})

    @property
    def body(self) -> dict[str, Any]:
        """GitHub's answer; ``status`` is text there."""
        return {
            "message": self.message,
            "documentation_url": DOCUMENTATION,
            "status": str(self.status),
        }


class BadRequest(APIError):
    """400: the body is not what a JSON API can read."""

    status = 400


class BadCredentials(APIError):
    """401: a token that nobody has, or none where one is needed."""

    status = 401

    def __init__(self, message: str = "Bad credentials") -> None:
        super().__init__(message)


class Forbidden(APIError):
    """403: known and seen, but not allowed."""

    status = 403


class NotFound(APIError):
    """404: not there, or hidden from whoever asks."""

    status = 404

    def __init__(
        self, message: str = "Not Found", *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message, headers=headers)


class NotMergeable(APIError):
    """405: a pull request that cannot be merged as it is."""

    status = 405


class Conflict(APIError):
    """409: it contradicts what is there."""

    status = 409


class ValidationFailed(APIError):
    """422: understood and refused; ``errors`` are GitHub's entries, or plain sentences."""

    status = 422

    def __init__(self, message: str = "Validation Failed", errors: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.errors = list(errors)

    @property
    def body(self) -> dict[str, Any]:
        """GitHub's answer, with the entries where there are any."""
        return super().body | ({"errors": self.errors} if self.errors else {})


class SeeOther(APIError):
    """303: the same thing is there already."""

    status = 303


class Moved(APIError):
    """301 or 307: a renamed repository is found at its number. Source: GitHub's docs, "Following redirects"."""

    def __init__(self, location: str, *, permanent: bool) -> None:
        super().__init__(
            "Moved Permanently" if permanent else "Temporary Redirect",
            headers={"location": location},
        )
        self.status = 301 if permanent else 307
        self.location = location

    @property
    def body(self) -> dict[str, Any]:
        """GitHub's answer to a request for a former name."""
        return {"message": self.message, "url": self.location, "documentation_url": DOCUMENTATION}


def invalid(
    resource: str, field: str, code: str = "invalid", message: str | None = None, value: Any = None
) -> ValidationFailed:
    """A 422 with one entry: which resource's field, and what is wrong with it."""
    entry: dict[str, Any] = {"resource": resource, "field": field, "code": code}
    if message is not None:
        entry["message"] = message
    if value is not None:
        entry["value"] = value
    return ValidationFailed(errors=[entry])
