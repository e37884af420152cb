"""Warnings about declared repositories, grouped, each with the command that fixes it."""

from dataclasses import replace

import pytest

from stacks.preflight import problems, warnings
from stacks.snapshot import (
    EnvironmentOnGitHub,
    RepositoryOnGitHub,
    Scripts,
    Snapshot,
    WorkflowOnGitHub,
)
from tests.stacks.preflight.gates import WORKFLOW, gate_situation, repository_on_github
from tests.stacks.preflight.situations import (
    UNTIL,
    accept_text,
    repositories,
    situation,
    snapshot_with,
)

TWO_ENTRIES = {"httpx": None, "httpcore": None}


def with_secrets(*names: str) -> Snapshot:
    return snapshot_with(
        repositories={"httpx": RepositoryOnGitHub(1, "httpx", False, False, frozenset(names))}
    )


def with_scripts(**modes: bool) -> Snapshot:
    return snapshot_with(repositories=repositories("httpx", scripts=Scripts(modes)))


def test_a_repository_secret_of_a_declared_name() -> None:
    assert warnings(situation(with_secrets("PYPI_TOKEN", "CODECOV_TOKEN"))) == [
        "httpx still has the repository secret PYPI_TOKEN. It bypasses the approval gate: any "
        "workflow on any branch can read it. "
        "Delete it: gh secret delete PYPI_TOKEN --repo encode/httpx"
        + accept_text("repository-secret/httpx/PYPI_TOKEN")
    ]


def test_the_same_secret_in_several_repositories_is_one_warning() -> None:
    repositories_on_github = repositories("httpx", "httpcore", secrets=frozenset({"PYPI_TOKEN"}))

    assert warnings(
        situation(snapshot_with(repositories=repositories_on_github), repositories=TWO_ENTRIES)
    ) == [
        "2 repositories still have the repository secret PYPI_TOKEN: httpcore, httpx. It bypasses "
        "the approval gate: any workflow on any branch can read it. Delete it: "
        "for name in httpcore httpx; do gh secret delete PYPI_TOKEN --repo encode/$name; done. "
        "Accept: for id in repository-secret/httpcore/PYPI_TOKEN "
        'repository-secret/httpx/PYPI_TOKEN; do pulumi config set --path "accept[\\"$id\\"]" '
        f'\'{{"reason": "REASON", "until": "{UNTIL}"}}\'; done'
    ]


def test_a_secret_that_is_not_declared_is_ignored() -> None:
    assert warnings(situation(with_secrets("CODECOV_TOKEN"))) == []


def test_a_leftover_token_of_a_trusted_publisher() -> None:
    [warning] = warnings(
        situation(
            with_secrets("PYPI_TOKEN"), repositories={"httpx": {"publish": "trusted-publishing"}}
        )
    )

    assert "Delete it: gh secret delete PYPI_TOKEN --repo encode/httpx" in warning


def test_a_repository_that_up_creates_has_no_warnings() -> None:
    snapshot = snapshot_with(repositories={})

    assert warnings(situation(snapshot, repositories={"httpx": {"create": True}})) == []


def test_scripts_that_the_workflow_runs_are_missing() -> None:
    """Before the workflow is written, this blocks."""
    [problem] = problems(situation(with_scripts(install=True)))

    assert problem.path == "httpx lacks scripts/build, scripts/publish"
    assert problem.allowed == "The publish workflow runs them, so a release would fail"
    assert problem.remedy.splitlines()[0] == (
        "Add them to the default branch, or choose another layout with `publish`"
    )


def test_missing_scripts_of_a_workflow_that_is_recorded() -> None:
    on_github = replace(repository_on_github(), scripts=Scripts({"install": True}))

    [warning] = warnings(gate_situation(on_github))

    assert problems(gate_situation(on_github)) == []
    assert warning.startswith("httpx lacks scripts/build, scripts/publish. The publish workflow")


def test_repositories_that_lack_the_same_scripts_are_one_problem() -> None:
    entries = {**TWO_ENTRIES, "starlette": None}
    on_github = repositories("httpx", "httpcore", "starlette", scripts=Scripts({}))
    on_github["starlette"] = replace(on_github["starlette"], scripts=Scripts({"build": True}))

    assert [
        problem.path
        for problem in problems(
            situation(snapshot_with(repositories=on_github), repositories=entries)
        )
    ] == [
        "2 repositories lack scripts/install, scripts/build, scripts/publish: httpcore, httpx",
        "starlette lacks scripts/install, scripts/publish",
    ]


def test_a_script_without_execute_permission() -> None:
    assert warnings(situation(with_scripts(install=True, build=False, publish=True))) == [
        "httpx has scripts/build without execute permission. The publish workflow runs it, so a "
        "release would fail. In each repository: git update-index --chmod=+x scripts/build"
        + accept_text("script-not-executable/httpx")
    ]


