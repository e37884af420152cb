"""Teams that exist already, are missing, or cannot review."""

from typing import Any

import pytest

from stacks.preflight import problems
from stacks.preflight.teams import GRANT
from stacks.previous_state import PreviousState, RecordedRepository, RecordedResource
from stacks.settings import Problem
from tests.stacks.preflight.situations import repositories, situation, snapshot_with, teams


def test_a_team_name_that_is_used() -> None:
    assert problems(situation(snapshot_with(teams=teams("operations")))) == [
        Problem(
            "operations.name",
            "'operations'",
            "an unused team name: a team with this name exists and is not managed by this stack",
            "choose another name; or use the team as it is, with `existing: operations` in "
            "place of everything else under `operations`",
        )
    ]


def test_a_team_that_an_earlier_up_did_not_record() -> None:
    snapshot = snapshot_with(teams=teams("operations"))

    [problem] = problems(
        situation(snapshot, PreviousState(unfinished_teams=frozenset({"operations"})))
    )

    assert problem.path == "operations.name"
    assert "an earlier `pulumi up` created and did not record" in problem.value
    assert "gh api -X DELETE orgs/encode/teams/operations;" in problem.remedy


def test_an_unrecorded_team_may_be_used_as_it_is() -> None:
    snapshot = snapshot_with(teams=teams("operations"))
    previous_state = PreviousState(unfinished_teams=frozenset({"operations"}))

    assert (
        problems(situation(snapshot, previous_state, operations={"existing": "operations"})) == []
    )


def test_a_team_that_this_stack_created() -> None:
    assert (
        problems(
            situation(
                snapshot_with(teams=teams("operations")), PreviousState(teams={"operations": 1})
            )
        )
        == []
    )


def test_the_new_name_of_a_team_is_used() -> None:
    snapshot = snapshot_with(teams=teams("operations", "release-ops"))
    renamed = {"name": "Release ops", "members": ["a", "b"]}

    [problem] = problems(
        situation(snapshot, PreviousState(teams={"operations": 1}), operations=renamed)
    )

    assert problem.path == "operations.name"
    assert problem.value.startswith("'Release ops', while")


def test_a_team_that_up_renames() -> None:
    renamed = {"name": "Release ops", "members": ["a", "b"]}

    assert (
        problems(
            situation(
                snapshot_with(teams=teams("operations")),
                PreviousState(teams={"operations": 1}),
                operations=renamed,
            )
        )
        == []
    )


def unknown_team(place: str, slug: str) -> Problem:
    return Problem(
        f"{place}",
        f"'{slug}'",
        "the slug of a team of the organization",
        f"correct the slug, or create the team: gh api orgs/encode/teams -f name={slug} "
        "-f privacy=closed",
    )


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"operations": {"existing": "core"}}, "operations.existing"),
        ({"maintainers": {"existing": "core"}}, "maintainers.existing"),
        ({"repositories": {"httpx": {"teams": {"core": "read"}}}}, "repositories.httpx.teams.core"),
        (
            {"repositories": {"httpx": {"reviewers": {"teams": ["core"]}}}},
            "repositories.httpx.reviewers.teams[0]",
        ),
        ({"defaults": {"teams": {"core": "read"}}}, "defaults.teams.core"),
        ({"defaults": {"reviewers": {"teams": ["core"]}}}, "defaults.reviewers.teams[0]"),
    ],
)
def test_an_existing_team_that_does_not_exist(changes: dict[str, Any], place: str) -> None:
    assert problems(situation(**changes)) == [unknown_team(place, "core")]
    snapshot = snapshot_with(
        teams=teams("core"), repositories=repositories("httpx", team_permissions={1: "read"})
    )
    assert problems(situation(snapshot, **changes)) == []


def test_maintainers_review_before_their_team_exists() -> None:
    assert problems(situation(defaults={"reviewers": {"teams": ["maintainers"]}})) == []


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"operations": {"existing": "core"}}, "operations.existing"),
        (
            {"repositories": {"httpx": {"reviewers": {"teams": ["core", "docs"]}}}},
            "repositories.httpx.reviewers.teams[0]",
        ),
        (
            {"repositories": {"httpx": {"reviewers": {"teams": ["docs", "core"]}}}},
            "repositories.httpx.reviewers.teams[1]",
        ),
        ({"defaults": {"reviewers": {"teams": ["core"]}}}, "defaults.reviewers.teams[0]"),
    ],
)
def test_a_secret_team_that_should_review(changes: dict[str, Any], place: str) -> None:
    snapshot = snapshot_with(
        teams={**teams("docs"), **teams("core", secret=True)},
        repositories=repositories("httpx", team_permissions={1: "read"}),
    )

    assert problems(situation(snapshot, **changes)) == [
        Problem(
            f"{place}",
            "'core'",
            "a visible team: GitHub does not accept a secret team as a reviewer",
            "make it visible: gh api -X PATCH orgs/encode/teams/core -f privacy=closed",
        )
    ]


