"""The shape of a configuration: unknown keys and wrong types."""

from typing import Any

import pytest

from stacks.settings.declaration import Location, RepositoryEntry
from stacks.settings.model import keys_of
from stacks.settings.names import LOGIN
from stacks.settings.options import Options
from stacks.settings.parsing import MAPPING, REPOSITORIES, parse, path
from tests.stacks.settings.configurations import entry_problems, one_problem, shape_problems

LIST = ("a list", "write [one, two], or a line for each that starts with `- `")
QUOTES = "put it in quotes"
UNQUOTED = "write a number in this range, without quotes"
ONE_OF = "write one of these values"
TRUTH = ("true or false", "write true or false, without quotes")
OPTIONS = ", ".join(keys_of(Options))
SPELLING = "check the spelling, or remove the key"


def test_a_valid_configuration_has_no_problem() -> None:
    declaration, problems = parse({"repositories": {"httpx": {"approvals": 2}, "httpcore": None}})

    assert problems == []
    assert declaration is not None
    assert declaration.repositories is not None
    assert declaration.repositories["httpcore"] is None
    assert declaration.repositories["httpx"] is not None
    assert declaration.repositories["httpx"].approvals == 2


def test_an_entry_can_be_empty_text() -> None:
    declaration, problems = parse({"repositories": {"httpx": ""}})

    assert problems == []
    assert declaration is not None
    assert declaration.repositories == {"httpx": None}


# Unknown keys


def test_an_unknown_key_at_the_top() -> None:
    keys = (
        "operations, maintainers, defaults, repositories, secrets, applied-by, stack-repository, "
        "accept"
    )

    assert shape_problems(stack="httpx") == one_problem("stack", "an unknown key", keys, SPELLING)


def test_a_key_that_was_set_without_path() -> None:
    keys = (
        "secrets.httpx.PYPI_TOKEN",
        "operations.members[0]",
        "operations[0]",
        'accept["admin/httpx"].until',
    )
    for key in keys:
        [problem] = parse({key: "x"})[1]

        assert problem.path == key
        assert problem.value == "an unknown key"
        assert problem.remedy == f"set it again with --path, then run pulumi config rm '{key}'"


def test_an_unknown_option() -> None:
    assert OPTIONS.startswith("release-tags, tag-creators, approvals, wait-minutes, ")
    assert entry_problems(color="red") == one_problem(
        "repositories.httpx.color", "an unknown key", ", ".join(keys_of(RepositoryEntry)), SPELLING
    )


@pytest.mark.parametrize(
    ("key", "suggestion"),
    [
        ("aprovals", "approvals"),
        ("release_tags", "release-tags"),
        ("Approvals", "approvals"),
        ("publish-instal", "publish-install"),
        ("python", None),
        ("deploy-docs", "deploys-docs"),
    ],
)
def test_a_misspelled_option(key: str, suggestion: str | None) -> None:
    [problem] = shape_problems(repositories={"httpx": {key: 1}})

    assert problem.remedy == (f"write {suggestion}, or remove the key" if suggestion else SPELLING)


def test_create_and_formerly_cannot_be_defaults() -> None:
    assert shape_problems(defaults={"create": True, "formerly": "x"}) == [
        *one_problem("defaults.create", "an unknown key", OPTIONS, SPELLING),
        *one_problem("defaults.formerly", "an unknown key", OPTIONS, SPELLING),
    ]


def test_a_token_in_place_of_a_key_is_not_shown() -> None:
    [problem] = shape_problems(repositories={"httpx": {"pypi-AgEIcHlwaS5vcmcCJDUzZmEw": None}})

    assert "pypi-AgE" not in str(problem)


# Wrong types


@pytest.mark.parametrize(
    ("value", "text"),
    [(["httpx", "httpcore"], "a list"), ("httpx", "'httpx'"), (5, "5"), (True, "true")],
    ids=["list", "text", "number", "truth"],
)
def test_repositories_must_be_a_mapping(value: Any, text: str) -> None:
    assert shape_problems(repositories=value) == one_problem("repositories", text, *REPOSITORIES)


@pytest.mark.parametrize(
    ("value", "text"),
    [("v*", "'v*'"), (["v*"], "a list"), (True, "true"), (1, "1")],
)
def test_an_entry_must_be_a_mapping(value: Any, text: str) -> None:
    allowed = "options of this repository, or nothing"
    remedy = "leave it empty for the defaults, as in `httpx:`"

    assert shape_problems(repositories={"httpx": value}) == one_problem(
        "repositories.httpx", text, allowed, remedy
    )


@pytest.mark.parametrize("key", ["operations", "maintainers", "defaults", "applied_by"])
def test_a_list_where_a_mapping_is_expected(key: str) -> None:
    assert shape_problems(**{key: ["operator-1"]}) == one_problem(
        key.replace("_", "-"), "a list", *MAPPING
    )


def test_a_mapping_that_cannot_be_json_text() -> None:
    assert entry_problems(teams="{x") == one_problem("repositories.httpx.teams", "'{x'", *MAPPING)


def test_a_list_of_teams_where_each_needs_a_permission() -> None:
    assert entry_problems(teams=["core"]) == one_problem(
        "repositories.httpx.teams", "a list", *MAPPING
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [("operator-1", "'operator-1'"), ({"operator-1": None}, "a mapping of operator-1")],
)
def test_people_must_be_a_list(value: Any, text: str) -> None:
    assert shape_problems(operations={"members": value}) == one_problem(
        "operations.members", text, *LIST
    )


