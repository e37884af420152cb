"""Reviewers whom GitHub would drop stop `up` before its first write, and the message helps."""

from typing import Any

import pytest

from commands.histories.operator import commands_in, read_remedies
from commands.sandbox import PROJECT
from simulated_github.records.roles import Role
from tests.integration.living.organization import OWNER, LivingStack

GADGET = f"/repos/{OWNER}/gadget"
ENVIRONMENT = f"{GADGET}/environments/deploy"
CUSTOM = {"protected_branches": False, "custom_branch_policies": True}
TEAM = f"/orgs/{OWNER}/teams/operations"


def hide_repositories(stack: LivingStack) -> None:
    """Take the base permission, as an owner does on GitHub's pages."""
    for organization in stack.github.world.organizations.values():
        organization.base_role = Role.NONE


def declare(stack: LivingStack, **options: Any) -> None:
    """Add options to `gadget`."""
    stack.repositories["gadget"] |= options
    stack.sandbox.write_configuration()


def follow_clauses(stack: LivingStack, output: str) -> None:
    """Run the commands of remedies that have words after them."""
    for remedy in read_remedies(output):
        for command in commands_in(remedy.text):
            stack.run(f"{PROJECT}/{command} --yes" if command.startswith("scripts/") else command)


def reviewers(stack: LivingStack) -> list[str]:
    gadget: Any = stack.gates()[f"{OWNER}/gadget"]
    return sorted(gadget["environments"]["deploy"]["reviewers"])


@pytest.mark.parametrize("name", ["new_stack", "living"])
def test_a_team_without_access(name: str, request: pytest.FixtureRequest) -> None:
    stack: LivingStack = request.getfixturevalue(name)
    stack.send("POST", f"/orgs/{OWNER}/teams", {"name": "auditors", "privacy": "closed"})
    declare(stack, reviewers={"teams": ["auditors"]})

    output = stack.blocked_up()

    assert "'auditors', a team without access to gadget" in output
    stack.follow(output)
    stack.apply()
    assert reviewers(stack) == ["team auditors", "team operations"]


def test_a_person_without_access(living: LivingStack) -> None:
    hide_repositories(living)
    declare(living, reviewers={"users": ["writer-1"]})

    output = living.blocked_up()

    assert "'writer-1', a person without access to gadget" in output
    living.follow(output)
    living.apply()
    assert reviewers(living) == ["team operations", "user writer-1"]


def test_a_first_up_waits_for_the_membership_of_a_reviewer(new_stack: LivingStack) -> None:
    hide_repositories(new_stack)
    declare(new_stack, reviewers={"users": ["cleo"]})

    new_stack.apply()

    assert reviewers(new_stack) == ["team operations", "user cleo"]


def test_a_reviewing_team_without_access_gets_it_first(living: LivingStack) -> None:
    """The grant is gone as well as the reviewers, so the request alone would change nothing."""
    living.send("DELETE", f"{TEAM}/repos/{OWNER}/gadget")
    living.send("PUT", ENVIRONMENT, {"deployment_branch_policy": CUSTOM})

    follow_clauses(living, living.blocked_up())

    living.apply()
    assert reviewers(living) == ["team operations"]


@pytest.mark.parametrize("is_deleted", [False, True], ids=["weakened", "deleted"])
def test_a_deleted_team_is_not_put_as_a_reviewer(living: LivingStack, is_deleted: bool) -> None:
    living.send("DELETE", TEAM)
    if is_deleted:
        living.send("DELETE", ENVIRONMENT)

    output = living.blocked_up()

    assert "scripts/forget operations" in output
    assert "-X PUT" not in output
    assert ("without the environment" in output) == is_deleted
    follow_clauses(living, output)
    living.apply()
    assert reviewers(living) == ["team operations"]
