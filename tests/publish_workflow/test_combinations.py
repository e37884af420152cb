"""Random settings of every layout: what has to hold of the text, whatever was chosen."""

from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from publish_workflow.checks import PERMISSIONS, VARIABLE
from publish_workflow.layouts import LAYOUTS
from publish_workflow.pins import pins
from publish_workflow.publish import PublishSettings, publish_workflow
from stacks.settings.names import REPOSITORY, SECRET_NAME, TAG_PATTERN
from tests.publish_workflow.drawing import repeatable
from tests.publish_workflow.published import parsed

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
        st.from_regex(VARIABLE, fullmatch=True), LINE, max_size=3
    ),
    "secrets": SECRETS,
    "permissions": st.dictionaries(
        st.sampled_from(sorted(PERMISSIONS)), st.just("write"), max_size=3
    ).map(
        lambda declared: {
            name: level for name, level in declared.items() if level in PERMISSIONS[name]
        }
    ),
    "deploys_docs": st.booleans(),
}


@st.composite
def settings(draw: st.DrawFn) -> PublishSettings:
    layout = draw(st.sampled_from(list(LAYOUTS.values())))
    options = {name: draw(OPTIONS[name]) for name in sorted(layout.options)}
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


def each_step(workflow: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, job in workflow["jobs"].items():
        for step in job["steps"]:
            yield key, step


def places(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text in a document and where it stands."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from places(child, (*path, str(key)))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from places(child, (*path, str(index)))
    else:
        yield path, str(value)


@repeatable
@given(settings())
def test_the_text_is_the_same_every_time_and_says_what_was_set(chosen: PublishSettings) -> None:
    content = publish_workflow(chosen)
    workflow = parsed(content)
    publish = workflow["jobs"]["publish"]

    assert content == publish_workflow(chosen)
    assert workflow["on"] == {"push": {"tags": [chosen.release_tags]}}
    assert publish["environment"] == {"name": chosen.environment}
    assert {job["runs-on"] for job in workflow["jobs"].values()} == {chosen.runner}
    assert {job["timeout-minutes"] for job in workflow["jobs"].values()} == {
        str(chosen.timeout_minutes)
    }
    running = workflow["jobs"].get("build", publish)
    assert running.get("env", {}) == chosen.environment_variables
    assert {
        step["with"]["python-version"]
        for _, step in each_step(workflow)
        if step["name"] == "Set up Python"
    } == {chosen.python_version}
    assert [
        line for line in content.splitlines() if line != line.rstrip() and line.rstrip() == ""
    ] == []


@repeatable
@given(settings())
def test_every_job_is_guarded_named_and_permitted_by_itself_alone(chosen: PublishSettings) -> None:
    workflow = parsed(publish_workflow(chosen))

    assert workflow["permissions"] == {}
    assert workflow["concurrency"]["cancel-in-progress"] == "false"
    for job in workflow["jobs"].values():
        assert job["if"] == f"github.repository == 'encode/{chosen.repository}'"
        assert job["name"]
        assert job["permissions"]
    assert list(workflow["jobs"]) == (
        ["publish"] if chosen.layout == "scripts-single" else ["build", "publish"]
    )


@repeatable
@given(settings())
def test_every_action_is_pinned_and_no_command_holds_an_expression(chosen: PublishSettings) -> None:
    content = publish_workflow(chosen)
    steps = list(each_step(parsed(content)))

    assert all(step.get("name") for _, step in steps)
    assert all("${{" not in step.get("run", "") for _, step in steps)
    used = {f"uses: {pin}" for pin in pins().values()}
    assert {
        line.strip() for line in content.splitlines() if line.strip().startswith("uses: ")
    } <= used
    assert not [step for _, step in steps if "cache" in step.get("with", {})]


@repeatable
@given(settings())
def test_a_secret_is_read_by_the_last_step_of_the_publishing_job_alone(
    chosen: PublishSettings,
) -> None:
    workflow = parsed(publish_workflow(chosen))
    last = str(len(workflow["jobs"]["publish"]["steps"]) - 1)
    reading = {path for path, value in places(workflow) if "${{" in value and "secrets" in value}

    assert {path[:5] for path in reading} <= {("jobs", "publish", "steps", last, "env")}
    assert len(reading) == len(chosen.secrets)


@repeatable
@given(settings())
def test_the_build_gets_nothing_of_the_publishing_job(chosen: PublishSettings) -> None:
    build = parsed(publish_workflow(chosen))["jobs"].get("build")

    if build is not None:
        assert build["permissions"] == {"contents": "read"}
        assert "environment" not in build
        assert [step["env"] for step in build["steps"] if "env" in step] == [
            {"DEFAULT_BRANCH": "${{ github.event.repository.default_branch }}"}
        ]


@repeatable
@given(settings())
def test_credentials_are_left_behind_where_docs_are_deployed_and_nowhere_else(
    chosen: PublishSettings,
) -> None:
    checkouts = [
        step
        for _, step in each_step(parsed(publish_workflow(chosen)))
        if "checkout" in step.get("uses", "")
    ]

    assert {step["with"]["persist-credentials"] for step in checkouts} == {
        str(chosen.deploys_docs).lower()
    }