def test_a_list_without_items() -> None:
    assert shape_problems(operations={"members": None}) == one_problem(
        "operations.members", "empty", *LIST
    )


@pytest.mark.parametrize(("login", "text"), [(123, "123"), (True, "true"), (1e3, "1000.0")])
def test_a_login_that_yaml_takes_for_something_else(login: Any, text: str) -> None:
    assert shape_problems(operations={"members": [login]}) == one_problem(
        "operations.members[0]", text, LOGIN.allowed, QUOTES
    )


@pytest.mark.parametrize(
    ("login", "text"), [(None, "empty"), ({"login": "x"}, "a mapping of login"), (["x"], "a list")]
)
def test_a_login_must_be_text(login: Any, text: str) -> None:
    assert shape_problems(operations={"members": [login]}) == one_problem(
        "operations.members[0]", text, LOGIN.allowed, LOGIN.remedy
    )


def test_a_description_must_be_text() -> None:
    assert shape_problems(operations={"description": 5}) == one_problem(
        "operations.description", "5", "text", QUOTES
    )
    assert shape_problems(operations={"description": ["x"]}) == one_problem(
        "operations.description", "a list", "text", "write text, or remove the key"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [("2", "'2'"), (0, "0"), (11, "11"), (1.5, "1.5"), (True, "true"), ([1], "a list")],
)
def test_approvals_must_be_a_number_in_range(value: Any, text: str) -> None:
    assert entry_problems(approvals=value) == one_problem(
        "repositories.httpx.approvals", text, "a whole number from 1 to 10", UNQUOTED
    )


@pytest.mark.parametrize(
    ("value", "text"), [(-1, "-1"), (43201, "43201"), ("5 minutes", "'5 minutes'")]
)
def test_a_wait_must_be_a_number_in_range(value: Any, text: str) -> None:
    assert entry_problems(wait_minutes=value) == one_problem(
        "repositories.httpx.wait-minutes", text, "a whole number from 0 to 43200", UNQUOTED
    )


def test_an_id_in_quotes() -> None:
    assert shape_problems(applied_by={"app": "release-stack", "id": "12"}) == one_problem(
        "applied-by.id", "'12'", "a whole number from 1 up", UNQUOTED
    )


@pytest.mark.parametrize(("value", "text"), [("yes", "'yes'"), (1, "1"), ("true", "'true'")])
def test_a_value_that_is_not_a_boolean(value: Any, text: str) -> None:
    assert entry_problems(create=value) == one_problem("repositories.httpx.create", text, *TRUTH)


@pytest.mark.parametrize(
    ("options", "place", "text", "allowed"),
    [
        (
            {"tag_creators": "admins"},
            "tag-creators",
            "'admins'",
            "'maintain', 'maintainers' or 'operations'",
        ),
        (
            {"maintainers_permission": "admin"},
            "maintainers-permission",
            "'admin'",
            "'read', 'triage' or 'write'",
        ),
        (
            {"maintainers_permission": "push"},
            "maintainers-permission",
            "'push'",
            "'read', 'triage' or 'write'",
        ),
        (
            {"teams": {"core": "admin"}},
            "teams.core",
            "'admin'",
            "'read', 'triage', 'write' or 'maintain'",
        ),
        (
            {"teams": {"core": None}},
            "teams.core",
            "empty",
            "'read', 'triage', 'write' or 'maintain'",
        ),
    ],
)
def test_a_choice_that_is_not_offered(
    options: dict[str, Any], place: str, text: str, allowed: str
) -> None:
    assert entry_problems(**options) == one_problem(
        f"repositories.httpx.{place}", text, allowed, ONE_OF
    )


# Many at once


def test_every_problem_is_reported_at_once() -> None:
    places = [
        problem.path
        for problem in shape_problems(
            operations={"members": ["x y", 5], "nmae": "ops"},
            maintainers=["maintainer-1"],
            defaults={"approvals": "two"},
            repositories={"http x": {"create": "yes"}, "httpx": {"teams": {"Core": "push"}}},
            stack_repository="a/b",
        )
    ]

    assert sorted(places) == [
        "defaults.approvals",
        "maintainers",
        "operations.members[0]",
        "operations.members[1]",
        "operations.nmae",
        "repositories.httpx.teams.Core",
        "repositories.httpx.teams.Core",
        'repositories["http x"]',
        'repositories["http x"].create',
        "stack-repository",
    ]


@pytest.mark.parametrize("key", ["[key]", "", "releases", "a\nb", 'say "hi"'])
def test_a_strange_key_is_reported(key: str) -> None:
    declaration, problems = parse(
        {"repositories": {key: {"approvals": "x", key: 1}, "httpx": None}}
    )

    assert declaration is None
    assert len(problems) >= 2
    assert "\n" not in problems[0].path


def test_parsing_does_not_change_its_input() -> None:
    raw = {"operations": {"members": ["x y"]}}

    parse(raw)

    assert raw == {"operations": {"members": ["x y"]}}


@pytest.mark.parametrize(
    ("location", "text"),
    [
        (("operations",), "operations"),
        (("operations", "members", 10), "operations.members[10]"),
        (("repositories", "a.b", "approvals"), 'repositories["a.b"].approvals'),
        (("repositories", 'say "hi"'), 'repositories["say \\"hi\\""]'),
        (("secrets", "httpx", "PYPI_TOKEN"), "secrets.httpx.PYPI_TOKEN"),
    ],
)
def test_a_place_is_written_as_the_command_line_takes_it(location: Location, text: str) -> None:
    assert path(location) == text
