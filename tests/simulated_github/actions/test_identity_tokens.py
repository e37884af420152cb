"""Tests of identity tokens, with PyJWT against a running simulator.

Sources: GitHub's docs, "OpenID Connect reference" and "OpenID Connect"; OpenID Connect
Discovery 1.0.
"""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import jwt
import pytest

from simulated_github import SimulatedGitHub
from simulated_github.actions.identity_tokens import subject
from simulated_github.records.runs import Job
from simulated_github.world.world_file import WorldFile
from tests.simulated_github.helpers.api_calls import HTTPX, create_tag, expect_ok
from tests.simulated_github.helpers.release_gate import (
    build_gate,
    finish_job,
    get_newest_run,
    replace_workflow,
    review_run,
    take_job,
)

PUBLISH = """\
name: Publish
on: {push: {tags: ['*']}}
permissions: {}
jobs:
  publish: {environment: deploy, permissions: {id-token: write}, steps: []}
"""
PLAIN = PUBLISH.replace("environment: deploy, ", "")


@pytest.fixture
def served(world_file: WorldFile) -> Iterator[SimulatedGitHub]:
    with SimulatedGitHub(world_file) as github:
        github.run_jobs()
        yield github


@pytest.fixture
def owner(served: SimulatedGitHub) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=served.url, headers={"authorization": "Bearer token-owner-1"}
    ) as client:
        yield client


def start_job(owner: httpx.Client, text: str = PLAIN) -> tuple[int, dict[str, str]]:
    """Start a job; return its id, and the URL and the token to request identity tokens."""
    replace_workflow(owner, text)
    expect_ok(create_tag(owner, "1.0"))
    number, job = take_job(owner)
    id_token: dict[str, str] = job["id_token"]
    return number, id_token


def request_token(
    id_token: dict[str, str], audience: str | None = "pypi", token: str | None = None
) -> httpx.Response:
    url = id_token["url"] + (f"&audience={audience}" if audience else "")
    return httpx.get(url, headers={"authorization": f"bearer {token or id_token['token']}"})


def verify(served: SimulatedGitHub, text: str, audience: str) -> dict[str, Any]:
    """Return the claims of a token, verified as a package index would, by the issuer's key."""
    issuer = f"{served.url}/_actions"
    discovered = httpx.get(f"{issuer}/.well-known/openid-configuration").json()
    assert discovered["issuer"] == issuer
    assert discovered["id_token_signing_alg_values_supported"] == ["RS256"]
    key = jwt.PyJWKClient(discovered["jwks_uri"]).get_signing_key_from_jwt(text)
    claims: dict[str, Any] = jwt.decode(
        text, key, algorithms=["RS256"], audience=audience, issuer=issuer
    )
    assert set(claims) <= set(discovered["claims_supported"])
    return claims


def test_a_token_identifies_the_job_and_its_environment(
    served: SimulatedGitHub, owner: httpx.Client
) -> None:
    gate = build_gate(owner, prevent_self_review=False)
    replace_workflow(owner, PUBLISH)
    expect_ok(create_tag(owner, "1.0"))
    run = get_newest_run(owner)
    with httpx.Client(
        base_url=served.url, headers={"authorization": "Bearer token-operator-2"}
    ) as reviewer:
        expect_ok(review_run(reviewer, run, gate))
    number, job = take_job(owner)

    response = expect_ok(request_token(job["id_token"]))

    assert response["count"] == len(response["value"])
    claims = verify(served, response["value"], "pypi")
    httpx_id = expect_ok(owner.get(HTTPX))["id"]
    workflow = "encode/httpx/.github/workflows/publish.yml@refs/tags/1.0"
    assert {key: claims[key] for key in claims.keys() - {"jti", "iat", "nbf", "exp"}} == {
        "sub": "repo:encode/httpx:environment:deploy",
        "aud": "pypi",
        "iss": f"{served.url}/_actions",
        "actor": "owner-1",
        "actor_id": str(expect_ok(owner.get("/users/owner-1"))["id"]),
        "base_ref": "",
        "head_ref": "",
        "check_run_id": str(number),
        "environment": "deploy",
        "event_name": "push",
        "job_workflow_ref": workflow,
        "job_workflow_sha": run["head_sha"],
        "ref": "refs/tags/1.0",
        "ref_protected": "false",
        "ref_type": "tag",
        "repository": "encode/httpx",
        "repository_id": str(httpx_id),
        "repository_owner": "encode",
        "repository_owner_id": str(expect_ok(owner.get("/orgs/encode"))["id"]),
        "repository_visibility": "public",
        "run_attempt": "1",
        "run_id": str(run["id"]),
        "run_number": "1",
        "runner_environment": "github-hosted",
        "sha": run["head_sha"],
        "workflow": "Publish",
        "workflow_ref": workflow,
        "workflow_sha": run["head_sha"],
    }


