"""The fields of GraphQL's `Query`, and the shape of every type."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from simulated_github.graphql import (
    accounts,
    branch_protection,
    environments,
    git_objects,
    repositories,
    rulesets,
    teams,
)
from simulated_github.graphql.nodes import FieldError, Node, Shape
from simulated_github.graphql.repositories import find_repository
from simulated_github.graphql.schema import SCHEMA
from simulated_github.graphql.teams import team_node
from simulated_github.http.request import Request
from simulated_github.shapes.links import Json

MOST_IDS = 100


def query(request: Request) -> Json:
    """Return the fields of the query itself."""
    return {
        "node": lambda _info, **arguments: _find_node(request, arguments["id"]),
        "nodes": lambda _info, ids: _find_nodes(request, ids),
        "organization": lambda _info, login: _find_organization(request, login),
        "rateLimit": lambda info, **_arguments: info.context.rate,
        "repository": lambda _info, owner, name, follow_renames: find_repository(
            request, owner, name, follow_renames
        ),
        "user": lambda _info, login: _find_user(request, login),
        "viewer": lambda _info: Node("User", request.user),
    }


def _find_organization(request: Request, login: str) -> Node:
    record = request.world.organization(login)
    if record is None:
        raise FieldError(
            "NOT_FOUND", f"Could not resolve to an Organization with the login of '{login}'."
        )
    return Node("Organization", record)


def _find_user(request: Request, login: str) -> Node:
    record = request.world.user(login)
    if record is None:
        raise FieldError("NOT_FOUND", f"Could not resolve to a User with the login of '{login}'.")
    return Node("User", record)


def _find_node(request: Request, global_id: str) -> Node:
    """Return the user, organization, team, App or repository of a global id.

    Raise FieldError for any other id, or when the token may not see the object. Deliberately
    absent: the ids of further types, which GitHub resolves as well.
    """
    node = _parse_node(request, global_id)
    if node is None:
        raise FieldError(
            "NOT_FOUND", f"Could not resolve to a node with the global id of '{global_id}'"
        )
    return node


def _parse_node(request: Request, global_id: str) -> Node | None:
    try:
        kind, _, number = base64.b64decode(global_id, validate=True).decode().partition(":")
        key = int(number)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    world = request.world
    if kind == "Team":
        pair = world.team(key)
        return team_node(*pair) if pair and request.may_see(*pair) else None
    if kind == "Repository":
        repository = world.repositories.get(key)
        visible = repository is not None and request.role_on(repository)
        return Node("Repository", repository) if visible else None
    tables: Mapping[str, Mapping[int, Any]] = {
        "User": world.users,
        "Organization": world.organizations,
        "App": world.apps,
    }
    record = tables.get(kind, {}).get(key)
    return Node(kind, record) if record else None


def _find_nodes(request: Request, ids: list[str]) -> list[Node | FieldError]:
    """Return an object or null for each id. Source: GitHub's docs; Assumption: the messages."""
    if len(ids) > MOST_IDS:
        raise FieldError("ARGUMENT_LIMIT", f"You may not provide more than {MOST_IDS} node ids.")
    return [_find_or_refuse(request, global_id) for global_id in ids]


def _find_or_refuse(request: Request, global_id: str) -> Node | FieldError:
    """Return the object or the error, which graphql-core reports for this item of the list."""
    try:
        return _find_node(request, global_id)
    except FieldError as error:
        return error


SHAPES: Mapping[str, Shape] = {
    "Query": query,
    "User": accounts.user,
    "App": accounts.app,
    "Organization": accounts.organization,
    "Team": teams.team,
    "OrganizationInvitation": teams.invitation,
    "Repository": repositories.repository,
    "BranchProtectionRule": branch_protection.branch_protection_rule,
    "BypassForcePushAllowance": branch_protection.allowance,
    "BypassPullRequestAllowance": branch_protection.allowance,
    "PushAllowance": branch_protection.allowance,
    "ReviewDismissalAllowance": branch_protection.allowance,
    "Environment": environments.environment,
    "Ref": git_objects.ref,
    "Commit": git_objects.commit,
    "Blob": git_objects.blob,
    "Tree": git_objects.tree,
    "TreeEntry": git_objects.tree_entry,
    "RepositoryRuleset": rulesets.ruleset,
    "RepositoryRulesetBypassActor": rulesets.bypass_actor,
    "RepositoryRule": rulesets.rule,
} | dict.fromkeys(
    (kind.name for kind in SCHEMA.get_type("RuleParameters").types),  # type: ignore[union-attr]
    rulesets.parameters,
)
