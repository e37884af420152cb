"""Repositories that were renamed on GitHub, in the stack file, or both."""

from stacks.preflight import problems
from stacks.previous_state import PreviousState
from stacks.settings import Problem
from tests.stacks.preflight.situations import repositories, situation, snapshot_with


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
    assert problems(
        situation(previous_state=PreviousState(repositories={"httpx": 1, "httpcore": 2}))
    ) == [
        Problem(
            "repositories.httpcore",
            "removed from the stack file, and its repository is deleted on GitHub",
            "a state without this repository",
            "run `pulumi refresh` once, then `pulumi up`",
        )
    ]


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
