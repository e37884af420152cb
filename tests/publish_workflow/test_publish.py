"""What every publish workflow has, whatever its layout: parsed back."""

from dataclasses import fields, replace
from difflib import ndiff
from typing import Any

import pytest

from components.deploy_environment import NAME
from publish_workflow.publish import PublishSettings, publish_workflow
from stacks.settings.names import REPOSITORY, TAG_PATTERN
from tests.publish_workflow.published import LAYOUTS, job, text, workflow

each_layout = pytest.mark.parametrize("layout", LAYOUTS)

CHANGES: dict[str, Any] = {
    "owner": "kludex",
    "repository": "starlette",
    "release_tags": "v[0-9]*",
    "environment": "release",
    "secrets": ("DOCS_KEY", "PYPI_TOKEN"),
    "layout": "scripts-single",
    "python_version": "3.13",
    "runner": "ubuntu-24.04",
    "publish_install": "python -m pip install --require-hashes -r requirements/publish.txt",
    "timeout_minutes": 10,
    "environment_variables": {"FORCE_COLOR": "1"},
    "permissions": {"packages": "write"},
    "deploys_docs": True,
}


@each_layout
def test_a_pushed_release_tag_starts_it_and_nothing_else_does(layout: str) -> None:
    assert workflow(layout)["on"] == {"push": {"tags": ["*"]}}


@pytest.mark.parametrize("pattern", ["*", "v*", "[0-9]*.[0-9]*", "0.21.1", "release-*"])
def test_the_trigger_is_the_declared_pattern(pattern: str) -> None:
    assert TAG_PATTERN.check(pattern)
    assert workflow(release_tags=pattern)["on"]["push"]["tags"] == [pattern]


@each_layout
def test_the_publishing_job_alone_waits_at_the_environment(layout: str) -> None:
    waiting = {
        key: found["environment"]
        for key, found in workflow(layout)["jobs"].items()
        if "environment" in found
    }

    assert waiting == {"publish": {"name": NAME}}


@each_layout
def test_nothing_is_permitted_but_to_a_job(layout: str) -> None:
    assert workflow(layout)["permissions"] == {}
    assert all(found["permissions"] for found in workflow(layout)["jobs"].values())


@each_layout
def test_no_job_does_anything_in_a_fork(layout: str) -> None:
    assert {found["if"] for found in workflow(layout)["jobs"].values()} == {
        "github.repository == 'encode/httpx'"
    }


@each_layout
def test_a_release_that_has_started_is_not_cancelled_by_another(layout: str) -> None:
    assert workflow(layout)["concurrency"] == {
        "group": "publish-${{ github.ref }}",
        "cancel-in-progress": "false",
    }


@each_layout
def test_no_job_hangs_for_hours_and_each_runs_where_it_is_told(layout: str) -> None:
    jobs = workflow(layout, timeout_minutes=10, runner="ubuntu-24.04")["jobs"].values()

    assert {(found["timeout-minutes"], found["runs-on"]) for found in jobs} == {
        ("10", "ubuntu-24.04")
    }
    assert {found["timeout-minutes"] for found in workflow(layout)["jobs"].values()} == {"30"}


@each_layout
def test_python_is_the_declared_one_wherever_it_is_set_up(layout: str) -> None:
    jobs = workflow(layout, python_version="3.10")["jobs"].values()
    asked = [
        each["with"]["python-version"]
        for found in jobs
        for each in found["steps"]
        if each["name"] == "Set up Python"
    ]

    assert set(asked) == {"3.10"}


@each_layout
def test_a_variable_is_known_wherever_a_script_of_the_repository_runs(layout: str) -> None:
    jobs = workflow(layout, environment_variables={"FORCE_COLOR": "1", "A": "it's: #1"})["jobs"]
    known = {
        key
        for key, found in jobs.items()
        if found.get("env") == {"A": "it's: #1", "FORCE_COLOR": "1"}
    }
    running = {
        key
        for key, found in jobs.items()
        if any(each.get("run", "").startswith("scripts/") for each in found["steps"])
    }

    assert known == running
    assert known


@each_layout
def test_whoever_reads_the_file_learns_where_it_comes_from(layout: str) -> None:
    first, second = text(layout).splitlines()[:2]

    assert (
        first
        == "# This file is managed by the release stack of encode: a change made here is undone by its next `pulumi up`."
    )
    assert second == "# Change it there, in the stack's configuration: httpx under `repositories`."


@each_layout
def test_the_same_settings_make_the_same_text_whatever_their_order(layout: str) -> None:
    settings = LAYOUTS[layout]
    forwards = replace(
        settings, environment_variables={"A": "1", "B": "2"}, secrets=list(settings.secrets)
    )
    backwards = replace(settings, environment_variables={"B": "2", "A": "1"})

    assert publish_workflow(forwards) == publish_workflow(backwards)
    assert text(secrets=("B", "A"), permissions={"pages": "read", "checks": "read"}) == text(
        secrets=("A", "B"), permissions={"checks": "read", "pages": "read"}
    )


def test_every_setting_is_changed_below() -> None:
    assert list(CHANGES) == [field.name for field in fields(PublishSettings)]


@pytest.mark.parametrize(
    ("layout", "setting", "changed"),
    [
        ("scripts", "owner", 2),
        ("scripts", "repository", 2),
        ("scripts", "release_tags", 1),
        ("scripts", "environment", 1),
        ("scripts", "secrets", 1),
        ("scripts", "python_version", 1),
        ("scripts", "runner", 1),
        ("scripts", "publish_install", 1),
        ("scripts", "timeout_minutes", 1),
        ("scripts", "environment_variables", 1),
        ("scripts", "permissions", 1),
        ("scripts-single", "deploys_docs", 3),
        ("trusted-publishing", "python_version", 1),
        ("trusted-publishing", "environment_variables", 1),
    ],
)
def test_a_setting_changes_its_own_lines_and_no_other(
    layout: str, setting: str, changed: int
) -> None:
    changes = ndiff(
        text(layout).splitlines(), text(layout, **{setting: CHANGES[setting]}).splitlines()
    )
    added = {line[2:] for line in changes if line.startswith("+ ")} - {"    env:"}

    assert len(added) == changed
    assert all(shown_in(CHANGES[setting], line) or setting == "deploys_docs" for line in added)


def shown_in(value: Any, line: str) -> bool:
    return any(part in line for part in ([str(value)] if isinstance(value, str | int) else value))


@each_layout
def test_the_text_is_clean(layout: str) -> None:
    found = text(layout)

    assert found.endswith("\n")
    assert not found.endswith("\n\n")
    assert found.isascii()
    assert not [line for line in found.splitlines() if line != line.rstrip() or "\t" in line]


@pytest.mark.parametrize("repository", ["httpx", ".github", "a.b-c_d", "123", "on", "null"])
def test_no_name_of_a_repository_is_taken_for_something_else(repository: str) -> None:
    assert REPOSITORY.check(repository)
    assert (
        job("publish", repository=repository)["if"] == f"github.repository == 'encode/{repository}'"
    )
