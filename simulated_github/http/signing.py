"""Who wrote a commit or a tag: whoever sends the request, unless the body names someone."""

from datetime import datetime

from simulated_github.errors import ValidationFailed
from simulated_github.git.store import Signature
from simulated_github.http.fields import text
from simulated_github.http.request import Request
from simulated_github.records.people import User

#: How a body names a person.
PERSON = {"name": text(required=True), "email": text(required=True), "date": text()}


def signature(request: Request, part: str) -> Signature:
    """The person of a part of the body (``author``, ``committer``, ``tagger``); 422 for a date that is none."""
    sent = request.body.get(part) or {}
    own = signature_of(request.user, request.world.clock.seconds())
    return Signature(
        sent.get("name", own.name),
        sent.get("email", own.email),
        _seconds(sent.get("date"), own.seconds),
    )


def signature_of(user: User, seconds: int) -> Signature:
    """A person as the author of a commit."""
    email = user.email or f"{user.id}+{user.login}@users.noreply.example"
    return Signature(user.name or user.login, email, seconds)


def _seconds(date: str | None, default: int) -> int:
    if date is None:
        return default
    try:
        return int(datetime.fromisoformat(date).timestamp())
    except ValueError:
        raise ValidationFailed(f"Invalid request.\n\n{date} is not a valid date-time.") from None
