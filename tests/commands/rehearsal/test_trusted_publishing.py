"""Trusted publishing: the identities that the index trusts, and the publishing action.

The issuer is a stand-in with its own key; the simulated GitHub's is tested in `tests/integration`.
"""

import json
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from commands.rehearsal import trusted_publishing
from commands.rehearsal.errors import ActionRefusedError
from commands.rehearsal.timeline import Redactor
from commands.rehearsal.trusted_publishing import (
    TOKEN_LIFETIME,
    TrustedPublisher,
    TrustedPublishing,
    print_hashes,
    request_upload_token,
    upload_packages,
)

ISSUER = "http://issuer.test"
PUBLISHER = TrustedPublisher(ISSUER, "encode", "7", "httpx", "publish.yml", "deploy")
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
UNKNOWN_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
REF = "encode/httpx/.github/workflows/publish.yml@refs/tags/1.0"


@pytest.fixture
def publishing(monkeypatch: pytest.MonkeyPatch) -> TrustedPublishing:
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
    published = [jwt.PyJWK({**public, "kid": "one", "alg": "RS256", "use": "sig"})]
    monkeypatch.setattr(trusted_publishing, "signing_keys", {ISSUER: published}.__getitem__)
    trusted = TrustedPublishing(Redactor())
    trusted.publisher = PUBLISHER
    return trusted


def identity_with(key: rsa.RSAPrivateKey = KEY, kid: str = "one", **changes: Any) -> str:
    """Return a token like GitHub's with other values for some claims; None omits a claim."""
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
    response = publishing.respond(environ, lambda status, _: statuses.append(status))
    assert response is not None
    return statuses[0], json.loads(b"".join(response))


def exchange_refusal(publishing: TrustedPublishing, token: object) -> str:
    status, document = exchange(publishing, token)
    assert status.startswith("422")
    assert publishing.valid_tokens(time.time()) == []
    return f"{document['errors'][0]['code']}: {document['errors'][0]['description']}"


def test_the_trusted_identity_gets_a_token_that_expires(
    publishing: TrustedPublishing,
) -> None:
    status, document = exchange(publishing, identity_with())

    assert status == "200 OK"
    assert document["success"] is True
    assert publishing.valid_tokens(time.time()) == [document["token"]]
    assert publishing.valid_tokens(time.time() + TOKEN_LIFETIME + 1) == []
    assert publishing.decisions[0].subject == "repo:encode/httpx:environment:deploy"


def test_names_are_compared_without_case(publishing: TrustedPublishing) -> None:
    assert (
        exchange(publishing, identity_with(repository="Encode/HTTPX", repository_owner="Encode"))[0]
        == "200 OK"
    )


@pytest.mark.parametrize(
    ("changes", "message"),
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
def test_an_identity_with_one_other_claim_is_refused(
    publishing: TrustedPublishing, changes: dict[str, Any], message: str
) -> None:
    assert f"invalid-publisher: {message}" in exchange_refusal(publishing, identity_with(**changes))


@pytest.mark.parametrize(
    ("token", "message"),
    [
        (
            identity_with(aud="another-index"),
            "invalid-token: malformed or invalid token: InvalidAudienceError",
        ),
        (
            identity_with(iss="http://elsewhere.test"),
            "invalid-token: malformed or invalid token: InvalidIssuerError",
        ),
        (identity_with(exp=1), "invalid-token: malformed or invalid token: ExpiredSignatureError"),
        (
            identity_with(jti=None),
            "invalid-token: malformed or invalid token: MissingRequiredClaimError",
        ),
        (
            identity_with(UNKNOWN_KEY),
            "invalid-token: malformed or invalid token: InvalidSignatureError",
        ),
        (
            identity_with(UNKNOWN_KEY, kid="two"),
            "invalid-token: the issuer has no key of that name",
        ),
        (
            jwt.encode({"sub": "x"}, "k" * 32, headers={"kid": "one"}),
            "invalid-token: malformed or invalid token: InvalidAlgorithmError",
        ),
        ("no token", "invalid-token: malformed JWT"),
        (7, "invalid-payload: the body is not a JSON object with a token"),
    ],
)
def test_an_invalid_token_is_refused(
    publishing: TrustedPublishing, token: object, message: str
) -> None:
    assert exchange_refusal(publishing, token) == message


def test_an_identity_is_exchanged_only_once(publishing: TrustedPublishing) -> None:
    token = identity_with()
    exchange(publishing, token)

    assert exchange(publishing, token)[1]["errors"][0]["code"] == "invalid-reuse-token"
    assert len(publishing.valid_tokens(time.time())) == 1


def test_a_refused_identity_is_not_used_up(publishing: TrustedPublishing) -> None:
    exchange(publishing, identity_with(environment=None))

    assert exchange(publishing, identity_with())[0] == "200 OK"


def test_an_upload_token_is_masked() -> None:
    redactor = Redactor()
    publishing = TrustedPublishing(redactor)
    token, _ = publishing.mint()

    assert redactor.redact(f"uploads with {token}") == "uploads with ***"


INDEX = "http://index.test/"
RUNNER = "http://github.test/idtoken?api-version=2.0"


class Endpoints:
    """An index and a GitHub that respond like the real ones, and log their requests."""

    def __init__(self, *, refuse: bool = False) -> None:
        self.requests: list[httpx.Request] = []
        self.client = httpx.Client(transport=httpx.MockTransport(self._respond))
        self._refuse = refuse

    def _respond(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.path == "/_/oidc/audience":
            return httpx.Response(200, json={"audience": "pypi"})
        if request.url.host == "github.test":
            return httpx.Response(200, json={"count": 1, "value": "the.identity.token"})
        if self._refuse:
            error = {"code": "invalid-publisher", "description": "not trusted"}
            return httpx.Response(422, json={"errors": [error]})
        return httpx.Response(200, json={"token": "pypi-short"})


def test_the_action_exchanges_an_identity_for_the_index() -> None:
    endpoints = Endpoints()

    token = request_upload_token(endpoints.client, INDEX, RUNNER, "bearer-of-the-job")

    assert token == "pypi-short"
    identity_request = endpoints.requests[1]
    parameters = identity_request.url.params.multi_items()
    assert parameters == [("api-version", "2.0"), ("audience", "pypi")]
    assert identity_request.headers["authorization"] == "bearer bearer-of-the-job"
    assert endpoints.requests[2].read() == b'{"token":"the.identity.token"}'


def test_the_action_shows_the_message_of_the_index() -> None:
    endpoints = Endpoints(refuse=True)

    with pytest.raises(ActionRefusedError, match="invalid-publisher: not trusted"):
        request_upload_token(endpoints.client, INDEX, RUNNER, "bearer-of-the-job")


def test_the_action_needs_the_permission_for_an_identity(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert upload_packages(tmp_path, {"TWINE_REPOSITORY_URL": INDEX}) == 1
    assert "lack `id-token: write`" in capsys.readouterr().out


def test_the_action_prints_hashes_if_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "pkg-1.0.tar.gz"
    file.write_bytes(b"")
    sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    print_hashes([file], {"PRINT_HASH": "true", "ATTESTATIONS": "true"})

    hashes, attestations = capsys.readouterr().out.splitlines()
    assert hashes == f"{sha256} pkg-1.0.tar.gz"
    assert attestations.startswith("attestations: none")
