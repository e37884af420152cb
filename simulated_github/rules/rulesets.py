"""The rulesets that apply to a ref, and the actors that may bypass them.

The check of each rule is in `rule_checks`. Sources: GitHub's docs, "About rulesets" and
"Creating rulesets for a repository".
"""

from collections.abc import Iterable

from simulated_github.records.accounts import Token
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.records.rulesets import BypassActor, RepositoryTarget, Ruleset
from simulated_github.rules import access
from simulated_github.rules.patterns import fnmatch

#: The ids of the built-in roles as bypass actors. Sources: the Terraform provider's documentation
#: names 2, 4 and 5; 1 and 3 are an assumption.
ROLE_IDS = {1: Role.READ, 2: Role.MAINTAIN, 3: Role.TRIAGE, 4: Role.WRITE, 5: Role.ADMIN}
_PREFIXES = {"branch": "refs/heads/", "tag": "refs/tags/"}
#: How each `mode` of a bypass actor is reported in `current_user_can_bypass`, strongest first.
_BYPASS_MODES = {
    "exempt": "exempt",
    "always": "always",
    "pull_request": "pull_requests_only",
}


def matches_ref(repository: Repository, ruleset: Ruleset, ref: str) -> bool:
    """Return whether the target and the conditions of a ruleset match a ref."""
    prefix = _PREFIXES.get(ruleset.target)
    if prefix is None or not ref.startswith(prefix):
        return False
    is_included = any(_matches(repository, pattern, ref) for pattern in ruleset.include)
    return is_included and not any(
        _matches(repository, pattern, ref) for pattern in ruleset.exclude
    )


def _matches(repository: Repository, pattern: str, ref: str) -> bool:
    if pattern == "~ALL":
        return True
    if pattern == "~DEFAULT_BRANCH":
        return ref == repository.default_ref
    return fnmatch(pattern, ref)


def repository_rulesets(repository: Repository) -> list[Ruleset]:
    """Return the rulesets of a repository, then those of its organization that target it."""
    organization = repository.organization
    inherited = [
        ruleset
        for ruleset in (organization.rulesets.values() if organization else ())
        if ruleset.repository_target is not None
        and targets_repository(repository, ruleset.repository_target)
    ]
    return [*repository.rulesets.values(), *inherited]


def active_branch_rulesets_of_organization(repository: Repository) -> list[Ruleset]:
    """Return the organization's active rulesets for branches that target a repository."""
    if not plan_has_rulesets(repository):
        return []
    return [
        ruleset
        for ruleset in repository_rulesets(repository)
        if ruleset.repository_target is not None
        and ruleset.enforcement == "active"
        and ruleset.target == "branch"
    ]


def rulesets_against_renaming(repository: Repository, token: Token) -> list[Ruleset]:
    """Return the organization's active rulesets that keep a token from renaming a repository.

    Source: GitHub's API description, `repository_name.protected`: "Whether renaming of target
    repositories is prevented". Assumption: bypass actors may rename, owners without a bypass not.
    """
    if not plan_has_rulesets(repository):
        return []
    return [
        ruleset
        for ruleset in repository_rulesets(repository)
        if ruleset.repository_target is not None
        and ruleset.repository_target.protected
        and ruleset.enforcement == "active"
        and bypass_mode(repository, ruleset, token) not in ("always", "exempt")
    ]


def targets_repository(repository: Repository, target: RepositoryTarget) -> bool:
    """Return whether an organization ruleset targets a repository, by id or by name patterns."""
    if target.ids is not None:
        return repository.id in target.ids
    is_included = any(_matches_name(pattern, repository) for pattern in target.include)
    return is_included and not any(_matches_name(pattern, repository) for pattern in target.exclude)


def _matches_name(pattern: str, repository: Repository) -> bool:
    return pattern == "~ALL" or fnmatch(pattern, repository.name)


def plan_has_rulesets(repository: Repository) -> bool:
    """Return whether the plan has rulesets: on the free plan only in public repositories."""
    return not repository.private or repository.plan != "free"


def active_rulesets(repository: Repository, ref: str) -> Iterable[Ruleset]:
    """Return the active rulesets that match a ref, without `evaluate` and `disabled` ones."""
    rulesets = repository_rulesets(repository) if plan_has_rulesets(repository) else ()
    return (r for r in rulesets if r.enforcement == "active" and matches_ref(repository, r, ref))


def has_active_rulesets(repository: Repository, ref: str) -> bool:
    """Return whether an active ruleset matches a ref."""
    return any(True for _ in active_rulesets(repository, ref))


def bypass_mode(repository: Repository, ruleset: Ruleset, token: Token) -> str:
    """Return how a token may bypass a ruleset: always, pull_requests_only, exempt or never."""
    modes = {actor.mode for actor in ruleset.bypass_actors if _is_actor(actor, repository, token)}
    return next((name for mode, name in _BYPASS_MODES.items() if mode in modes), "never")


def _is_actor(actor: BypassActor, repository: Repository, token: Token) -> bool:
    """Return whether a token belongs to a bypass actor; a deploy key never pushes."""
    user = token.user
    if token.installation is not None:
        return actor.kind == "Integration" and actor.id == token.installation.app.id
    if actor.kind == "RepositoryRole":
        return access.role_on(repository, user.id) is ROLE_IDS.get(actor.id or 0)
    if actor.kind == "User":
        return actor.id == user.id
    organization = repository.organization
    if organization is None:
        return False
    if actor.kind == "OrganizationAdmin":
        return organization.is_owner(user.id)
    team = organization.teams.get(actor.id or 0) if actor.kind == "Team" else None
    return team is not None and access.is_team_member(organization, team, user.id)
