"""Tests of tokens that are created, and that expire."""

from typing import Any

import httpx
import pytest

from simulated_github import Application, SimulatedGitHub
from tests.simulated_github.helpers.api_calls import HTTPX, expect_ok, expect_refusal
from tests.simulated_github.helpers.checked_transport import connect


def test_a_token_expires_and_a_new_one_can_be_created(
    github: Application, owner: httpx.Client
) -> None:
    """Source: GitHub's docs, "Generating an installation access token", and "Troubleshooting"."""
    tokens = [
        owner.post("/_simulator/tokens", json={"name": "release-stack", "requests": 2}).json()[
            "token"
        ]
        for _ in range(2)
    ]
    first, second = (connect(github, {"authorization": f"Bearer {token}"}) for token in tokens)

    assert [first.get(HTTPX).status_code for _ in range(2)] == [200, 200]
    expect_refusal(first.get(HTTPX), 401, "Bad credentials")
    assert expect_ok(second.get(HTTPX))["permissions"]["admin"] is True


def test_a_token_without_a_number_of_requests_does_not_expire(
    served: SimulatedGitHub, over_tcp: httpx.Client
) -> None:
    over_tcp.headers["authorization"] = f"Bearer {served.token('owner-1')}"

    assert {over_tcp.get("/user").status_code for _ in range(50)} == {200}


@pytest.mark.parametrize(
    "document",
    [{}, {"name": "nobody"}, {"name": "owner-1", "requests": 0}, {"name": "owner-1", "x": 1}],
)
def test_an_invalid_token_request_is_a_422(owner: httpx.Client, document: Any) -> None:
    assert owner.post("/_simulator/tokens", json=document).status_code == 422
