"""Identity tokens (OpenID Connect) for jobs, and the public key that verifies them.

Sources: GitHub's docs, "OpenID Connect reference" (claims, subject, default audience; the immutable
subject of repositories created after 15 July 2026) and "OpenID Connect", requesting the JWT;
OpenID Connect Discovery 1.0. Assumptions: the issuer is the simulator's own address, where GitHub's
is a fixed host; a token is valid for five minutes, as in the docs' example; an environment is named
as the workflow spells it. Times are real, not the world's, because a package index that verifies a
token has no other clock.
"""

import hashlib
import re
import secrets
import time
import uuid
from functools import cached_property
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from simulated_github.actions.contexts import github_context
from simulated_github.actions.job_lifecycle import apply_elapsed_time
from simulated_github.actions.runners import ISSUER, LocatedJob, find_job
from simulated_github.http.request import Request
from simulated_github.http.responses import Response, ok
from simulated_github.records.repositories import Repository
from simulated_github.records.runs import Job, Run

DISCOVERY = f"{ISSUER}/.well-known/openid-configuration"
KEYS = f"{ISSUER}/.well-known/jwks"
PREFIX = f"{ISSUER}/"
#: Seconds from the issue of a token to its end (`exp`), and from `nbf` to its issue.
LIFETIME = 300
BACKDATE = 600
IMMUTABLE_SUBJECT_SINCE = "2026-07-16"
_REQUEST = re.compile(rf"{ISSUER}/runs/\d+/jobs/(\d{{1,18}})/idtoken\Z")
#: The claims with the names and values of the `github` context.
_CONTEXT_CLAIMS = (
    "actor",
    "actor_id",
    "base_ref",
    "event_name",
    "head_ref",
    "ref",
    "ref_type",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "run_attempt",
    "run_id",
    "run_number",
    "sha",
    "workflow",
    "workflow_ref",
    "workflow_sha",
)
#: GitHub's other claims.
_GITHUB_CLAIMS = (
    "ref_protected",
    "repository_visibility",
    "runner_environment",
    "job_workflow_ref",
    "job_workflow_sha",
    "check_run_id",
)
_STANDARD_CLAIMS = ("sub", "aud", "iss", "jti", "iat", "nbf", "exp")


class Issuer:
    """The issuer of identity tokens; it creates its key on first use."""

    @cached_property
    def _key(self) -> RSAPrivateKey:
        return generate_private_key(public_exponent=65537, key_size=2048)

    @cached_property
    def _public_key(self) -> dict[str, Any]:
        key = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        key_id = hashlib.sha256(str(key["n"]).encode()).hexdigest()[:32]
        return {
            "kty": key["kty"],
            "n": key["n"],
            "e": key["e"],
            "alg": "RS256",
            "use": "sig",
            "kid": key_id,
        }

    def respond(self, request: Request) -> Response:
        """Respond to a request below the issuer's address: discovery, keys or an identity token."""
        issuer = request.links.origin + ISSUER
        if request.method == "GET" and request.path == DISCOVERY:
            return ok(_discovery(issuer))
        if request.method == "GET" and request.path == KEYS:
            return ok({"keys": [self._public_key]})
        item = _authenticated_job(request)
        if item is None:
            return Response(
                401,
                {"message": "This token does not ask for an identity token of a job that runs."},
            )
        owner_url = f"{request.links.origin}/{item.repository.owner.login}"
        audience = request.query.get("audience") or owner_url
        token = self._sign(claims(request, item) | {"iss": issuer, "aud": audience} | _times())
        return ok({"count": len(token), "value": token})

    def _sign(self, payload: dict[str, Any]) -> str:
        return jwt.encode(
            payload, self._key, algorithm="RS256", headers={"kid": self._public_key["kid"]}
        )


def _discovery(issuer: str) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "jwks_uri": f"{issuer}/.well-known/jwks",
        "subject_types_supported": ["public", "pairwise"],
        "response_types_supported": ["id_token"],
        "claims_supported": sorted(
            (*_STANDARD_CLAIMS, *_CONTEXT_CLAIMS, *_GITHUB_CLAIMS, "environment")
        ),
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid"],
    }


def _authenticated_job(request: Request) -> LocatedJob | None:
    """Return the running job that the request's bearer token belongs to, or None."""
    match = _REQUEST.match(request.path)
    if match is None or request.method != "GET":
        return None
    apply_elapsed_time(request.world)
    try:
        item = find_job(request.world, int(match[1]))
    except ValueError:
        return None
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    expected = item.job.id_token
    if expected is None or scheme.lower() != "bearer":
        return None
    is_valid = secrets.compare_digest(expected.encode(), token.strip().encode())
    return item if is_valid else None


def claims(request: Request, item: LocatedJob) -> dict[str, Any]:
    """Return the claims of a job's token, except issuer, audience and times."""
    repository = item.repository
    job = item.job
    context = github_context(request.world, request.links.origin, repository, item.run, job)
    payload = {name: context[name] for name in _CONTEXT_CLAIMS} | {
        "jti": str(uuid.uuid4()),
        "sub": subject(repository, item.run, job),
        "ref_protected": str(context["ref_protected"]).lower(),
        "repository_visibility": repository.visibility,
        "runner_environment": "github-hosted",
        "job_workflow_ref": context["workflow_ref"],
        "job_workflow_sha": context["workflow_sha"],
        "check_run_id": str(job.id),
    }
    return payload | ({"environment": job.environment} if job.environment else {})


def subject(repository: Repository, run: Run, job: Job) -> str:
    """Return the subject claim: the repository with the environment or, without one, the ref."""
    owner = repository.owner.login
    name = repository.name
    if repository.created_at >= IMMUTABLE_SUBJECT_SINCE:
        owner = f"{owner}@{repository.owner.id}"
        name = f"{name}@{repository.id}"
    context = f"ref:{run.ref}"
    if job.environment:
        context = f"environment:{job.environment.replace(':', '%3A')}"
    return f"repo:{owner}/{name}:{context}"


def _times() -> dict[str, int]:
    now = int(time.time())
    return {"iat": now, "nbf": now - BACKDATE, "exp": now + LIFETIME}
