"""Tests of faults."""

from typing import Any

import httpx
import pytest

from simulated_github import Application, SimulatedGitHub
from simulated_github.control.faults import BODIES, Fault, FaultError
from tests.simulated_github.helpers.api_calls import HTTPX, expect_ok, expect_refusal

TEAMS = "/orgs/encode/teams"


def add_fault(github: Application, **arguments: Any) -> Fault:
    fault = Fault(**arguments)
    github.faults.add(fault)
    return fault


def create_team(owner: httpx.Client, name: str) -> httpx.Response:
    return owner.post(TEAMS, json={"name": name})


def team_names(owner: httpx.Client) -> list[str]:
    return [team["name"] for team in expect_ok(owner.get(TEAMS))]


# The effect of a fault


def test_a_secondary_limit_sets_retry_after_and_has_no_effect(
    github: Application, owner: httpx.Client
) -> None:
    """Source: GitHub's docs, "Rate limits for the REST API", and go-github's `CheckResponse`."""
    add_fault(github, method="POST", status=403, nth=1)

    response = create_team(owner, "operations")

    body = expect_refusal(response, 403, "You have exceeded a secondary rate limit.")
    assert response.headers["retry-after"] == "60"
    assert response.headers["x-ratelimit-remaining"] != "0"
    assert body["documentation_url"].endswith("secondary-rate-limits")
    assert team_names(owner) == []


def test_a_secondary_limit_can_omit_retry_after(github: Application, owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Exceeding the rate limit": the header is optional."""
    add_fault(github, status=403, retry_after=0)

    assert "retry-after" not in owner.get(HTTPX).headers


@pytest.mark.parametrize("status", BODIES)
def test_every_status_has_a_body_and_no_effect(
    github: Application, owner: httpx.Client, status: int
) -> None:
    """Source: GitHub's API description for 403, 422 and 503.

    Assumption: the messages of 500, 502 and 504.
    """
    add_fault(github, method="WRITE", status=status)

    response = create_team(owner, "operations")

    assert response.status_code == status
    assert {"message", "documentation_url"} <= response.json().keys()
    assert team_names(owner) == []
    assert github.requests[0].method == "POST"
    assert github.requests[0].status == status


def test_a_connection_dropped_before_the_effect(
    served: SimulatedGitHub, over_tcp: httpx.Client
) -> None:
    served.fault(method="POST", drop="before", nth=1)

    with pytest.raises(httpx.RemoteProtocolError):
        create_team(over_tcp, "operations")

    assert team_names(over_tcp) == []
    assert [request.method for request in served.requests] == ["GET"]


def test_a_connection_dropped_after_the_effect(
    served: SimulatedGitHub, over_tcp: httpx.Client
) -> None:
    served.fault(method="POST", drop="after", nth=1)

    with pytest.raises(httpx.RemoteProtocolError):
        create_team(over_tcp, "operations")

    assert team_names(over_tcp) == ["operations"]
    assert [(request.method, request.status) for request in served.requests] == [
        ("POST", 201),
        ("GET", 200),
    ]


def test_a_truncated_response(served: SimulatedGitHub, over_tcp: httpx.Client) -> None:
    served.fault(method="POST", truncate=True, nth=1)

    with over_tcp.stream("POST", TEAMS, json={"name": "operations"}) as response:
        assert response.status_code == 201
        with pytest.raises(
            httpx.RemoteProtocolError, match="without sending complete message body"
        ):
            response.read()

    assert team_names(over_tcp) == ["operations"]


def test_a_truncated_response_without_a_body_never_arrives(
    served: SimulatedGitHub, over_tcp: httpx.Client
) -> None:
    create_team(over_tcp, "operations")
    served.fault(method="DELETE", truncate=True)

    with pytest.raises(httpx.RemoteProtocolError):
        over_tcp.delete(f"{TEAMS}/operations")

    assert team_names(over_tcp) == []


def test_a_delay_longer_than_the_clients_timeout(
    served: SimulatedGitHub, over_tcp: httpx.Client
) -> None:
    served.fault(method="GET", delay=0.5, nth=1)

    with pytest.raises(httpx.ReadTimeout):
        over_tcp.get(HTTPX, timeout=0.01)

    assert over_tcp.get(HTTPX).status_code == 200


def test_a_delay_within_the_clients_timeout(
    served: SimulatedGitHub, over_tcp: httpx.Client
) -> None:
    served.fault(delay=0.05)

    assert over_tcp.get(HTTPX).elapsed.total_seconds() >= 0.05


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"drop": "before"}, httpx.RemoteProtocolError),
        ({"truncate": True}, httpx.RemoteProtocolError),
        ({"delay": 9}, httpx.ReadTimeout),
    ],
)
def test_faults_without_a_socket(
    github: Application, owner: httpx.Client, arguments: dict[str, Any], error: type[Exception]
) -> None:
    add_fault(github, **arguments)

    with pytest.raises(error):
        owner.get(HTTPX)


