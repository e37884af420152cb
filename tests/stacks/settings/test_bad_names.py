"""Bad logins, slugs, names of repositories and secrets, and tag patterns, wherever they stand."""

import pytest

from stacks.settings.names import (
    APP_SLUG,
    LOGIN,
    REPOSITORY,
    SECRET_NAME,
    SLUG,
    TAG_PATTERN,
    TEAM_NAME,
)
from tests.stacks.settings.configurations import entry_problems, one_problem, shape_problems


@pytest.mark.parametrize(
    "login", ["@operator-1", "operator 1", "op--er", "https://github.com/operator-1", "-operator"]
)
def test_a_bad_login(login: str) -> None:
    assert shape_problems(operations={"members": ["operator-1", login]}) == one_problem(
        "operations.members[1]",
        f"'{login}'",
        LOGIN.allowed,
        "write a person's login such as tomchristie",
    )


@pytest.mark.parametrize("slug", ["Core Developers", "@encode/core", "encode/core"])
def test_a_bad_slug(slug: str) -> None:
    expected = (f"'{slug}'", SLUG.allowed, "write a team's slug such as core-developers")

    assert shape_problems(operations={"existing": slug}) == one_problem(
        "operations.existing", *expected
    )
    assert entry_problems(reviewers={"teams": [slug]}) == one_problem(
        "repositories.httpx.reviewers.teams[0]", *expected
    )
    assert entry_problems(teams={slug: "write"}) == one_problem(
        f'repositories.httpx.teams["{slug}"]', *expected
    )


@pytest.mark.parametrize(
    "name", ["encode/httpx", "http x", "httpx.git", "https://github.com/encode/httpx"]
)
def test_a_bad_repository_name(name: str) -> None:
    expected = (f"'{name}'", REPOSITORY.allowed, "write a repository's name such as httpx")

    assert shape_problems(repositories={name: None}) == one_problem(
        f'repositories["{name}"]', *expected
    )
    assert shape_problems(stack_repository=name) == one_problem("stack-repository", *expected)
    assert entry_problems(formerly=name) == one_problem("repositories.httpx.formerly", *expected)


@pytest.mark.parametrize("name", ["pypi_token", "PYPI-TOKEN", "GITHUB_TOKEN", "1_TOKEN"])
def test_a_bad_secret_name(name: str) -> None:
    expected = (f"'{name}'", SECRET_NAME.allowed, "write a secret's name such as PYPI_TOKEN")

    assert entry_problems(secrets=["PYPI_TOKEN", name]) == one_problem(
        "repositories.httpx.secrets[1]", *expected
    )
    assert shape_problems(secrets={"httpx": {name: "hunter2"}}) == one_problem(
        f"secrets.httpx.{name}", *expected
    )


def test_a_bad_team_name() -> None:
    assert shape_problems(operations={"name": "release/ops"}) == one_problem(
        "operations.name",
        "'release/ops'",
        TEAM_NAME.allowed,
        "write a team's name such as maintainers",
    )


def test_a_bad_app() -> None:
    assert shape_problems(applied_by={"app": "Release Stack"}) == one_problem(
        "applied-by.app",
        "'Release Stack'",
        APP_SLUG.allowed,
        "write an app's slug such as release-stack",
    )


@pytest.mark.parametrize(
    "pattern", ["**", "v**", "refs/tags/v*", "v?", "!v*", "{v1,v2}", "[9-0]*", "v 1", "v1'"]
)
def test_an_unsafe_tag_pattern(pattern: str) -> None:
    expected = (repr(pattern), TAG_PATTERN.allowed, "write a tag pattern such as '*' or 'v*'")

    assert entry_problems(release_tags=pattern) == one_problem(
        "repositories.httpx.release-tags", *expected
    )
    assert shape_problems(defaults={"release-tags": pattern}) == one_problem(
        "defaults.release-tags", *expected
    )


def test_a_date_as_the_engine_writes_it() -> None:
    [problem] = entry_problems(release_tags="2020-01-01 00:00:00 +0000 UTC")

    assert problem.path == "repositories.httpx.release-tags"
    assert problem.allowed == TAG_PATTERN.allowed


def test_several_tag_patterns() -> None:
    assert entry_problems(release_tags=["v*"]) == one_problem(
        "repositories.httpx.release-tags", "a list", TAG_PATTERN.allowed, TAG_PATTERN.remedy
    )
