"""Tests of the refs that may deploy to an environment with deployment policies.

Source for pull requests: GitHub's changelog of 2025-11-07, "Actions pull_request_target and
environment branch protections changes".
"""

import pytest

from simulated_github import World
from simulated_github.actions.environment_rules import deployment_refusal, new_environment
from simulated_github.records.actions import DeploymentPolicy


def refusal(world: World, policy: DeploymentPolicy, ref: str) -> str | None:
    """Return the refusal of a ref by an environment whose only policy is this one."""
    repository = world.repository("encode", "httpx")
    assert repository is not None
    environment = new_environment(world, "preview")
    environment.branch_policy = "custom"
    environment.policies[policy.id] = policy
    return deployment_refusal(repository, environment, ref)


@pytest.mark.parametrize(
    ("kind", "pattern", "ref"),
    [
        ("branch", "refs/pull/*/merge", "refs/pull/12/merge"),
        ("branch", "main", "refs/heads/main"),
        ("branch", "releases/*", "refs/heads/releases/1"),
        ("branch", "pull/*/merge", "refs/heads/pull/12/merge"),
        ("tag", "v*", "refs/tags/v1"),
    ],
)
def test_a_ref_that_a_policy_names_deploys(world: World, kind: str, pattern: str, ref: str) -> None:
    assert refusal(world, DeploymentPolicy(1, pattern, kind), ref) is None


@pytest.mark.parametrize(
    ("kind", "pattern", "ref", "name"),
    [
        ("branch", "*", "refs/pull/12/merge", 'Branch "refs/pull/12/merge"'),
        ("branch", "*/merge", "refs/pull/12/merge", 'Branch "refs/pull/12/merge"'),
        ("branch", "*/*/merge", "refs/heads/refs/merge", 'Branch "refs/merge"'),
        ("branch", "pull/*/merge", "refs/pull/12/merge", 'Branch "refs/pull/12/merge"'),
        ("branch", "refs/pull/*/merge", "refs/heads/main", 'Branch "main"'),
        ("tag", "refs/pull/*/merge", "refs/pull/12/merge", 'Branch "refs/pull/12/merge"'),
        ("branch", "v1", "refs/tags/v1", 'Tag "v1"'),
    ],
)
def test_a_ref_that_no_policy_names_is_refused(
    world: World, kind: str, pattern: str, ref: str, name: str
) -> None:
    message = refusal(world, DeploymentPolicy(1, pattern, kind), ref)

    assert message == (
        f"{name} is not allowed to deploy to preview due to environment protection rules."
    )
