"""Faults on demand, small limits, and tokens that wear out."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from simulated_github import Application, SimulatedGitHub
from simulated_github.control.faults import BODIES, Fault, FaultError
from simulated_github.http.limits import Limits, RateLimitExceeded
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import HTTPX, expect_ok, expect_refusal
from tests.simulated_github.helpers.checked_transport import connect

TEAMS = "/orgs/encode/teams"


@pytest.fixture
def served() -> Iterator[SimulatedGitHub]:
    with SimulatedGitHub("encode") as github:
        yield github


@pytest.fixture
def over_tcp(served: SimulatedGitHub) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=served.url, headers={"authorization": "Bearer token-owner-1"}
    ) as talking:
        yield talking


def fault(github: Application, **what: Any) -> Fault:
    added = Fault(**what)
    github.faults.add(added)
    return added


def make(owner: httpx.Client, name: str) -> httpx.Response:
    return owner.post(TEAMS, json={"name": name})


def team_names(owner: httpx.Client) -> list[str]:
    return [team["name"] for team in expect_ok(owner.get(TEAMS))]


# What a fault does


def test_a_secondary_limit_says_how_long_to_wait_and_has_no_effect(
    github: Application, owner: httpx.Client
) -> None:
    """Source: GitHub's docs, "Rate limits for the REST API", and how go-github tells it from another 403."""
    fault(github, method="POST", status=403, nth=1)

    answer = make(owner, "operations")

    body = expect_refusal(answer, 403, "You have exceeded a secondary rate limit.")
    assert answer.headers["retry-after"] == "60"
    assert answer.headers["x-ratelimit-remaining"] != "0"
    assert body["documentation_url"].endswith("secondary-rate-limits")
    assert team_names(owner) == []


