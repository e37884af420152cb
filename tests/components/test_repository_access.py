"""A team's access to a repository."""

from typing import get_args

import pulumi
import pytest
from pulumi import ResourceOptions

from components.repository_access import API_PERMISSIONS, repository_access
from stacks.settings.options import Permission
from tests.components.registrations import Registration, declare


def grant(permission: str = "write", team: str = "12") -> Registration:
    def program() -> None:
        parent = pulumi.ComponentResource("test:index:Parent", "parent")
        repository_access(
            "httpx/team/core",
            team_id=team,
            repository="httpx",
            permission=permission,
            opts=ResourceOptions(parent=parent),
        )

    return declare(program).only("TeamRepository")


@pytest.mark.parametrize(
    ("permission", "api_permission"),
    [("read", "pull"), ("triage", "triage"), ("write", "push"), ("maintain", "maintain")],
)
def test_a_permission_is_sent_in_the_words_of_the_api(permission: str, api_permission: str) -> None:
    assert grant(permission).inputs == {
        "teamId": "12",
        "repository": "httpx",
        "permission": api_permission,
    }


def test_the_settings_and_the_api_have_the_same_permissions() -> None:
    assert set(API_PERMISSIONS) == set(get_args(Permission))


def test_admin_is_not_a_permission() -> None:
    with pytest.raises(KeyError):
        grant("admin")


def test_a_team_can_be_given_by_its_slug() -> None:
    assert grant(team="core")["teamId"] == "core"


def test_a_grant_is_deleted_before_it_is_replaced() -> None:
    """Both names of a renamed repository are one grant, so the deletion would revoke it."""
    assert grant().delete_before_replace


def test_a_grant_takes_the_options_of_its_caller() -> None:
    assert grant().parent == "parent"
