"""Secrets of the wrong shape or in the wrong place, whose value no problem shows."""

from typing import Any

import pytest

from stacks.settings.parsing import parse
from tests.stacks.settings.configurations import one_problem, shape_problems


@pytest.mark.parametrize(
    ("secrets", "place", "allowed", "argument"),
    [
        ("hunter2", "secrets", "secrets by repository", "secrets.REPOSITORY.NAME"),
        (["hunter2"], "secrets", "secrets by repository", "secrets.REPOSITORY.NAME"),
        ({"httpx": "hunter2"}, "secrets.httpx", "secrets by name", "secrets.httpx.NAME"),
        ({"httpx": None}, "secrets.httpx", "secrets by name", "secrets.httpx.NAME"),
        (
            {"httpx": {"PYPI_TOKEN": 12345}},
            "secrets.httpx.PYPI_TOKEN",
            "encrypted text",
            "secrets.httpx.PYPI_TOKEN",
        ),
        (
            {"httpx": {"PYPI_TOKEN": None}},
            "secrets.httpx.PYPI_TOKEN",
            "encrypted text",
            "secrets.httpx.PYPI_TOKEN",
        ),
        (
            {"httpx": {"PYPI_TOKEN": ["hunter2"]}},
            "secrets.httpx.PYPI_TOKEN",
            "encrypted text",
            "secrets.httpx.PYPI_TOKEN",
        ),
    ],
)
def test_a_secret_of_the_wrong_shape_is_never_shown(
    secrets: Any, place: str, allowed: str, argument: str
) -> None:
    assert shape_problems(secrets=secrets) == one_problem(
        place, "", allowed, f"pulumi config set --path '{argument}' --secret"
    )


@pytest.mark.parametrize(
    "raw",
    [
        {"repositories": {"httpx": "hunter2"}},
        {"repositories": {"httpx": {"secrets": "hunter2"}}},
        {"repositories": {"httpx": {"secrets": {"PYPI_TOKEN": "hunter2"}}}},
        {"repositories": {"httpx": {"secrets": ["hunter2"]}}},
        {"repositories": {"httpx": {"PYPI_TOKEN": "hunter2"}}},
        {"repositories": {"httpx": {"approvals": "hunter2"}}},
    ],
)
def test_an_encrypted_value_in_the_wrong_place_is_not_shown(raw: dict[str, Any]) -> None:
    _, problems = parse(raw, encrypted=["repositories"])

    assert len(problems) == 1
    assert "hunter2" not in str(problems[0])
