"""The gate that the last `up` recorded, in the terms of the snapshot."""

import re
from collections.abc import Mapping
from typing import Any

from stacks.previous_state import RecordedResource
from stacks.snapshot import (
    BypassActorOnGitHub,
    DeploymentPolicyOnGitHub,
    EnvironmentOnGitHub,
    RulesetOnGitHub,
)
from stacks.snapshot.model import PolicyKind


def recorded_environment(
    environment: RecordedResource, policy: RecordedResource | None
) -> EnvironmentOnGitHub:
    """Return the environment as the last `up` declared it, with its only policy."""
    inputs = environment.inputs
    reviewers = (inputs.get("reviewers") or [{}])[0]
    refs = inputs.get("deploymentBranchPolicy") or {}
    chosen: PolicyKind = "custom" if refs.get("customBranchPolicies") else "protected"
    return EnvironmentOnGitHub(
        str(inputs.get("environment", "")),
        reviewer_team_ids=ids(reviewers.get("teams")),
        reviewer_user_ids=ids(reviewers.get("users")),
        prevent_self_review=inputs.get("preventSelfReview") is True,
        can_admins_bypass=inputs.get("canAdminsBypass") is not False,
        wait_minutes=int(inputs.get("waitTimer") or 0),
        policy_kind=chosen if refs else "all",
        policies=recorded_policies(policy),
    )


def ids(values: Any) -> frozenset[int]:
    """Return numeric ids: the state has them as floating-point numbers."""
    return frozenset(int(value) for value in values or ())


def recorded_policies(policy: RecordedResource | None) -> tuple[DeploymentPolicyOnGitHub, ...]:
    """Return the policy of an environment with its id, or nothing."""
    if policy is None:
        return ()
    pattern = str(policy.inputs.get("tagPattern", ""))
    return (DeploymentPolicyOnGitHub(policy_id(policy), pattern, "tag"),)


def policy_id(policy: RecordedResource) -> int:
    """Return the numeric id that the provider uses: 0 where it recorded the policy by name alone.

    The provider then asks GitHub for the policy 0, and gets a 404.
    """
    return int(policy.outputs.get("policyId") or 0)


def recorded_ruleset(resource: RecordedResource) -> RulesetOnGitHub:
    """Return a ruleset as the last `up` declared it."""
    inputs = resource.inputs
    refs = (inputs.get("conditions") or {}).get("refName") or {}
    return RulesetOnGitHub(
        ruleset_id(resource),
        str(inputs.get("name", "")),
        str(inputs.get("target", "")),
        str(inputs.get("enforcement", "")),
        include=frozenset(refs.get("includes") or ()),
        exclude=frozenset(refs.get("excludes") or ()),
        bypass_actors=frozenset(bypass_actor(item) for item in inputs.get("bypassActors") or ()),
        rules=dict(
            rule
            for key, value in (inputs.get("rules") or {}).items()
            if not key.startswith("__") and (rule := recorded_rule(key, value))
        ),
    )


def ruleset_id(resource: RecordedResource) -> int:
    """Return the numeric id of a ruleset; an imported one is `repository:id`."""
    last = resource.id.rsplit(":", 1)[-1]
    return int(last) if last.isdecimal() else 0


def bypass_actor(item: Mapping[str, Any]) -> BypassActorOnGitHub:
    """Return a bypass actor of the provider."""
    number = item.get("actorId")
    return BypassActorOnGitHub(
        str(item.get("actorType", "")),
        int(number) if number else None,
        str(item.get("bypassMode", "always")),
    )


def recorded_rule(key: str, value: Any) -> tuple[str, Mapping[str, Any]] | None:
    """Return the type and the parameters of a rule, or `None` for one that is off."""
    if isinstance(value, Mapping):
        parameters = {
            snake_case(name): int(number) if isinstance(number, float) else number
            for name, number in value.items()
            if not name.startswith("__")
        }
        return snake_case(key), parameters
    return (snake_case(key), {}) if value is True else None


def snake_case(name: str) -> str:
    """Return a name in the spelling of the REST API: `pullRequest` is `pull_request`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
