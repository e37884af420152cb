"""Properties of the text that hold for random settings of every layout."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish_workflow.checks import IDENTIFIER
from publish_workflow.layouts import LAYOUTS
from publish_workflow.pins import read_pins
from publish_workflow.publish import PublishSettings, publish_workflow
from stacks.settings.names import REPOSITORY, SECRET_NAME, TAG_PATTERN
from tests.publish_workflow.covering import options_of
from tests.publish_workflow.published import parse_workflow, repeatable

LINE = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" "),
    min_size=1,
    max_size=60,
).filter(lambda line: bool(line.strip()) and "${{" not in line)
SECRETS = st.lists(
    st.from_regex(SECRET_NAME.pattern, fullmatch=True).map(lambda name: name[:40])
    | st.just("PYPI_TOKEN"),
    max_size=3,
    unique=True,
)
OPTIONS: dict[str, st.SearchStrategy[Any]] = {
    "python_version": LINE,
    "runner": LINE,
    "publish_install": LINE,
    "timeout_minutes": st.integers(1, 360),
    "environment_variables": st.dictionaries(
        st.from_regex(IDENTIFIER, fullmatch=True), LINE, max_size=3
    ),
    "secrets": SECRETS,
    "permissions": st.dictionaries(
        st.sampled_from(["attestations", "contents", "id-token", "packages", "pull-requests"]),
        st.just("write"),
        max_size=3,
    ),
    "deploys_docs": st.booleans(),
}


@st.composite
def settings(draw: st.DrawFn) -> PublishSettings:
    layout = draw(st.sampled_from(list(LAYOUTS.values())))
    options = {name: draw(OPTIONS[name]) for name in sorted(options_of(layout.name))}
    secrets = options.setdefault("secrets", [])
    variables = options["environment_variables"]
    return PublishSettings(
        owner="encode",
        repository=draw(st.from_regex(REPOSITORY.pattern, fullmatch=True)),
        release_tags=draw(st.from_regex(TAG_PATTERN.pattern, fullmatch=True)),
        environment=draw(LINE),
        layout=layout.name,
        **options
        | {
            "environment_variables": {
                name: value for name, value in variables.items() if name not in secrets
            }
        },
    )


@pytest.fixture(scope="module")
def random_settings() -> list[PublishSettings]:
    """Draw settings once for all tests: drawing takes much longer than the checks."""
    drawn: list[PublishSettings] = []

    @repeatable
    @given(settings())
    def draw(publish_settings: PublishSettings) -> None:
        drawn.append(publish_settings)

    draw()
    assert len(drawn) >= 100
    return drawn


def job_steps(workflow: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, job in workflow["jobs"].items():
        for step in job["steps"]:
            yield key, step


def scalars(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the path and the text of every scalar in a document."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from scalars(child, (*path, str(key)))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from scalars(child, (*path, str(index)))
    else:
        yield path, str(value)


def test_the_text_has_the_settings(random_settings: list[PublishSettings]) -> None:
    for publish_settings in random_settings:
        content = publish_workflow(publish_settings)
        workflow = parse_workflow(content)
        publish = workflow["jobs"]["publish"]

        assert content == publish_workflow(publish_settings)
        assert workflow["on"] == {"push": {"tags": [publish_settings.release_tags]}}
        assert publish["environment"] == {"name": publish_settings.environment}
        assert {job["runs-on"] for job in workflow["jobs"].values()} == {publish_settings.runner}
        assert {job["timeout-minutes"] for job in workflow["jobs"].values()} == {
            str(publish_settings.timeout_minutes)
        }
        script_job = workflow["jobs"].get("build", publish)
        assert script_job.get("env", {}) == publish_settings.environment_variables
        assert {
            step["with"]["python-version"]
            for _, step in job_steps(workflow)
            if step["name"] == "Set up Python"
        } == {publish_settings.python_version}
        assert [
            line for line in content.splitlines() if line != line.rstrip() and line.rstrip() == ""
        ] == []


def test_every_job_has_its_own_guard_and_permissions(
    random_settings: list[PublishSettings],
) -> None:
    for publish_settings in random_settings:
        workflow = parse_workflow(publish_workflow(publish_settings))

        assert workflow["permissions"] == {}
        assert workflow["concurrency"]["cancel-in-progress"] == "false"
        for job in workflow["jobs"].values():
            assert job["if"] == f"github.repository == 'encode/{publish_settings.repository}'"
            assert job["name"]
            assert job["permissions"]
        assert list(workflow["jobs"]) == (
            ["publish"] if publish_settings.layout == "scripts-single" else ["build", "publish"]
        )


def test_actions_are_pinned_and_commands_have_no_expression(
    random_settings: list[PublishSettings],
) -> None:
    for publish_settings in random_settings:
        content = publish_workflow(publish_settings)
        steps = list(job_steps(parse_workflow(content)))

        assert all(step.get("name") for _, step in steps)
        assert all("${{" not in step.get("run", "") for _, step in steps)
        allowed = {f"uses: {pin}" for pin in read_pins().values()}
        assert {
            line.strip() for line in content.splitlines() if line.strip().startswith("uses: ")
        } <= allowed
        assert not [step for _, step in steps if "cache" in step.get("with", {})]


def test_only_the_last_step_reads_secrets(random_settings: list[PublishSettings]) -> None:
    for publish_settings in random_settings:
        workflow = parse_workflow(publish_workflow(publish_settings))
        last = str(len(workflow["jobs"]["publish"]["steps"]) - 1)
        reading = {
            path for path, value in scalars(workflow) if "${{" in value and "secrets" in value
        }

        assert {path[:5] for path in reading} <= {("jobs", "publish", "steps", last, "env")}
        assert len(reading) == len(publish_settings.secrets)


def test_the_build_job_has_no_right_of_the_publishing_job(
    random_settings: list[PublishSettings],
) -> None:
    for publish_settings in random_settings:
        build = parse_workflow(publish_workflow(publish_settings))["jobs"].get("build")

        if build is not None:
            assert build["permissions"] == {"contents": "read"}
            assert "environment" not in build
            assert [step["env"] for step in build["steps"] if "env" in step] == [
                {"DEFAULT_BRANCH": "${{ github.event.repository.default_branch }}"}
            ]


def test_only_a_deployment_of_docs_leaves_a_credential(
    random_settings: list[PublishSettings],
) -> None:
    for publish_settings in random_settings:
        checkouts = [
            step
            for _, step in job_steps(parse_workflow(publish_workflow(publish_settings)))
            if "checkout" in step.get("uses", "")
        ]

        assert {step["with"]["persist-credentials"] for step in checkouts} == {
            str(publish_settings.deploys_docs).lower()
        }
