"""The number of requests of a snapshot, with nothing left out."""

import pytest

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
