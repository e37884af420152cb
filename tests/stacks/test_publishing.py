"""The publish workflow of a repository, and the values for PyPI."""

from typing import Any

import pytest

from publish_workflow.publish import PublishSettings, publish_workflow
from stacks.publishing import publish_settings, trusted_publisher, workflow_scripts, workflow_text
from stacks.settings import Settings
from tests.stacks.settings.configurations import settings


def text_of(stack_settings: Settings, name: str = "httpx") -> str:
    [repository] = [entry for entry in stack_settings.repositories if entry.name == name]
    return workflow_text(stack_settings, repository)


def settings_with(**options: Any) -> Settings:
    entry = {key.replace("_", "-"): value for key, value in options.items()}
    return settings(repositories={"httpx": entry})


def test_every_option_reaches_the_text() -> None:
    stack_settings = settings_with(
        release_tags="v*",
        secrets=["PYPI_TOKEN", "DOCS_KEY"],
        python_version="3.13",
        runner="ubuntu-24.04",
        publish_install="scripts/uploader",
        timeout_minutes=45,
        environment_variables={"TZ": "UTC"},
        permissions={"packages": "write"},
    )

    assert publish_settings(stack_settings, stack_settings.repositories[0]) == PublishSettings(
        owner="encode",
        repository="httpx",
        release_tags="v*",
        environment="deploy",
        secrets=["DOCS_KEY", "PYPI_TOKEN"],
        layout="scripts",
        python_version="3.13",
        runner="ubuntu-24.04",
        publish_install="scripts/uploader",
        timeout_minutes=45,
        environment_variables={"TZ": "UTC"},
        permissions={"packages": "write"},
    )
    assert text_of(stack_settings) == publish_workflow(
        publish_settings(stack_settings, stack_settings.repositories[0])
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"approvals": 2},
        {"wait-minutes": 30},
        {"tag-creators": "operations"},
        {"reviewers": {"users": ["tomchristie"]}},
        {"teams": {"docs": "read"}},
        {"maintainers-permission": "read"},
        {"create": True},
        {"formerly": "requests-next"},
        {"workflow": ".github/workflows/release.yml"},
    ],
    ids=lambda changes: next(iter(changes)),
)
@pytest.mark.parametrize("layout", ["scripts", "scripts-single", "trusted-publishing"])
def test_an_unrelated_setting_does_not_change_the_text(
    layout: str, changes: dict[str, Any]
) -> None:
    people = {"maintainers": {"existing": "core"}, "operations": {"existing": "ops"}}
    before = settings(repositories={"httpx": {"publish": layout}}, **people)
    after = settings(
        repositories={"httpx": {"publish": layout, **changes}, "httpcore": None}, **people
    )

    assert text_of(after) == text_of(before)


def test_defaults_of_another_layout_do_not_change_the_text() -> None:
    defaults = {
        "deploys-docs": True,
        "publish-install": "scripts/uploader",
        "secrets": ["DOCS_KEY"],
    }
    entries = {
        "httpx": {"publish": "trusted-publishing"},
        "a": {"publish": "scripts"},
        "b": {"publish": "scripts-single"},
    }

    assert text_of(settings(defaults=defaults, repositories=entries)) == text_of(
        settings(repositories=entries)
    )


@pytest.mark.parametrize(
    ("entry", "scripts"),
    [
        ({}, ["scripts/install", "scripts/build", "scripts/publish"]),
        ({"publish": "scripts-single"}, ["scripts/install", "scripts/build", "scripts/publish"]),
        ({"publish": "trusted-publishing"}, ["scripts/install", "scripts/build"]),
        (
            {"publish_install": "scripts/uploader -q"},
            ["scripts/install", "scripts/build", "scripts/publish", "scripts/uploader"],
        ),
        (
            {"publish_install": "pip install twine"},
            ["scripts/install", "scripts/build", "scripts/publish"],
        ),
    ],
)
def test_the_workflow_runs_these_scripts(entry: dict[str, Any], scripts: list[str]) -> None:
    assert workflow_scripts(settings_with(**entry).repositories[0]) == scripts


def test_the_trusted_publisher_has_the_values_of_the_form() -> None:
    stack_settings = settings_with(
        publish="trusted-publishing", workflow=".github/workflows/release.yaml"
    )

    assert trusted_publisher(stack_settings, stack_settings.repositories[0]) == {
        "owner": "encode",
        "repositoryName": "httpx",
        "workflowName": "release.yaml",
        "environmentName": "deploy",
    }


def test_a_layout_with_a_token_has_no_trusted_publisher() -> None:
    stack_settings = settings()

    assert trusted_publisher(stack_settings, stack_settings.repositories[0]) is None
