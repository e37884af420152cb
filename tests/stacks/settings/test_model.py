"""What the models say about a place in the stack file."""

import pytest

from stacks.settings.declaration import Declaration, Location
from stacks.settings.model import is_model, keys_of
from stacks.settings.names import DATE, LOGIN, REPOSITORY, SECRET_NAME, TAG_PATTERN, TEAM_NAME, Kind
from stacks.settings.options import Options, Reviewers
from stacks.settings.parsing import kind_at, known_keys, range_at, type_at

OPTIONS = keys_of(Options)
ENTRY_OPTIONS = [*OPTIONS, "create", "formerly", "archived", "retired"]


@pytest.mark.parametrize(
    ("location", "keys"),
    [
        (
            (),
            [
                "operations",
                "maintainers",
                "defaults",
                "repositories",
                "secrets",
                "applied-by",
                "stack-repository",
                "accept",
            ],
        ),
        (("operations",), ["name", "description", "members", "team-maintainers", "existing"]),
        (("defaults",), OPTIONS),
        (("defaults", "reviewers"), ["users", "teams"]),
        (("repositories", "httpx"), ENTRY_OPTIONS),
        (("applied-by",), ["app", "id"]),
        (("accept", "admin/httpx"), ["reason", "until"]),
    ],
)
def test_the_keys_of_a_mapping(location: Location, keys: list[str]) -> None:
    assert known_keys(location) == keys


@pytest.mark.parametrize(
    "location", [("repositories",), ("secrets",), ("secrets", "httpx"), ("defaults", "teams")]
)
def test_a_mapping_from_names_has_no_fixed_keys(location: Location) -> None:
    assert known_keys(location) == []


@pytest.mark.parametrize("name", ["reviewers", "teams", "secrets", "operations"])
def test_a_repository_may_be_called_like_a_key(name: str) -> None:
    assert known_keys(("repositories", name)) == ENTRY_OPTIONS
    assert type_at(("repositories", name, "reviewers")) is Reviewers


@pytest.mark.parametrize(
    ("location", "words"),
    [
        (("defaults", "approvals"), "from 1 to 10"),
        (("repositories", "httpx", "wait-minutes"), "from 0 to 43200"),
        (("applied-by", "id"), "from 1 up"),
    ],
)
def test_the_range_of_a_number(location: Location, words: str) -> None:
    assert range_at(location) == words


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        (("operations", "members", 0), LOGIN),
        (("operations", "name"), TEAM_NAME),
        (("repositories", "httpx", "formerly"), REPOSITORY),
        (("repositories", "httpx", "secrets", 3), SECRET_NAME),
        (("defaults", "release-tags"), TAG_PATTERN),
        (("stack-repository",), REPOSITORY),
        (("accept", "admin/httpx", "until"), DATE),
        (("operations", "description"), None),
        (("operations", "members"), None),
        (("repositories",), None),
    ],
)
def test_the_kind_of_a_name(location: Location, kind: Kind | None) -> None:
    assert kind_at(location) == kind


def test_the_root_is_the_declaration() -> None:
    assert type_at(()) is Declaration
    assert is_model(Declaration)
    assert not is_model(dict[str, int])
