"""Users whom GitHub does not have, owners among the members, and undeclared members."""

from typing import Any

import pytest

from stacks.preflight import problems, warnings
from stacks.previous_state import PreviousState, RecordedResource
from stacks.settings import Problem
from stacks.snapshot import Snapshot
from tests.stacks.preflight.situations import repositories, situation, snapshot_with, teams


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"operations": {"members": ["a", "Gone-1"]}}, "operations.members[1]"),
        (
            {"maintainers": {"members": ["a", "b"], "team-maintainers": ["Gone-1"]}},
            "maintainers.team-maintainers[0]",
        ),
        (
            {"repositories": {"httpx": {"reviewers": {"users": ["a", "Gone-1"]}}}},
            "repositories.httpx.reviewers.users[1]",
        ),
        ({"defaults": {"reviewers": {"users": ["Gone-1"]}}}, "defaults.reviewers.users[0]"),
    ],
)
def test_a_login_that_github_does_not_have(changes: dict[str, Any], place: str) -> None:
    snapshot = snapshot_with(
        unknown_logins=frozenset({"gone-1"}), members=frozenset({"a"}), base_permission="read"
    )

    assert problems(situation(snapshot, **changes)) == [
        Problem(
            f"{place}",
            "'Gone-1'",
            "the login of a GitHub user",
            "correct the login, or remove it",
        )
    ]


def test_a_missing_reviewer_in_the_defaults_is_one_problem() -> None:
    names = ["a", "b", "c"]
    snapshot = snapshot_with(
        unknown_logins=frozenset({"gone-1"}), repositories=repositories(*names)
    )
    defaults = {"reviewers": {"users": ["Gone-1"]}}

    changes: dict[str, Any] = {"defaults": defaults, "repositories": dict.fromkeys(names)}
    assert len(problems(situation(snapshot, **changes))) == 1


@pytest.mark.parametrize("role", ["operations", "maintainers"])
def test_an_owner_among_the_members(role: str) -> None:
    team: dict[str, Any] = {role: {"members": ["a", "b", "Owner-1"]}}

    [problem] = problems(situation(**team))

    assert problem.path == f"{role}.members[2]"
    assert problem.value == "'Owner-1'"
    assert "GitHub makes an owner a maintainer of every team" in problem.allowed
    assert problem.remedy == f"move Owner-1 to `{role}.team-maintainers`"


def test_an_owner_among_the_team_maintainers() -> None:
    assert problems(situation(operations={"members": ["a"], "team-maintainers": ["Owner-1"]})) == []


def test_a_member_of_a_managed_team_who_is_not_declared() -> None:
    members = frozenset({"operator-1", "stranger-1"})
    snapshot = snapshot_with(teams=teams("operations", people=members))

    assert warnings(situation(snapshot, PreviousState(teams={"operations": 1}))) == [
        "stranger-1 is in the team operations, or invited to it, but not declared. "
        "Add each login to `operations.members`, or remove the user: "
        "gh api -X DELETE orgs/encode/teams/operations/memberships/stranger-1"
    ]


def test_the_undeclared_members_of_a_team_are_one_warning() -> None:
    members = frozenset({"operator-1", "stranger-2", "stranger-1"})
    snapshot = snapshot_with(teams=teams("operations", people=members))

    assert warnings(situation(snapshot, PreviousState(teams={"operations": 1}))) == [
        "2 users are in the team operations, or invited to it, but not declared: stranger-1, "
        "stranger-2. Add each login to `operations.members`, or remove the user: "
        "for name in stranger-1 stranger-2; do "
        "gh api -X DELETE orgs/encode/teams/operations/memberships/$name; done"
    ]


def test_a_declared_login_may_differ_in_case() -> None:
    snapshot = snapshot_with(
        teams=teams("operations", people=frozenset({"operator-1", "operator-2"}))
    )
    operations = {"members": ["Operator-1"], "team-maintainers": ["OPERATOR-2"]}
    previous_state = PreviousState(teams={"operations": 1})

    assert warnings(situation(snapshot, previous_state, operations=operations)) == []


def test_the_members_of_an_unmanaged_team_are_ignored() -> None:
    teams_on_github = teams("operations", people=frozenset({"stranger-1"}))

    assert warnings(situation(snapshot_with(teams=teams_on_github))) == []


def membership(role: str, login: str) -> dict[tuple[str, str], RecordedResource]:
    """Return a recorded membership as a part of a state."""
    name = f"{role}/{login}"
    return {(role, login): RecordedResource(f"urn::{name}", "", name)}


