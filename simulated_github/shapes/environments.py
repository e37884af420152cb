"""Environments and deployment policies as GitHub's API shows them."""

from simulated_github.records.actions import DeploymentPolicy, Environment, Reviewer
from simulated_github.records.repositories import Repository
from simulated_github.shapes import accounts, teams
from simulated_github.shapes.links import Json, Links
from simulated_github.world.ids import node_id
from simulated_github.world.world import World


def full(world: World, links: Links, repository: Repository, environment: Environment) -> Json:
    """Return an environment with its protection rules; deleted reviewers are left out."""
    return {
        "id": environment.id,
        "node_id": node_id("Environment", environment.id),
        "name": environment.name,
        "url": links.repository(repository, "environments", environment.name),
        "html_url": links.repository_page(repository, "deployments", "activity_log"),
        "created_at": environment.created_at,
        "updated_at": environment.updated_at,
        "can_admins_bypass": environment.can_admins_bypass,
        "protection_rules": _rules(world, links, environment),
        "deployment_branch_policy": branch_policy(environment),
    }


def branch_policy(environment: Environment) -> Json | None:
    """Return the branch policy: protected branches, those of policies, or None for all."""
    if environment.branch_policy is None:
        return None
    return {
        "protected_branches": environment.branch_policy == "protected",
        "custom_branch_policies": environment.branch_policy == "custom",
    }


def _rules(world: World, links: Links, environment: Environment) -> list[Json]:
    rules: list[Json] = []
    if environment.wait_timer:
        rules.append(_rule(environment, "wait_timer") | {"wait_timer": environment.wait_timer})
    if environment.reviewers:
        reviewers = [_reviewer(world, links, reviewer) for reviewer in environment.reviewers]
        rule = _rule(environment, "required_reviewers") | {
            "prevent_self_review": environment.prevent_self_review
        }
        rules.append(rule | {"reviewers": [reviewer for reviewer in reviewers if reviewer]})
    if environment.branch_policy:
        rules.append(_rule(environment, "branch_policy"))
    return rules


def _rule(environment: Environment, kind: str) -> Json:
    rule_id = environment.rule_ids[kind]
    return {"id": rule_id, "node_id": node_id("GateRule", rule_id), "type": kind}


def _reviewer(world: World, links: Links, reviewer: Reviewer) -> Json | None:
    if reviewer.kind == "User":
        user = world.users.get(reviewer.id)
        return {"type": "User", "reviewer": accounts.simple(links, user)} if user else None
    team = world.team(reviewer.id)
    return {"type": "Team", "reviewer": teams.with_parent(links, *team)} if team else None


def deployment_policy(policy: DeploymentPolicy) -> Json:
    """Return a deployment branch or tag policy."""
    return {
        "id": policy.id,
        "node_id": node_id("GateBranchPolicy", policy.id),
        "name": policy.name,
        "type": policy.kind,
    }
