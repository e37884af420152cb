"""The check of the gate finds every way in which the events weaken it."""

from collections.abc import Callable, Iterator

import pytest

from commands.histories.gate_check import gate_problems
from commands.histories.gate_events import (
    add_branch_policy,
    delete_environment,
    weaken_environment,
    weaken_ruleset,
)
from commands.histories.organization import OWNER, Organization, Start
from commands.histories.people_events import delete_account, remove_team_access
from commands.histories.publishing import ungated_releases
from commands.histories.repository_events import delete_and_recreate
from commands.sandbox import Sandbox
from simulated_github import SimulatedGitHub

pytestmark = pytest.mark.integration
NAMES = [(OWNER, "alpha"), (OWNER, "beta")]


@pytest.fixture
def organization(start: Start) -> Iterator[Organization]:
    with (
        SimulatedGitHub(start.world) as github,
        Sandbox(github.url, saved=start.saved, live=False) as sandbox,
    ):
        yield Organization(github, sandbox, start.saved, seed=0)


def test_the_applied_stack_has_no_problem(organization: Organization) -> None:
    assert gate_problems(organization) == []
    assert ungated_releases(organization.world, NAMES) == []


@pytest.mark.parametrize(
    "event", [add_branch_policy, delete_environment, delete_and_recreate, remove_team_access]
)
def test_an_event_that_weakens_the_gate(
    organization: Organization, event: Callable[[Organization], str | None]
) -> None:
    assert event(organization) is not None

    assert gate_problems(organization) != []


@pytest.mark.parametrize("event", [weaken_environment, weaken_ruleset])
@pytest.mark.parametrize("seed", range(12))
def test_every_way_to_weaken_the_gate(
    start: Start, event: Callable[[Organization], str | None], seed: int
) -> None:
    with SimulatedGitHub(start.world) as github:
        sandbox = Sandbox(github.url, saved=start.saved, live=False)
        with sandbox:
            organization = Organization(github, sandbox, start.saved, seed)
            description = event(organization)

            assert gate_problems(organization) != [], description


def test_a_stranger_in_operations(organization: Organization) -> None:
    member = organization.user_id("operator-1")
    organization.people["operator-1"] = member + 1000

    assert gate_problems(organization) == ["operator-1 is in operations, or invited to it"]


def test_a_deleted_environment_lets_people_publish(organization: Organization) -> None:
    for _, name in NAMES:
        organization.request("DELETE", f"/repos/{OWNER}/{name}/environments/deploy")
        repository = organization.repository_named(name)
        repository.rulesets.clear()

    releases = ungated_releases(organization.world, NAMES)

    assert {release.split(" from ")[0] for release in releases} == {
        "writer-1 (write) publishes beta",
        "maintainer-3 (maintain) publishes beta",
    }


def test_an_account_that_is_deleted_is_in_no_team(organization: Organization) -> None:
    assert delete_account(organization) is not None

    assert gate_problems(organization) == []