def test_a_secondary_limit_may_leave_the_wait_out(github: Application, owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Exceeding the rate limit": the header is there or it is not."""
    fault(github, status=403, retry_after=0)

    assert "retry-after" not in owner.get(HTTPX).headers


@pytest.mark.parametrize("status", BODIES)
def test_every_status_comes_with_a_body_and_without_an_effect(
    github: Application, owner: httpx.Client, status: int
) -> None:
    """Source: GitHub's API description for 403, 422 and 503. Assumption: the words of 500, 502 and 504."""
    fault(github, method="WRITE", status=status)

    answer = make(owner, "operations")

    assert answer.status_code == status
    assert {"message", "documentation_url"} <= answer.json().keys()
    assert team_names(owner) == []
    assert (github.requests[0].method, github.requests[0].status) == ("POST", status)


def test_a_connection_dropped_before_the_effect(
    served: SimulatedGitHub, over_tcp: httpx.Client
) -> None:
    served.fault(method="POST", drop="before", nth=1)

    with pytest.raises(httpx.RemoteProtocolError):
        make(over_tcp, "operations")

    assert team_names(over_tcp) == []
    assert [request.method for request in served.requests] == ["GET"]


def test_a_connection_dropped_after_the_effect(
    served: SimulatedGitHub, over_tcp: httpx.Client
) -> None:
    served.fault(method="POST", drop="after", nth=1)

    with pytest.raises(httpx.RemoteProtocolError):
        make(over_tcp, "operations")

    assert team_names(over_tcp) == ["operations"]
    assert [(request.method, request.status) for request in served.requests] == [
        ("POST", 201),
        ("GET", 200),
    ]


def test_an_answer_that_ends_in_its_middle(served: SimulatedGitHub, over_tcp: httpx.Client) -> None:
    served.fault(method="POST", truncate=True, nth=1)

    with over_tcp.stream("POST", TEAMS, json={"name": "operations"}) as answer:
        assert answer.status_code == 201
        with pytest.raises(
            httpx.RemoteProtocolError, match="without sending complete message body"
        ):
            answer.read()

    assert team_names(over_tcp) == ["operations"]


def test_an_answer_without_a_body_that_is_cut_never_comes(
    served: SimulatedGitHub, over_tcp: httpx.Client
) -> None:
    make(over_tcp, "operations")
    served.fault(method="DELETE", truncate=True)

    with pytest.raises(httpx.RemoteProtocolError):
        over_tcp.delete(f"{TEAMS}/operations")

    assert team_names(over_tcp) == []


def test_an_answer_that_takes_longer_than_the_client_waits(
    served: SimulatedGitHub, over_tcp: httpx.Client
) -> None:
    served.fault(method="GET", delay=0.5, nth=1)

    with pytest.raises(httpx.ReadTimeout):
        over_tcp.get(HTTPX, timeout=0.01)

    assert over_tcp.get(HTTPX).status_code == 200


def test_a_delay_that_is_waited_for(served: SimulatedGitHub, over_tcp: httpx.Client) -> None:
    served.fault(delay=0.05)

    assert over_tcp.get(HTTPX).elapsed.total_seconds() >= 0.05


@pytest.mark.parametrize(
    ("what", "seen"),
    [
        ({"drop": "before"}, httpx.RemoteProtocolError),
        ({"truncate": True}, httpx.RemoteProtocolError),
        ({"delay": 9}, httpx.ReadTimeout),
    ],
)
def test_without_a_socket_the_client_sees_the_same(
    github: Application, owner: httpx.Client, what: dict[str, Any], seen: type[Exception]
) -> None:
    fault(github, **what)

    with pytest.raises(seen):
        owner.get(HTTPX)


# Whom it strikes


def test_only_the_nth_request_that_matches(github: Application, owner: httpx.Client) -> None:
    fault(github, method="POST", path=TEAMS, status=422, nth=2)

    owner.get(TEAMS)

    assert [make(owner, name).status_code for name in ("one", "two", "three")] == [201, 422, 201]


def test_every_request_where_no_number_is_given(github: Application, owner: httpx.Client) -> None:
    added = fault(github, path="/repos/encode/.*", status=502)

    assert [owner.get(HTTPX).status_code, owner.get(f"{HTTPX}/branches").status_code] == [502, 502]
    assert owner.get(TEAMS).status_code == 200
    assert [each.path for each in added.struck] == [HTTPX, f"{HTTPX}/branches"]


def test_the_nth_write_whatever_its_path_and_a_query_is_none(
    github: Application, owner: httpx.Client
) -> None:
    fault(github, method="WRITE", status=422, nth=2)

    make(owner, "one")
    owner.post("/graphql", json={"query": "{ viewer { login } }"})
    owner.get(HTTPX)

    assert owner.patch(HTTPX, json={"description": "x"}).status_code == 422


def test_the_path_is_matched_whole_and_without_the_prefix(
    github: Application, owner: httpx.Client
) -> None:
    fault(github, path=HTTPX, status=500)

    assert owner.get(f"{HTTPX}/branches").status_code == 200
    assert owner.get(f"/api/v3{HTTPX}").status_code == 500


def test_the_same_request_sent_again_is_struck_again_so_often_and_no_other(
    github: Application, owner: httpx.Client
) -> None:
    fault(github, method="POST", status=503, nth=1, repetitions=2)

    assert [make(owner, name).status_code for name in ("a", "b", "a", "a", "a")] == [
        503,
        201,
        503,
        503,
        201,
    ]


def test_the_control_plane_is_never_struck(github: Application, owner: httpx.Client) -> None:
    fault(github, status=500)

    assert owner.get("/_simulator/faults").status_code == 200


# How it is asked for


def test_faults_are_added_listed_with_what_they_struck_and_cleared(owner: httpx.Client) -> None:
    wanted = {"method": "GET", "path": HTTPX, "status": 503}

    assert owner.post("/_simulator/faults", json=wanted).status_code == 201
    owner.get(HTTPX)

    assert owner.get("/_simulator/faults").json() == [
        wanted | {"struck": [{"method": "GET", "path": HTTPX}]}
    ]
    assert owner.delete("/_simulator/faults").status_code == 204
    assert owner.get("/_simulator/faults").json() == []
    assert owner.get(HTTPX).status_code == 200


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({}, "a fault needs one of status, delay, drop and truncate"),
        ([], "a fault is an object"),
        ({"status": 503, "paths": "x"}, "paths: unknown key; allowed: method, path, nth"),
        ({"status": 200}, "status: 200 is not one of 403, 422, 500, 502, 503, 504"),
        ({"status": True}, "status: True is not a whole number"),
        ({"status": 503, "drop": "before"}, "only one of status, drop and truncate"),
        ({"drop": "never"}, "drop: 'never' is neither 'before' nor 'after'"),
        ({"status": 503, "method": "get"}, "method: 'get' is not one of GET"),
        ({"status": 503, "path": "("}, "path: '(' is not a regular expression"),
        ({"status": 503, "nth": 0}, "nth: 0 is less than 1"),
        ({"status": 503, "repetitions": 3}, "repetitions: only allowed together with nth"),
        ({"status": 503, "nth": 1, "repetitions": -1}, "repetitions: -1 is less than 0"),
        ({"status": 503, "retry_after": 1}, "retry_after: only allowed with status 403"),
        ({"status": 403, "retry_after": -1}, "retry_after: -1 is less than 0"),
        ({"delay": 601}, "delay: 601 is not between 0 and 600 seconds"),
        ({"delay": "long"}, "delay: 'long' is not a number of seconds"),
    ],
)
def test_a_fault_that_makes_no_sense_is_told(owner: httpx.Client, document: Any, said: str) -> None:
    answer = owner.post("/_simulator/faults", json=document)

    expect_refusal(answer, 422, said)
    assert owner.get("/_simulator/faults").json() == []


