"""The number of requests of a snapshot, with nothing left out."""

import pytest

from stacks.previous_state import (
    SECRET,
    PreviousState,
    RecordedRepository,
    RecordedResource,
)
from stacks.snapshot import Snapshot
from tests.stacks.snapshot.organization import Organization, create_organization

# The organization, its owners and members, its teams, three stores of secrets, two permissions of
# workflows, and the membership of the token's user.
OF_THE_ORGANIZATION = 10
MANY = [f"undeclared-{number}" for number in range(250)]


def names(count: int) -> list[str]:
    return [f"r{number}" for number in range(count)]


def gated(count: int) -> Organization:
    """Return an organization in which each of many repositories has an approval gate."""
    github = create_organization(*names(count), *MANY)
    body = {
        "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True}
    }
    for name in names(count):
        github.send("PUT", f"/repos/encode/{name}/environments/deploy", body)
    return github


def snapshot_of(github: Organization, count: int, *, deep: bool = False) -> Snapshot:
    return github.snapshot(deep=deep, repositories=dict.fromkeys(names(count)))


@pytest.mark.parametrize(("count", "queries"), [(1, 1), (25, 1), (26, 2), (60, 3)])
def test_up_reads_three_lists_of_each_repository(count: int, queries: int) -> None:
    github = gated(count)

    snapshot = snapshot_of(github, count)

    assert len(snapshot.repositories) == count
    assert len(github.paths) == OF_THE_ORGANIZATION + queries + 3 * count
    assert len(github.paths) <= 3 * count + count / 12 + 20


@pytest.mark.parametrize(("count", "queries"), [(1, 1), (25, 1), (26, 2), (60, 3)])
def test_preflight_reads_five_lists_of_each_repository(count: int, queries: int) -> None:
    github = gated(count)

    snapshot_of(github, count, deep=True)

    assert len(github.paths) == OF_THE_ORGANIZATION + queries + 5 * count
    assert len(github.paths) <= 5 * count + count / 12 + 20


@pytest.mark.parametrize(("deep", "lists"), [(False, 3), (True, 6)])
def test_recorded_secrets_cost_preflight_one_more(deep: bool, lists: int) -> None:
    github = gated(2)
    secret = RecordedResource("urn", SECRET, "r/deploy/PYPI_TOKEN", inputs={"secretName": "X"})
    entries = {
        name: RecordedRepository(name, github.id_of(name), {"deploy/PYPI_TOKEN": secret})
        for name in names(2)
    }
    state = PreviousState(repositories={key: e.id for key, e in entries.items()}, entries=entries)
    declared = {name: {"secrets": ["X"]} for name in names(2)}

    snapshot = github.snapshot(state, deep=deep, repositories=declared)

    assert len(github.paths) == OF_THE_ORGANIZATION + 1 + lists * 2
    secrets = [item.environments["deploy"].secrets for item in snapshot.repositories.values()]
    assert secrets == [frozenset[str]() if deep else None] * 2


@pytest.mark.parametrize(("count", "queries"), [(25, 1), (26, 2)])
def test_a_team_with_many_repositories_is_looked_up_by_name(count: int, queries: int) -> None:
    """The length of its list does not count."""
    grants = {"write": MANY, "maintain": names(count)}
    teams = {"everyone": {"repositories": grants}, "few": {"repositories": {"read": ["r1"]}}}
    github = create_organization(*names(count), *MANY, teams=teams)

    snapshot = snapshot_of(github, count)

    numbers = {slug: team.id for slug, team in snapshot.teams.items()}
    assert len(github.paths) == OF_THE_ORGANIZATION + 2 * queries + 2 * count
    for name, repository in snapshot.repositories.items():
        expected = {numbers["everyone"]: "maintain"}
        if name == "r1":
            expected |= {numbers["few"]: "read"}
        assert repository.team_permissions == expected
        assert repository.unseen == frozenset()


def test_a_name_that_many_others_contain_may_hide_a_grant() -> None:
    """The lookup shows a hundred repositories whose names contain the name."""
    others = [f"a-http-{number}" for number in range(150)]
    teams = {"everyone": {"repositories": {"write": [*others, "http"]}}}
    github = create_organization("http", *others, teams=teams)

    repository = github.snapshot(repositories={"http": None}).repositories["http"]

    assert repository.team_permissions == {}
    assert repository.unseen == {"team_permissions"}
