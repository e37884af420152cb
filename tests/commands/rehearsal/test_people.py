"""The cast of a rehearsal is made of the people that the declaration names."""

from typing import Any

from commands.rehearsal.declaration import reduced
from commands.rehearsal.people import MAINTAINER, OWNER, Cast, cast, unique
from tests.commands.rehearsal.declarations import of_one


def cast_of(options: dict[str, Any] | None = None, **changes: Any) -> Cast:
    return cast(reduced(of_one(options, **changes), None, None).settings)


def test_the_usual_declaration_is_played_by_its_own_people() -> None:
    people = cast_of()

    assert (people.owner, people.author, people.maintainer) == (
        "owner-1",
        "maintainer-1",
        "maintainer-1",
    )
    assert (people.pusher, people.approver) == ("operator-1", "operator-2")
    assert people.readers == ("operator-1",)


def test_as_many_approve_the_pull_request_as_the_declaration_asks_for() -> None:
    people = cast_of({"approvals": 3})

    assert len(people.readers) == 3
    assert people.author not in people.readers


def test_an_owner_is_made_up_where_everybody_is_a_mere_member() -> None:
    assert cast_of(maintainers={"members": ["maintainer-1", "maintainer-2"]}).owner == OWNER


def test_a_maintainer_is_made_up_where_all_of_them_sign_off_too() -> None:
    assert cast_of(maintainers={"members": ["operator-1", "operator-2"]}).maintainer == MAINTAINER


def test_a_single_operator_signs_off_what_an_owner_tags() -> None:
    people = cast_of({"reviewers": {"users": ["carol"]}}, operations={"members": ["operator-1"]})

    assert (people.pusher, people.approver) == ("operator-1", "carol")


def test_somebody_of_a_reviewing_team_signs_off_where_nobody_else_can() -> None:
    people = cast_of(
        {"reviewers": {"teams": ["auditors"]}, "tag-creators": "operations"},
        operations={"members": ["operator-1"]},
    )

    assert (people.pusher, people.approver) == ("operator-1", "member-1-of-auditors")


def test_an_existing_team_has_people_enough_for_every_approval() -> None:
    people = cast_of(
        {"approvals": 4}, maintainers={"existing": "core"}, operations={"existing": "releasers"}
    )

    assert len(people.readers) == 4
    assert people.pusher != people.approver
    assert set(people.teams) == {"core", "releasers"}
    assert all(len(login) <= 39 for login in people.everybody)


def test_where_maintainers_may_not_write_an_operator_writes() -> None:
    people = cast_of({"maintainers-permission": "triage"})

    assert (people.author, people.maintainer) == ("operator-1", "maintainer-1")


def test_nobody_to_approve_is_said_before_anything_is_started() -> None:
    declaration = of_one({"tag-creators": "operations", "reviewers": {"teams": ["maintainers"]}})
    declaration["operations"] = {"members": ["operator-1"]}
    declaration["maintainers"] = {"members": ["operator-1", "maintainer-1"]}

    people = cast(reduced(declaration, None, None).settings)

    assert (people.pusher, people.approver) == ("operator-1", "maintainer-1")


def test_logins_that_differ_in_case_are_one_person() -> None:
    assert unique(["Ann", "bob", "ANN"]) == ("Ann", "bob")