def operations(*logins: str) -> dict[str, Any]:
    """Return the keys of a configuration with these members of operations."""
    return {"operations": {"members": list(logins)}}


def snapshot_of_operations(*logins: str, **changes: Any) -> Snapshot:
    return snapshot_with(teams=teams("operations", people=frozenset(logins)), **changes)


@pytest.mark.parametrize("reused", [{}, {"ann": 99}])
def test_a_person_whose_login_changed(reused: dict[str, int]) -> None:
    snapshot = snapshot_of_operations(
        "ann-new", "bob", people={"bob": 2, **reused}, logins={1: "ann-new", 2: "bob"}
    )
    previous_state = PreviousState(
        teams={"operations": 1},
        people={"Ann": 1, "bob": 2},
        memberships=membership("operations", "ann"),
    )

    [problem] = problems(situation(snapshot, previous_state, **operations("ann", "bob")))

    assert problem.path == "operations.members[0]"
    assert problem.remedy.startswith("write ann-new wherever the stack file has ann;")
    assert "scripts/forget ann" in problem.remedy


def test_a_login_that_was_corrected() -> None:
    snapshot = snapshot_of_operations(
        "ann-new", "bob", people={"ann-new": 1, "bob": 2}, logins={1: "ann-new", 2: "bob"}
    )
    previous_state = PreviousState(
        teams={"operations": 1}, people={"ann": 1}, memberships=membership("operations", "ann")
    )

    assert problems(situation(snapshot, previous_state, **operations("ann-new", "bob"))) == [
        Problem(
            "operations.members",
            "without 'ann', a person who is called ann-new now",
            "a state without the former login",
            "scripts/forget ann",
        )
    ]


@pytest.mark.parametrize("reused", [{}, {"ann": 99}])
def test_a_person_whose_account_is_deleted(reused: dict[str, int]) -> None:
    snapshot = snapshot_of_operations(
        "bob", "cleo", people={"bob": 2, "cleo": 3, **reused}, logins={2: "bob"}
    )
    previous_state = PreviousState(
        teams={"operations": 1}, people={"ann": 1}, memberships=membership("operations", "ann")
    )

    [declared] = problems(situation(snapshot, previous_state, **operations("ann", "bob")))
    [removed] = problems(situation(snapshot, previous_state, **operations("bob", "cleo")))

    assert declared.remedy == "remove ann from the stack file; then scripts/forget ann"
    assert removed.remedy == "scripts/forget ann"


@pytest.mark.parametrize("people", [{"ann": 1}, {}])
def test_a_person_who_left(people: dict[str, int]) -> None:
    snapshot = snapshot_of_operations(
        "bob", "cleo", people={"ann": 1, "bob": 2, "cleo": 3}, logins={1: "ann"}
    )
    previous_state = PreviousState(
        teams={"operations": 1}, people=people, memberships=membership("operations", "ann")
    )
    command = "pulumi refresh --yes --skip-preview --target 'urn::operations/ann'"

    [declared] = problems(situation(snapshot, previous_state, **operations("ann", "bob")))
    [removed] = problems(situation(snapshot, previous_state, **operations("bob", "cleo")))

    assert declared.path == "operations.members"
    assert declared.remedy.endswith(f"then, in both cases: {command}")
    assert removed.remedy == command


def test_a_person_who_did_not_accept_yet() -> None:
    """The people of a team include the users who are invited to it."""
    snapshot = snapshot_of_operations("ann", "bob", people={"ann": 1, "bob": 2}, logins={1: "ann"})
    previous_state = PreviousState(
        teams={"operations": 1}, people={"ann": 1}, memberships=membership("operations", "ann")
    )

    assert problems(situation(snapshot, previous_state, **operations("ann", "bob"))) == []


def test_a_changed_login_in_several_places_is_one_problem() -> None:
    snapshot = snapshot_of_operations(
        "ann-new", "bob", people={"bob": 2}, logins={1: "ann-new", 2: "bob"}
    )
    previous_state = PreviousState(people={"ann": 1})
    declared = {**operations("ann", "bob"), "maintainers": {"members": ["ann"]}}
    removed = PreviousState(
        people={"ann": 1},
        memberships={**membership("operations", "ann"), **membership("maintainers", "ann")},
    )

    remedies = [
        [problem.remedy for problem in problems(situation(snapshot, state, **keys))]
        for state, keys in ((previous_state, declared), (removed, operations("bob", "cleo")))
    ]

    assert [len([text for text in texts if "forget" in text]) for texts in remedies] == [1, 1]
