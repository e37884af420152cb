"""Jobs that publish to PyPI, in workflows of any origin."""

from textwrap import indent

import pytest

from stacks.consistency.publishing_steps import publishing_jobs


def workflow(step: str, job: str = "") -> str:
    """Return a workflow with one job of one step."""
    return f"on: push\njobs:\n  it:\n    runs-on: x\n{job}    steps:\n{indent(step, '      ')}\n"


def reasons(text: str) -> list[str]:
    return [job.reason for job in publishing_jobs(text) or ()]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("twine upload dist/*", "twine upload"),
        ("python -m twine upload --skip-existing dist/*", "twine upload"),
        ("pipx run twine --no-color upload dist/*", "twine --no-color upload"),
        ("uv publish", "uv publish"),
        ("uv --directory x publish", "uv --directory x publish"),
        ("flit publish", "flit publish"),
        ("hatch -e build publish", "hatch -e build publish"),
        ("poetry publish --build", "poetry publish"),
        ("maturin upload target/wheels/*", "maturin upload"),
        ("maturin publish", "maturin publish"),
        ("pdm publish", "pdm publish"),
        ("python setup.py sdist upload", "setup.py sdist upload"),
        ("scripts/publish", "scripts/publish"),
    ],
)
def test_commands_that_publish(command: str, reason: str) -> None:
    assert reasons(workflow(f"- run: {command}")) == [reason]


def test_a_command_over_two_lines() -> None:
    assert reasons(workflow("- run: |\n    echo 1\n    twine \\\n      upload dist/*")) == [
        "twine upload"
    ]


@pytest.mark.parametrize(
    "command",
    [
        "twine check dist/*",
        "uv build",
        "uv run pytest",
        "poetry install",
        "hatch build",
        "echo publish",
    ],
)
def test_commands_that_do_not_publish(command: str) -> None:
    assert reasons(workflow(f"- run: {command}")) == []


def test_a_comment_does_not_publish() -> None:
    assert reasons(workflow("- run: |\n    make # then twine upload")) == []


@pytest.mark.parametrize(
    ("uses", "reason"),
    [
        ("pypa/gh-action-pypi-publish@release/v1", "pypa/gh-action-pypi-publish"),
        ("PyPA/gh-action-pypi-publish@v1", "PyPA/gh-action-pypi-publish"),
        ("etils-actions/pypi-auto-publish@v1", "etils-actions/pypi-auto-publish"),
        ("JRubics/poetry-publish@v2", "JRubics/poetry-publish"),
    ],
)
def test_actions_that_publish(uses: str, reason: str) -> None:
    assert reasons(workflow(f"- uses: {uses}")) == [reason]


@pytest.mark.parametrize(("command", "count"), [("publish", 1), ("upload", 1), ("build", 0)])
def test_the_action_of_maturin_has_a_command(command: str, count: int) -> None:
    step = f"- uses: PyO3/maturin-action@v1\n  with:\n    command: {command}"

    assert len(reasons(workflow(step))) == count


@pytest.mark.parametrize("uses", ["actions/checkout@v4", "actions/upload-artifact@v4"])
def test_actions_that_do_not_publish(uses: str) -> None:
    assert reasons(workflow(f"- uses: {uses}")) == []


@pytest.mark.parametrize("name", ["PYPI_API_TOKEN", "TWINE_PASSWORD", "UV_PUBLISH_TOKEN", "pypi"])
def test_a_secret_that_is_named_like_a_token(name: str) -> None:
    step = f"- run: make release\n  env:\n    TOKEN: ${{{{ secrets.{name} }}}}"

    assert reasons(workflow(step)) == [f"the secret {name.upper()}"]


def test_another_secret_does_not_publish() -> None:
    step = "- run: make\n  env:\n    TOKEN: ${{ secrets.CODECOV_TOKEN }}"

    assert reasons(workflow(step)) == []


@pytest.mark.parametrize(
    ("credentials", "count"),
    [("secrets: inherit", 1), ("permissions: {id-token: write}", 1), ("with: {a: b}", 0)],
)
def test_a_reusable_workflow_may_publish(credentials: str, count: int) -> None:
    text = f"on: push\njobs:\n  it:\n    uses: a/b/.github/workflows/c.yml@v1\n    {credentials}\n"

    assert len(reasons(text)) == count


@pytest.mark.parametrize(("job", "count"), [("    permissions: {id-token: write}\n", 1), ("", 0)])
def test_a_local_action_may_publish(job: str, count: int) -> None:
    assert len(reasons(workflow("- uses: ./.github/actions/release", job))) == count


def test_the_environment_of_a_publishing_job() -> None:
    [job] = publishing_jobs(workflow("- run: uv publish", "    environment: deploy\n")) or ()

    assert job.environment == "deploy"


@pytest.mark.parametrize(
    "step",
    [
        "- run: twine upload -r testpypi dist/*",
        "- uses: pypa/gh-action-pypi-publish@v1\n  with:\n    repository-url: https://test-pypi.example/x",
        "- run: make\n  env:\n    T: ${{ secrets.TEST_PYPI_TOKEN }}",
    ],
)
def test_an_upload_to_the_index_for_tests_does_not_count(step: str) -> None:
    assert reasons(workflow(step)) == []


def test_an_upload_to_each_index_counts() -> None:
    step = "- run: |\n    twine upload -r testpypi dist/*\n    twine upload dist/*"

    assert reasons(workflow(step)) == ["twine upload"]


@pytest.mark.parametrize("text", ["a: [", "", "text", "[1]"])
def test_a_text_that_is_no_workflow(text: str) -> None:
    assert publishing_jobs(text) is None


@pytest.mark.parametrize("text", ["jobs: 1", "jobs: {a: }", "jobs: {a: {steps: 1}}"])
def test_a_workflow_of_a_strange_shape_publishes_nothing(text: str) -> None:
    assert reasons(text) == []
