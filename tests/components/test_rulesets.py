"""The rulesets for the creation of release tags, for their protection, and for review."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi import ResourceOptions

from components.rulesets import (
    ADMIN_ROLE,
    MAINTAIN_ROLE,
    ORGANIZATION_ADMINS,
    BypassActor,
    review_ruleset,
    tag_creation_ruleset,
    tag_protection_ruleset,
)
from tests.components.registrations import Registration, declare

ROLES = (MAINTAIN_ROLE, ADMIN_ROLE)


def only_ruleset(program: Callable[[], object]) -> Registration:
    return declare(program).only("RepositoryRuleset")


def creation(tags: str = "v*", bypass: tuple[BypassActor, ...] = ROLES) -> Registration:
    return only_ruleset(
        lambda: tag_creation_ruleset("x", repository="httpx", release_tags=tags, bypass=bypass)
    )


def protection(tags: str = "v*") -> Registration:
    return only_ruleset(lambda: tag_protection_ruleset("x", repository="httpx", release_tags=tags))


def review(
    approvals: int = 2, bypass: tuple[BypassActor, ...] = (ORGANIZATION_ADMINS,)
) -> Registration:
    return only_ruleset(
        lambda: review_ruleset("x", repository="httpx", approvals=approvals, bypass=bypass)
    )


ALL: list[Callable[[], Registration]] = [creation, protection, review]


@pytest.mark.parametrize("ruleset", ALL)
def test_a_ruleset_is_active_in_its_repository(ruleset: Callable[[], Registration]) -> None:
    assert ruleset()["enforcement"] == "active"
    assert ruleset()["repository"] == "httpx"


def test_each_ruleset_has_its_own_title() -> None:
    assert [ruleset()["name"] for ruleset in ALL] == [
        "Release tags: who may create them",
        "Release tags: never moved or deleted",
        "Pull requests are reviewed",
    ]


@pytest.mark.parametrize("ruleset", [creation, protection])
@pytest.mark.parametrize("pattern", ["*", "v*", "[0-9]*"])
def test_the_tag_rulesets_match_release_tags(
    ruleset: Callable[[str], Registration], pattern: str
) -> None:
    registration = ruleset(pattern)

    assert registration["target"] == "tag"
    assert registration["conditions"] == {
        "refName": {"includes": [f"refs/tags/{pattern}"], "excludes": []}
    }


def test_the_review_ruleset_matches_the_default_branch() -> None:
    assert review()["target"] == "branch"
    assert review()["conditions"] == {"refName": {"includes": ["~DEFAULT_BRANCH"], "excludes": []}}


def test_creation_is_the_only_tag_rule_with_a_bypass() -> None:
    assert creation()["rules"] == {"creation": True}
    assert creation()["bypassActors"] == [
        {"actorType": "RepositoryRole", "actorId": 2, "bypassMode": "always"},
        {"actorType": "RepositoryRole", "actorId": 5, "bypassMode": "always"},
    ]


def test_no_actor_bypasses_the_protection_of_tags() -> None:
    assert protection()["rules"] == {"update": True, "deletion": True, "nonFastForward": True}
    assert protection()["bypassActors"] == []


def test_an_approval_counts_for_the_reviewed_commits() -> None:
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
            BypassActor("Integration", 12),
            {"actorType": "Integration", "actorId": 12, "bypassMode": "always"},
        ),
    ],
)
def test_the_actor_that_applies_the_stack_bypasses_review(
    bypass: BypassActor, actor: dict[str, Any]
) -> None:
    assert review(bypass=(bypass,))["bypassActors"] == [actor]


def test_a_team_bypasses_by_its_id() -> None:
    assert creation(bypass=(BypassActor("Team", 11),))["bypassActors"] == [
        {"actorType": "Team", "actorId": 11, "bypassMode": "always"}
    ]


def test_a_ruleset_takes_the_options_of_its_caller() -> None:
    def program() -> None:
        parent = pulumi.ComponentResource("test:index:Parent", "parent")
        first = tag_protection_ruleset("first", repository="httpx", release_tags="*")
        tag_protection_ruleset(
            "second",
            repository="httpx",
            release_tags="*",
            opts=ResourceOptions(parent=parent, depends_on=[first]),
        )

    second = declare(program)["second"]

    assert second.parent == "parent"
    assert second.dependencies == {"first"}
