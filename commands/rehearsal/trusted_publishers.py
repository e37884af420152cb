"""Trusted publishing as PyPI does it: an identity token of a job against a short-lived upload token.

Sources: PyPI's documentation, "Trusted publishers: internals" and "Publishing with a trusted publisher", for the two addresses
and the claims; Warehouse's `warehouse/oidc/views.py` for the answers and their codes, and `warehouse/oidc/models/github.py` for
what is compared: the repository, its owner's name and number, the file of the workflow, and the environment where one is named.
"""

import json
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import jwt

from commands.rehearsal.hidden import Hidden

AUDIENCE = "pypi"
LASTS = 15 * 60  # seconds that an upload token is good for
CLAIMS = ["iss", "iat", "nbf", "exp", "aud", "sub", "jti"]
ADDRESSES = {("GET", "/_/oidc/audience"), ("POST", "/_/oidc/mint-token")}


@dataclass(frozen=True)
class TrustedPublisher:
    """What a project on PyPI trusts, as its form asks for it, and the issuer of the identity tokens.

    Attributes:
        issuer: The address that signs; GitHub's own on PyPI.
        owner_id: The number of the owner, which PyPI looks up, so that nobody who takes over a freed name is trusted.
        workflow: The file's name, below `.github/workflows`.
    """

    issuer: str
    owner: str
    owner_id: str
    repository: str
    workflow: str
    environment: str


@dataclass(frozen=True)
class Decision:
    """What became of an exchange: who asked, by the subject of the identity token, and why it was refused, if it was."""

    subject: str
    refusal: str | None


class RefusedExchangeError(Exception):
    """An identity token that gets no upload token; `code` is Warehouse's."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code


class TrustedPublishing:
    """The publisher that an index trusts, what it decided, and the upload tokens that it gave out, which are hidden at once."""

    def __init__(self, hidden: Hidden) -> None:
        self.publisher: TrustedPublisher | None = None
        self.decisions: list[Decision] = []
        self._hidden = hidden
        self._minted: dict[str, int] = {}
        self._seen: set[str] = set()

    def valid_tokens(self, now: float) -> list[str]:
        """The upload tokens that have not run out; `now` in seconds since 1970."""
        return [token for token, end in self._minted.items() if now < end]

    def answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes] | None:
        """The answer at the two addresses; nothing for every other, which are the index's own."""
        place = (environ["REQUEST_METHOD"], environ["PATH_INFO"])
        if place not in ADDRESSES:
            return None
        status, document = (
            (200, {"audience": AUDIENCE}) if place[0] == "GET" else self._exchange(body_of(environ))
        )
        content = json.dumps(document).encode()
        words = {200: "200 OK", 422: "422 Unprocessable Content"}[status]
        start(words, [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
        return [content]

    def _exchange(self, body: bytes) -> tuple[int, dict[str, Any]]:
        subject = "an unreadable identity"
        try:
            token = identity_token(body)
            subject = subject_of(token)
            self._trust(token)
        except RefusedExchangeError as error:
            self.decisions.append(Decision(subject, f"{error.code}: {error}"))
            return 422, {
                "message": "Token request failed",
                "errors": [{"code": error.code, "description": str(error)}],
            }
        self.decisions.append(Decision(subject, None))
        minted, end = self.mint()
        return 200, {"success": True, "token": minted, "expires": end}

    def mint(self) -> tuple[str, int]:
        """A new upload token, hidden before anybody has it, and when it runs out, in seconds since 1970."""
        minted, end = (
            self._hidden.add(f"pypi-{secrets.token_urlsafe(32)}"),
            int(time.time()) + LASTS,
        )
        self._minted[minted] = end
        return minted, end

    def _trust(self, token: str) -> None:
        """Returns when the token is genuine, new, and of the publisher. Raises `RefusedExchangeError` when it is not."""
        if self.publisher is None:
            raise RefusedExchangeError("invalid-publisher", "no publisher is trusted here")
        claims = verified(token, self.publisher.issuer)
        for name, expected, given in comparisons(self.publisher, claims):
            if expected.lower() != given.lower():
                raise RefusedExchangeError(
                    "invalid-publisher", f"{name} is {given or 'none'}, and {expected} is trusted"
                )
        if claims["jti"] in self._seen:
            raise RefusedExchangeError("invalid-reuse-token", "the identity token was used before")
        self._seen.add(claims["jti"])


def body_of(environ: dict[str, Any]) -> bytes:
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return body


def identity_token(body: bytes) -> str:
    try:
        token = json.loads(body)["token"]
    except (ValueError, TypeError, KeyError):
        token = None
    if not isinstance(token, str):
        raise RefusedExchangeError("invalid-payload", "the body is no JSON object with a token")
    return token


def subject_of(token: str) -> str:
    """Who a token says it is for, believed by nobody: only told."""
    try:
        return str(jwt.decode(token, options={"verify_signature": False}).get("sub"))
    except jwt.PyJWTError:
        raise RefusedExchangeError("invalid-token", "malformed JWT") from None


def verified(token: str, issuer: str) -> dict[str, Any]:
    """The claims of a token that the issuer signed for PyPI and that is valid now."""
    try:
        header = jwt.get_unverified_header(token)
        key = next((key for key in keys(issuer) if key.key_id == header.get("kid")), None)
        if key is None:
            raise RefusedExchangeError("invalid-token", "the issuer has no key of that name")
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            audience=AUDIENCE,
            issuer=issuer,
            leeway=30,
            options={"require": CLAIMS},
        )
    except jwt.PyJWTError as error:
        raise RefusedExchangeError(
            "invalid-token", f"malformed or invalid token: {type(error).__name__}"
        ) from None
    return claims


def keys(issuer: str) -> list[jwt.PyJWK]:
    """The issuer's public keys, found as OpenID Connect Discovery says."""
    with httpx.Client(timeout=10, trust_env=False) as client:
        found = (
            client.get(f"{issuer}/.well-known/openid-configuration")
            .raise_for_status()
            .json()["jwks_uri"]
        )
        return jwt.PyJWKSet.from_dict(client.get(found).raise_for_status().json()).keys


def comparisons(
    publisher: TrustedPublisher, claims: dict[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """What is compared: its name, what is trusted, and what the token says."""
    yield (
        "repository",
        f"{publisher.owner}/{publisher.repository}",
        str(claims.get("repository", "")),
    )
    yield "repository_owner", publisher.owner, str(claims.get("repository_owner", ""))
    yield "repository_owner_id", publisher.owner_id, str(claims.get("repository_owner_id", ""))
    yield (
        "workflow",
        publisher.workflow,
        workflow_file(str(claims.get("job_workflow_ref", "")), publisher),
    )
    yield "environment", publisher.environment, str(claims.get("environment", ""))
    if claims.get("event_name") == "pull_request_target":
        yield "event_name", "another event", "pull_request_target"


def workflow_file(reference: str, publisher: TrustedPublisher) -> str:
    """The file's name out of `OWNER/NAME/.github/workflows/FILE@REF`."""
    path = reference.partition("@")[0]
    return path.removeprefix(f"{publisher.owner}/{publisher.repository}/.github/workflows/")
