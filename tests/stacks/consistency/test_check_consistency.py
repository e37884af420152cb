"""The cross-checks over the settings of a whole stack."""

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


def test_a_layout_without_secrets_of_its_own_choice_fits_too() -> None:
    check_consistency(settings(repositories={"httpx": {"secrets": []}}))


def test_what_does_not_fit_is_said_where_it_was_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    def another(_: Settings, repository: RepositorySettings) -> str:
        text = "on: {push: {tags: '*'}}\njobs: {publish: {environment: staging}}\n"
        return (
            text
            if repository.name != "sound"
            else "on: {push: {tags: '*'}}\njobs: {publish: {environment: deploy}}\n"
        )

    monkeypatch.setattr(consistency, "workflow_text", another)
    repositories = {"httpx": {"publish": "scripts"}, "httpcore": None, "sound": None}

    with pytest.raises(SettingsError) as error:
        check_consistency(settings(defaults={"secrets": []}, repositories=repositories))

    assert error.value.title == "The workflows and their gates do not fit together"
    assert [problem.path for problem in error.value.problems] == [
        "repositories.httpcore.publish",
        "repositories.httpx.publish",
    ]
    assert error.value.problems[0] == Problem(
        "repositories.httpcore.publish",
        "a workflow that names 'staging'",
        "one whose publishing job names the declared environment, 'deploy': any other has no gate",
        "name 'deploy' there: correct the layout's text in publish_workflow/",
    )


def test_what_the_defaults_decided_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_text_that_is_no_workflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consistency, "workflow_text", lambda *_: "on: [\n")

    with pytest.raises(SettingsError, match="do not fit") as error:
        check_consistency(settings())

    assert error.value.problems[0].value == "a text that is no workflow"


def test_repositories_with_the_same_options_are_looked_at_once() -> None:
    findings.cache_clear()

    names = [f"package-{number}" for number in range(50)]
    check_consistency(
        settings(repositories={**dict.fromkeys(names), "httpx": {"publish": "trusted-publishing"}})
    )

    assert (findings.cache_info().misses, findings.cache_info().hits) == (2, 49)