def test_a_secret_team_that_only_has_access() -> None:
    snapshot = snapshot_with(teams=teams("core", secret=True))

    assert problems(situation(snapshot, defaults={"teams": {"core": "read"}})) == []


def test_a_managed_team_that_was_made_secret() -> None:
    """The state still has it as a visible one, so `up` would not change it."""
    snapshot = snapshot_with(teams=teams("release-managers", "maintainers", secret=True))
    previous_state = PreviousState(teams={"operations": 1, "maintainers": 2})

    reported = problems(
        situation(snapshot, previous_state, defaults={"reviewers": {"teams": ["maintainers"]}})
    )

    assert [(problem.path, problem.remedy.split("/")[-1]) for problem in reported] == [
        ("operations", "release-managers -f privacy=closed"),
        ("defaults.reviewers.teams[0]", "maintainers -f privacy=closed"),
    ]


def test_another_team_takes_the_name_of_a_managed_one() -> None:
    """The team of the stack was renamed; the other one is never to approve releases."""
    snapshot = snapshot_with(teams=teams("release-managers", "maintainers", "operations"))
    previous_state = PreviousState(teams={"operations": 1, "maintainers": 2})

    assert problems(situation(snapshot, previous_state)) == [
        Problem(
            "operations.name",
            "'operations', while the team of the stack is called release-managers now and another "
            "team has this name",
            "a name that no other team has",
            "pulumi config set --path 'operations.name' release-managers; or choose another name",
        )
    ]


def test_a_secret_managed_team_that_only_has_access() -> None:
    secret = teams("operations", "maintainers", secret=True)["maintainers"]
    snapshot = snapshot_with(teams={**teams("operations"), "maintainers": secret})
    previous_state = PreviousState(teams={"operations": 1, "maintainers": 2})

    assert problems(situation(snapshot, previous_state)) == []


@pytest.mark.parametrize("slug", ["operations", "release-managers"])
def test_a_managed_team_that_is_declared_as_existing(slug: str) -> None:
    snapshot = snapshot_with(teams=teams("operations", "release-managers"))
    previous_state = PreviousState(teams={"operations": 1})

    [problem] = problems(situation(snapshot, previous_state, operations={"existing": slug}))

    assert problem.path == "operations.existing"
    assert problem.remedy == ("scripts/forget operations, which leaves the team on GitHub as it is")


def test_an_existing_team_that_is_declared_as_managed() -> None:
    snapshot = snapshot_with(teams=teams("operations"))

    [problem] = problems(situation(snapshot, PreviousState(existing_teams={"operations": 1})))

    assert problem.path == "operations.name"


def test_a_managed_team_that_was_deleted() -> None:
    [problem] = problems(situation(previous_state=PreviousState(teams={"operations": 7})))

    assert problem.path == "operations"
    assert problem.remedy == ("scripts/forget operations; then `pulumi up` creates the team again")


def test_an_existing_team_whose_slug_changed() -> None:
    snapshot = snapshot_with(teams=teams("core-developers"))

    [problem] = problems(
        situation(
            snapshot,
            PreviousState(existing_teams={"core": 1}),
            defaults={"teams": {"core": "read"}},
        )
    )

    assert problem.path == "defaults.teams.core"
    assert problem.remedy.startswith("write core-developers wherever the stack file has core;")


def test_an_existing_team_that_was_made_again() -> None:
    snapshot = snapshot_with(teams=teams("core"))

    [problem] = problems(
        situation(
            snapshot, PreviousState(existing_teams={"core": 7}), operations={"existing": "core"}
        )
    )

    assert problem.remedy.endswith("scripts/forget core")


def test_an_existing_team_that_was_deleted() -> None:
    [problem] = problems(
        situation(
            previous_state=PreviousState(existing_teams={"core": 7}),
            operations={"existing": "core"},
        )
    )

    assert problem.remedy == "remove core from the stack file; then scripts/forget core"


@pytest.mark.parametrize(("granted", "count"), [({1: "write"}, 0), ({}, 1)])
def test_the_recorded_access_of_a_team(granted: dict[int, str], count: int) -> None:
    snapshot = snapshot_with(
        teams=teams("operations"),
        repositories=repositories("httpx", team_permissions=granted),
    )
    grant = RecordedResource("urn::grant", GRANT, "httpx/team/operations", id="1:httpx")
    entry = RecordedRepository("httpx", 1, resources={"team/operations": grant})
    previous_state = PreviousState(
        teams={"operations": 1}, repositories={"httpx": 1}, entries={"httpx": entry}
    )

    reported = problems(situation(snapshot, previous_state))

    assert len(reported) == count
    assert all("--target 'urn::grant'; then" in problem.remedy for problem in reported)
