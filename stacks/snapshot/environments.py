"""Environments in GitHub's responses, with their protection rules and deployment policies."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stacks.snapshot.model import DeploymentPolicyOnGitHub, EnvironmentOnGitHub, PolicyKind


def environment_from_rest(document: Mapping[str, Any]) -> EnvironmentOnGitHub:
    """Return an environment without its policies and secrets.

    Source: the schema `environment` of GitHub's REST API.
    """
    rules = {rule["type"]: rule for rule in document.get("protection_rules") or ()}
    reviewers = rules.get("required_reviewers", {})
    return EnvironmentOnGitHub(
        name=document["name"],
        reviewer_team_ids=frozenset(reviewer_ids(reviewers, "Team")),
        reviewer_user_ids=frozenset(reviewer_ids(reviewers, "User")),
        prevent_self_review=reviewers.get("prevent_self_review") is True,
        can_admins_bypass=document.get("can_admins_bypass") is not False,
        wait_minutes=rules.get("wait_timer", {}).get("wait_timer") or 0,
        policy_kind=policy_kind(document.get("deployment_branch_policy")),
    )


def reviewer_ids(rule: Mapping[str, Any], kind: str) -> Iterator[int]:
    for reviewer in rule.get("reviewers") or ():
        if reviewer["type"] == kind and reviewer.get("reviewer"):
            yield reviewer["reviewer"]["id"]


def policy_kind(policy: Mapping[str, Any] | None) -> PolicyKind:
    if policy is None:
        return "all"
    return "custom" if policy["custom_branch_policies"] else "protected"


def policies_from_rest(
    items: Iterable[Mapping[str, Any]],
) -> tuple[DeploymentPolicyOnGitHub, ...]:
    """Return deployment policies; one without a type is for branches.

    Source: the schema `deployment-branch-policy` of GitHub's REST API, whose `type` is optional.
    """
    return tuple(
        DeploymentPolicyOnGitHub(item["id"], item["name"], item.get("type") or "branch")
        for item in items
    )
