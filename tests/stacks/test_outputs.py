"""What the stack tells its readers."""

from typing import Any, get_args

import pulumi
import pytest

from stacks.outputs import CREATORS, README, export
from stacks.settings.declared import TagCreators
from tests.stacks.settings.sound import settings


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    found: dict[str, Any] = {}
    monkeypatch.setattr(pulumi, "export", found.__setitem__)
    return found


def test_what_was_set_up_for_each_repository_with_links(exported: dict[str, Any]) -> None:
    entry = {
        "release-tags": "v*",
        "tag-creators": "operations",
        "approvals": 2,
        "reviewers": {"users": ["tomchristie"], "teams": ["security"]},
        "secrets": ["PYPI_TOKEN", "DOCS_KEY"],
    }

    export(settings(repositories={"httpx": entry}), "https://api.github.com/")

    httpx = exported["repositories"]["httpx"]
    assert (
        httpx.pop("links")["environment"] == "https://github.com/encode/httpx/settings/environments"
    )
    assert httpx == {
        "layout": "scripts",
        "releaseTags": "v*",
        "tagsCreatedBy": "the operations team",
        "approvedBy": ["@encode/operations", "@encode/security", "@tomchristie"],
        "approvalsPerPullRequest": 2,
        "environment": "deploy",
        "environmentSecrets": ["DOCS_KEY", "PYPI_TOKEN"],
    }


def test_what_to_enter_on_pypi_where_there_is_no_token(exported: dict[str, Any]) -> None:
    entry = {"publish": "trusted-publishing", "workflow": ".github/workflows/release.yml"}

    export(settings(repositories={"httpx": entry, "httpcore": None}), "https://api.github.com/")

    httpx = exported["repositories"]["httpx"]
    assert (httpx["layout"], httpx["environmentSecrets"]) == ("trusted-publishing", [])
    assert httpx["trustedPublisher"] == {
        "owner": "encode",
        "repositoryName": "httpx",
        "workflowName": "release.yml",
        "environmentName": "deploy",
    }
    assert (
        httpx["links"]["workflow"]
        == "https://github.com/encode/httpx/blob/HEAD/.github/workflows/release.yml"
    )
    assert "trustedPublisher" not in exported["repositories"]["httpcore"]


def test_every_repository_is_there(exported: dict[str, Any]) -> None:
    export(settings(repositories={"httpx": None, "httpcore": None}), "https://api.github.com/")

    assert list(exported["repositories"]) == ["httpcore", "httpx"]


def test_both_teams_have_a_page(exported: dict[str, Any]) -> None:
    export(settings(operations={"existing": "release-ops"}), "http://127.0.0.1:8080/")

    assert exported["teams"] == {
        "maintainers": "http://127.0.0.1:8080/orgs/encode/teams/maintainers",
        "operations": "http://127.0.0.1:8080/orgs/encode/teams/release-ops",
    }


def test_the_readme_of_the_stack(exported: dict[str, Any]) -> None:
    export(settings(), "https://api.github.com/")

    assert exported["readme"] == README.read_text(encoding="utf-8")
    assert exported["readme"].startswith("# ")


def test_no_output_has_the_value_of_a_secret(exported: dict[str, Any]) -> None:
    export(settings(secrets={"httpx": {"PYPI_TOKEN": "hunter2"}}), "https://api.github.com/")

    assert set(exported) == {"repositories", "teams", "readme"}
    assert "hunter2" not in repr(exported)


def test_every_choice_of_who_creates_tags_has_words() -> None:
    assert set(CREATORS) == set(get_args(TagCreators))
