"""Which names are taken for what."""

import re
from datetime import date, datetime
from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from stacks.settings.names import (
    APP_SLUG,
    DATE,
    LOGIN,
    REPOSITORY,
    SECRET_NAME,
    SLUG,
    TAG_PATTERN,
    TEAM_NAME,
    Date,
    Kind,
    Login,
    slug_of,
)
from tests.team_slugs import TEAM_SLUGS

KINDS = (LOGIN, SLUG, TEAM_NAME, REPOSITORY, SECRET_NAME, TAG_PATTERN, APP_SLUG, DATE)

FIT = {
    LOGIN: ["tomchristie", "Kludex", "a", "maintainer-12", "1and1", "octo_acme", "a" * 39, "old-"],
    SLUG: ["core-developers", "ops", "core_team", "2fa", "a" * 100],
    TEAM_NAME: ["maintainers", "Core developers", "Équipe 1", "R&D (tools)", "a" * 100],
    REPOSITORY: ["httpx", ".github", "a.b-c_d", "HTTPCore", "123", "secure", "a" * 100],
    SECRET_NAME: ["PYPI_TOKEN", "_X", "A1", "A" * 255],
    TAG_PATTERN: [
        "*",
        "v*",
        "[0-9]*",
        "v[0-9]*.[0-9]*",
        "release-*",
        "0.21.*",
        "[1-3]*",
        "[a-z]*",
        "[0-9a-z]*",
        "v1",
    ],
    APP_SLUG: ["release-stack", "renovate", "app2"],
    DATE: ["2027-06-30", "2028-02-29", "2026-12-31 00:00:00 +0000 UTC"],
}

UNFIT = {
    LOGIN: [
        "",
        "-tom",
        "tom--christie",
        "tom christie",
        "@tom",
        "a" * 40,
        "tom/christie",
        "tom.christie",
        "tom\n",
        "töm",
        'x"',
    ],
    SLUG: ["", "Core", "core developers", "@encode/core", "core/x", "-core", "a" * 101],
    TEAM_NAME: ["", " core", "core ", "core/x", "a\nb", "!!!", "a" * 101],
    REPOSITORY: [
        "",
        ".",
        "..",
        "encode/httpx",
        "httpx.git",
        "http x",
        "https://github.com/encode/httpx",
        "a" * 101,
        "httpx\n",
    ],
    SECRET_NAME: [
        "",
        "pypi_token",
        "PYPI-TOKEN",
        "1TOKEN",
        "GITHUB_TOKEN",
        "A B",
        "A" * 256,
        "PYPI_TOKEN\n",
    ],
    TAG_PATTERN: [
        "",
        "**",
        "v**",
        "refs/tags/*",
        "v?",
        "v+",
        "!v*",
        "v{1,2}",
        "v\\*",
        "-v",
        "[9-0]*",
        "[",
        "v 1",
        "'*'",
        "[]",
        "[!0]",
        "v" * 101,
    ],
    APP_SLUG: ["", "Release", "release stack", "apps/release", "a" * 101],
    DATE: ["", "2027-6-30", "30.06.2027", "2027-13-01", "2027-06-30T00:00:00Z", "soon", "2027"],
}


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in FIT.items() for name in names]
)
def test_a_name_that_fits_is_kept_as_it_is(kind: Kind, name: str) -> None:
    assert kind.check(name) == name


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in UNFIT.items() for name in names]
)
def test_a_wrong_name_is_an_error_with_the_allowed_form(kind: Kind, name: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        kind.check(name)

    assert refused.value.context == {"allowed": kind.allowed, "remedy": kind.remedy}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_example_of_a_kind_is_one_itself(kind: Kind) -> None:
    examples = re.findall(r"'([^']+)'", kind.example) or [kind.example]

    assert all(kind.check(example) for example in examples)
    assert kind.remedy == f"write {kind.name} such as {kind.example}"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_schema_of_a_kind_has_its_pattern_in_full(kind: Kind) -> None:
    pattern = TypeAdapter(Annotated[str, kind]).json_schema()["pattern"]

    assert all(re.search(pattern, name) for name in FIT[kind])
    assert not any(re.search(pattern, name) for name in UNFIT[kind] if not name.endswith("\n"))


@pytest.mark.parametrize(
    "value", ["2026-12-31", "2026-12-31 00:00:00 +0000 UTC", date(2026, 12, 31)]
)
def test_a_date_in_each_form(value: object) -> None:
    assert TypeAdapter(Date).validate_python(value) == date(2026, 12, 31)


@pytest.mark.parametrize(
    "value", [20261231, "2026-02-30", "2026-12-31 10:00:00 +0000 UTC", True, datetime(2026, 12, 31)]
)
def test_what_is_not_a_date_names_the_form(value: object) -> None:
    with pytest.raises(ValidationError, match="a date as YYYY-MM-DD"):
        TypeAdapter(Date).validate_python(value)


def test_nothing_is_converted_to_a_name() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Login).validate_python(123)


@pytest.mark.parametrize(("name", "slug"), TEAM_SLUGS)
def test_the_slug_of_a_team(name: str, slug: str) -> None:
    assert slug_of(name) == slug
    assert SLUG.check(slug_of(name))
