"""Tests of the control plane."""

import re
from pathlib import Path
from typing import Any

import httpx

from simulated_github import Application
from simulated_github.control.api import HANDLERS
from tests.simulated_github.helpers.api_calls import HTTPX, expect_ok, put_environment, put_secret

README = Path(__file__).parents[3] / "simulated_github" / "README.md"


def get_state(client: httpx.Client) -> Any:
    return expect_ok(client.get("/_simulator/state"))


def test_the_state_contains_decrypted_secrets(owner: httpx.Client, anyone: httpx.Client) -> None:
    put_environment(owner)
    expect_ok(put_secret(owner, f"{HTTPX}/environments/deploy/secrets", "PYPI_TOKEN", "opened"))

    repository = get_state(anyone)["repositories"]["encode/httpx"]

    assert repository["environments"]["deploy"]["secrets"] == {"PYPI_TOKEN": "opened"}
    assert repository["secrets"] == {"PYPI_TOKEN": "a-token-of-before"}


def test_the_log_omits_control_requests_and_can_be_cleared(owner: httpx.Client) -> None:
    owner.get(HTTPX)
    owner.get("/nothing")

    assert expect_ok(owner.get("/_simulator/requests")) == [
        {"method": "GET", "path": HTTPX, "status": 200},
        {"method": "GET", "path": "/nothing", "status": 404},
    ]
    assert owner.delete("/_simulator/requests").status_code == 204
    assert expect_ok(owner.get("/_simulator/requests")) == []


def test_a_reset_restores_the_loaded_world(github: Application, owner: httpx.Client) -> None:
    before = get_state(owner)
    expect_ok(owner.delete(HTTPX))
    expect_ok(owner.post("/orgs/encode/teams", json={"name": "operations"}))

    assert owner.post("/_simulator/reset").status_code == 204

    assert before == get_state(owner)
    assert github.requests == []


def test_an_unknown_control_request_is_a_404(owner: httpx.Client) -> None:
    assert "GET /_simulator/nothing" in owner.get("/_simulator/nothing").json()["message"]


def test_the_readme_documents_every_control_request() -> None:
    rows = r"^\| `([A-Z]+) (/_simulator/\S+)` \|"
    documented = re.findall(rows, README.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(documented) == sorted(HANDLERS)
