"""Where something was decided."""

from typing import Any

from stacks.settings.declared import Declaration
from stacks.settings.places import doubles, entries, every_options, option_places, team_places


def declaration(**raw: Any) -> Declaration:
    return Declaration.model_validate(raw)


def test_everywhere_an_option_can_be_decided() -> None:
    assert option_places("httpx", "teams", "tag_creators") == (
        "repositories.httpx.teams.*",
        "defaults.teams.*",
        "repositories.httpx.tag-creators.*",
        "defaults.tag-creators.*",
    )


def test_where_the_keys_of_either_team_stand() -> None:
    assert team_places("name") == ("operations.name", "maintainers.name")


def test_only_entries_that_say_something_are_looked_at() -> None:
    declared = declaration(
        defaults={"approvals": 2}, repositories={"httpx": None, "httpcore": {"approvals": 3}}
    )

    assert [name for name, _ in entries(declared)] == ["httpcore"]
    assert [(place, options.approvals) for place, options in every_options(declared)] == [
        (("defaults",), 2),
        (("repositories", "httpcore"), 3),
    ]


def test_nothing_declared_has_no_options() -> None:
    assert list(every_options(declaration())) == []


def test_doubles_are_found_whatever_their_case() -> None:
    assert list(doubles(["a", "b", "A", "b"])) == [(2, "A"), (3, "b")]
