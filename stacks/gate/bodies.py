"""The bodies of GitHub's REST API for a gate, and the commands that send them.

Each request carries the whole object, so it can be repeated, and it repairs every difference.
Source: https://docs.github.com/en/rest/deployments/environments#create-or-update-an-environment
Source: https://docs.github.com/en/rest/repos/rules#update-a-repository-ruleset
"""

import json
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from stacks.snapshot import BypassActorOnGitHub, EnvironmentOnGitHub, RulesetOnGitHub


def environment_body(environment: EnvironmentOnGitHub) -> dict[str, Any]:
    """Return the body that sets everything of an environment but its deployment policies."""
    teams = [{"type": "Team", "id": number} for number in sorted(environment.reviewer_team_ids)]
    users = [{"type": "User", "id": number} for number in sorted(environment.reviewer_user_ids)]
    return {
        "wait_timer": environment.wait_minutes,
        "prevent_self_review": environment.prevent_self_review,
        "can_admins_bypass": environment.can_admins_bypass,
        "reviewers": [*teams, *users],
        "deployment_branch_policy": branch_policy(environment.policy_kind),
    }


def branch_policy(kind: str) -> dict[str, bool] | None:
    """Return the refs that may deploy; `None` for all of them."""
    if kind == "all":
        return None
    return {"protected_branches": kind == "protected", "custom_branch_policies": kind == "custom"}


def ruleset_body(ruleset: RulesetOnGitHub) -> dict[str, Any]:
    """Return the body that sets everything of a ruleset. Raise `ValueError` for unseen actors."""
    if ruleset.bypass_actors is None:
        raise ValueError(f"the bypass actors of {ruleset.name} are not known")
    return {
        "name": ruleset.name,
        "target": ruleset.target,
        "enforcement": ruleset.enforcement,
        "bypass_actors": actor_bodies(ruleset.bypass_actors),
        "conditions": {
            "ref_name": {"include": sorted(ruleset.include), "exclude": sorted(ruleset.exclude)}
        },
        "rules": [rule_body(kind, ruleset.rules[kind]) for kind in sorted(ruleset.rules)],
    }


def actor_bodies(actors: frozenset[BypassActorOnGitHub]) -> list[dict[str, Any]]:
    """Return bypass actors in a stable order."""
    return [
        {"actor_id": actor.actor_id, "actor_type": actor.actor_type, "bypass_mode": actor.mode}
        for actor in sorted(actors, key=lambda actor: (actor.actor_type, actor.actor_id or 0))
    ]


def rule_body(kind: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return one rule; a rule without parameters has its type alone."""
    return {"type": kind, "parameters": dict(parameters)} if parameters else {"type": kind}


def put_command(path: str, body: Mapping[str, Any]) -> str:
    """Return the command that sends a whole body, as one line for bash and zsh."""
    return f"gh api -X PUT {path} --silent --input - <<< {shlex.quote(json.dumps(body))}"


def refresh_command(urns: Iterable[str]) -> str:
    """Return the command that removes recorded objects from the state that GitHub lacks."""
    targets = " ".join(f"--target '{urn}'" for urn in urns)
    return f"pulumi refresh --yes --skip-preview {targets}"
