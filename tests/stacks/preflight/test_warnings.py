"""What is no reason to stop, but is said."""

import pytest

from stacks.preflight import warnings
from stacks.previous_state import PreviousState
from stacks.repository_scripts import Scripts
from stacks.snapshot import RepositoryOnGitHub, Snapshot
from tests.stacks.preflight.situations import situation, snapshot_with, teams


def with_secrets(*names: str) -> Snapshot:
    return snapshot_with(
        repositories={"httpx": RepositoryOnGitHub(1, "httpx", False, False, frozenset(names))}
    )


def test_a_declared_secret_that_is_still_one_of_the_repository() -> None:
    assert warnings(situation(with_secrets("PYPI_TOKEN", "CODECOV_TOKEN"))) == [
        "PYPI_TOKEN still exists as a secret of the repository encode/httpx, where any workflow can read it past the gate. "
        "Delete it: gh secret delete PYPI_TOKEN --repo encode/httpx"
    ]


def test_a_secret_that_is_not_declared_is_nobodys_business() -> None:
    assert warnings(situation(with_secrets("CODECOV_TOKEN"))) == []


def test_the_token_of_a_repository_that_does_without_one() -> None:
    [sentence] = warnings(
        situation(
            with_secrets("PYPI_TOKEN"), repositories={"httpx": {"publish": "trusted-publishing"}}
        )
    )

    assert sentence.endswith("Delete it: gh secret delete PYPI_TOKEN --repo encode/httpx")


def test_a_repository_that_is_yet_to_be_created_has_no_secrets() -> None:
    assert (
        warnings(
            situation(snapshot_with(repositories={}), repositories={"httpx": {"create": True}})
        )
        == []
    )


def with_scripts(**modes: bool) -> Snapshot:
    return snapshot_with(scripts={"httpx": Scripts(modes)})


def test_scripts_that_the_workflow_runs_and_the_repository_does_not_have() -> None:
    assert warnings(situation(with_scripts(install=True))) == [
        "httpx has no scripts/build and no scripts/publish, which its publish workflow runs: a release would fail there. "
        "Add them to the default branch, or choose another layout with `publish`"
    ]


def test_a_script_that_cannot_be_executed() -> None:
    assert warnings(situation(with_scripts(install=True, build=False, publish=True))) == [
        "httpx has scripts/build without permission to execute it, as its publish workflow does. "
        "In that repository: git update-index --chmod=+x scripts/build"
    ]


def test_what_the_layout_does_not_run_need_not_be_there() -> None:
    snapshot = with_scripts(install=True, build=True)

    assert (
        warnings(situation(snapshot, repositories={"httpx": {"publish": "trusted-publishing"}}))
        == []
    )
    assert len(warnings(situation(snapshot))) == 1


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (
            "scripts/uploader --quiet",
            ["httpx has no scripts/uploader, which its publish workflow runs"],
        ),
        ("pip install twine", []),
    ],
)
def test_a_script_that_installs_the_uploader_is_looked_for_too(
    command: str, said: list[str]
) -> None:
    snapshot = with_scripts(install=True, build=True, publish=True)
    sentences = warnings(situation(snapshot, repositories={"httpx": {"publish-install": command}}))

    assert [sentence.split(":")[0] for sentence in sentences] == said


def test_a_repository_that_could_not_be_looked_into_is_not_spoken_of() -> None:
    assert warnings(situation(snapshot_with(scripts={}))) == []


def test_people_in_a_team_who_are_not_declared() -> None:
    members = frozenset({"operator-1", "stranger-2", "stranger-1"})
    snapshot = snapshot_with(teams=teams("operations", people=members))

    assert warnings(situation(snapshot, PreviousState(teams={"operations": 1}))) == [
        f"{login} is in the team operations, or invited to it, without being declared. Add the login under "
        f"operations, or remove the person: gh api -X DELETE orgs/encode/teams/operations/memberships/{login}"
        for login in ("stranger-1", "stranger-2")
    ]


def test_people_are_declared_whatever_the_case_of_their_login() -> None:
    snapshot = snapshot_with(
        teams=teams("operations", people=frozenset({"operator-1", "operator-2"}))
    )
    operations = {"members": ["Operator-1"], "team-maintainers": ["OPERATOR-2"]}

    assert (
        warnings(situation(snapshot, PreviousState(teams={"operations": 1}), operations=operations))
        == []
    )


def test_the_people_of_a_team_that_is_not_of_this_stack_are_nobodys_business() -> None:
    assert (
        warnings(
            situation(snapshot_with(teams=teams("operations", people=frozenset({"stranger-1"}))))
        )
        == []
    )
