"""The people of a snapshot, and the team members: by their numbers, whatever their logins."""

import pytest

from stacks.previous_state import PreviousState, RecordedRepository
from tests.stacks.snapshot.organization import Organization, create_organization


@pytest.fixture
def github() -> Organization:
    return create_organization()


def number_of(github: Organization, login: str) -> int:
    return int(github.send("GET", f"/users/{login}")["id"])


def rename_person(github: Organization, login: str, new: str) -> None:
    """Change a login, as a user does on GitHub's pages."""
    user = github.application.world.user(login)
    assert user is not None
    github.application.world.rename_user(user, new)


def test_members_and_owners(github: Organization) -> None:
    snapshot = github.snapshot()

    assert snapshot.owners == {"owner-1"}
    assert snapshot.members == {
        "owner-1",
        "operator-1",
        "operator-2",
        "maintainer-1",
        "maintainer-2",
        "maintainer-3",
    }
    assert snapshot.unknown_logins == frozenset()


def test_the_numbers_of_members_cost_no_request(github: Organization) -> None:
    snapshot = github.snapshot()

    assert snapshot.people["operator-1"] == number_of(github, "operator-1")
    assert "owner-1" not in snapshot.people
    assert github.paths.count("/api/graphql") == 2


def test_outsiders_are_read_in_one_request(github: Organization) -> None:
    github.snapshot()
    before = len(github.paths)
    logins = ["Outsider-1", "outsider-2", "nobody-1"]

    snapshot = github.snapshot(repositories={"httpx": {"reviewers": {"users": logins}}})

    assert len(github.paths) == before + 1
    assert snapshot.people["outsider-1"] == number_of(github, "outsider-1")
    assert snapshot.unknown_logins == {"nobody-1"}


def test_a_recorded_person_with_the_same_login(github: Organization) -> None:
    number = number_of(github, "outsider-3")

    snapshot = github.snapshot(PreviousState(people={"outsider-3": number}))

    assert snapshot.logins == {number: "outsider-3"}
    assert snapshot.people["outsider-3"] == number


def test_a_recorded_person_with_another_login(github: Organization) -> None:
    """One request finds out the login now; a member costs none."""
    outsider = number_of(github, "outsider-1")
    member = number_of(github, "operator-1")
    rename_person(github, "outsider-1", "Outsider-9")
    rename_person(github, "operator-1", "operator-9")
    state = PreviousState(
        people={"operator-1": member},
        entries={"httpx": RecordedRepository("httpx", people={"outsider-1": outsider})},
    )

    snapshot = github.snapshot(state)

    assert snapshot.logins == {outsider: "outsider-9", member: "operator-9"}
    assert "operator-1" not in snapshot.people
    assert snapshot.unknown_logins == {"operator-1"}
    assert [path for path in github.paths if path.startswith("/user/1")] == [f"/user/{outsider}"]


def test_a_login_that_another_person_took(github: Organization) -> None:
    old = number_of(github, "outsider-1")
    rename_person(github, "outsider-1", "outsider-9")
    rename_person(github, "outsider-2", "outsider-1")

    snapshot = github.snapshot(PreviousState(people={"outsider-1": old}))

    assert snapshot.people["outsider-1"] == number_of(github, "outsider-1")
    assert snapshot.people["outsider-1"] != old
    assert snapshot.logins == {old: "outsider-9"}


def test_a_deleted_account_has_no_login(github: Organization) -> None:
    snapshot = github.snapshot(PreviousState(people={"outsider-1": 1}))

    assert snapshot.logins == {}


# Teams


def create_team(github: Organization, name: str, privacy: str = "closed") -> int:
    return int(github.send("POST", "/orgs/encode/teams", {"name": name, "privacy": privacy})["id"])


def invite(github: Organization, team: str, login: str) -> None:
    github.send("PUT", f"/orgs/encode/teams/{team}/memberships/{login}", {"role": "member"})


def test_managed_teams_have_their_members_and_invitations(github: Organization) -> None:
    managed = create_team(github, "maintainers")
    create_team(github, "docs", "secret")
    for login in ("maintainer-1", "outsider-1"):
        invite(github, "maintainers", login)
        invite(github, "docs", login)

    teams = github.snapshot(PreviousState(teams={"maintainers": managed})).teams

    assert teams["maintainers"].id == managed
    assert teams["maintainers"].people >= {"maintainer-1", "outsider-1"}
    assert teams["docs"].people == frozenset()
    assert (teams["maintainers"].secret, teams["docs"].secret) == (False, True)


def test_a_renamed_team_is_recognized_by_its_id(github: Organization) -> None:
    managed = create_team(github, "old-name")
    invite(github, "old-name", "maintainer-1")

    teams = github.snapshot(PreviousState(teams={"maintainers": managed})).teams

    assert "maintainer-1" in teams["old-name"].people


def test_the_members_of_an_existing_team_are_not_read(github: Organization) -> None:
    number = create_team(github, "core")
    invite(github, "core", "maintainer-1")

    snapshot = github.snapshot(
        PreviousState(teams={"maintainers": number}), maintainers={"existing": "core"}
    )

    assert snapshot.teams["core"].people == frozenset()


def test_many_teams_are_read_over_all_pages() -> None:
    github = create_organization(teams={f"team-{number}": {} for number in range(101)})

    assert len(github.snapshot().teams) == 101
    assert github.paths.count("/api/graphql") == 3
