"""Repositories that are transferred, deleted, or deleted and made again."""

import pytest

from tests.integration.living.identities.living_stack import LivingStack
from tests.integration.on_github import delete_repository, make_again, send_request


@pytest.mark.parametrize("is_removed", [False, True])
def test_a_transferred_repository(living: LivingStack, is_removed: bool) -> None:
    before = living.repository("gadget")["environments"]
    send_request(living, "POST", "/repos/encode/gadget/transfer", {"new_owner": "elsewhere"})
    if is_removed:
        del living.repositories["gadget"]
        living.configure()

    blocked = living.blocked_up()
    assert "transferred, and called elsewhere/gadget now" in blocked.output
    assert "the trusted publisher Owner: encode" in blocked.output
    living.follow_commands(blocked)
    living.up()

    assert "gadget" not in living.repositories
    assert living.state()["repositories"]["elsewhere/gadget"]["environments"] == before
    assert living.plan() == {}


def test_a_repository_that_was_made_again(living: LivingStack) -> None:
    make_again(living, "gadget")
    assert living.ungated_releases() == []

    living.follow_commands(living.blocked_up())
    living.up()

    assert living.repository("gadget")["environments"]["deploy"]["reviewers"] == ["team operations"]
    assert living.plan() == {}


def test_a_deleted_repository(living: LivingStack) -> None:
    delete_repository(living, "gadget")

    living.follow_commands(living.blocked_up())
    living.up()

    assert "gadget" not in living.repositories
    assert living.plan() == {}
