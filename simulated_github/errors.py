"""Refusals of the simulated GitHub, each with GitHub's status and body.

Source: GitHub's API description (schemas `basic-error` and `validation-error`) and its page
"Troubleshooting the REST API".
"""
# ruff: noqa: N818  a refusal is named after GitHub's status, without the suffix "Error"

from collections.abc import Mapping, Sequence
from typing import Any

DOCUMENTATION = "https://docs.github.com/rest"


class APIError(Exception):
    """A refusal; `status` and `body` are those of the response."""

    status = 500

    def __init__(self, message: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.headers = dict(headers or {})

    @property
    def body(self) -> dict[str, Any]:
        """The body of the response; GitHub sends `status` as text."""
        return {
            "message": self.message,
            "documentation_url": DOCUMENTATION,
            "status": str(self.status),
        }


class BadRequest(APIError):
    """400: the body is not JSON, or not an object."""

    status = 400


class BadCredentials(APIError):
    """401: an unknown or expired token, or none where one is required."""

    status = 401

    def __init__(self, message: str = "Bad credentials") -> None:
        super().__init__(message)


class Forbidden(APIError):
    """403: the user may see the object but not do this."""

    status = 403


class NotFound(APIError):
    """404: the object does not exist, or the user may not see it."""

    status = 404

    def __init__(
        self, message: str = "Not Found", *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message, headers=headers)


class NotMergeable(APIError):
    """405: the pull request cannot be merged in its present state."""

    status = 405


class Conflict(APIError):
    """409: the request conflicts with the present state."""

    status = 409


class ValidationFailed(APIError):
    """422: a value is invalid; `errors` are GitHub's entries or sentences."""

    status = 422

    def __init__(self, message: str = "Validation Failed", errors: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.errors = list(errors)

    @property
    def body(self) -> dict[str, Any]:
        """The body of the response, with the entries if there are any."""
        return super().body | ({"errors": self.errors} if self.errors else {})


class SeeOther(APIError):
    """303: the same object already exists."""

    status = 303


class Moved(APIError):
    """301 or 307: a renamed repository redirects to the path with its id.

    Source: GitHub's docs, "Following redirects".
    """

    def __init__(self, location: str, *, permanent: bool) -> None:
        super().__init__(
            "Moved Permanently" if permanent else "Temporary Redirect",
            headers={"location": location},
        )
        self.status = 301 if permanent else 307
        self.location = location

    @property
    def body(self) -> dict[str, Any]:
        """The body of the redirect."""
        return {"message": self.message, "url": self.location, "documentation_url": DOCUMENTATION}


def invalid(
    resource: str, field: str, code: str = "invalid", message: str | None = None, value: Any = None
) -> ValidationFailed:
    """Return a 422 with one entry: the resource, its field, and GitHub's code for the problem."""
    entry: dict[str, Any] = {"resource": resource, "field": field, "code": code}
    if message is not None:
        entry["message"] = message
    if value is not None:
        entry["value"] = value
    return ValidationFailed(errors=[entry])
