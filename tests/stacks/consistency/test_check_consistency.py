"""The check of every workflow of a stack against its gate."""

from typing import Any

import pytest

from publish_workflow.layouts import LAYOUTS
from stacks import consistency
from stacks.consistency import check_consistency, findings
from stacks.settings import RepositorySettings, Settings
from stacks.settings.problems import Problem, SettingsError
from tests.stacks.settings.configurations import settings

SECRETS = ["PYPI_TOKEN", "DOCS_KEY"]
EVERYTHING: dict[str, dict[str, Any]] = {
    "scripts": {
        "secrets": ["PYPI_TOKEN", "DOCS_KEY"],
        "permissions": {"id-token": "write"},
        "publish-install": "pip install x",
    },
    "scripts-single": {
        "secrets": ["PYPI_TOKEN", "DOCS_KEY"],
        "permissions": {"id-token": "write"},
        "deploys-docs": True,
    },
    "trusted-publishing": {"environment-variables": {"TZ": "UTC"}},
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("pattern", ["*", "v*", "[0-9]*", "v[0-9]*.[0-9]*", "httpx-*", "1.0"])
def test_every_layout_fits_its_gate(layout: str, pattern: str) -> None:
    for options in ({}, EVERYTHING[layout]):
        check_consistency(
            settings(
                repositories={"httpx": {"publish": layout, "release-tags": pattern, **options}}
            )
        )


def test_an_entry_without_secrets_fits_its_gate() -> None:
    check_consistency(settings(repositories={"httpx": {"secrets": []}}))


def test_a_problem_has_the_path_of_its_option(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_another_environment(_: Settings, repository: RepositorySettings) -> str:
        text = "on: {push: {tags: '*'}}\njobs: {publish: {environment: staging}}\n"
        return (
            text
            if repository.name != "valid"
            else "on: {push: {tags: '*'}}\njobs: {publish: {environment: deploy}}\n"
        )

    monkeypatch.setattr(consistency, "workflow_text", with_another_environment)
    repositories = {"httpx": {"publish": "scripts"}, "httpcore": None, "valid": None}

    with pytest.raises(SettingsError) as error:
        check_consistency(settings(defaults={"secrets": []}, repositories=repositories))

    assert error.value.title == "The workflows do not match their gates"
    assert [problem.path for problem in error.value.problems] == [
        "repositories.httpcore.publish",
        "repositories.httpx.publish",
    ]
    assert error.value.problems[0] == Problem(
        "repositories.httpcore.publish",
        "a workflow that names 'staging'",
        "a publishing job that names the declared environment, 'deploy': any other has no gate",
        "name 'deploy' there: correct the layout's text in publish_workflow/",
    )


def test_a_problem_of_the_defaults_is_reported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        consistency,
        "workflow_text",
        lambda *_: "on: {push: {tags: 'v*'}}\njobs: {a: {environment: deploy}}\n",
    )

    with pytest.raises(SettingsError) as error:
        check_consistency(
            settings(
                defaults={"secrets": [], "release-tags": "*"}, repositories=dict.fromkeys("abc")
            )
        )

    assert [problem.path for problem in error.value.problems] == ["defaults.release-tags"]


def test_a_text_that_is_not_a_workflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consistency, "workflow_text", lambda *_: "on: [\n")

    with pytest.raises(SettingsError, match="do not match") as error:
        check_consistency(settings())

    assert error.value.problems[0].value == "a text that is not a workflow"


def test_repositories_with_equal_options_share_the_check() -> None:
    findings.cache_clear()

    names = [f"package-{number}" for number in range(50)]
    check_consistency(
        settings(repositories={**dict.fromkeys(names), "httpx": {"publish": "trusted-publishing"}})
    )

    assert findings.cache_info().misses == 2
    assert findings.cache_info().hits == 49
