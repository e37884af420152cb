"""The control plane."""

from typing import Any

import httpx

from simulated_github import Application
from tests.simulated_github.helpers.api_calls import HTTPX, expect_ok, put_environment, put_secret


def state(client: httpx.Client) -> Any:
    return expect_ok(client.get("/_simulator/state"))


def test_the_state_shows_opened_secrets(owner: httpx.Client, anyone: httpx.Client) -> None:
    put_environment(owner)
    expect_ok(put_secret(owner, f"{HTTPX}/environments/deploy/secrets", "PYPI_TOKEN", "opened"))

    shown = state(anyone)["repositories"]["encode/httpx"]

    assert shown["environments"]["deploy"]["secrets"] == {"PYPI_TOKEN": "opened"}
    assert shown["secrets"] == {"PYPI_TOKEN": "a-token-of-before"}


def test_the_log_is_read_and_cleared_and_holds_no_control_requests(owner: httpx.Client) -> None:
    owner.get(HTTPX)
    owner.get("/nothing")

    assert expect_ok(owner.get("/_simulator/requests")) == [
        {"method": "GET", "path": HTTPX, "status": 200},
        {"method": "GET", "path": "/nothing", "status": 404},
    ]
    assert owner.delete("/_simulator/requests").status_code == 204
    assert expect_ok(owner.get("/_simulator/requests")) == []


def test_a_reset_brings_back_the_world_as_it_was_loaded(
    github: Application, owner: httpx.Client
) -> None:
    before = state(owner)
    expect_ok(owner.delete(HTTPX))
    expect_ok(owner.post("/orgs/encode/teams", json={"name": "operations"}))

    assert owner.post("/_simulator/reset").status_code == 204

    assert before == state(owner)
    assert github.requests == []


def test_an_unknown_control_request_is_a_404(owner: httpx.Client) -> None:
    assert "GET /_simulator/nothing" in owner.get("/_simulator/nothing").json()["message"]
