"""Repositories that are missing or cannot be set up."""

from typing import Any

import pytest

from stacks.preflight import problems
from stacks.previous_state import PreviousState, RecordedRepository
from stacks.settings import Problem
from stacks.snapshot import RepositoryOnGitHub
from tests.stacks.preflight.situations import SNAPSHOT, repositories, situation, snapshot_with


def test_a_repository_that_does_not_exist() -> None:
    assert problems(situation(snapshot_with(repositories={}))) == [
        Problem(
            "repositories.httpx",
            "not a repository of the organization, or hidden from this token",
            "a repository that exists",
            "correct the name, add `create: true` to the entry to create it, or remove the entry",
        )
    ]


def test_a_repository_that_up_creates() -> None:
    assert (
        problems(
            situation(snapshot_with(repositories={}), repositories={"httpx": {"create": True}})
        )
        == []
    )


def test_a_repository_to_create_that_exists() -> None:
    assert problems(situation(repositories={"httpx": {"create": True}})) == [
        Problem(
            "repositories.httpx.create",
            "true",
            "a repository that does not exist yet; this one does",
            "pulumi config rm --path 'repositories.httpx.create'",
        )
    ]


@pytest.mark.parametrize(
    ("entry", "previous_state"),
    [
        ({"create": True}, {"httpx": 1}),
        ({"create": True}, {"httpx": None}),
        ({"create": True, "formerly": "old"}, {"old": 1}),
    ],
)
def test_a_repository_that_this_stack_created(
    entry: dict[str, Any], previous_state: dict[str, int | None]
) -> None:
    assert (
        problems(
            situation(
                previous_state=PreviousState(repositories=previous_state),
                repositories={"httpx": entry},
            )
        )
        == []
    )


def test_a_name_in_the_wrong_case() -> None:
    assert problems(situation(snapshot_with(repositories=repositories("HTTPX")))) == [
        Problem(
            "repositories.httpx",
            "spelled differently on GitHub: HTTPX",
            "the name as GitHub writes it",
            "rename the key to HTTPX",
        )
    ]


@pytest.mark.parametrize("plan", ["free", "team"])
def test_a_private_repository_on_a_plan_without_private_gates(plan: str) -> None:
    assert problems(
        situation(snapshot_with(plan=plan, repositories=repositories("httpx", private=True)))
    ) == [
        Problem(
            "repositories.httpx",
            f"private, on the {plan} plan",
            "a public repository: in private ones, required reviewers need the Enterprise plan",
            "pulumi config rm --path 'repositories.httpx'; or make the repository public",
        )
    ]


@pytest.mark.parametrize("entry", [None, {"retired": True}])
def test_a_repository_that_became_private(entry: dict[str, bool] | None) -> None:
    """GitHub shows no ruleset of it, and would refuse to change its environment."""
    private = repositories("httpx", private=True, unseen=frozenset({"rulesets"}))
    publisher = {"owner": "encode", "repositoryName": "httpx"}
    recorded = RecordedRepository("httpx", 1, trusted_publishers=(publisher,))
    previous_state = PreviousState(repositories={"httpx": 1}, entries={"httpx": recorded})

    [problem] = problems(
        situation(
            snapshot_with(repositories=private), previous_state, repositories={"httpx": entry}
        )
    )

    assert problem.remedy.startswith(
        "pulumi config rm --path 'repositories.httpx'; then scripts/forget httpx, which leaves it "
        "as it is; and remove on PyPI, before everything else, the trusted publisher Owner: encode"
    )
    assert problem.remedy.endswith("; or make the repository public")


def test_a_removed_entry_of_a_private_repository() -> None:
    listed = repositories("httpx", private=True) | {
        "other": RepositoryOnGitHub(2, "other", archived=False, private=False)
    }
    recorded = RecordedRepository("httpx", 1, retired=True)
    previous_state = PreviousState(repositories={"httpx": 1}, entries={"httpx": recorded})

    [problem] = problems(
        situation(snapshot_with(repositories=listed), previous_state, repositories={"other": None})
    )

    assert problem.remedy == "scripts/forget httpx, which leaves the repository as it is"


@pytest.mark.parametrize("plan", ["enterprise", None])
def test_a_private_repository_on_another_or_an_unknown_plan(plan: str | None) -> None:
    assert (
        problems(
            situation(snapshot_with(plan=plan, repositories=repositories("httpx", private=True)))
        )
        == []
    )


def test_a_repository_that_is_not_declared_is_ignored() -> None:
    repositories_on_github = {
        **repositories("broadcaster", archived=True, private=True),
        **SNAPSHOT.repositories,
    }

    assert problems(situation(snapshot_with(repositories=repositories_on_github))) == []


def test_a_new_entry_with_a_former_name() -> None:
    snapshot = snapshot_with(
        repositories=repositories("httpx-next"), redirects={"httpx": "httpx-next"}
    )

    [problem] = problems(situation(snapshot))

    assert problem.value == "called httpx-next on GitHub now"
    assert problem.remedy == "rename the key to httpx-next, also under `secrets`"