def test_a_script_that_the_layout_does_not_run_may_be_missing() -> None:
    snapshot = with_scripts(install=True, build=True)
    trusted = {"httpx": {"publish": "trusted-publishing"}}

    assert problems(situation(snapshot, repositories=trusted)) == []
    assert len(problems(situation(snapshot))) == 1


@pytest.mark.parametrize(
    ("command", "subjects"),
    [("scripts/uploader --quiet", ["httpx lacks scripts/uploader"]), ("pip install twine", [])],
)
def test_a_script_in_publish_install_is_checked_too(command: str, subjects: list[str]) -> None:
    snapshot = with_scripts(install=True, build=True, publish=True)
    entries = {"httpx": {"publish-install": command}}

    assert [
        problem.path for problem in problems(situation(snapshot, repositories=entries))
    ] == subjects


def test_a_repository_that_cannot_be_read_has_no_warnings() -> None:
    assert (
        warnings(situation(snapshot_with(repositories=repositories("httpx", scripts=None)))) == []
    )


def with_workflow(text: str | None, path: str = ".github/workflows/release.yml") -> Snapshot:
    files = {path: WorkflowOnGitHub(path, text)}
    return snapshot_with(repositories=repositories("httpx", workflows=files))


RELEASE = "on: push\njobs:\n  release:\n    steps:\n    - run: twine upload dist/*\n"


def test_another_workflow_that_publishes() -> None:
    [problem] = problems(situation(with_workflow(RELEASE)))

    assert problem.path == (
        "httpx has .github/workflows/release.yml, whose job 'release' publishes with twine upload"
    )
    address = "repos/encode/httpx/contents/.github/workflows/release.yml"
    assert problem.remedy == (
        f"gh api -X DELETE {address} -f message='Remove a workflow that bypasses the approval "
        f"gate' -f sha=$(gh api {address} --jq .sha) --silent\n    or accept it: pulumi config set "
        "--path 'accept[\"publishing-workflow/httpx/release.yml\"]' "
        f'\'{{"reason": "REASON", "until": "{UNTIL}"}}\''
    )


@pytest.mark.parametrize("environment", ["deploy", "Deploy", "{name: deploy, url: x}"])
def test_a_workflow_that_waits_at_the_gate(environment: str) -> None:
    text = RELEASE.replace("    steps:", f"    environment: {environment}\n    steps:")

    assert problems(situation(with_workflow(text))) == []


@pytest.mark.parametrize("environment", ["pypi", "${{ inputs.environment }}", "{url: x}"])
def test_a_workflow_that_waits_elsewhere(environment: str) -> None:
    text = RELEASE.replace("    steps:", f"    environment: {environment}\n    steps:")

    assert len(problems(situation(with_workflow(text)))) == 1


def test_one_of_two_jobs_without_the_gate() -> None:
    text = f"{RELEASE}    environment: deploy\n  other:\n    steps:\n    - run: uv publish\n"

    [problem] = problems(situation(with_workflow(text)))

    assert "whose job 'other' publishes with uv publish" in problem.path


def test_the_publish_workflow_itself_is_not_another_one() -> None:
    assert problems(gate_situation()) == []


@pytest.mark.parametrize("text", [None, "a: ["])
def test_a_workflow_that_cannot_be_read(text: str | None) -> None:
    [warning] = warnings(situation(with_workflow(text)))

    assert warning.startswith("httpx has .github/workflows/release.yml, which cannot be read. ")


@pytest.mark.parametrize(("state", "count"), [("active", 0), (None, 0), ("disabled_manually", 1)])
def test_a_disabled_publish_workflow(state: str | None, count: int) -> None:
    on_github = repository_on_github()
    file = replace(on_github.workflows[WORKFLOW], state=state)

    reported = problems(gate_situation(replace(on_github, workflows={WORKFLOW: file})))

    assert len(reported) == count
    assert all("actions/workflows/publish.yml/enable" in problem.remedy for problem in reported)


@pytest.mark.parametrize(
    ("name", "count"), [("PYPI_API_TOKEN", 1), ("TWINE_PASSWORD", 1), ("X", 0)]
)
def test_a_repository_secret_that_is_named_like_a_token(name: str, count: int) -> None:
    assert len(warnings(situation(with_secrets(name)))) == count


@pytest.mark.parametrize(
    ("environment", "secrets", "count"),
    [
        ("pypi", {"PYPI_API_TOKEN"}, 1),
        ("pypi", {"DOCS"}, 0),
        ("pypi", None, 0),
        ("deploy", {"PYPI_TOKEN"}, 0),
    ],
)
def test_a_token_in_another_environment(
    environment: str, secrets: set[str] | None, count: int
) -> None:
    names = None if secrets is None else frozenset(secrets)
    environments = {environment: EnvironmentOnGitHub(environment, secrets=names, policies=())}
    snapshot = snapshot_with(repositories=repositories("httpx", environments=environments))

    reported = warnings(situation(snapshot))

    assert len(reported) == count
    assert all("gh secret delete PYPI_API_TOKEN --env 'pypi'" in warning for warning in reported)
