"""Trusted publishing as PyPI does it, on both sides: the index, and the publishing action in a job.

A job exchanges its identity token for a short-lived upload token. Run as a program, this module is
the stand-in for the publishing action.

Sources: PyPI's documentation, "Trusted publishers: internals" and "Publishing with a trusted
publisher", for the two addresses and the claims; Warehouse's `warehouse/oidc/views.py` for the
responses and their codes, and `warehouse/oidc/models/github.py` for the compared claims; GitHub's
documentation, "OpenID Connect reference".

Deliberately absent: attestations. Signing them needs Sigstore, which a rehearsal cannot reach.
"""

import hashlib
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import jwt

from commands.rehearsal.errors import ActionRefusedError
from commands.rehearsal.timeline import Redactor

AUDIENCE = "pypi"
TOKEN_LIFETIME = 15 * 60  # seconds
REQUIRED_CLAIMS = ["iss", "iat", "nbf", "exp", "aud", "sub", "jti"]
AUDIENCE_PATH = "/_/oidc/audience"
MINT_PATH = "/_/oidc/mint-token"
STATUSES = {200: "200 OK", 422: "422 Unprocessable Content"}
NO_ATTESTATIONS = "none: a rehearsal cannot reach Sigstore"


@dataclass(frozen=True)
class TrustedPublisher:
    """The publisher that a project on PyPI trusts, with the fields of its form.

    Attributes:
        issuer: The address that signs the identity tokens; PyPI trusts GitHub's own.
        owner_id: The id of the owner, which PyPI looks up, so that a later owner of the same name
            is not trusted.
        workflow: The name of the file in `.github/workflows`.
    """

    issuer: str
    owner: str
    owner_id: str
    repository: str
    workflow: str
    environment: str


@dataclass(frozen=True)
class ExchangeDecision:
    """The index's decision about one identity token.

    Attributes:
        subject: The subject of the identity token.
        refusal: Why it was refused; None if it was trusted.
    """

    subject: str
    refusal: str | None


class TokenExchangeError(Exception):
    """An identity token that is not exchanged. `code` is Warehouse's."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code


class TrustedPublishing:
    """The index's side: the trusted publisher, the decisions, and the issued upload tokens."""

    def __init__(self, redactor: Redactor) -> None:
        self.publisher: TrustedPublisher | None = None
        self.decisions: list[ExchangeDecision] = []
        self._redactor = redactor
        self._expiry: dict[str, int] = {}
        self._used_ids: set[str] = set()

    def valid_tokens(self, now: float) -> list[str]:
        """Return the upload tokens that have not expired; `now` in seconds since 1970."""
        return [token for token, expires in self._expiry.items() if now < expires]

    def respond(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes] | None:
        """Return the body of a WSGI response; None for a path that is the index's own."""
        route = (environ["REQUEST_METHOD"], environ["PATH_INFO"])
        if route == ("GET", AUDIENCE_PATH):
            status = 200
            document: dict[str, Any] = {"audience": AUDIENCE}
        elif route == ("POST", MINT_PATH):
            length = int(environ.get("CONTENT_LENGTH") or 0)
            status, document = self._exchange(environ["wsgi.input"].read(length))
        else:
            return None
        content = json.dumps(document).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(content)))]
        start(STATUSES[status], headers)
        return [content]

    def mint(self) -> tuple[str, int]:
        """Return a new upload token, masked from now on, and its expiry in seconds since 1970."""
        token = self._redactor.add(f"pypi-{secrets.token_urlsafe(32)}")
        self._expiry[token] = int(time.time()) + TOKEN_LIFETIME
        return token, self._expiry[token]

    def _exchange(self, body: bytes) -> tuple[int, dict[str, Any]]:
        subject = "an unreadable identity"
        try:
            identity = token_in_body(body)
            subject = unverified_subject(identity)
            self._verify(identity)
        except TokenExchangeError as error:
            self.decisions.append(ExchangeDecision(subject, f"{error.code}: {error}"))
            errors = [{"code": error.code, "description": str(error)}]
            return 422, {"message": "Token request failed", "errors": errors}
        self.decisions.append(ExchangeDecision(subject, None))
        token, expires = self.mint()
        return 200, {"success": True, "token": token, "expires": expires}

    def _verify(self, identity: str) -> None:
        """Raise `TokenExchangeError` for an identity token that is not the trusted publisher's."""
        if self.publisher is None:
            raise TokenExchangeError("invalid-publisher", "no publisher is trusted here")
        claims = verified_claims(identity, self.publisher.issuer)
        for claim, trusted, actual in compared_claims(self.publisher, claims):
            if trusted.lower() != actual.lower():
                description = f"{claim} is {actual or 'none'}, and {trusted} is trusted"
                raise TokenExchangeError("invalid-publisher", description)
        if claims["jti"] in self._used_ids:
            raise TokenExchangeError("invalid-reuse-token", "the identity token was used before")
        self._used_ids.add(claims["jti"])


def token_in_body(body: bytes) -> str:
    try:
        token = json.loads(body)["token"]
    except (ValueError, TypeError, KeyError):
        token = None
    if not isinstance(token, str):
        raise TokenExchangeError("invalid-payload", "the body is not a JSON object with a token")
    return token


