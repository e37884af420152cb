"""The publish workflow, parsed back."""

from dataclasses import fields, replace
from typing import Any

import pytest

from components.deploy_environment import NAME
from stacks.settings.names import REPOSITORY, TAG_PATTERN
from tests.workflows.published import SETTINGS, job, steps, text, workflow
from workflows.publish import PublishSettings, publish_workflow

CHANGES: dict[str, Any] = {
    "owner": "kludex",
    "repository": "starlette",
    "release_tags": "v[0-9]*",
    "environment": "release",
    "secrets": ("DOCS_KEY", "PYPI_TOKEN"),
}


def test_a_pushed_release_tag_starts_it_and_nothing_else_does() -> None:
    assert workflow()["on"] == {"push": {"tags": ["*"]}}


@pytest.mark.parametrize("pattern", ["*", "v*", "[0-9]*.[0-9]*", "0.21.1", "release-*"])
def test_the_trigger_is_the_declared_pattern(pattern: str) -> None:
    assert TAG_PATTERN.check(pattern)
    assert workflow(release_tags=pattern)["on"]["push"]["tags"] == [pattern]


def test_its_only_job_waits_at_the_environment() -> None:
    assert job(environment=NAME)["environment"] == {"name": "deploy"}


def test_it_may_read_the_repository_and_nothing_else() -> None:
    assert workflow()["permissions"] == {}
    assert job()["permissions"] == {"contents": "read"}


def test_it_does_nothing_in_a_fork() -> None:
    assert job()["if"] == "github.repository == 'encode/httpx'"


def test_a_release_that_has_started_is_not_cancelled_by_another() -> None:
    assert workflow()["concurrency"] == {"group": "publish-${{ github.ref }}", "cancel-in-progress": "false"}


def test_it_does_not_hang_for_hours() -> None:
    assert job()["timeout-minutes"] == "30"


def test_the_steps_are_those_of_the_article() -> None:
    assert [(step["name"], step.get("run")) for step in steps()] == [
        ("Check out the tag", None),
        ("Set up Python", None),
        ("Install dependencies", "scripts/install"),
        ("Build package & docs", "scripts/build"),
        ("Publish to PyPI & deploy docs", "scripts/publish"),
    ]


def test_the_checkout_leaves_no_token_behind() -> None:
    assert steps()[0]["with"] == {"persist-credentials": "false"}


def test_the_token_is_given_to_the_last_step_alone_and_in_twines_words() -> None:
    assert steps()[-1]["env"] == {"TWINE_USERNAME": "__token__", "TWINE_PASSWORD": "${{ secrets.PYPI_TOKEN }}"}
    assert not any("env" in step for step in [workflow(), job(), *steps()[:-1]])
    assert text().count("secrets.") == 1


def test_any_other_secret_has_its_own_name() -> None:
    assert steps(secrets=("DOCS_KEY", "PYPI_TOKEN"))[-1]["env"] == {
        "DOCS_KEY": "${{ secrets.DOCS_KEY }}",
        "TWINE_USERNAME": "__token__",
        "TWINE_PASSWORD": "${{ secrets.PYPI_TOKEN }}",
    }
    assert steps(secrets=("DOCS_KEY",))[-1]["env"] == {"DOCS_KEY": "${{ secrets.DOCS_KEY }}"}


def test_without_secrets_there_is_no_environment_of_the_step() -> None:
    assert "env" not in steps(secrets=())[-1]
    assert "secrets." not in text(secrets=())


def test_whoever_reads_the_file_learns_where_it_comes_from() -> None:
    first, second = text().splitlines()[:2]

    assert (
        first == "# This file is managed by the release stack of encode: a change made here is undone by its next `pulumi up`."
    )
    assert second == "# Change the settings of httpx there, in the stack's configuration."


def test_the_same_settings_make_the_same_text() -> None:
    assert publish_workflow(replace(SETTINGS)) == publish_workflow(replace(SETTINGS))
    assert publish_workflow(replace(SETTINGS, secrets=["PYPI_TOKEN"])) == text()


def test_every_setting_is_changed_below() -> None:
    assert set(CHANGES) == {field.name for field in fields(PublishSettings)}


@pytest.mark.parametrize(
    ("setting", "changed"),
    [("owner", 2), ("repository", 2), ("release_tags", 1), ("environment", 1), ("secrets", 1)],
)
def test_a_setting_changes_its_own_lines_and_no_other(setting: str, changed: int) -> None:
    before, after = text().splitlines(), text(**{setting: CHANGES[setting]}).splitlines()
    new = [line for line in after if line not in before]

    assert len(new) == changed
    assert [line for line in before if line in after] == [line for line in after if line in before]


def test_the_text_is_clean() -> None:
    assert text().endswith("\n")
    assert not text().endswith("\n\n")
    assert text().isascii()
    assert not [line for line in text().splitlines() if line != line.rstrip() or "\t" in line]


@pytest.mark.parametrize("repository", ["httpx", ".github", "a.b-c_d", "123", "on", "null"])
def test_no_name_of_a_repository_is_taken_for_something_else(repository: str) -> None:
    assert REPOSITORY.check(repository)
    assert job(repository=repository)["if"] == f"github.repository == 'encode/{repository}'"
