"""Rulesets as the API shows them."""

from simulated_github.records.organizations import Organization
from simulated_github.records.people import User
from simulated_github.records.repositories import Repository
from simulated_github.records.rulesets import BypassActor, Rule, Ruleset
from simulated_github.shapes.accounts import Json
from simulated_github.shapes.links import Links
from simulated_github.world.ids import node_id


def summary(
    links: Links, owner: Organization | User, found: Ruleset, repository: Repository | None = None
) -> Json:
    """A ruleset as lists show it: without its rules; ``repository`` is where it is looked at, if in one."""
    return {
        "id": found.id,
        "name": found.name,
        "target": found.target,
        **_source(owner, found, repository),
        "enforcement": found.enforcement,
        "node_id": node_id("RepositoryRuleset", found.id),
        "_links": _addresses(links, owner, found, repository),
        "created_at": found.created_at,
        "updated_at": found.updated_at,
    }


def _source(owner: Organization | User, found: Ruleset, repository: Repository | None) -> Json:
    if repository is None or found.repository_target is not None:
        return {"source_type": "Organization", "source": owner.login}
    return {"source_type": "Repository", "source": repository.full_name}


def _addresses(
    links: Links, owner: Organization | User, found: Ruleset, repository: Repository | None
) -> Json:
    number = str(found.id)
    if repository is None or found.repository_target is not None:
        api = links.api("orgs", owner.login, "rulesets", number)
        html = links.html("organizations", owner.login, "settings", "rules", number)
    else:
        api = links.api("repos", owner.login, repository.name, "rulesets", number)
        html = links.html(owner.login, repository.name, "rules", number)
    return {"self": {"href": api}, "html": {"href": html}}


def full(
    links: Links,
    owner: Organization | User,
    found: Ruleset,
    repository: Repository | None = None,
    *,
    may_bypass: str | None,
    with_actors: bool,
) -> Json:
    """A ruleset in full; its bypass actors are for those who may change it."""
    shape = summary(links, owner, found, repository) | {
        "conditions": _conditions(found),
        "rules": [rule(item) for item in found.rules],
    }
    shape |= {"current_user_can_bypass": may_bypass} if may_bypass else {}
    return shape | (
        {"bypass_actors": [_actor(actor) for actor in found.bypass_actors]} if with_actors else {}
    )


def _conditions(found: Ruleset) -> Json:
    shape: Json = {"ref_name": {"include": list(found.include), "exclude": list(found.exclude)}}
    chosen = found.repository_target
    if chosen is None:
        return shape
    if chosen.ids is not None:
        return shape | {"repository_id": {"repository_ids": list(chosen.ids)}}
    names = {
        "include": list(chosen.include),
        "exclude": list(chosen.exclude),
        "protected": chosen.protected,
    }
    return shape | {"repository_name": names}


def rule(found: Rule) -> Json:
    """One rule, with its parameters where it has some."""
    return {"type": found.type} | (
        {"parameters": found.parameters} if found.parameters is not None else {}
    )


def branch_rule(repository: Repository, ruleset: Ruleset, found: Rule) -> Json:
    """A rule that is in force on a branch, and where it comes from."""
    source = _source(repository.owner, ruleset, repository)
    named = {f"ruleset_{name}": value for name, value in source.items()}
    return rule(found) | named | {"ruleset_id": ruleset.id}


def _actor(actor: BypassActor) -> Json:
    return {"actor_id": actor.id, "actor_type": actor.kind, "bypass_mode": actor.mode}
