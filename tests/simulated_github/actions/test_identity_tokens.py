"""Identity tokens, verified with PyJWT against the running simulator.

Sources: GitHub's docs, "OpenID Connect reference" and "OpenID Connect"; OpenID Connect Discovery 1.0.
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


def started(owner: httpx.Client, text: str = PLAIN) -> tuple[int, dict[str, str]]:
    """The number of a job that runs, and what it asks for a token with."""
    replace_workflow(owner, text)
    expect_ok(create_tag(owner, "1.0"))
    number, taken = take_job(owner)
    found: dict[str, str] = taken["id_token"]
    return number, found


def asked(
    id_token: dict[str, str], audience: str | None = "pypi", token: str | None = None
) -> httpx.Response:
    url = id_token["url"] + (f"&audience={audience}" if audience else "")
    return httpx.get(url, headers={"authorization": f"bearer {token or id_token['token']}"})


def verified(served: SimulatedGitHub, text: str, audience: str) -> dict[str, Any]:
    """What a token says, read as a package index would: by the issuer's published key."""
    issuer = f"{served.url}/_actions"
    discovered = httpx.get(f"{issuer}/.well-known/openid-configuration").json()
    assert (discovered["issuer"], discovered["id_token_signing_alg_values_supported"]) == (
        issuer,
        ["RS256"],
    )
    key = jwt.PyJWKClient(discovered["jwks_uri"]).get_signing_key_from_jwt(text)
    found: dict[str, Any] = jwt.decode(
        text, key, algorithms=["RS256"], audience=audience, issuer=issuer
    )
    assert set(found) <= set(discovered["claims_supported"])
    return found


def test_a_job_in_an_environment_proves_who_it_is(
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
    number, taken = take_job(owner)

    answer = expect_ok(asked(taken["id_token"]))

    assert answer["count"] == len(answer["value"])
    found = verified(served, answer["value"], "pypi")
    httpx_id = expect_ok(owner.get(HTTPX))["id"]
    workflow = "encode/httpx/.github/workflows/publish.yml@refs/tags/1.0"
    assert {key: found[key] for key in found.keys() - {"jti", "iat", "nbf", "exp"}} == {
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


def test_its_times_are_those_of_the_wall(served: SimulatedGitHub, owner: httpx.Client) -> None:
    """Whoever verifies it has no other clock. Assumption: five minutes."""
    found = verified(served, expect_ok(asked(started(owner)[1]))["value"], "pypi")

    assert found["nbf"] < found["iat"] <= time.time() < found["exp"] == found["iat"] + 300


def test_no_two_tokens_are_the_same(served: SimulatedGitHub, owner: httpx.Client) -> None:
    id_token = started(owner)[1]
    one, two = (verified(served, expect_ok(asked(id_token))["value"], "pypi") for _ in range(2))

    assert one["jti"] != two["jti"]


def test_without_an_audience_it_is_for_the_owner(
    served: SimulatedGitHub, owner: httpx.Client
) -> None:
    """Source: GitHub's docs, "OpenID Connect reference", ``aud``: the URL of the repository's owner."""
    text = expect_ok(asked(started(owner)[1], audience=None))["value"]

    assert (
        verified(served, text, f"{served.url}/encode")["sub"]
        == "repo:encode/httpx:ref:refs/tags/1.0"
    )
    assert "environment" not in jwt.decode(text, options={"verify_signature": False})


def test_a_token_of_another_world_is_found_out(
    served: SimulatedGitHub, owner: httpx.Client
) -> None:
    """Each start, and each reset, has a key of its own."""
    text = expect_ok(asked(started(owner)[1]))["value"]
    served.reset()

    with pytest.raises(jwt.PyJWKClientError):
        verified(served, text, "pypi")


def test_a_job_asks_while_it_runs_and_not_later(owner: httpx.Client) -> None:
    number, id_token = started(owner)
    expect_ok(asked(id_token))

    finish_job(owner, number)

    assert asked(id_token).status_code == 401


def test_a_cancelled_job_asks_no_more(owner: httpx.Client) -> None:
    _, id_token = started(owner)

    expect_ok(owner.post(f"{HTTPX}/actions/runs/{get_newest_run(owner)['id']}/cancel"))

    assert asked(id_token).status_code == 401


@pytest.mark.parametrize("token", ["wrong", "token-owner-1", "\xe9"])
def test_only_the_jobs_own_token_asks(owner: httpx.Client, token: str) -> None:
    id_token = started(owner)[1]
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
def test_nothing_is_handed_out_elsewhere(served: SimulatedGitHub, path: str) -> None:
    assert (
        httpx.get(
            f"{served.url}/_actions/{path}", headers={"authorization": "bearer x"}
        ).status_code
        == 401
    )


def test_a_job_without_the_permission_is_offered_none(owner: httpx.Client) -> None:
    replace_workflow(owner, PLAIN.replace("id-token: write", "contents: write"))
    expect_ok(create_tag(owner, "1.0"))

    assert take_job(owner)[1]["id_token"] is None


def test_requests_for_tokens_are_logged_without_what_they_carry(
    served: SimulatedGitHub, owner: httpx.Client
) -> None:
    _, id_token = started(owner)
    served.requests.clear()
    expect_ok(asked(id_token))

    assert [(one.method, one.status, id_token["token"] in one.path) for one in served.requests] == [
        ("GET", 200, False)
    ]


@pytest.mark.parametrize(
    ("created", "environment", "expected"),
    [
        ("2026-01-05T09:00:00Z", None, "repo:encode/httpx:ref:refs/tags/1.0"),
        ("2026-01-05T09:00:00Z", "Production:V1", "repo:encode/httpx:environment:Production%3AV1"),
        ("2026-07-16T00:00:00Z", "deploy", "repo:encode@{owner}/httpx@{id}:environment:deploy"),
    ],
)
def test_the_subject_is_as_in_the_reference(
    served: SimulatedGitHub,
    owner: httpx.Client,
    created: str,
    environment: str | None,
    expected: str,
) -> None:
    """Source: GitHub's docs, "OpenID Connect reference", example subject claims and immutable subject claims."""
    started(owner)
    repository = served.world.repository("encode", "httpx")
    assert repository is not None
    repository.created_at = created
    run = next(iter(repository.runs.values()))
    job = Job(1, "publish", "publish", environment, (), ())

    assert expected.format(owner=repository.owner.id, id=repository.id) == subject(
        repository, run, job
    )
