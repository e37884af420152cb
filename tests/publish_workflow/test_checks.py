"""A value that could leave its place in the text is an error."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish_workflow.checks import IDENTIFIER, NAME, TEXTS, is_line
from publish_workflow.errors import PublishSettingsError
from publish_workflow.publish import publish_workflow
from stacks.settings.names import REPOSITORY, SECRET_NAME, TAG_PATTERN
from tests.publish_workflow.published import LAYOUTS, repeatable

UNSAFE_TEXTS = [
    "${{ secrets.PYPI_TOKEN }}",
    "a\nb",
    "a\tb",
    "a\rb",
    "a\x00b",
    "a\x7fb",
    "a\x85b",
    "a\u2028b",
    "a\u202eb",
    "\ud800",
    "",
    " ",
]


def text(**changes: Any) -> str:
    return publish_workflow(replace(LAYOUTS["scripts"], **changes))


@pytest.mark.parametrize("setting", TEXTS)
@pytest.mark.parametrize("value", UNSAFE_TEXTS, ids=ascii)
def test_a_text_is_one_line_without_an_expression(setting: str, value: str) -> None:
    with pytest.raises(PublishSettingsError, match=setting.replace("_", "-")):
        text(**{setting: value})


@pytest.mark.parametrize(
    ("changes", "path", "value"),
    [
        ({"owner": "encode' || true || '"}, "owner", '"encode'),
        ({"repository": "httpx\non: push"}, "repository", "'httpx\\non"),
        ({"timeout_minutes": "30\n"}, "timeout-minutes", "'30"),
        ({"timeout_minutes": True}, "timeout-minutes", "True"),
        ({"secrets": ("A }}",)}, "secrets", "'A }}'"),
        ({"permissions": {"a: write\nb": "write"}}, "permissions", "'a: write"),
        ({"permissions": {"packages": "write\n"}}, "permissions.packages", "'write"),
        ({"environment_variables": {"A-B": "1"}}, "environment-variables", "'A-B'"),
        ({"environment_variables": {"A": "${{ secrets.B }}"}}, "environment-variables.A", ""),
    ],
)
def test_an_unsafe_value_is_one_complete_problem(
    changes: dict[str, Any], path: str, value: str
) -> None:
    with pytest.raises(PublishSettingsError) as caught:
        text(**changes)

    [problem] = caught.value.problems
    assert problem.path == path
    assert problem.value.startswith(value)
    assert bool(problem.value) == bool(value)
    assert problem.allowed
    assert problem.remedy


def test_one_error_lists_all_problems_of_a_repository() -> None:
    with pytest.raises(PublishSettingsError, match="'encode/httpx': 3 problems") as caught:
        text(timeout_minutes="", runner="", secrets=("a b",))

    assert [problem.path for problem in caught.value.problems] == [
        "runner",
        "timeout-minutes",
        "secrets",
    ]


def test_the_value_of_a_variable_stays_hidden() -> None:
    with pytest.raises(PublishSettingsError) as caught:
        text(environment_variables={"A": "hunter2\n"})

    assert "hunter2" not in str(caught.value)


def test_a_variable_can_configure_twine() -> None:
    assert "TWINE_REPOSITORY_URL: 'http://127.0.0.1:8080/'" in text(
        environment_variables={"TWINE_REPOSITORY_URL": "http://127.0.0.1:8080/"}
    )


@repeatable
@given(
    st.from_regex(REPOSITORY.pattern, fullmatch=True),
    st.from_regex(SECRET_NAME.pattern, fullmatch=True),
)
def test_every_valid_name_can_be_written(repository: str, secret: str) -> None:
    assert NAME.fullmatch(repository)
    assert IDENTIFIER.fullmatch(secret)


@repeatable
@given(st.from_regex(TAG_PATTERN.pattern, fullmatch=True))
def test_every_valid_tag_pattern_can_be_written(pattern: str) -> None:
    assert is_line(pattern)
