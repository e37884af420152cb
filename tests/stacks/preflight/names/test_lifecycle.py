"""Entries that are archived, retired or removed, and the recorded default branch."""

from typing import Any

import pytest

from stacks.preflight import problems, warnings
from stacks.previous_state import PreviousState, RecordedRepository, RecordedResource
from stacks.settings import Problem
from stacks.snapshot import RepositoryOnGitHub
from tests.stacks.preflight.situations import repositories, situation, snapshot_with

# In the order in which the engine writes it to the state.
PUBLISHER = {
    "environmentName": "deploy",
    "owner": "encode",
    "repositoryName": "httpx",
    "workflowName": "publish.yml",
}
FORM = (
    "Owner: encode · Repository name: httpx · Workflow name: publish.yml · Environment name: deploy"
)
ARCHIVED = snapshot_with(repositories=repositories("httpx", archived=True))
SECOND = {"other": RepositoryOnGitHub(2, "other", archived=False, private=False)}
LIVE = snapshot_with(repositories={**repositories("httpx"), **SECOND})
ARCHIVED_AND_OTHER = snapshot_with(repositories={**ARCHIVED.repositories, **SECOND})
WITHOUT_ENTRY: dict[str, Any] = {"repositories": {"other": None}}


def resource(place: str, **outputs: Any) -> RecordedResource:
    return RecordedResource(f"urn:{place}", "", f"httpx/{place}", outputs=outputs)


def recorded(*places: str, key: str = "httpx", **attributes: Any) -> PreviousState:
    """Return a state with one repository, which has resources at `places`."""
    entry = RecordedRepository(
        key, 1, resources={place: resource(place) for place in places}, **attributes
    )
    return PreviousState(repositories={key: 1}, entries={key: entry})


def test_an_archived_repository_that_is_not_recorded() -> None:
    assert problems(situation(ARCHIVED)) == [
        Problem(
            "repositories.httpx",
            "archived on GitHub",
            "a repository that can be written to",
            "gh repo unarchive encode/httpx --yes; or remove the entry: pulumi config rm --path "
            "'repositories.httpx'",
        )
    ]


def test_an_archived_repository_that_is_recorded() -> None:
    [problem] = problems(situation(ARCHIVED, recorded()))

    assert problem.path == "repositories.httpx"
    assert problem.remedy.startswith("pulumi config set --path 'repositories.httpx.archived' true")


def test_an_archived_repository_whose_key_changes_first() -> None:
    snapshot = snapshot_with(repositories=repositories("Httpx", archived=True))

    [problem] = problems(situation(snapshot, recorded()))

    assert problem.value == "called Httpx on GitHub now"


def test_an_archived_repository_with_its_entry() -> None:
    declared: dict[str, Any] = {"repositories": {"httpx": {"archived": True}}}

    assert problems(situation(ARCHIVED, recorded(), **declared)) == []


def test_an_entry_of_a_repository_that_is_not_archived() -> None:
    [problem] = problems(
        situation(previous_state=recorded(), repositories={"httpx": {"archived": True}})
    )

    assert problem.path == "repositories.httpx.archived"
    assert problem.remedy.startswith("pulumi config rm --path 'repositories.httpx.archived'")


def test_an_archived_entry_that_was_never_set_up() -> None:
    [problem] = problems(situation(ARCHIVED, repositories={"httpx": {"archived": True}}))

    assert problem.remedy == "pulumi config rm --path 'repositories.httpx'"


@pytest.mark.parametrize("previous_state", [recorded(), recorded(archived=True)])
def test_a_removed_entry_of_an_archived_repository(previous_state: PreviousState) -> None:
    [problem] = problems(situation(ARCHIVED_AND_OTHER, previous_state, **WITHOUT_ENTRY))

    assert problem.remedy == "scripts/forget httpx, which leaves the repository as it is"


def test_a_removed_entry_that_was_declared_as_archived() -> None:
    [problem] = problems(situation(LIVE, recorded(archived=True), **WITHOUT_ENTRY))

    assert problem.remedy.startswith("scripts/forget httpx, which leaves the repository as it is")


def test_a_removed_entry_that_publishes_with_a_token() -> None:
    assert problems(situation(LIVE, recorded("publish.yml"), **WITHOUT_ENTRY)) == []


