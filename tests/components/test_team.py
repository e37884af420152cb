"""A team of the organization, and who is in it."""

import pytest
from pulumi import Output

from components.team import ManagedTeam
from tests.components.declaring import Plan, declare, number_of, outputs


def team(
    name: str = "Core developers",
    members: tuple[str, ...] = ("a", "Bee"),
    owners: tuple[str, ...] = ("owner-1",),
) -> Plan:
    return declare(
        lambda: ManagedTeam(
            "maintainers",
            team_name=name,
            description="Merges.",
            members=members,
            team_maintainers=owners,
        )
    )


def test_the_team_is_visible_so_that_it_can_review_and_bypass() -> None:
    assert team().the("Team").inputs == {
        "name": "Core developers",
        "description": "Merges.",
        "privacy": "closed",
    }


def test_everybody_has_a_place_and_a_role() -> None:
    plan = team()

    places = {each["username"]: each["role"] for each in plan.of_kind("TeamMembership")}
    assert places == {"owner-1": "maintainer", "a": "member", "Bee": "member"}


def test_places_are_in_the_team_by_its_number() -> None:
    plan = team()
    number = number_of("maintainers/team")

    assert [each["teamId"] for each in plan.of_kind("TeamMembership")] == [number] * 3
    assert all("maintainers/team" in each.after for each in plan.of_kind("TeamMembership"))


def test_nothing_owns_the_whole_list_of_members() -> None:
    assert team().of_kind("TeamMembers") == []


def test_everything_is_a_child_of_the_team() -> None:
    plan = team()

    assert plan["maintainers"].kind == "releases:index:ManagedTeam"
    assert plan["maintainers"].parent == "releases-prod"
    assert {each.parent for each in plan.values() if each.name != "maintainers"} == {"maintainers"}


def test_a_new_name_or_spelling_changes_no_identity() -> None:
    assert team().keys() == team(name="Maintainers", members=("A", "bee")).keys()


@pytest.mark.parametrize(
    ("added", "changed"), [(("a", "Bee", "c"), {"maintainers/c"}), (("a",), {"maintainers/bee"})]
)
def test_a_person_more_or_less_is_one_place_more_or_less(
    added: tuple[str, ...], changed: set[str]
) -> None:
    assert team().keys() ^ team(members=added).keys() == changed


def test_nothing_is_kept_when_it_is_removed_from_the_declaration() -> None:
    assert not any(each.retain_on_delete or each.protect for each in team().values())


def test_its_outputs_are_its_number_and_its_slug() -> None:
    found = outputs(
        lambda: ManagedTeam(
            "operations", team_name="Ops", description="", members=["a"], team_maintainers=[]
        )
    )

    assert found == {"operations": {"id": number_of("operations/team"), "slug": "slug-of-the-team"}}


def test_its_number_can_be_used_by_others() -> None:
    numbers: list[int] = []

    def program() -> None:
        managed = ManagedTeam(
            "operations", team_name="Ops", description="", members=["a"], team_maintainers=[]
        )
        Output.all(managed.id).apply(lambda ids: numbers.append(int(ids[0])))

    declare(program)

    assert numbers == [int(number_of("operations/team"))]
