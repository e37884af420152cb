"""The outputs of the stack."""

from typing import Any, get_args

import pulumi
import pytest

from stacks.outputs import (
    ARCHIVED,
    CREATORS,
    README,
    RETIRED,
    SHORT_CREATORS,
    details,
    export,
    repository_pages,
    summary,
    web_address,
)
from stacks.settings.options import TagCreators
from tests.stacks.settings.configurations import settings

PUBLIC = "https://api.github.com/"


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    outputs: dict[str, Any] = {}
    monkeypatch.setattr(pulumi, "export", outputs.__setitem__)
    return outputs


def test_each_repository_is_one_short_line(exported: dict[str, Any]) -> None:
    entry = {
        "release-tags": "v*",
        "tag-creators": "operations",
        "reviewers": {"users": ["tomchristie"], "teams": ["security"]},
    }

    export(settings(repositories={"httpx": entry, "httpcore": None}), PUBLIC)

    assert exported["repositories"] == {
        "httpcore": "scripts · tags * created by the maintain role · "
        "approved by @encode/operations",
        "httpx": "scripts · tags v* created by operations · "
        "approved by @encode/operations, @encode/security, @tomchristie",
    }


def test_the_details_of_a_repository_have_its_pages(exported: dict[str, Any]) -> None:
    entry = {
        "release-tags": "v*",
        "tag-creators": "operations",
        "approvals": 2,
        "reviewers": {"users": ["tomchristie"], "teams": ["security"]},
        "secrets": ["PYPI_TOKEN", "DOCS_KEY"],
    }

    export(settings(repositories={"httpx": entry}), PUBLIC)

    assert exported["details"].splitlines() == [
        "httpx",
        "  layout                       scripts",
        "  release tags                 v*, created by the operations team",
        "  releases approved by         @encode/operations, @encode/security, @tomchristie",
        "  approvals of a pull request  2",
        "  secrets of the environment   DOCS_KEY, PYPI_TOKEN",
        "  repository                   https://github.com/encode/httpx",
        "  access                       https://github.com/encode/httpx/settings/access",
        "  environment deploy           https://github.com/encode/httpx/settings/environments",
        "  rulesets                     https://github.com/encode/httpx/settings/rules",
        "  workflow                     "
        "https://github.com/encode/httpx/blob/HEAD/.github/workflows/publish.yml",
        "  runs of the workflow         "
        "https://github.com/encode/httpx/actions/workflows/publish.yml",
    ]


def test_what_to_enter_on_pypi_where_there_is_no_token(exported: dict[str, Any]) -> None:
    entry = {"publish": "trusted-publishing", "workflow": ".github/workflows/release.yml"}

    export(settings(repositories={"httpx": entry, "httpcore": None}), PUBLIC)

    assert exported["trustedPublishers"] == {
        "httpx": "Owner: encode · Repository name: httpx · Workflow name: release.yml · "
        "Environment name: deploy"
    }
    assert exported["repositories"]["httpx"].startswith("trusted-publishing · ")
    assert "secrets of the environment   none" in exported["details"]
    assert "blob/HEAD/.github/workflows/release.yml" in exported["details"]


def test_with_tokens_alone_there_is_nothing_to_enter_on_pypi(exported: dict[str, Any]) -> None:
    export(settings(), PUBLIC)

    assert "trustedPublishers" not in exported


@pytest.mark.parametrize(("switch", "words"), [("archived", ARCHIVED), ("retired", RETIRED)])
def test_an_entry_that_does_not_publish_is_one_word(switch: str, words: str) -> None:
    declared = settings(repositories={"httpx": {switch: True}})
    [repository] = declared.repositories

    assert summary(declared, repository) == words
    assert details(declared, repository, "https://github.com") == f"httpx\n  {words}"


def test_every_repository_is_an_output(exported: dict[str, Any]) -> None:
    export(settings(repositories={"httpx": None, "httpcore": None}), PUBLIC)

    assert list(exported["repositories"]) == ["httpcore", "httpx"]
    blocks = exported["details"].split("\n\n")
    assert [block.splitlines()[0] for block in blocks] == ["httpcore", "httpx"]


def test_both_teams_have_a_page(exported: dict[str, Any]) -> None:
    export(settings(operations={"existing": "release-ops"}), "http://127.0.0.1:8080/")

    assert exported["teams"] == {
        "maintainers": "http://127.0.0.1:8080/orgs/encode/teams/maintainers",
        "operations": "http://127.0.0.1:8080/orgs/encode/teams/release-ops",
    }


def test_the_readme_of_the_stack(exported: dict[str, Any]) -> None:
    export(settings(), PUBLIC)

    assert exported["readme"] == README.read_text(encoding="utf-8")
    assert exported["readme"].startswith("# ")


def test_no_output_has_the_value_of_a_secret(exported: dict[str, Any]) -> None:
    export(settings(secrets={"httpx": {"PYPI_TOKEN": "hunter2"}}), PUBLIC)

    assert set(exported) == {"repositories", "teams", "details", "readme"}
    assert "hunter2" not in repr(exported)


def test_every_choice_of_tag_creators_has_words() -> None:
    assert set(CREATORS) == set(get_args(TagCreators))
    assert set(SHORT_CREATORS) == set(get_args(TagCreators))


@pytest.mark.parametrize(
    ("base_url", "web"),
    [
        ("https://api.github.com/", "https://github.com"),
        ("https://api.github.com", "https://github.com"),
        ("https://github.com/", "https://github.com"),
        ("https://api.acme.ghe.com/", "https://acme.ghe.com"),
        ("https://ghe.example/", "https://ghe.example"),
        ("https://ghe.example/api/v3/", "https://ghe.example"),
        ("https://ghe.example/github/api/v3", "https://ghe.example/github"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("http://127.0.0.1:8080/api/v3/", "http://127.0.0.1:8080"),
    ],
)
def test_the_pages_that_belong_to_an_api(base_url: str, web: str) -> None:
    assert web_address(base_url) == web


def test_the_pages_of_a_repository() -> None:
    pages = repository_pages(
        "https://github.com", "encode", "httpx", ".github/workflows/publish.yml"
    )

    assert pages == {
        "repository": "https://github.com/encode/httpx",
        "access": "https://github.com/encode/httpx/settings/access",
        "environment deploy": "https://github.com/encode/httpx/settings/environments",
        "rulesets": "https://github.com/encode/httpx/settings/rules",
        "workflow": "https://github.com/encode/httpx/blob/HEAD/.github/workflows/publish.yml",
        "runs of the workflow": "https://github.com/encode/httpx/actions/workflows/publish.yml",
    }
