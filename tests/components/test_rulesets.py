"""Who may create release tags, that nobody moves them, and that pull requests are reviewed."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi import ResourceOptions

from components.rulesets import (
    ADMIN_ROLE,
    MAINTAIN_ROLE,
    ORGANIZATION_ADMINS,
    Bypass,
    ReviewRuleset,
    TagCreationRuleset,
    TagProtectionRuleset,
    child,
)
from tests.components.declaring import Asked, declare


def ruleset(program: Callable[[], object]) -> Asked:
    return declare(program).the("RepositoryRuleset")


def creation(tags: str = "v*", bypass: tuple[Bypass, ...] = (MAINTAIN_ROLE, ADMIN_ROLE)) -> Asked:
    return ruleset(
        lambda: TagCreationRuleset(
            "x", repository="httpx", release_tags=tags, bypass=bypass, opts=ResourceOptions()
        )
    )


def protection(tags: str = "v*") -> Asked:
    return ruleset(
        lambda: TagProtectionRuleset(
            "x", repository="httpx", release_tags=tags, opts=ResourceOptions()
        )
    )


def review(approvals: int = 2, bypass: tuple[Bypass, ...] = (ORGANIZATION_ADMINS,)) -> Asked:
    return ruleset(
        lambda: ReviewRuleset(
            "x", repository="httpx", approvals=approvals, bypass=bypass, opts=ResourceOptions()
        )
    )


ALL: list[Callable[[], Asked]] = [creation, protection, review]


@pytest.mark.parametrize("declared", ALL)
def test_a_ruleset_is_enforced_in_its_repository(declared: Callable[[], Asked]) -> None:
    found = declared()

    assert found["enforcement"] == "active"
    assert found["repository"] == "httpx"


def test_each_has_a_title_of_its_own_for_people() -> None:
    assert [declared()["name"] for declared in ALL] == [
        "Release tags: who may create them",
        "Release tags: never moved or deleted",
        "Pull requests are reviewed",
    ]


@pytest.mark.parametrize("declared", [creation, protection])
@pytest.mark.parametrize("pattern", ["*", "v*", "[0-9]*"])
def test_the_rulesets_for_tags_are_for_release_tags(
    declared: Callable[[str], Asked], pattern: str
) -> None:
    found = declared(pattern)

    assert found["target"] == "tag"
    assert found["conditions"] == {
        "refName": {"includes": [f"refs/tags/{pattern}"], "excludes": []}
    }


def test_the_review_is_for_the_default_branch_whatever_its_name() -> None:
    assert review()["target"] == "branch"
    assert review()["conditions"] == {"refName": {"includes": ["~DEFAULT_BRANCH"], "excludes": []}}


def test_creation_is_the_only_rule_that_somebody_passes() -> None:
    assert creation()["rules"] == {"creation": True}
    assert creation()["bypassActors"] == [
        {"actorType": "RepositoryRole", "actorId": 2, "bypassMode": "always"},
        {"actorType": "RepositoryRole", "actorId": 5, "bypassMode": "always"},
    ]


def test_nobody_passes_what_keeps_a_tag_as_it_is() -> None:
    assert protection()["rules"] == {"update": True, "deletion": True, "nonFastForward": True}
    assert protection()["bypassActors"] == []


def test_a_pull_request_is_approved_in_the_state_in_which_it_is_merged() -> None:
    assert review(approvals=2)["rules"] == {
        "pullRequest": {
            "requiredApprovingReviewCount": 2,
            "dismissStaleReviewsOnPush": True,
            "requireLastPushApproval": True,
        },
        "deletion": True,
        "nonFastForward": True,
    }


@pytest.mark.parametrize(
    ("bypass", "actor"),
    [
        (ORGANIZATION_ADMINS, {"actorType": "OrganizationAdmin", "bypassMode": "always"}),
        (
            Bypass("Integration", 12),
            {"actorType": "Integration", "actorId": 12, "bypassMode": "always"},
        ),
    ],
)
def test_whoever_applies_the_stack_may_commit_the_workflow_file(
    bypass: Bypass, actor: dict[str, Any]
) -> None:
    assert review(bypass=(bypass,))["bypassActors"] == [actor]


def test_a_team_passes_by_its_number() -> None:
    assert creation(bypass=(Bypass("Team", 11),))["bypassActors"] == [
        {"actorType": "Team", "actorId": 11, "bypassMode": "always"}
    ]


def test_a_ruleset_can_be_made_to_wait_below_a_parent() -> None:
    def program() -> None:
        parent = pulumi.ComponentResource("test:index:Parent", "parent")
        first = TagProtectionRuleset(
            "first", repository="httpx", release_tags="*", opts=child(parent, [])
        )
        TagProtectionRuleset(
            "second", repository="httpx", release_tags="*", opts=child(parent, [first])
        )

    plan = declare(program)

    assert plan["second"].parent == plan["first"].parent == "parent"
    assert plan["second"].after == {"first"}
