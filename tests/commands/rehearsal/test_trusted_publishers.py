"""Which identities an index trusts: the declared repository, workflow and environment, and no other.

The issuer is a stand-in with a key of its own; the simulated GitHub's is tried in `tests/integration/test_rehearsal.py`.
"""

import json
import time
from io import BytesIO
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from commands.rehearsal import trusted_publishers
from commands.rehearsal.hidden import Hidden
from commands.rehearsal.trusted_publishers import LASTS, TrustedPublisher, TrustedPublishing

ISSUER = "http://issuer.test"
PUBLISHER = TrustedPublisher(ISSUER, "encode", "7", "httpx", "publish.yml", "deploy")
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
REF = "encode/httpx/.github/workflows/publish.yml@refs/tags/1.0"


@pytest.fixture
def publishing(monkeypatch: pytest.MonkeyPatch) -> TrustedPublishing:
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
    published = [jwt.PyJWK({**public, "kid": "one", "alg": "RS256", "use": "sig"})]
    monkeypatch.setattr(trusted_publishers, "keys", {ISSUER: published}.__getitem__)
    found = TrustedPublishing(Hidden())
    found.publisher = PUBLISHER
    return found


def identity(key: rsa.RSAPrivateKey = KEY, kid: str = "one", **changes: Any) -> str:
    """A token as GitHub's, with other values for some claims; None takes a claim out."""
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": "pypi",
        "iat": now,
        "nbf": now,
        "exp": now + 300,
        "jti": "first",
        "sub": "repo:encode/httpx:environment:deploy",
        "repository": "encode/httpx",
        "repository_owner": "encode",
        "repository_owner_id": "7",
        "job_workflow_ref": REF,
        "environment": "deploy",
        "event_name": "push",
        **changes,
    }
    return jwt.encode(
        {n: v for n, v in claims.items() if v is not None},
        key,
        algorithm="RS256",
        headers={"kid": kid},
    )


def exchange(publishing: TrustedPublishing, token: object) -> tuple[str, dict[str, Any]]:
    body = json.dumps({"token": token}).encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/_/oidc/mint-token",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    statuses: list[str] = []
    answer = publishing.answer(environ, lambda status, _: statuses.append(status))
    assert answer is not None
    return statuses[0], json.loads(b"".join(answer))


def refusal(publishing: TrustedPublishing, token: object) -> str:
    status, answer = exchange(publishing, token)
    assert status.startswith("422")
    assert publishing.valid_tokens(time.time()) == []
    return f"{answer['errors'][0]['code']}: {answer['errors'][0]['description']}"


def test_the_declared_identity_is_given_a_token_that_runs_out(
    publishing: TrustedPublishing,
) -> None:
    status, answer = exchange(publishing, identity())

    assert status == "200 OK"
    assert answer["success"] is True
    assert publishing.valid_tokens(time.time()) == [answer["token"]]
    assert publishing.valid_tokens(time.time() + LASTS + 1) == []
    assert publishing.decisions[0].subject == "repo:encode/httpx:environment:deploy"


def test_names_are_compared_whatever_their_case(publishing: TrustedPublishing) -> None:
    assert (
        exchange(publishing, identity(repository="Encode/HTTPX", repository_owner="Encode"))[0]
        == "200 OK"
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"environment": None}, "environment is none, and deploy is trusted"),
        ({"environment": "unguarded"}, "environment is unguarded, and deploy is trusted"),
        ({"repository": "encode/other"}, "repository is encode/other, and encode/httpx is trusted"),
        ({"repository_owner_id": "8"}, "repository_owner_id is 8, and 7 is trusted"),
        (
            {"job_workflow_ref": REF.replace("publish", "second")},
            "workflow is second.yml, and publish.yml is trusted",
        ),
        (
            {"job_workflow_ref": REF.replace("httpx", "other")},
            "workflow is encode/other/.github/workflows/publish.yml",
        ),
        ({"job_workflow_ref": None}, "workflow is none"),
        ({"event_name": "pull_request_target"}, "event_name is pull_request_target"),
    ],
)
def test_an_identity_that_differs_in_one_claim_is_refused(
    publishing: TrustedPublishing, changes: dict[str, Any], words: str
) -> None:
    assert f"invalid-publisher: {words}" in refusal(publishing, identity(**changes))


@pytest.mark.parametrize(
    ("token", "words"),
    [
        (
            identity(aud="somebody-else"),
            "invalid-token: malformed or invalid token: InvalidAudienceError",
        ),
        (
            identity(iss="http://elsewhere.test"),
            "invalid-token: malformed or invalid token: InvalidIssuerError",
        ),
        (identity(exp=1), "invalid-token: malformed or invalid token: ExpiredSignatureError"),
        (
            identity(jti=None),
            "invalid-token: malformed or invalid token: MissingRequiredClaimError",
        ),
        (identity(OTHER_KEY), "invalid-token: malformed or invalid token: InvalidSignatureError"),
        (identity(OTHER_KEY, kid="two"), "invalid-token: the issuer has no key of that name"),
        (
            jwt.encode({"sub": "x"}, "k" * 32, headers={"kid": "one"}),
            "invalid-token: malformed or invalid token: InvalidAlgorithmError",
        ),
        ("no token", "invalid-token: malformed JWT"),
        (7, "invalid-payload: the body is no JSON object with a token"),
    ],
)
def test_a_token_that_is_not_genuine_is_refused(
    publishing: TrustedPublishing, token: object, words: str
) -> None:
    assert refusal(publishing, token) == words


def test_an_identity_is_exchanged_once(publishing: TrustedPublishing) -> None:
    token = identity()
    exchange(publishing, token)

    assert exchange(publishing, token)[1]["errors"][0]["code"] == "invalid-reuse-token"
    assert len(publishing.valid_tokens(time.time())) == 1


def test_a_refused_identity_is_not_used_up(publishing: TrustedPublishing) -> None:
    exchange(publishing, identity(environment=None))

    assert exchange(publishing, identity())[0] == "200 OK"


def test_the_upload_token_is_hidden_before_it_leaves() -> None:
    hidden = Hidden()
    publishing = TrustedPublishing(hidden)
    minted = publishing.mint()

    assert hidden.text(f"uploads with {minted[0]}") == "uploads with ***"
