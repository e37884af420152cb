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
            "rename the key to httpx2 and say `formerly: httpx` in its entry",
        )
    ]


def test_an_entry_that_was_renamed_without_saying_so() -> None:
    assert problems(situation(previous_state=PreviousState(repositories={"requests-next": 1}))) == [
        Problem(
            "repositories.httpx",
            "the repository that this stack knows as requests-next",
            "`formerly: requests-next`, so that its environment, secrets, workflow and rulesets are kept",
            "pulumi config set --path 'repositories.httpx.formerly' requests-next",
        )
    ]


def test_an_entry_that_was_renamed_and_says_so() -> None:
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


def test_an_entry_that_was_removed_and_its_repository_was_renamed() -> None:
    snapshot = snapshot_with(repositories=repositories("httpx", "httpcore2"))

    assert (
        problems(situation(snapshot, PreviousState(repositories={"httpx": 1, "httpcore": 2}))) == []
    )


def test_an_entry_that_was_removed_after_its_repository_was_deleted() -> None:
    assert problems(
        situation(previous_state=PreviousState(repositories={"httpx": 1, "httpcore": 2}))
    ) == [
        Problem(
            "repositories.httpcore",
            "removed here, and the repository itself is gone from GitHub",
            "a state that does not name it any more",
            "run `pulumi refresh` once, then `pulumi up`",
        )
    ]


def test_an_entry_that_was_removed_before_anything_was_set_up() -> None:
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
            "the earlier name of this very repository; httpcore is another one",
            "remove `formerly`, and `httpcore` is taken down as a removed entry",
        )
    ]


def test_a_former_name_that_is_history() -> None:
    """After the `up` that renamed it, the state knows the new name alone."""
    previous_state = PreviousState(repositories={"httpx": 1})

    assert (
        problems(
            situation(
                previous_state=previous_state, repositories={"httpx": {"formerly": "requests-next"}}
            )
        )
        == []
    )
