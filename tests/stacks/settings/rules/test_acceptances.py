"""Rules on the findings that `accept` names."""

import json
from datetime import date
from typing import Any

import pytest

from stacks.settings.resolved import Acceptance
from tests.stacks.settings.configurations import problems, settings


@pytest.mark.parametrize(
    ("acceptance", "keys"),
    [
        ({}, ["reason", "until"]),
        ({"reason": "x"}, ["until"]),
        ({"until": "2027-06-30"}, ["reason"]),
        ({"reason": " ", "until": "2027-06-30"}, ["reason"]),
        ({"reason": None, "until": None}, ["reason", "until"]),
    ],
)
def test_an_acceptance_that_is_incomplete(acceptance: dict[str, Any], keys: list[str]) -> None:
    commands = {
        "reason": "pulumi config set --path 'accept[\"admin/httpx\"].reason' 'REASON'",
        "until": "pulumi config set --path 'accept[\"admin/httpx\"].until' YYYY-MM-DD",
    }
    incomplete = problems(accept={"admin/httpx": acceptance})

    assert [problem.remedy for problem in incomplete] == [commands[key] for key in keys]
    assert {problem.value for problem in incomplete} == {"missing"}


@pytest.mark.parametrize("until", ["2027-06-30", "2027-06-30 00:00:00 +0000 UTC"])
@pytest.mark.parametrize("as_text", [True, False])
def test_an_acceptance(until: str, as_text: bool) -> None:
    acceptance = {"reason": "Maintains the mirror", "until": until}
    value = json.dumps(acceptance) if as_text else acceptance

    assert settings(accept={"admin/httpx": value}).accept == {
        "admin/httpx": Acceptance("Maintains the mirror", date(2027, 6, 30))
    }


@pytest.mark.parametrize(
    ("acceptance", "place", "remedy"),
    [
        ({"until": "soon"}, "until", "write a date such as '2027-06-30'"),
        ({"until": 2027}, "until", "write a date such as '2027-06-30'"),
        ({"reason": 5}, "reason", "put it in quotes"),
        ({"untill": "x"}, "untill", "write until, or remove the key"),
    ],
)
def test_an_acceptance_of_a_wrong_shape(
    acceptance: dict[str, Any], place: str, remedy: str
) -> None:
    [problem] = problems(accept={"admin/httpx": acceptance})

    assert problem.path == f'accept["admin/httpx"].{place}'
    assert problem.remedy == remedy


# Secrets