# The requests that a fault applies to


def test_a_fault_applies_to_the_nth_matching_request(
    github: Application, owner: httpx.Client
) -> None:
    add_fault(github, method="POST", path=TEAMS, status=422, nth=2)

    owner.get(TEAMS)

    assert [create_team(owner, name).status_code for name in ("one", "two", "three")] == [
        201,
        422,
        201,
    ]


def test_a_fault_without_nth_applies_to_every_request(
    github: Application, owner: httpx.Client
) -> None:
    fault = add_fault(github, path="/repos/encode/.*", status=502)

    assert [owner.get(HTTPX).status_code, owner.get(f"{HTTPX}/branches").status_code] == [502, 502]
    assert owner.get(TEAMS).status_code == 200
    assert [request.path for request in fault.struck] == [HTTPX, f"{HTTPX}/branches"]


def test_the_nth_write_does_not_count_reads_and_queries(
    github: Application, owner: httpx.Client
) -> None:
    add_fault(github, method="WRITE", status=422, nth=2)

    create_team(owner, "one")
    owner.post("/graphql", json={"query": "{ viewer { login } }"})
    owner.get(HTTPX)

    assert owner.patch(HTTPX, json={"description": "x"}).status_code == 422


def test_the_path_of_a_fault_is_full_and_without_prefix(
    github: Application, owner: httpx.Client
) -> None:
    add_fault(github, path=HTTPX, status=500)

    assert owner.get(f"{HTTPX}/branches").status_code == 200
    assert owner.get(f"/api/v3{HTTPX}").status_code == 500


def test_repetitions_apply_only_to_the_same_request(
    github: Application, owner: httpx.Client
) -> None:
    add_fault(github, method="POST", status=503, nth=1, repetitions=2)

    assert [create_team(owner, name).status_code for name in ("a", "b", "a", "a", "a")] == [
        503,
        201,
        503,
        503,
        201,
    ]


def test_faults_do_not_apply_to_the_control_plane(github: Application, owner: httpx.Client) -> None:
    add_fault(github, status=500)

    assert owner.get("/_simulator/faults").status_code == 200


# The control plane


def test_faults_can_be_added_listed_and_removed(owner: httpx.Client) -> None:
    fault = {"method": "GET", "path": HTTPX, "status": 503}

    assert owner.post("/_simulator/faults", json=fault).status_code == 201
    owner.get(HTTPX)

    assert owner.get("/_simulator/faults").json() == [
        fault | {"struck": [{"method": "GET", "path": HTTPX}]}
    ]
    assert owner.delete("/_simulator/faults").status_code == 204
    assert owner.get("/_simulator/faults").json() == []
    assert owner.get(HTTPX).status_code == 200


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"partial": "httpx"}, "partial: 'httpx' is not OWNER/NAME"),
        ({"repositories": 0, "status": 502}, "repositories: 0 is less than 1"),
        ({}, "a fault needs one of status, delay, drop, truncate and partial"),
        ([], "a fault is an object"),
        ({"status": 503, "paths": "x"}, "paths: unknown key; allowed: method, path, repositories"),
        ({"status": 200}, "status: 200 is not one of 403, 422, 500, 502, 503, 504"),
        ({"status": True}, "status: True is not a whole number"),
        ({"status": 503, "drop": "before"}, "only one of status, drop, truncate and partial"),
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
def test_an_invalid_fault_is_a_422(owner: httpx.Client, document: Any, problem: str) -> None:
    response = owner.post("/_simulator/faults", json=document)

    expect_refusal(response, 422, problem)
    assert owner.get("/_simulator/faults").json() == []


def test_every_problem_of_a_fault_is_reported_at_once(served: SimulatedGitHub) -> None:
    with pytest.raises(FaultError, match=r"(?s)nth: 0.*status: 1"):
        served.fault(nth=0, status=1)


def test_a_reset_removes_faults_and_limits(github: Application, owner: httpx.Client) -> None:
    add_fault(github, status=500)
    github.limits.set(1, 60)

    owner.post("/_simulator/reset")

    assert [owner.get(HTTPX).status_code for _ in range(3)] == [200, 200, 200]
