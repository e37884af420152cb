"""Rulesets as the API shows them."""

from simulated_github.ids import node_id
from simulated_github.records.repositories import Repository
from simulated_github.records.rulesets import BypassActor, Rule, Ruleset
from simulated_github.shapes.accounts import Json
from simulated_github.shapes.links import Links


def listed(links: Links, repository: Repository, found: Ruleset) -> Json:
    """A ruleset as lists show it: without its rules."""
    api = links.api("repos", repository.owner.login, repository.name, "rulesets", str(found.id))
    html = links.html(repository.owner.login, repository.name, "rules", str(found.id))
    return {
        "id": found.id,
        "name": found.name,
        "target": found.target,
        "source_type": "Repository",
        "source": repository.full_name,
        "enforcement": found.enforcement,
        "node_id": node_id("RepositoryRuleset", found.id),
        "_links": {"self": {"href": api}, "html": {"href": html}},
        "created_at": found.created_at,
        "updated_at": found.updated_at,
    }


def full(links: Links, repository: Repository, found: Ruleset, *, may_bypass: str, with_actors: bool) -> Json:
    """A ruleset in full; its bypass actors are for those who may change it."""
    shape = listed(links, repository, found) | {
        "conditions": {"ref_name": {"include": list(found.include), "exclude": list(found.exclude)}},
        "rules": [rule(item) for item in found.rules],
        "current_user_can_bypass": may_bypass,
    }
    return shape | ({"bypass_actors": [_actor(actor) for actor in found.bypass_actors]} if with_actors else {})


def rule(found: Rule) -> Json:
    """One rule, with its parameters where it has some."""
    return {"type": found.type} | ({"parameters": found.parameters} if found.parameters is not None else {})


def of_branch(repository: Repository, ruleset: Ruleset, found: Rule) -> Json:
    """A rule that is in force on a branch, and where it comes from."""
    return rule(found) | {
        "ruleset_source_type": "Repository",
        "ruleset_source": repository.full_name,
        "ruleset_id": ruleset.id,
    }


def _actor(actor: BypassActor) -> Json:
    return {"actor_id": actor.id, "actor_type": actor.kind, "bypass_mode": actor.mode}