def test_every_problem_of_a_fault_is_told_at_once(served: SimulatedGitHub) -> None:
    with pytest.raises(FaultError, match=r"(?s)nth: 0.*status: 1"):
        served.fault(nth=0, status=1)


def test_a_reset_takes_faults_and_limits_away(github: Application, owner: httpx.Client) -> None:
    fault(github, status=500)
    github.limits.set(1, 60)

    owner.post("/_simulator/reset")

    assert [owner.get(HTTPX).status_code for _ in range(3)] == [200, 200, 200]


# The primary limit


def test_past_a_small_limit_everything_is_a_403_that_says_until_when(owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Rate limits for the REST API": 403, and x-ratelimit-remaining is 0."""
    expect_ok(owner.put("/_simulator/limit", json={"requests": 2, "seconds": 60}))

    left = [owner.get(HTTPX).headers["x-ratelimit-remaining"] for _ in range(2)]
    answer = owner.get(HTTPX)

    expect_refusal(answer, 403, "API rate limit exceeded for owner-1.")
    assert left == ["1", "0"]
    assert answer.headers["x-ratelimit-remaining"] == "0"
    assert answer.headers["x-ratelimit-limit"] == "2"
    assert int(answer.headers["x-ratelimit-reset"]) > 0


def test_everybody_has_an_allowance_of_their_own(github: Application, person: Person) -> None:
    github.limits.set(1, 60)

    assert [
        person(name).get(HTTPX).status_code for name in ("owner-1", "operator-1", "owner-1")
    ] == [200, 200, 403]


def test_an_answer_that_is_known_already_costs_a_token_nothing(
    owner: httpx.Client, anyone: httpx.Client
) -> None:
    """Source: GitHub's docs, "Best practices for using the REST API": a 304 does not count for an authorized request."""
    known = {"if-none-match": owner.get(HTTPX).headers["etag"]}
    left = [owner.get(HTTPX, headers=known).headers["x-ratelimit-remaining"] for _ in range(2)]
    without = {"if-none-match": anyone.get(HTTPX).headers["etag"]}

    assert left[0] == left[1]
    assert {anyone.get(HTTPX, headers=without).status_code for _ in range(2)} == {304}
    assert anyone.get("/rate_limit").json()["rate"]["used"] == 3


def test_asking_for_the_limit_is_free_and_answered_past_it(
    github: Application, owner: httpx.Client
) -> None:
    """Source: GitHub's docs, REST page "Rate limits": it does not count against the limit."""
    github.limits.set(2, 60)
    expect_ok(owner.get(HTTPX))

    assert [expect_ok(owner.get("/rate_limit"))["rate"]["remaining"] for _ in range(3)] == [1, 1, 1]
    expect_ok(owner.get(HTTPX))
    expect_refusal(owner.get(HTTPX), 403, "API rate limit exceeded")
    answer = owner.get("/rate_limit")
    assert (answer.json()["resources"]["core"], answer.headers["x-ratelimit-limit"]) == (
        answer.json()["rate"],
        "2",
    )
    assert answer.json()["rate"] == {
        "limit": 2,
        "used": 2,
        "remaining": 0,
        "reset": int(answer.headers["x-ratelimit-reset"]),
    }


def test_the_allowance_is_new_once_it_is_reset() -> None:
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
def test_a_limit_that_makes_no_sense_is_told(owner: httpx.Client, document: Any) -> None:
    assert owner.put("/_simulator/limit", json=document).status_code == 422


# Tokens that wear out


def test_a_token_wears_out_and_a_fresh_one_is_to_be_had(
    github: Application, owner: httpx.Client
) -> None:
    """Source: GitHub's docs, "Generating an installation access token" (it ends), and "Troubleshooting" (401)."""
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


def test_a_fresh_token_without_a_number_does_not_end(
    served: SimulatedGitHub, over_tcp: httpx.Client
) -> None:
    over_tcp.headers["authorization"] = f"Bearer {served.token('owner-1')}"

    assert {over_tcp.get("/user").status_code for _ in range(50)} == {200}


@pytest.mark.parametrize(
    "document",
    [{}, {"name": "nobody"}, {"name": "owner-1", "requests": 0}, {"name": "owner-1", "x": 1}],
)
def test_a_token_that_makes_no_sense_is_told(owner: httpx.Client, document: Any) -> None:
    assert owner.post("/_simulator/tokens", json=document).status_code == 422
