"""People who change their login, whose login a stranger takes, or who leave."""

import pytest

from tests.integration.living.identities.living_stack import LivingStack
from tests.integration.on_github import send_request


def replace_login(stack: LivingStack, old: str, new: str | None) -> None:
    """Write another login wherever the stack file has a login, or remove it."""
    for role in ("operations", "maintainers"):
        members = stack.configuration[role]["members"]
        if old in members:
            members[members.index(old) : members.index(old) + 1] = [new] if new else []
    stack.configure()


@pytest.mark.parametrize("is_taken", [False, True])
@pytest.mark.parametrize("is_corrected", [False, True])
def test_a_changed_login(living: LivingStack, is_taken: bool, is_corrected: bool) -> None:
    """The person stays in both teams, and the account that has the old login stays outside."""
    living.change_person("PATCH", "/operator-1", "operator-new")
    if is_taken:
        living.change_person("POST", "", "operator-1")
    if is_corrected:
        replace_login(living, "operator-1", "operator-new")

    blocked = living.blocked_up()
    replace_login(living, "operator-1", "operator-new")
    assert "scripts/forget operator-1" in living.follow_commands(blocked)
    living.up()

    assert living.members("operations") == {"operator-new", "operator-2", "operator-3"}
    assert living.members("maintainers") == {"operator-new", "maintainer-1"}
    assert living.plan() == {}


def test_a_deleted_account_whose_login_is_taken(living: LivingStack) -> None:
    living.change_person("DELETE", "/operator-1")
    living.change_person("POST", "", "operator-1")

    blocked = living.blocked_up()
    replace_login(living, "operator-1", None)
    living.follow_commands(blocked)
    living.up()

    assert living.members("operations") == {"operator-2", "operator-3"}
    assert living.plan() == {}


@pytest.mark.parametrize("is_removed", [False, True])
def test_a_person_who_left(living: LivingStack, is_removed: bool) -> None:
    living.change_person("DELETE", "/operator-3/organizations/encode")
    if is_removed:
        replace_login(living, "operator-3", None)

    blocked = living.blocked_up()
    replace_login(living, "operator-3", None)
    [command] = living.follow_commands(blocked)
    living.up()

    assert command.startswith("pulumi refresh --yes --skip-preview --target 'urn:pulumi:")
    assert living.members("operations") == {"operator-1", "operator-2"}
    assert living.plan() == {}


def test_a_person_who_left_is_invited_again(living: LivingStack) -> None:
    living.change_person("DELETE", "/operator-3/organizations/encode")

    living.follow_commands(living.blocked_up())
    living.up()

    assert living.members("operations") == {"operator-1", "operator-2", "operator-3"}


def test_a_person_who_has_not_accepted_yet(living: LivingStack) -> None:
    living.change_person("POST", "", "newcomer")
    living.configuration["operations"]["members"].append("newcomer")
    living.configure()

    living.up()

    assert "newcomer" in living.members("operations")
    living.up()
    assert living.plan() == {}


def test_a_team_that_lost_its_access(living: LivingStack) -> None:
    send_request(living, "DELETE", "/orgs/encode/teams/maintainers/repos/encode/Widget")

    living.follow_commands(living.blocked_up())
    living.up()

    teams = living.organization()["teams"]
    assert teams["maintainers"]["repositories"]["Widget"] == "write"


def test_a_team_that_was_made_secret(living: LivingStack) -> None:
    """GitHub would drop it from the required reviewers of the next environment."""
    send_request(living, "PATCH", "/orgs/encode/teams/operations", {"privacy": "secret"})
    living.repositories["gadget2"] = {"publish": "trusted-publishing"}
    living.configure()

    living.follow_commands(living.blocked_up())
    living.up()

    assert "deploy" in living.repository("gadget2")["environments"]
    assert living.plan() == {}


def test_another_team_takes_the_name(living: LivingStack) -> None:
    """The team of the stack goes on reviewing; the other one gets nothing."""
    path = "/orgs/encode/teams"
    send_request(living, "PATCH", f"{path}/operations", {"name": "Release managers"})
    send_request(living, "POST", path, {"name": "operations", "privacy": "closed"})

    living.follow_commands(living.blocked_up())
    living.up()

    assert living.organization()["teams"]["operations"]["repositories"] == {}
    assert living.plan() == {}
