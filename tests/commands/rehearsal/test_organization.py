"""The people of a rehearsal come from the declaration."""

from typing import Any

from commands.rehearsal.organization import (
    MADE_UP_MAINTAINER,
    MADE_UP_OWNER,
    ReleasePeople,
    choose_people,
    unique,
)
from commands.rehearsal.scenario import read_settings, stack_file_of
from tests.commands.rehearsal.declarations import configuration_of_httpx


def people_of(options: dict[str, Any] | None = None, **values: Any) -> ReleasePeople:
    configuration = configuration_of_httpx(options, **values)
    return choose_people(read_settings(configuration, stack_file_of("prod")))


def test_declared_people_have_every_role() -> None:
    people = people_of()

    assert people.owner == "owner-1"
    assert people.author == "maintainer-1"
    assert people.maintainer == "maintainer-1"
    assert people.pusher == "operator-1"
    assert people.approver == "operator-2"
    assert people.reviewers == ("operator-1",)


def test_the_pull_request_has_the_declared_approvals() -> None:
    people = people_of({"approvals": 3})

    assert len(people.reviewers) == 3
    assert people.author not in people.reviewers


def test_an_owner_is_made_up_if_all_are_members() -> None:
    people = people_of(maintainers={"members": ["maintainer-1", "maintainer-2"]})

    assert people.owner == MADE_UP_OWNER


def test_a_maintainer_is_made_up_if_all_may_approve() -> None:
    people = people_of(maintainers={"members": ["operator-1", "operator-2"]})

    assert people.maintainer == MADE_UP_MAINTAINER


def test_a_reviewer_approves_the_tag_of_the_only_operator() -> None:
    people = people_of({"reviewers": {"users": ["carol"]}}, operations={"members": ["operator-1"]})

    assert people.pusher == "operator-1"
    assert people.approver == "carol"


def test_a_member_of_a_reviewing_team_approves() -> None:
    people = people_of(
        {"reviewers": {"teams": ["auditors"]}, "tag-creators": "operations"},
        operations={"members": ["operator-1"]},
    )

    assert people.pusher == "operator-1"
    assert people.approver == "member-1-of-auditors"


def test_an_existing_team_has_enough_made_up_members() -> None:
    people = people_of(
        {"approvals": 4}, maintainers={"existing": "core"}, operations={"existing": "releasers"}
    )

    assert len(people.reviewers) == 4
    assert people.pusher != people.approver
    assert set(people.existing_teams) == {"core", "releasers"}
    assert all(len(login) <= 39 for login in people.logins)


def test_an_operator_writes_if_maintainers_may_not() -> None:
    people = people_of({"maintainers-permission": "triage"})

    assert people.author == "operator-1"
    assert people.maintainer == "maintainer-1"


def test_a_maintainer_approves_if_that_team_reviews() -> None:
    people = people_of(
        {"tag-creators": "operations", "reviewers": {"teams": ["maintainers"]}},
        operations={"members": ["operator-1"]},
        maintainers={"members": ["operator-1", "maintainer-1"]},
    )

    assert people.pusher == "operator-1"
    assert people.approver == "maintainer-1"


def test_logins_are_compared_without_case() -> None:
    assert unique(["Ann", "bob", "ANN"]) == ("Ann", "bob")