def test_a_removed_entry_that_published_without_a_token() -> None:
    previous_state = recorded(trusted_publishers=(PUBLISHER,))

    [problem] = problems(situation(LIVE, previous_state, **WITHOUT_ENTRY))

    assert problem.path == "repositories.httpx"
    assert problem.remedy.startswith("pulumi config set --path 'repositories.httpx.retired' true;")
    assert problem.remedy.endswith(f"the trusted publisher {FORM}")


def test_a_removed_entry_that_was_renamed_and_published() -> None:
    previous_state = recorded(key="requests", trusted_publishers=(PUBLISHER,))

    [problem] = problems(situation(LIVE, previous_state, **WITHOUT_ENTRY))

    assert problem.remedy.startswith(
        "pulumi config set --path 'repositories.httpx.retired' true; "
        "pulumi config set --path 'repositories.httpx.formerly' requests;"
    )


def test_a_retired_entry_that_is_removed() -> None:
    previous_state = recorded(retired=True, trusted_publishers=(PUBLISHER,))

    [problem] = problems(situation(LIVE, previous_state, **WITHOUT_ENTRY))

    assert problem.value == "retired, and removed from the stack file"
    assert problem.remedy.endswith("scripts/forget httpx")


@pytest.mark.parametrize("retired", [True, False])
def test_a_declared_entry_may_be_retired_and_used_again(retired: bool) -> None:
    previous_state = recorded(retired=not retired, trusted_publishers=(PUBLISHER,))

    entry = {"retired": retired}
    assert problems(situation(previous_state=previous_state, repositories={"httpx": entry})) == []


def test_another_default_branch() -> None:
    workflow = resource("publish.yml", branch="master")
    entry = RecordedRepository("httpx", 1, resources={"publish.yml": workflow})
    previous_state = PreviousState(repositories={"httpx": 1}, entries={"httpx": entry})

    [problem] = problems(situation(previous_state=previous_state))

    assert problem.remedy == ("scripts/forget httpx --workflow; then `pulumi up` writes it to main")


@pytest.mark.parametrize("branch", ["main", None])
def test_the_recorded_default_branch(branch: str | None) -> None:
    workflow = resource("publish.yml", branch=branch)
    entry = RecordedRepository("httpx", 1, resources={"publish.yml": workflow})
    previous_state = PreviousState(repositories={"httpx": 1}, entries={"httpx": entry})

    assert problems(situation(previous_state=previous_state)) == []


def test_a_layout_that_no_longer_needs_its_publisher() -> None:
    previous_state = recorded(
        "publish.yml", "deploy/environment", "deploy/tags", trusted_publishers=(PUBLISHER,)
    )

    assert warnings(situation(previous_state=previous_state)) == [
        f"httpx no longer publishes as the trusted publisher {FORM}. After a release by the new "
        "workflow, remove it on PyPI."
    ]


def test_a_retired_entry_names_its_publisher() -> None:
    previous_state = recorded("publish.yml", trusted_publishers=(PUBLISHER,))

    assert warnings(
        situation(previous_state=previous_state, repositories={"httpx": {"retired": True}})
    ) == [f"httpx is retired. Remove its trusted publisher on PyPI: {FORM}"]


def test_a_layout_that_stays() -> None:
    previous_state = recorded("publish.yml", trusted_publishers=(PUBLISHER,))
    declared: dict[str, Any] = {"repositories": {"httpx": {"publish": "trusted-publishing"}}}

    assert warnings(situation(previous_state=previous_state, **declared)) == []


def test_a_publisher_of_the_past() -> None:
    previous_state = recorded("publish.yml", "deploy/PYPI_TOKEN", trusted_publishers=(PUBLISHER,))

    assert warnings(situation(previous_state=previous_state)) == []


def test_a_state_that_does_not_record_publishers() -> None:
    """The workflow that was written shows whether PyPI may trust it."""
    content = {"content": "id-token: write", "file": ".github/workflows/publish.yml"}
    workflow = RecordedResource("urn:w", "", "httpx/publish.yml", inputs=content)
    entry = RecordedRepository("httpx", 1, resources={"publish.yml": workflow})
    previous_state = PreviousState(repositories={"httpx": 1}, entries={"httpx": entry})

    remedies = [
        problem.remedy for problem in problems(situation(LIVE, previous_state, **WITHOUT_ENTRY))
    ]

    assert any(remedy.endswith(f"the trusted publisher {FORM}") for remedy in remedies)
