"""Environments, deployment policies and secrets as the API shows them."""

from simulated_github.records.actions import Secret
from simulated_github.records.environments import DeploymentPolicy, Environment, Reviewer
from simulated_github.records.repositories import Repository
from simulated_github.shapes import accounts, teams
from simulated_github.shapes.accounts import Json
from simulated_github.shapes.links import Links
from simulated_github.world.ids import node_id
from simulated_github.world.world import World


def full(world: World, links: Links, repository: Repository, found: Environment) -> Json:
    """An environment with the protection rules that it has; a reviewer who is gone is left out."""
    return {
        "id": found.id,
        "node_id": node_id("Environment", found.id),
        "name": found.name,
        "url": links.api(
            "repos", repository.owner.login, repository.name, "environments", found.name
        ),
        "html_url": links.html(
            repository.owner.login, repository.name, "deployments", "activity_log"
        ),
        "created_at": found.created_at,
        "updated_at": found.updated_at,
        "can_admins_bypass": found.can_admins_bypass,
        "protection_rules": _rules(world, links, found),
        "deployment_branch_policy": branch_policy(found),
    }


def branch_policy(found: Environment) -> Json | None:
    """Which branches may deploy: protected ones, those of custom policies, or (None) all."""
    if found.branch_policy is None:
        return None
    return {
        "protected_branches": found.branch_policy == "protected",
        "custom_branch_policies": found.branch_policy == "custom",
    }


def _rules(world: World, links: Links, found: Environment) -> list[Json]:
    rules: list[Json] = []
    if found.wait_timer:
        rules.append(_rule(found, "wait_timer") | {"wait_timer": found.wait_timer})
    if found.reviewers:
        shown = [_reviewer(world, links, reviewer) for reviewer in found.reviewers]
        rule = _rule(found, "required_reviewers") | {
            "prevent_self_review": found.prevent_self_review
        }
        rules.append(rule | {"reviewers": [reviewer for reviewer in shown if reviewer]})
    if found.branch_policy:
        rules.append(_rule(found, "branch_policy"))
    return rules


def _rule(found: Environment, kind: str) -> Json:
    number = found.rule_ids[kind]
    return {"id": number, "node_id": node_id("GateRule", number), "type": kind}


def _reviewer(world: World, links: Links, reviewer: Reviewer) -> Json | None:
    if reviewer.kind == "User":
        person = world.users.get(reviewer.id)
        return {"type": "User", "reviewer": accounts.simple(links, person)} if person else None
    team = world.team(reviewer.id)
    return {"type": "Team", "reviewer": teams.with_parent(links, *team)} if team else None


def deployment_policy(found: DeploymentPolicy) -> Json:
    """A deployment branch or tag policy."""
    return {
        "id": found.id,
        "node_id": node_id("GateBranchPolicy", found.id),
        "name": found.name,
        "type": found.kind,
    }


def secret_summary(found: Secret) -> Json:
    """A secret: its name and its times, never its value."""
    return {"name": found.name, "created_at": found.created_at, "updated_at": found.updated_at}
