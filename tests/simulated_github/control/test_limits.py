"""Tests of a lower primary rate limit."""

from typing import Any

import httpx
import pytest

from simulated_github import Application
from simulated_github.http.limits import Limits, RateLimitExceeded
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import HTTPX, expect_ok, expect_refusal


def test_a_request_past_the_limit_is_a_403(owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Rate limits for the REST API"."""
    expect_ok(owner.put("/_simulator/limit", json={"requests": 2, "seconds": 60}))

    remaining = [owner.get(HTTPX).headers["x-ratelimit-remaining"] for _ in range(2)]
    response = owner.get(HTTPX)

    expect_refusal(response, 403, "API rate limit exceeded for owner-1.")
    assert remaining == ["1", "0"]
    assert response.headers["x-ratelimit-remaining"] == "0"
    assert response.headers["x-ratelimit-limit"] == "2"
    assert int(response.headers["x-ratelimit-reset"]) > 0


def test_each_user_has_a_separate_limit(github: Application, person: Person) -> None:
    github.limits.set(1, 60)

    assert [
        person(name).get(HTTPX).status_code for name in ("owner-1", "operator-1", "owner-1")
    ] == [200, 200, 403]


def test_a_304_does_not_count_for_a_token(owner: httpx.Client, anyone: httpx.Client) -> None:
    """Source: GitHub's docs, "Best practices for using the REST API"."""
    headers = {"if-none-match": owner.get(HTTPX).headers["etag"]}
    remaining = [
        owner.get(HTTPX, headers=headers).headers["x-ratelimit-remaining"] for _ in range(2)
    ]
    anonymous_headers = {"if-none-match": anyone.get(HTTPX).headers["etag"]}

    assert remaining[0] == remaining[1]
    assert {anyone.get(HTTPX, headers=anonymous_headers).status_code for _ in range(2)} == {304}
    assert anyone.get("/rate_limit").json()["rate"]["used"] == 3


def test_reading_the_limit_is_free_even_past_it(github: Application, owner: httpx.Client) -> None:
    """Source: GitHub's docs, REST page "Rate limits": it does not count against the limit."""
    github.limits.set(2, 60)
    expect_ok(owner.get(HTTPX))

    assert [expect_ok(owner.get("/rate_limit"))["rate"]["remaining"] for _ in range(3)] == [1, 1, 1]
    expect_ok(owner.get(HTTPX))
    expect_refusal(owner.get(HTTPX), 403, "API rate limit exceeded")
    response = owner.get("/rate_limit")
    assert response.json()["resources"]["core"] == response.json()["rate"]
    assert response.headers["x-ratelimit-limit"] == "2"
    assert response.json()["rate"] == {
        "limit": 2,
        "used": 2,
        "remaining": 0,
        "reset": int(response.headers["x-ratelimit-reset"]),
    }


def test_the_limit_starts_anew_at_the_reset_time() -> None:
    now = [1000.0]
    limits = Limits(lambda: now[0])
    limits.set(1, 5)
    limits.count("owner-1")
    with pytest.raises(RateLimitExceeded):
        limits.count("owner-1")

    now[0] = float(limits.headers("owner-1")["x-ratelimit-reset"])
    limits.count("owner-1")

    assert limits.headers("owner-1")["x-ratelimit-remaining"] == "0"


@pytest.mark.parametrize(
    "document",
    [{}, {"requests": 1}, {"requests": 0, "seconds": 1}, {"requests": "1", "seconds": 1}, []],
)
def test_an_invalid_limit_is_a_422(owner: httpx.Client, document: Any) -> None:
    assert owner.put("/_simulator/limit", json=document).status_code == 422
