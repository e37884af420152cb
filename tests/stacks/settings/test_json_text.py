"""Options whose value is JSON text, as `pulumi config set` without `--path` writes it."""

from typing import Any

import pytest

from stacks.settings.declaration import Declaration
from stacks.settings.model import decode, keys_of
from stacks.settings.parsing import JSON_EXAMPLES, parse
from tests.stacks.settings.configurations import one_problem, shape_problems


@pytest.mark.parametrize(
    ("raw", "place", "command"),
    [
        (
            {"repositories": "{x"},
            "repositories",
            """repositories '{"httpx": {"approvals": 2}}'""",
        ),
        (
            {"repositories": {"httpx": "{x"}},
            "repositories.httpx",
            """--path 'repositories.httpx' '{"approvals": 2}'""",
        ),
        (
            {"defaults": {"reviewers": "{x"}},
            "defaults.reviewers",
            """--path 'defaults.reviewers' '{"users": ["tomchristie"]}'""",
        ),
        (
            {"accept": {"admin/httpx": "{x"}},
            'accept["admin/httpx"]',
            """--path 'accept["admin/httpx"]' """
            """'{"reason": "Needed by the old site", "until": "2027-06-30"}'""",
        ),
    ],
)
def test_invalid_json_is_reported_with_its_column(
    raw: dict[str, Any], place: str, command: str
) -> None:
    value = (
        "'{x', which is not valid JSON: Expecting property name enclosed in double quotes "
        "(line 1, column 2)"
    )

    assert shape_problems(**raw) == one_problem(
        place, value, "a mapping, or JSON text", f"pulumi config set {command}"
    )


def test_every_mapping_has_a_valid_example_of_json() -> None:
    mappings = [key for key in keys_of(Declaration) if key not in ("secrets", "stack-repository")]

    assert mappings == [key for key in JSON_EXAMPLES if key != "reviewers"]
    for key in mappings:
        assert parse({key: decode(JSON_EXAMPLES[key])})[1] == []
        [problem] = parse({key: "[x"})[1]
        assert problem.remedy == f"pulumi config set {key} '{JSON_EXAMPLES[key]}'"
    assert parse({"defaults": {"reviewers": JSON_EXAMPLES["reviewers"]}})[1] == []


def test_invalid_json_under_secrets_is_never_shown() -> None:
    text = '{"httpx": {"PYPI_TOKEN": "hunter2"}'

    assert shape_problems(secrets=text) == one_problem(
        "secrets",
        "not valid JSON: Expecting ',' delimiter (line 1, column 36)",
        "a mapping, or JSON text",
        "pulumi config set --path 'secrets.REPOSITORY.NAME' --secret",
    )


def test_invalid_json_in_an_encrypted_value_is_not_shown() -> None:
    [problem] = parse({"repositories": '{"httpx": "hunter2"'}, encrypted=["repositories"])[1]

    assert problem.value == "not valid JSON: Expecting ',' delimiter (line 1, column 20)"
