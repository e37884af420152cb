"""Rulesets in GitHub's responses: those of GraphQL, and those of the REST API."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from stacks.snapshot.model import BypassActorOnGitHub, RulesetOnGitHub

# Types of bypass actors by the type of the object in GraphQL.
ACTOR_TYPES = {"App": "Integration", "Team": "Team"}
# Types that need no id. Source: the schema `repository-ruleset-bypass-actor` of GitHub's REST API.
TYPES_WITHOUT_ID = frozenset({"OrganizationAdmin", "EnterpriseOwner", "DeployKey"})


@dataclass(frozen=True)
class PartlySeen:
    """A ruleset from GraphQL, and whether it is whole.

    A ruleset that is not whole lacks bypass actors or rules: GraphQL hides them, has more of them
    than one page, or has no field for one. A user as bypass actor is an example.
    """

    ruleset: RulesetOnGitHub
    is_whole: bool


def ruleset_from_graphql(node: Mapping[str, Any]) -> PartlySeen:
    """Return a ruleset from the fragment `ruleset`."""
    actors = [bypass_actor(actor) for actor in listed(node["bypassActors"])]
    bypass_actors = frozenset(actor for actor in actors if actor)
    sees_actors = is_complete(node["bypassActors"]) and None not in actors
    ref_name = (node.get("conditions") or {}).get("refName") or {}
    ruleset = RulesetOnGitHub(
        id=node["databaseId"],
        name=node["name"],
        target=(node["target"] or "branch").lower(),
        enforcement=node["enforcement"].lower(),
        source_type=node["source"]["__typename"],
        include=frozenset(ref_name.get("include") or ()),
        exclude=frozenset(ref_name.get("exclude") or ()),
        bypass_actors=bypass_actors if sees_actors else None,
        rules={
            rule["type"].lower(): snake_case(rule["parameters"] or {})
            for rule in listed(node["rules"])
        },
    )
    return PartlySeen(ruleset, is_whole=sees_actors and is_complete(node["rules"]))


def listed(connection: Mapping[str, Any] | None) -> Iterable[Mapping[str, Any]]:
    """Return the nodes of a connection that the token can read."""
    return [node for node in (connection or {}).get("nodes") or () if node]


def is_complete(connection: Mapping[str, Any] | None) -> bool:
    """Return whether a connection has every node on this page, and each of them readable."""
    return (
        connection is not None
        and connection.get("nodes") is not None
        and None not in connection["nodes"]
        and not connection["pageInfo"]["hasNextPage"]
    )


def bypass_actor(node: Mapping[str, Any]) -> BypassActorOnGitHub | None:
    """Return a bypass actor, or `None` where GraphQL does not show who it is, or how it bypasses.

    Older schemas have no user, and no mode `exempt`: then the actor or the mode is null.
    """
    mode = (node["bypassMode"] or "").lower()
    actor = node["actor"] or {}
    if not mode:
        return None
    if node["organizationAdmin"]:
        return BypassActorOnGitHub("OrganizationAdmin", None, mode)
    if node["deployKey"]:
        return BypassActorOnGitHub("DeployKey", None, mode)
    if node["repositoryRoleDatabaseId"]:
        return BypassActorOnGitHub("RepositoryRole", node["repositoryRoleDatabaseId"], mode)
    if actor.get("__typename") in ACTOR_TYPES and actor.get("databaseId"):
        return BypassActorOnGitHub(ACTOR_TYPES[actor["__typename"]], actor["databaseId"], mode)
    return None


def snake_case(value: Any) -> Any:
    """Return GraphQL parameters with the names that REST has: `integrationId` is `integration_id`.

    Source: the same rules in both schemas, whose names differ in nothing else.
    """
    if isinstance(value, Mapping):
        return {
            re.sub(r"(?<!^)(?=[A-Z])", "_", key).lower(): snake_case(item)
            for key, item in value.items()
        }
    return [snake_case(item) for item in value] if isinstance(value, list) else value


def ruleset_from_rest(document: Mapping[str, Any]) -> RulesetOnGitHub:
    """Return a ruleset from the REST API.

    GitHub leaves out the bypass actors for a token that cannot change the ruleset.
    """
    actors = document.get("bypass_actors")
    ref_name = (document.get("conditions") or {}).get("ref_name") or {}
    return RulesetOnGitHub(
        id=document["id"],
        name=document["name"],
        target=document.get("target") or "branch",
        enforcement=document["enforcement"],
        source_type=document.get("source_type") or "Repository",
        include=frozenset(ref_name.get("include") or ()),
        exclude=frozenset(ref_name.get("exclude") or ()),
        bypass_actors=None if actors is None else frozenset(map(bypass_actor_from_rest, actors)),
        rules={rule["type"]: rule.get("parameters") or {} for rule in document.get("rules") or ()},
    )


def bypass_actor_from_rest(actor: Mapping[str, Any]) -> BypassActorOnGitHub:
    actor_type = actor["actor_type"]
    actor_id = None if actor_type in TYPES_WITHOUT_ID else actor.get("actor_id")
    return BypassActorOnGitHub(actor_type, actor_id, actor.get("bypass_mode") or "always")
