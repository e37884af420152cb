"""Rulesets as GitHub's API shows them."""

from simulated_github.records.accounts import Organization, User
from simulated_github.records.repositories import Repository
from simulated_github.records.rulesets import BypassActor, Rule, Ruleset
from simulated_github.shapes.links import Json, Links
from simulated_github.world.ids import node_id


def summary(
    links: Links, owner: Organization | User, ruleset: Ruleset, repository: Repository | None = None
) -> Json:
    """Return a ruleset as lists show it, without its rules.

    `repository` is the repository whose rulesets are listed, None for an organization's list.
    """
    return {
        "id": ruleset.id,
        "name": ruleset.name,
        "target": ruleset.target,
        **_source(owner, ruleset, repository),
        "enforcement": ruleset.enforcement,
        "node_id": node_id("RepositoryRuleset", ruleset.id),
        "_links": _addresses(links, owner, ruleset, repository),
        "created_at": ruleset.created_at,
        "updated_at": ruleset.updated_at,
    }


def _source(owner: Organization | User, ruleset: Ruleset, repository: Repository | None) -> Json:
    if repository is None or ruleset.repository_target is not None:
        return {"source_type": "Organization", "source": owner.login}
    return {"source_type": "Repository", "source": repository.full_name}


def _addresses(
    links: Links, owner: Organization | User, ruleset: Ruleset, repository: Repository | None
) -> Json:
    ruleset_id = str(ruleset.id)
    if repository is None or ruleset.repository_target is not None:
        api = links.api("orgs", owner.login, "rulesets", ruleset_id)
        html = links.html("organizations", owner.login, "settings", "rules", ruleset_id)
    else:
        api = links.repository(repository, "rulesets", ruleset_id)
        html = links.repository_page(repository, "rules", ruleset_id)
    return {"self": {"href": api}, "html": {"href": html}}


def full(
    links: Links,
    owner: Organization | User,
    ruleset: Ruleset,
    repository: Repository | None = None,
    *,
    bypass_mode: str | None,
    with_actors: bool,
) -> Json:
    """Return a ruleset in full.

    `with_actors` adds the bypass actors, which only users who may change the ruleset see.
    `bypass_mode` is that of the requesting user, None to leave it out.
    """
    shape = summary(links, owner, ruleset, repository) | {
        "conditions": _conditions(ruleset),
        "rules": [_rule(rule) for rule in ruleset.rules],
    }
    shape |= {"current_user_can_bypass": bypass_mode} if bypass_mode else {}
    return shape | (
        {"bypass_actors": [_actor(actor) for actor in ruleset.bypass_actors]} if with_actors else {}
    )


def _conditions(ruleset: Ruleset) -> Json:
    shape: Json = {"ref_name": {"include": list(ruleset.include), "exclude": list(ruleset.exclude)}}
    target = ruleset.repository_target
    if target is None:
        return shape
    if target.ids is not None:
        return shape | {"repository_id": {"repository_ids": list(target.ids)}}
    names = {
        "include": list(target.include),
        "exclude": list(target.exclude),
        "protected": target.protected,
    }
    return shape | {"repository_name": names}


def _rule(rule: Rule) -> Json:
    return {"type": rule.type} | (
        {"parameters": rule.parameters} if rule.parameters is not None else {}
    )


def branch_rule(repository: Repository, ruleset: Ruleset, rule: Rule) -> Json:
    """Return a rule that applies to a branch, with the ruleset that it comes from."""
    source = _source(repository.owner, ruleset, repository)
    source_fields = {f"ruleset_{name}": value for name, value in source.items()}
    return _rule(rule) | source_fields | {"ruleset_id": ruleset.id}


def _actor(actor: BypassActor) -> Json:
    return {"actor_id": actor.id, "actor_type": actor.kind, "bypass_mode": actor.mode}
