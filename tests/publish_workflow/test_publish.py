"""The parts that every publish workflow has, in any layout."""

from dataclasses import fields, replace
from difflib import ndiff
from typing import Any

import pytest

from components.deploy_environment import DEPLOY
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
def test_only_a_pushed_release_tag_starts_it(layout: str) -> None:
    assert workflow(layout)["on"] == {"push": {"tags": ["*"]}}


@pytest.mark.parametrize("pattern", ["*", "v*", "[0-9]*.[0-9]*", "0.21.1", "release-*"])
def test_the_trigger_is_the_declared_pattern(pattern: str) -> None:
    assert TAG_PATTERN.check(pattern)
    assert workflow(release_tags=pattern)["on"]["push"]["tags"] == [pattern]


@each_layout
def test_only_the_publishing_job_waits_at_the_environment(layout: str) -> None:
    environments = {
        key: data["environment"]
        for key, data in workflow(layout)["jobs"].items()
        if "environment" in data
    }

    assert environments == {"publish": {"name": DEPLOY}}


@each_layout
def test_permissions_are_given_to_jobs_only(layout: str) -> None:
    assert workflow(layout)["permissions"] == {}
    assert all(data["permissions"] for data in workflow(layout)["jobs"].values())


@each_layout
def test_no_job_runs_in_a_fork(layout: str) -> None:
    assert {data["if"] for data in workflow(layout)["jobs"].values()} == {
        "github.repository == 'encode/httpx'"
    }


@each_layout
def test_a_second_run_does_not_cancel_the_first(layout: str) -> None:
    assert workflow(layout)["concurrency"] == {
        "group": "publish-${{ github.ref }}",
        "cancel-in-progress": "false",
    }


@each_layout
def test_every_job_has_a_timeout_and_the_declared_runner(layout: str) -> None:
    jobs = workflow(layout, timeout_minutes=10, runner="ubuntu-24.04")["jobs"].values()

    assert {data["timeout-minutes"] for data in jobs} == {"10"}
    assert {data["runs-on"] for data in jobs} == {"ubuntu-24.04"}
    assert {data["timeout-minutes"] for data in workflow(layout)["jobs"].values()} == {"30"}


@each_layout
def test_every_job_sets_up_the_declared_python(layout: str) -> None:
    jobs = workflow(layout, python_version="3.10")["jobs"].values()
    versions = {
        step["with"]["python-version"]
        for data in jobs
        for step in data["steps"]
        if step["name"] == "Set up Python"
    }

    assert versions == {"3.10"}


@each_layout
def test_jobs_that_run_scripts_get_the_variables(layout: str) -> None:
    jobs = workflow(layout, environment_variables={"FORCE_COLOR": "1", "A": "it's: #1"})["jobs"]
    with_variables = {
        key
        for key, data in jobs.items()
        if data.get("env") == {"A": "it's: #1", "FORCE_COLOR": "1"}
    }
    with_scripts = {
        key
        for key, data in jobs.items()
        if any(step.get("run", "").startswith("scripts/") for step in data["steps"])
    }

    assert with_variables == with_scripts
    assert with_variables


@each_layout
def test_the_file_names_the_stack_that_manages_it(layout: str) -> None:
    first, second = text(layout).splitlines()[:2]

    assert first == (
        "# The release stack of encode manages this file: "
        "its next `pulumi up` reverts any change made here."
    )
    assert second == (
        "# To change it, edit httpx under `repositories` in the stack's configuration."
    )


@each_layout
def test_the_order_of_settings_does_not_change_the_text(layout: str) -> None:
    settings = LAYOUTS[layout]
    forwards = replace(
        settings, environment_variables={"A": "1", "B": "2"}, secrets=list(settings.secrets)
    )
    backwards = replace(settings, environment_variables={"B": "2", "A": "1"})

    assert publish_workflow(forwards) == publish_workflow(backwards)
    assert text(secrets=("B", "A"), permissions={"pages": "read", "checks": "read"}) == text(
        secrets=("A", "B"), permissions={"checks": "read", "pages": "read"}
    )


def test_the_changes_cover_every_setting() -> None:
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
def test_a_setting_changes_its_own_lines_only(layout: str, setting: str, changed: int) -> None:
    changes = ndiff(
        text(layout).splitlines(), text(layout, **{setting: CHANGES[setting]}).splitlines()
    )
    added = {line[2:] for line in changes if line.startswith("+ ")} - {"    env:"}

    assert len(added) == changed
    assert all(is_in_line(CHANGES[setting], line) or setting == "deploys_docs" for line in added)


def is_in_line(value: Any, line: str) -> bool:
    parts = [str(value)] if isinstance(value, str | int) else value
    return any(part in line for part in parts)


@each_layout
def test_the_text_has_no_stray_whitespace(layout: str) -> None:
    content = text(layout)

    assert content.endswith("\n")
    assert not content.endswith("\n\n")
    assert content.isascii()
    assert not [line for line in content.splitlines() if line != line.rstrip() or "\t" in line]


@pytest.mark.parametrize("repository", ["httpx", ".github", "a.b-c_d", "123", "on", "null"])
def test_a_repository_name_stays_text(repository: str) -> None:
    assert REPOSITORY.check(repository)
    assert (
        job("publish", repository=repository)["if"] == f"github.repository == 'encode/{repository}'"
    )
