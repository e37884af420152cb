"""Repositories whose name moved on: renamed, exchanged, transferred, deleted or made again."""

from typing import Any

import pytest

from stacks.preflight import problems
from stacks.previous_state import PreviousState, RecordedRepository
from stacks.settings import Problem
from stacks.snapshot import RepositoryOnGitHub
from tests.stacks.preflight.situations import repositories, situation, snapshot_with

PUBLISHER = {
    "owner": "encode",
    "repositoryName": "httpcore",
    "workflowName": "publish.yml",
    "environmentName": "deploy",
}
GADGETS = "gadget=gadget-legacy gadget2=gadget"


def keys(entries: dict[str, Any]) -> dict[str, Any]:
    """Return the keys of a configuration that declares `entries`."""
    return {"repositories": entries}


def test_a_repository_that_was_renamed_on_github() -> None:
    snapshot = snapshot_with(repositories=repositories("httpx2"))

    assert problems(situation(snapshot, PreviousState(repositories={"httpx": 1}))) == [
        Problem(
            "repositories.httpx",
            "called httpx2 on GitHub now",
            "the name that the repository has on GitHub",
            "rename the key to httpx2, also under `secrets`, and add `formerly: httpx` to the "
            "entry",
        )
    ]


def test_an_entry_that_was_renamed_without_formerly() -> None:
    assert problems(situation(previous_state=PreviousState(repositories={"requests-next": 1}))) == [
        Problem(
            "repositories.httpx",
            "the repository that the state calls requests-next",
            "`formerly: requests-next`, which keeps its environment, secrets, workflow and "
            "rulesets",
            "pulumi config set --path 'repositories.httpx.formerly' requests-next",
        )
    ]


def test_an_entry_that_was_renamed_with_formerly() -> None:
    previous_state = PreviousState(repositories={"requests-next": 1})

    assert (
        problems(
            situation(
                previous_state=previous_state, repositories={"httpx": {"formerly": "requests-next"}}
            )
        )
        == []
    )


def test_an_entry_that_was_removed() -> None:
    snapshot = snapshot_with(repositories=repositories("httpx", "httpcore"))

    assert (
        problems(situation(snapshot, PreviousState(repositories={"httpx": 1, "httpcore": 2}))) == []
    )


def test_a_removed_entry_whose_repository_was_renamed() -> None:
    snapshot = snapshot_with(repositories=repositories("httpx", "httpcore2"))

    assert (
        problems(situation(snapshot, PreviousState(repositories={"httpx": 1, "httpcore": 2}))) == []
    )


def test_a_removed_entry_whose_repository_was_deleted() -> None:
    [problem] = problems(
        situation(previous_state=PreviousState(repositories={"httpx": 1, "httpcore": 2}))
    )

    assert problem.path == "repositories.httpcore"
    assert problem.value == "number 2 in the state, which is deleted, or hidden from this token"
    assert problem.remedy == "scripts/forget httpcore"


def test_a_declared_repository_that_was_deleted() -> None:
    snapshot = snapshot_with(repositories={})

    [problem] = problems(situation(snapshot, PreviousState(repositories={"httpx": 1})))

    assert problem.remedy == (
        "scripts/forget httpx; then remove the entry: pulumi config rm --path 'repositories.httpx'"
    )


def test_a_repository_that_was_made_again() -> None:
    [problem] = problems(situation(previous_state=PreviousState(repositories={"httpx": 7})))

    assert problem.path == "repositories.httpx"
    assert problem.value.endswith("number 1 has the name now")
    assert problem.remedy == (
        "scripts/forget httpx; then `pulumi up` sets up the repository that has the name now"
    )


def test_a_transferred_repository() -> None:
    moved = RepositoryOnGitHub(1, "httpx", archived=False, private=False, owner="elsewhere")
    snapshot = snapshot_with(repositories={}, transferred={1: moved})

    [problem] = problems(situation(snapshot, PreviousState(repositories={"httpx": 1})))

    assert problem.value == "transferred, and called elsewhere/httpx now"
    assert problem.remedy.startswith("scripts/forget httpx; then remove the entry")


def test_a_lost_repository_names_the_publisher_on_pypi() -> None:
    entry = RecordedRepository("httpcore", 2, trusted_publishers=(PUBLISHER,))
    previous_state = PreviousState(
        repositories={"httpx": 1, "httpcore": 2}, entries={"httpcore": entry}
    )

    [problem] = problems(situation(previous_state=previous_state))

    assert problem.remedy.endswith(
        "the trusted publisher Owner: encode · Repository name: httpcore · "
        "Workflow name: publish.yml · Environment name: deploy"
    )


def test_a_rename_that_changes_case_alone() -> None:
    snapshot = snapshot_with(repositories=repositories("HTTPX"))
    previous_state = PreviousState(repositories={"httpx": 1})
    declared = {"HTTPX": {"formerly": "httpx"}}

    [renamed] = problems(situation(snapshot, previous_state))
    [without] = problems(situation(snapshot, previous_state, repositories={"HTTPX": None}))

    assert renamed.remedy == (
        "rename the key to HTTPX, also under `secrets`, and add `formerly: httpx` to the entry"
    )
    assert without.remedy == "pulumi config set --path 'repositories.HTTPX.formerly' httpx"
    assert problems(situation(snapshot, previous_state, repositories=declared)) == []