def unverified_subject(identity: str) -> str:
    """Return the subject of an identity token. It is only shown: the signature is not checked."""
    try:
        return str(jwt.decode(identity, options={"verify_signature": False}).get("sub"))
    except jwt.PyJWTError:
        raise TokenExchangeError("invalid-token", "malformed JWT") from None


def verified_claims(identity: str, issuer: str) -> dict[str, Any]:
    """Return the claims of a valid identity token that the issuer signed for PyPI."""
    try:
        key_id = jwt.get_unverified_header(identity).get("kid")
        key = next((key for key in signing_keys(issuer) if key.key_id == key_id), None)
        if key is None:
            raise TokenExchangeError("invalid-token", "the issuer has no key of that name")
        claims: dict[str, Any] = jwt.decode(
            identity,
            key,
            algorithms=["RS256"],
            audience=AUDIENCE,
            issuer=issuer,
            leeway=30,
            options={"require": REQUIRED_CLAIMS},
        )
    except jwt.PyJWTError as error:
        description = f"malformed or invalid token: {type(error).__name__}"
        raise TokenExchangeError("invalid-token", description) from None
    return claims


def signing_keys(issuer: str) -> list[jwt.PyJWK]:
    """Return the issuer's public keys, as OpenID Connect Discovery specifies."""
    with httpx.Client(timeout=10, trust_env=False) as client:
        configuration = client.get(f"{issuer}/.well-known/openid-configuration").raise_for_status()
        keys = client.get(configuration.json()["jwks_uri"]).raise_for_status()
        return jwt.PyJWKSet.from_dict(keys.json()).keys


def compared_claims(
    publisher: TrustedPublisher, claims: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    """Return what PyPI compares: the name of the claim, the trusted value and the token's value."""
    full_name = f"{publisher.owner}/{publisher.repository}"
    reference = str(claims.get("job_workflow_ref", "")).partition("@")[0]
    workflow = reference.removeprefix(f"{full_name}/.github/workflows/")
    compared = [
        ("repository", full_name, str(claims.get("repository", ""))),
        ("repository_owner", publisher.owner, str(claims.get("repository_owner", ""))),
        ("repository_owner_id", publisher.owner_id, str(claims.get("repository_owner_id", ""))),
        ("workflow", publisher.workflow, workflow),
        ("environment", publisher.environment, str(claims.get("environment", ""))),
    ]
    if claims.get("event_name") == "pull_request_target":
        compared.append(("event_name", "another event", "pull_request_target"))
    return compared


def request_identity_token(client: httpx.Client, url: str, bearer: str, audience: str) -> str:
    """Return the job's identity token for an audience; `url` and `bearer` are its runner's."""
    address = httpx.URL(url).copy_add_param("audience", audience)
    response = client.get(address, headers={"Authorization": f"bearer {bearer}"})
    return str(response_document(response)["value"])


def request_upload_token(client: httpx.Client, index: str, url: str, bearer: str) -> str:
    """Return a short-lived upload token of the index for the job's identity.

    Raise `ActionRefusedError` with the index's message if it refuses.
    """
    audience = response_document(client.get(f"{index.rstrip('/')}{AUDIENCE_PATH}"))["audience"]
    identity = request_identity_token(client, url, bearer, audience)
    response = client.post(f"{index.rstrip('/')}{MINT_PATH}", json={"token": identity})
    return str(response_document(response)["token"])


def response_document(response: httpx.Response) -> dict[str, Any]:
    """Return the document of a response. Raise `ActionRefusedError` for an error response."""
    document: dict[str, Any] = response.json()
    if not response.is_success:
        errors = [
            f"{error['code']}: {error['description']}" for error in document.get("errors", [])
        ]
        raise ActionRefusedError("; ".join(errors) or str(document.get("message")))
    return document


def upload_packages(packages: Path, environ: Mapping[str, str]) -> int:
    """Upload the files of a directory as the publishing action does, and return the exit code."""
    url = environ.get("ACTIONS_ID_TOKEN_REQUEST_URL", "")
    if not url:
        print("no identity token for this job: its permissions lack `id-token: write`")
        return 1
    index = environ["TWINE_REPOSITORY_URL"]
    bearer = environ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
    try:
        with httpx.Client(timeout=30, trust_env=False) as client:
            token = request_upload_token(client, index, url, bearer)
    except ActionRefusedError as error:
        print(f"the index refused the identity of this job: {error}")
        return 1
    files = [file for file in sorted(packages.rglob("*")) if file.is_file()]
    print_hashes(files, environ)
    options = ["--non-interactive", "--disable-progress-bar"]
    command = [sys.executable, "-m", "twine", "upload", *options, *map(str, files)]
    login = {"TWINE_USERNAME": "__token__", "TWINE_PASSWORD": token}
    return subprocess.run(command, env={**environ, **login}, check=False).returncode


def print_hashes(files: Sequence[Path], environ: Mapping[str, str]) -> None:
    """Print the hashes if the workflow asks for them, and that no attestations are made."""
    if environ.get("PRINT_HASH") == "true":
        for file in files:
            print(hashlib.sha256(file.read_bytes()).hexdigest(), file.name)
    if environ.get("ATTESTATIONS") == "true":
        print(f"attestations: {NO_ATTESTATIONS}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(upload_packages(Path(sys.argv[1]), os.environ))
