"""What cannot be written safely is refused, by name, and without showing what may be a secret."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish_workflow.checks import NAME, SECRET, TEXTS, is_text
from publish_workflow.errors import PublishSettingsError
from publish_workflow.publish import publish_workflow
from stacks.settings.names import REPOSITORY, SECRET_NAME, TAG_PATTERN
from tests.publish_workflow.drawing import repeatable
from tests.publish_workflow.published import LAYOUTS

BAD_TEXTS = [
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
@pytest.mark.parametrize("value", BAD_TEXTS, ids=ascii)
def test_no_text_leaves_its_line_or_becomes_an_expression(setting: str, value: str) -> None:
    with pytest.raises(PublishSettingsError, match=setting.replace("_", "-")):
        text(**{setting: value})


@pytest.mark.parametrize(
    ("changes", "place", "value"),
    [
        ({"owner": "encode' || true || '"}, "owner", '"encode'),
        ({"repository": "httpx\non: push"}, "repository", "'httpx\\non"),
        ({"layout": "twine"}, "publish", "'twine'"),
        ({"timeout_minutes": 0}, "timeout-minutes", "0"),
        ({"timeout_minutes": 361}, "timeout-minutes", "361"),
        ({"timeout_minutes": True}, "timeout-minutes", "True"),
        ({"secrets": ("GITHUB_TOKEN",)}, "secrets", "'GITHUB_TOKEN'"),
        ({"secrets": ("A }}",)}, "secrets", "'A }}'"),
        ({"secrets": ("PYPI_TOKEN", "TWINE_PASSWORD")}, "secrets", "'TWINE_PASSWORD'"),
        ({"permissions": {"everything": "write"}}, "permissions", "'everything'"),
        ({"permissions": {"packages": "admin"}}, "permissions.packages", "'admin'"),
        ({"permissions": {"id-token": "read"}}, "permissions.id-token", "'read'"),
        ({"environment_variables": {"A-B": "1"}}, "environment-variables", "'A-B'"),
        (
            {"environment_variables": {"GITHUB_TOKEN": "1"}},
            "environment-variables",
            "'GITHUB_TOKEN'",
        ),
        (
            {"environment_variables": {"TWINE_PASSWORD": "1"}},
            "environment-variables",
            "'TWINE_PASSWORD'",
        ),
        ({"environment_variables": {"PYPI_TOKEN": "1"}}, "environment-variables.PYPI_TOKEN", ""),
        ({"environment_variables": {"A": "${{ secrets.B }}"}}, "environment-variables.A", ""),
        ({"deploys_docs": True}, "deploys-docs", ""),
        ({"layout": "trusted-publishing"}, "secrets", ""),
        (
            {"layout": "trusted-publishing", "secrets": (), "permissions": {"packages": "write"}},
            "permissions",
            "",
        ),
        ({"layout": "scripts-single", "publish_install": "make"}, "publish-install", ""),
    ],
)
def test_each_is_refused_with_place_value_what_is_allowed_and_remedy(
    changes: dict[str, Any], place: str, value: str
) -> None:
    with pytest.raises(PublishSettingsError) as caught:
        text(**changes)

    [problem] = caught.value.problems
    assert problem.path == place
    assert problem.value.startswith(value)
    assert bool(problem.value) == bool(value)
    assert problem.allowed
    assert problem.remedy


def test_everything_is_told_at_once_and_for_which_repository() -> None:
    with pytest.raises(PublishSettingsError, match="'encode/httpx': 3 problems") as caught:
        text(timeout_minutes=0, runner="", secrets=("a",))

    assert [problem.path for problem in caught.value.problems] == [
        "runner",
        "timeout-minutes",
        "secrets",
    ]


def test_the_value_of_a_variable_is_never_shown() -> None:
    with pytest.raises(PublishSettingsError) as caught:
        text(environment_variables={"A": "hunter2\n"})

    assert "hunter2" not in str(caught.value)


def test_a_variable_of_twine_that_is_no_secret_is_welcome() -> None:
    assert "TWINE_REPOSITORY_URL: 'http://127.0.0.1:8080/'" in text(
        environment_variables={"TWINE_REPOSITORY_URL": "http://127.0.0.1:8080/"}
    )


@repeatable
@given(
    st.from_regex(REPOSITORY.pattern, fullmatch=True),
    st.from_regex(SECRET_NAME.pattern, fullmatch=True),
)
def test_every_name_that_the_settings_accept_can_be_written(repository: str, secret: str) -> None:
    assert NAME.fullmatch(repository)
    assert SECRET.fullmatch(secret)


@repeatable
@given(st.from_regex(TAG_PATTERN.pattern, fullmatch=True))
def test_every_pattern_that_the_settings_accept_can_be_written(pattern: str) -> None:
    assert is_text(pattern)
