"""Warnings about declared repositories, grouped, each with the command that fixes it."""

import pytest

from stacks.preflight import warnings
from stacks.snapshot import RepositoryOnGitHub, Scripts, Snapshot
from tests.stacks.preflight.situations import repositories, situation, snapshot_with

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
    ]


def test_the_same_secret_in_several_repositories_is_one_warning() -> None:
    repositories_on_github = repositories("httpx", "httpcore", secrets=frozenset({"PYPI_TOKEN"}))

    assert warnings(
        situation(snapshot_with(repositories=repositories_on_github), repositories=TWO_ENTRIES)
    ) == [
        "2 repositories still have the repository secret PYPI_TOKEN: httpcore, httpx. It bypasses "
        "the approval gate: any workflow on any branch can read it. Delete it: "
        "for name in httpcore httpx; do gh secret delete PYPI_TOKEN --repo encode/$name; done"
    ]


def test_a_secret_that_is_not_declared_is_ignored() -> None:
    assert warnings(situation(with_secrets("CODECOV_TOKEN"))) == []


def test_a_leftover_token_of_a_trusted_publisher() -> None:
    [warning] = warnings(
        situation(
            with_secrets("PYPI_TOKEN"), repositories={"httpx": {"publish": "trusted-publishing"}}
        )
    )

    assert warning.endswith("Delete it: gh secret delete PYPI_TOKEN --repo encode/httpx")


def test_a_repository_that_up_creates_has_no_warnings() -> None:
    snapshot = snapshot_with(repositories={})

    assert warnings(situation(snapshot, repositories={"httpx": {"create": True}})) == []


def test_scripts_that_the_workflow_runs_are_missing() -> None:
    assert warnings(situation(with_scripts(install=True))) == [
        "httpx lacks scripts/build, scripts/publish. The publish workflow runs them, so a release "
        "would fail. Add them to the default branch, or choose another layout with `publish`"
    ]


def test_repositories_that_lack_the_same_scripts_are_one_warning() -> None:
    entries = {**TWO_ENTRIES, "starlette": None}
    snapshot = snapshot_with(
        repositories={
            **repositories("httpx", "httpcore", scripts=Scripts({})),
            **repositories("starlette", scripts=Scripts({"build": True})),
        }
    )

    assert [
        warning.split(". ")[0] for warning in warnings(situation(snapshot, repositories=entries))
    ] == [
        "2 repositories lack scripts/install, scripts/build, scripts/publish: httpcore, httpx",
        "starlette lacks scripts/install, scripts/publish",
    ]


def test_a_script_without_execute_permission() -> None:
    assert warnings(situation(with_scripts(install=True, build=False, publish=True))) == [
        "httpx has scripts/build without execute permission. The publish workflow runs it, so a "
        "release would fail. In each repository: git update-index --chmod=+x scripts/build"
    ]


def test_a_script_that_the_layout_does_not_run_may_be_missing() -> None:
    snapshot = with_scripts(install=True, build=True)
    trusted = {"httpx": {"publish": "trusted-publishing"}}

    assert warnings(situation(snapshot, repositories=trusted)) == []
    assert len(warnings(situation(snapshot))) == 1


@pytest.mark.parametrize(
    ("command", "subjects"),
    [("scripts/uploader --quiet", ["httpx lacks scripts/uploader"]), ("pip install twine", [])],
)
def test_a_script_in_publish_install_is_checked_too(command: str, subjects: list[str]) -> None:
    snapshot = with_scripts(install=True, build=True, publish=True)
    entries = {"httpx": {"publish-install": command}}

    assert [
        warning.split(".")[0] for warning in warnings(situation(snapshot, repositories=entries))
    ] == subjects


def test_a_repository_that_cannot_be_read_has_no_warnings() -> None:
    assert (
        warnings(situation(snapshot_with(repositories=repositories("httpx", scripts=None)))) == []
    )
