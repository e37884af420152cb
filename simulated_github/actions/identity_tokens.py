"""Identity tokens (OpenID Connect): a job that may, asks for one; anybody may read the key that it is signed with.

Sources: GitHub's docs, "OpenID Connect reference" (the claims, the subject, the default audience; the immutable subject of
repositories made after 15 July 2026) and "OpenID Connect", requesting the JWT; OpenID Connect Discovery 1.0. Assumptions: the
issuer is the simulator's own address, where GitHub's is a fixed host; a token is good for five minutes, as in the docs'
example; an environment is named as the workflow writes it. Times are those of the wall, not of the world, because whoever
verifies a token has no other clock.
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
from simulated_github.actions.runners import ISSUER, LocatedJob, find_job
from simulated_github.http.request import Request
from simulated_github.http.responses import Response, ok
from simulated_github.records.repositories import Repository
from simulated_github.records.runs import Job, Run

DISCOVERY, KEYS = f"{ISSUER}/.well-known/openid-configuration", f"{ISSUER}/.well-known/jwks"
PREFIX = f"{ISSUER}/"
LIFE, EARLIER = 300, 600  # seconds that a token is good for, and that it says it was good before
IMMUTABLE_SINCE = "2026-07-16"
_REQUEST = re.compile(rf"{ISSUER}/runs/\d+/jobs/(\d{{1,18}})/idtoken\Z")
#: The claims that say the same as a key of the ``github`` context.
_AS_IN_CONTEXT = (
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
_OWN = (
    "ref_protected",
    "repository_visibility",
    "runner_environment",
    "job_workflow_ref",
    "job_workflow_sha",
    "check_run_id",
)
_STANDARD = ("sub", "aud", "iss", "jti", "iat", "nbf", "exp")


class Issuer:
    """Signs identity tokens with a key of its own, which is made when it is first needed."""

    @cached_property
    def _key(self) -> RSAPrivateKey:
        return generate_private_key(public_exponent=65537, key_size=2048)

    @cached_property
    def _public(self) -> dict[str, Any]:
        found = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        number = hashlib.sha256(str(found["n"]).encode()).hexdigest()[:32]
        return {
            "kty": found["kty"],
            "n": found["n"],
            "e": found["e"],
            "alg": "RS256",
            "use": "sig",
            "kid": number,
        }

    def answer(self, request: Request) -> Response:
        """What a request below the issuer's address is answered."""
        issuer = request.links.origin + ISSUER
        if request.method == "GET" and request.path == DISCOVERY:
            return ok(_discovery(issuer))
        if request.method == "GET" and request.path == KEYS:
            return ok({"keys": [self._public]})
        place = _asking(request)
        if place is None:
            return Response(
                401,
                {"message": "This token does not ask for an identity token of a job that runs."},
            )
        audience = (
            request.query.get("audience")
            or f"{request.links.origin}/{place.repository.owner.login}"
        )
        token = self._token(claims(request, place) | {"iss": issuer, "aud": audience} | _times())
        return ok({"count": len(token), "value": token})

    def _token(self, content: dict[str, Any]) -> str:
        return jwt.encode(
            content, self._key, algorithm="RS256", headers={"kid": self._public["kid"]}
        )


def _discovery(issuer: str) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "jwks_uri": f"{issuer}/.well-known/jwks",
        "subject_types_supported": ["public", "pairwise"],
        "response_types_supported": ["id_token"],
        "claims_supported": sorted((*_STANDARD, *_AS_IN_CONTEXT, *_OWN, "environment")),
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid"],
    }


def _asking(request: Request) -> LocatedJob | None:
    """The running job that asks, by the token that its runner was handed for this and nothing else."""
    found = _REQUEST.match(request.path)
    if found is None or request.method != "GET":
        return None
    try:
        place = find_job(request.world, int(found[1]))
    except ValueError:
        return None
    kind, _, sent = request.headers.get("authorization", "").partition(" ")
    wanted = place.job.id_token
    same = wanted is not None and secrets.compare_digest(wanted.encode(), sent.strip().encode())
    return place if kind.lower() == "bearer" and same else None


def claims(request: Request, place: LocatedJob) -> dict[str, Any]:
    """What a token says of a job, but for issuer, audience and times."""
    repository, run, job = place.repository, place.run, place.job
    context = github_context(request.world, request.links.origin, repository, run, job)
    found = {name: context[name] for name in _AS_IN_CONTEXT} | {
        "jti": str(uuid.uuid4()),
        "sub": subject(repository, run, job),
        "ref_protected": str(context["ref_protected"]).lower(),
        "repository_visibility": repository.visibility,
        "runner_environment": "github-hosted",
        "job_workflow_ref": context["workflow_ref"],
        "job_workflow_sha": context["workflow_sha"],
        "check_run_id": str(job.id),
    }
    return found | ({"environment": job.environment} if job.environment else {})


def subject(repository: Repository, run: Run, job: Job) -> str:
    """Whose token it is: the environment's, or the ref's where the job names none."""
    owner, name = repository.owner.login, repository.name
    if repository.created_at >= IMMUTABLE_SINCE:
        owner, name = f"{owner}@{repository.owner.id}", f"{name}@{repository.id}"
    context = (
        f"environment:{job.environment.replace(':', '%3A')}"
        if job.environment
        else f"ref:{run.ref}"
    )
    return f"repo:{owner}/{name}:{context}"


def _times() -> dict[str, int]:
    now = int(time.time())
    return {"iat": now, "nbf": now - EARLIER, "exp": now + LIFE}
