"""What a team may do in a repository."""

from typing import get_args

import pulumi
import pytest

from components.repository_access import API_PERMISSIONS, RepositoryAccess
from stacks.settings.declared import Permission
from tests.components.declaring import Asked, declare


def access(permission: str = "write", team: str = "12") -> Asked:
    def program() -> None:
        parent = pulumi.ComponentResource("test:index:Parent", "parent")
        RepositoryAccess(
            "httpx/team/core",
            team_id=team,
            repository="httpx",
            permission=permission,
            parent=parent,
        )

    return declare(program).the("TeamRepository")


@pytest.mark.parametrize(
    ("permission", "api"),
    [("read", "pull"), ("triage", "triage"), ("write", "push"), ("maintain", "maintain")],
)
def test_a_permission_is_sent_in_the_words_of_the_api(permission: str, api: str) -> None:
    assert access(permission).inputs == {"teamId": "12", "repository": "httpx", "permission": api}


def test_every_permission_that_can_be_declared_has_a_word_and_admin_has_none() -> None:
    assert set(API_PERMISSIONS) == set(get_args(Permission))
    with pytest.raises(KeyError):
        access("admin")


def test_a_team_may_be_given_by_its_slug() -> None:
    assert access(team="core")["teamId"] == "core"


def test_the_old_grant_goes_before_the_new_one_comes() -> None:
    """Both names of a renamed repository lead to one grant, which removing the old one would take back."""
    assert access().delete_before_replace


def test_it_stands_below_its_parent() -> None:
    assert access().parent == "parent"
