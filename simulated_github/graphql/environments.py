"""Environments in GraphQL responses.

Deliberately absent, as in GitHub's schema: the deployment policies behind `BRANCH_POLICY`, whether
admins may bypass the rules, and secrets.
"""

from simulated_github.graphql.connections import connection
from simulated_github.graphql.nodes import Node
from simulated_github.graphql.teams import team_node
from simulated_github.http.request import Request
from simulated_github.records.actions import Environment, Reviewer
from simulated_github.shapes.links import Json
from simulated_github.world.ids import node_id


def environment(request: Request, record: Environment) -> Json:
    """Return the fields of an environment."""
    return {
        "id": node_id("Environment", record.id),
        "databaseId": record.id,
        "name": record.name,
        "protectionRules": connection(
            lambda: _list_rules(record), lambda kind: _rule(request, record, kind)
        ),
    }


def _list_rules(record: Environment) -> list[str]:
    rules = {
        "wait_timer": record.wait_timer,
        "required_reviewers": record.reviewers,
        "branch_policy": record.branch_policy,
    }
    return [kind for kind, setting in rules.items() if setting]


def _rule(request: Request, record: Environment, kind: str) -> Json:
    """Return a protection rule; Assumption: `preventSelfReview` is null but for reviewers."""
    is_review = kind == "required_reviewers"
    return {
        "databaseId": record.rule_ids[kind],
        "type": kind.upper(),
        "timeout": record.wait_timer if kind == "wait_timer" else 0,
        "preventSelfReview": record.prevent_self_review if is_review else None,
        "reviewers": connection(
            lambda: _find_reviewers(request, record.reviewers if is_review else ()),
            lambda reviewer: reviewer,
        ),
    }


def _find_reviewers(request: Request, reviewers: tuple[Reviewer, ...]) -> list[Node]:
    """Return users and teams, without deleted ones."""
    nodes = (_find_reviewer(request, reviewer) for reviewer in reviewers)
    return [node for node in nodes if node is not None]


def _find_reviewer(request: Request, reviewer: Reviewer) -> Node | None:
    if reviewer.kind == "User":
        user = request.world.users.get(reviewer.id)
        return Node("User", user) if user else None
    team = request.world.team(reviewer.id)
    return team_node(*team) if team else None