def test_a_token_is_valid_for_five_real_minutes(
    served: SimulatedGitHub, owner: httpx.Client
) -> None:
    """Assumption: five minutes. Times are real, because package indexes have no other clock."""
    claims = verify(served, expect_ok(request_token(start_job(owner)[1]))["value"], "pypi")

    assert claims["nbf"] < claims["iat"]
    assert claims["iat"] <= time.time()
    assert claims["exp"] == claims["iat"] + 300


def test_every_token_has_an_id_of_its_own(served: SimulatedGitHub, owner: httpx.Client) -> None:
    id_token = start_job(owner)[1]
    first, second = (
        verify(served, expect_ok(request_token(id_token))["value"], "pypi") for _ in range(2)
    )

    assert first["jti"] != second["jti"]


def test_the_default_audience_is_the_owner(served: SimulatedGitHub, owner: httpx.Client) -> None:
    """Source: GitHub's docs, "OpenID Connect reference", `aud`: the owner's URL."""
    text = expect_ok(request_token(start_job(owner)[1], audience=None))["value"]

    assert (
        verify(served, text, f"{served.url}/encode")["sub"] == "repo:encode/httpx:ref:refs/tags/1.0"
    )
    assert "environment" not in jwt.decode(text, options={"verify_signature": False})


def test_a_reset_makes_old_tokens_invalid(served: SimulatedGitHub, owner: httpx.Client) -> None:
    """Each start and each reset create a new key."""
    text = expect_ok(request_token(start_job(owner)[1]))["value"]
    served.reset()

    with pytest.raises(jwt.PyJWKClientError):
        verify(served, text, "pypi")


def test_a_completed_job_gets_no_token(owner: httpx.Client) -> None:
    number, id_token = start_job(owner)
    expect_ok(request_token(id_token))

    finish_job(owner, number)

    assert request_token(id_token).status_code == 401


def test_a_canceled_job_gets_no_token(owner: httpx.Client) -> None:
    _, id_token = start_job(owner)

    expect_ok(owner.post(f"{HTTPX}/actions/runs/{get_newest_run(owner)['id']}/cancel"))

    assert request_token(id_token).status_code == 401


@pytest.mark.parametrize("token", ["wrong", "token-owner-1", "\xe9"])
def test_no_other_token_requests_an_identity_token(owner: httpx.Client, token: str) -> None:
    id_token = start_job(owner)[1]
    headers = {b"authorization": f"bearer {token}".encode("latin-1")}

    assert httpx.get(id_token["url"], headers=headers).status_code == 401
    assert httpx.get(id_token["url"]).status_code == 401
    assert (
        httpx.post(
            id_token["url"], headers={"authorization": f"bearer {id_token['token']}"}
        ).status_code
        == 401
    )


@pytest.mark.parametrize(
    "path",
    [
        "runs/1/jobs/1/idtoken",
        "runs/1/jobs/x/idtoken",
        "nothing",
        f"runs/1/jobs/{'9' * 30}/idtoken",
    ],
)
def test_other_paths_return_no_token(served: SimulatedGitHub, path: str) -> None:
    assert (
        httpx.get(
            f"{served.url}/_actions/{path}", headers={"authorization": "bearer x"}
        ).status_code
        == 401
    )


def test_a_job_without_the_permission_gets_no_token(owner: httpx.Client) -> None:
    replace_workflow(owner, PLAIN.replace("id-token: write", "contents: write"))
    expect_ok(create_tag(owner, "1.0"))

    assert take_job(owner)[1]["id_token"] is None


def test_the_request_log_holds_no_tokens(served: SimulatedGitHub, owner: httpx.Client) -> None:
    _, id_token = start_job(owner)
    served.requests.clear()
    expect_ok(request_token(id_token))

    assert [
        (entry.method, entry.status, id_token["token"] in entry.path) for entry in served.requests
    ] == [("GET", 200, False)]


@pytest.mark.parametrize(
    ("created", "environment", "expected"),
    [
        ("2026-01-05T09:00:00Z", None, "repo:encode/httpx:ref:refs/tags/1.0"),
        ("2026-01-05T09:00:00Z", "Production:V1", "repo:encode/httpx:environment:Production%3AV1"),
        ("2026-07-16T00:00:00Z", "deploy", "repo:encode@{owner}/httpx@{id}:environment:deploy"),
    ],
)
def test_the_subject_follows_the_reference(
    served: SimulatedGitHub,
    owner: httpx.Client,
    created: str,
    environment: str | None,
    expected: str,
) -> None:
    """Source: GitHub's docs, "OpenID Connect reference", subject claims and immutable ones."""
    start_job(owner)
    repository = served.world.repository("encode", "httpx")
    assert repository is not None
    repository.created_at = created
    run = next(iter(repository.runs.values()))
    job = Job(1, "publish", "publish", environment, (), ())

    assert expected.format(owner=repository.owner.id, id=repository.id) == subject(
        repository, run, job
    )
