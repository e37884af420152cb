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
from tests.stacks.settings.configurations import at, entry, wrong


@pytest.mark.parametrize(
    "login", ["@operator-1", "operator 1", "op--er", "https://github.com/operator-1", "-operator"]
)
def test_a_bad_login(login: str) -> None:
    assert wrong(operations={"members": ["operator-1", login]}) == at(
        "operations.members[1]",
        f"'{login}'",
        LOGIN.allowed,
        "write a person's login such as tomchristie",
    )


@pytest.mark.parametrize("slug", ["Core Developers", "@encode/core", "encode/core"])
def test_a_bad_slug(slug: str) -> None:
    expected = (f"'{slug}'", SLUG.allowed, "write a team's slug such as core-developers")

    assert wrong(operations={"existing": slug}) == at("operations.existing", *expected)
    assert entry(reviewers={"teams": [slug]}) == at(
        "repositories.httpx.reviewers.teams[0]", *expected
    )
    assert entry(teams={slug: "write"}) == at(f'repositories.httpx.teams["{slug}"]', *expected)


@pytest.mark.parametrize(
    "name", ["encode/httpx", "http x", "httpx.git", "https://github.com/encode/httpx"]
)
def test_a_bad_repository_name(name: str) -> None:
    expected = (f"'{name}'", REPOSITORY.allowed, "write a repository's name such as httpx")

    assert wrong(repositories={name: None}) == at(f'repositories["{name}"]', *expected)
    assert wrong(stack_repository=name) == at("stack-repository", *expected)
    assert entry(formerly=name) == at("repositories.httpx.formerly", *expected)


@pytest.mark.parametrize("name", ["pypi_token", "PYPI-TOKEN", "GITHUB_TOKEN", "1_TOKEN"])
def test_a_bad_secret_name(name: str) -> None:
    expected = (f"'{name}'", SECRET_NAME.allowed, "write a secret's name such as PYPI_TOKEN")

    assert entry(secrets=["PYPI_TOKEN", name]) == at("repositories.httpx.secrets[1]", *expected)
    assert wrong(secrets={"httpx": {name: "hunter2"}}) == at(f"secrets.httpx.{name}", *expected)


def test_a_bad_team_name() -> None:
    assert wrong(operations={"name": "release/ops"}) == at(
        "operations.name",
        "'release/ops'",
        TEAM_NAME.allowed,
        "write a team's name such as maintainers",
    )


def test_a_bad_app() -> None:
    assert wrong(applied_by={"app": "Release Stack"}) == at(
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

    assert entry(release_tags=pattern) == at("repositories.httpx.release-tags", *expected)
    assert wrong(defaults={"release-tags": pattern}) == at("defaults.release-tags", *expected)


def test_a_date_as_the_engine_writes_it() -> None:
    [problem] = entry(release_tags="2020-01-01 00:00:00 +0000 UTC")

    assert problem.path == "repositories.httpx.release-tags"
    assert problem.allowed == TAG_PATTERN.allowed


def test_several_tag_patterns() -> None:
    assert entry(release_tags=["v*"]) == at(
        "repositories.httpx.release-tags", "a list", TAG_PATTERN.allowed, TAG_PATTERN.remedy
    )
