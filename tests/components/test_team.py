"""A team of the organization and its memberships."""

import pytest
from pulumi import Output

from components.team import ManagedTeam, ManagedTeamArgs
from tests.components.registrations import Registrations, component_outputs, declare, id_of


def managed_team(
    team_name: str = "Core developers",
    members: tuple[str, ...] = ("a", "Bee"),
    team_maintainers: tuple[str, ...] = ("owner-1",),
) -> ManagedTeam:
    return ManagedTeam(
        "maintainers",
        {
            "team_name": team_name,
            "description": "Merges.",
            "members": members,
            "team_maintainers": team_maintainers,
            "people": {"bee": 5},
        },
    )


def resources_of(
    team_name: str = "Core developers", members: tuple[str, ...] = ("a", "Bee")
) -> Registrations:
    return declare(lambda: managed_team(team_name, members))


def test_the_team_is_visible_so_it_can_review_and_bypass() -> None:
    assert resources_of().only("Team").inputs == {
        "name": "Core developers",
        "description": "Merges.",
        "privacy": "closed",
    }


def test_each_person_has_a_membership_with_a_role() -> None:
    memberships = resources_of().of_kind("TeamMembership")

    roles = {membership["username"]: membership["role"] for membership in memberships}
    assert roles == {"owner-1": "maintainer", "a": "member", "Bee": "member"}


def test_memberships_refer_to_the_team_by_its_id() -> None:
    memberships = resources_of().of_kind("TeamMembership")

    assert [membership["teamId"] for membership in memberships] == [id_of("maintainers/team")] * 3
    assert all("maintainers/team" in membership.dependencies for membership in memberships)


def test_no_resource_owns_the_whole_list_of_members() -> None:
    assert resources_of().of_kind("TeamMembers") == []


def test_every_resource_is_a_child_of_the_component() -> None:
    resources = resources_of()

    component = resources.pop("maintainers")
    assert component.kind == "releases:index:ManagedTeam"
    assert component.parent == "releases-prod"
    assert {resource.parent for resource in resources.values()} == {"maintainers"}


def test_a_new_team_name_or_case_keeps_resource_names() -> None:
    assert resources_of().keys() == resources_of("Maintainers", members=("A", "bee")).keys()


@pytest.mark.parametrize(
    ("members", "changed"), [(("a", "Bee", "c"), {"maintainers/c"}), (("a",), {"maintainers/bee"})]
)
def test_adding_or_removing_a_person_changes_one_membership(
    members: tuple[str, ...], changed: set[str]
) -> None:
    assert resources_of().keys() ^ resources_of(members=members).keys() == changed


def test_no_resource_of_a_team_is_retained_or_protected() -> None:
    resources = resources_of().values()

    assert not any(resource.retain_on_delete or resource.protect for resource in resources)


def test_a_team_may_be_kept() -> None:
    """Its memberships go, so that nobody can approve."""
    args = ManagedTeamArgs(
        team_name="a", description="b", members=["c"], team_maintainers=[], is_kept=True
    )

    resources = declare(lambda: ManagedTeam("operations", args))

    assert resources.only("Team").retain_on_delete is True
    assert not resources.only("TeamMembership").retain_on_delete


def test_the_outputs_are_the_id_the_slug_and_the_ids_of_people() -> None:
    assert component_outputs(managed_team) == {
        "maintainers": {
            "id": id_of("maintainers/team"),
            "slug": "slug-of-the-team",
            "people": {"bee": 5},
        }
    }


def test_other_resources_can_use_the_id() -> None:
    ids: list[int] = []

    def program() -> None:
        Output.all(managed_team().id).apply(lambda values: ids.append(int(values[0])))

    declare(program)

    assert ids == [int(id_of("maintainers/team"))]
