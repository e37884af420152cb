"""The text of problems, and of values in them."""

import pytest

from stacks.settings.problems import (
    GitHubError,
    Problem,
    ReleasesError,
    SettingsError,
    display,
    hide_token,
    join_names,
    sort_problems,
)

TOKENS = [
    "pypi-AgEIcHlwaS5vcmcCJDUzZmEw",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "ghs_16C7e42F292c6912E7710c838347Ae178B4a",
    "github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA",
]


def problem(path: str, value: str = "") -> Problem:
    return Problem(path, value, "something else", "change it")


def test_a_problem_says_where_what_is_allowed_and_what_to_do() -> None:
    text = str(
        Problem("defaults.approvals", "0", "a whole number from 1 to 10", "write such a number")
    )

    assert text.splitlines() == [
        "defaults.approvals is 0",
        "    allowed: a whole number from 1 to 10",
        "    remedy:  write such a number",
    ]


def test_a_problem_without_a_value_says_nothing_of_it() -> None:
    assert str(problem("secrets.httpx")).splitlines()[0] == "secrets.httpx"


@pytest.mark.parametrize(("count", "heading"), [(1, "1 problem, "), (2, "2 problems, ")])
def test_an_error_has_a_count_and_says_nothing_was_changed(count: int, heading: str) -> None:
    error = SettingsError(
        "Pulumi.prod.yaml cannot be used",
        [problem(f"x{number}") for number in range(count)],
    )

    assert (
        str(error).splitlines()[0]
        == f"Pulumi.prod.yaml cannot be used: {heading}nothing was changed"
    )
    assert str(error).count("allowed:") == count


def test_every_error_of_this_program_has_one_base() -> None:
    assert issubclass(SettingsError, ReleasesError)
    assert issubclass(GitHubError, ReleasesError)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "empty"),
        (True, "true"),
        (False, "false"),
        (12, "12"),
        (1.5, "1.5"),
        ("", "''"),
        ("a\nb", "'a\\nb'"),
        ([1, 2], "a list"),
        ({}, "an empty mapping"),
        ({"PYPI_TOKEN": "hunter2", "b": 1}, "a mapping of PYPI_TOKEN, b"),
        ("x" * 100, "'" + "x" * 76 + "..."),
    ],
)
def test_a_value_is_displayed_as_yaml_on_one_short_line(value: object, text: str) -> None:
    assert display(value) == text


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_is_never_shown(token: str) -> None:
    texts = [
        display(token),
        display({token: 1}),
        display([token]),
        hide_token(f"x {token}"),
        join_names([token]),
    ]

    assert not [text for text in texts if token[:12] in text]


def test_names_that_only_begin_like_a_token_are_shown() -> None:
    assert hide_token("pypi-publishers") == "pypi-publishers"
    assert hide_token("ghp_team") == "ghp_team"


def test_a_long_row_of_names_is_cut() -> None:
    assert join_names("abc") == "a, b, c"
    assert join_names([]) == "none"
    assert join_names([f"n{number}" for number in range(200)], most=2) == "n0, n1 and 198 more"


def test_problems_are_unique_and_sorted_by_path() -> None:
    places = ["b[10]", "b[2]", "a", "b[2]", "b"]

    ordered = sort_problems([problem(place) for place in places])

    assert [problem.path for problem in ordered] == [
        "a",
        "b",
        "b[2]",
        "b[10]",
    ]


def test_two_problems_of_one_place_both_stay() -> None:
    assert len(sort_problems([problem("a", value="1"), problem("a", value="2")])) == 2