@pytest.mark.parametrize(
    "declared",
    [{"httpx": None}, {"httpx": {"formerly": "HTTPX"}}, {"requests": {"formerly": "HTTPX"}}],
)
def test_a_key_that_changes_before_the_name(declared: dict[str, Any]) -> None:
    snapshot = snapshot_with(repositories=repositories("HTTPX"))
    recorded = RecordedRepository("HTTPX", 1, trusted_publishers=(PUBLISHER,))
    previous_state = PreviousState(repositories={"HTTPX": 1}, entries={"HTTPX": recorded})
    [key] = declared

    assert problems(situation(snapshot, previous_state, repositories=declared)) == [
        Problem(
            f"repositories.{key}",
            "the repository that GitHub and the state call HTTPX",
            "the name that the repository has on GitHub",
            "rename the key to HTTPX, also under `secrets`, without `formerly`; or rename the "
            f"repository first: gh api -X PATCH repos/encode/HTTPX -f name={key} --silent",
        )
    ]


def test_several_repositories_are_renamed_at_once() -> None:
    snapshot = snapshot_with(repositories=repositories("a2", "b2"))
    previous_state = PreviousState(repositories={"a": 1, "b": 2})

    declared = {"a": None, "b": None}

    renames = problems(situation(snapshot, previous_state, repositories=declared))

    assert [problem.path for problem in renames] == ["repositories.a", "repositories.b"]


@pytest.mark.parametrize(
    ("recorded", "names", "pairs"),
    [
        ({"a": 1, "b": 2}, ("b", "a"), "a=b b=a"),
        ({"gadget": 1, "gadget2": 2}, ("gadget-legacy", "gadget"), GADGETS),
        ({"a": 1, "b": 2, "c": 3}, ("b", "c", "a"), "a=b b=c c=a"),
        ({"a": 1, "b": 2, "c": 3}, ("b", "c", "d"), "a=b b=c c=d"),
        ({"a": 1, "b": 2}, ("B", "A"), "a=B b=A"),
    ],
)
@pytest.mark.parametrize("follows", [True, False])
def test_names_that_move_on(
    recorded: dict[str, int], names: tuple[str, ...], pairs: str, follows: bool
) -> None:
    """The message is the same whether or not the keys of the stack file followed already."""
    snapshot = snapshot_with(repositories=repositories(*names))
    declared = dict.fromkeys(names if follows else recorded)

    reported = problems(situation(snapshot, PreviousState(repositories=recorded), **keys(declared)))

    [problem] = [problem for problem in reported if problem.path == "repositories"]
    assert problem.remedy.split(";")[0] == f"scripts/rename {pairs}"


def test_names_that_moved_on_after_the_state_was_renamed() -> None:
    snapshot = snapshot_with(repositories=repositories("b", "a"))
    previous_state = PreviousState(repositories={"b": 1, "a": 2})

    assert (
        problems(situation(snapshot, previous_state, repositories=dict.fromkeys(("a", "b")))) == []
    )


def test_a_former_name_that_another_repository_has_now() -> None:
    """`formerly` would revoke the grants of the repository that has the old name now."""
    snapshot = snapshot_with(repositories=repositories("new", "old"))

    [problem] = problems(
        situation(
            snapshot,
            PreviousState(repositories={"old": 1}),
            repositories={"new": {"formerly": "old"}},
        )
    )

    assert problem.remedy.startswith("scripts/rename old=new; then")


def test_the_name_of_a_removed_entry_that_another_repository_has() -> None:
    snapshot = snapshot_with(repositories=repositories("httpx", "old", "new"))

    [problem] = problems(situation(snapshot, PreviousState(repositories={"httpx": 1, "old": 3})))

    assert problem.remedy == "scripts/rename old=new"


def test_a_removed_entry_that_was_never_set_up() -> None:
    assert (
        problems(
            situation(previous_state=PreviousState(repositories={"httpx": 1, "httpcore": None}))
        )
        == []
    )


def test_a_former_name_of_another_repository() -> None:
    snapshot = snapshot_with(repositories=repositories("httpx", "httpcore"))
    previous_state = PreviousState(repositories={"httpcore": 2})

    assert problems(
        situation(snapshot, previous_state, repositories={"httpx": {"formerly": "httpcore"}})
    ) == [
        Problem(
            "repositories.httpx.formerly",
            "'httpcore'",
            "an earlier name of this repository; httpcore is another repository",
            "pulumi config rm --path 'repositories.httpx.formerly'; `pulumi up` then removes "
            "what the stack created for httpcore",
        )
    ]


def test_a_former_name_after_the_rename() -> None:
    """The state has only the new name after the `up` that renamed it."""
    previous_state = PreviousState(repositories={"httpx": 1})

    assert (
        problems(
            situation(
                previous_state=previous_state, repositories={"httpx": {"formerly": "requests-next"}}
            )
        )
        == []
    )
