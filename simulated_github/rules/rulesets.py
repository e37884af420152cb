"""Which rulesets hold for a ref, and whom they do not bind.

Sources: GitHub's docs, "About rulesets" and "Creating rulesets for a repository". What a rule forbids is in
``rule_checks``.
"""

from collections.abc import Iterable

from simulated_github.records.organizations import Organization
from simulated_github.records.people import Token
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.records.rulesets import BypassActor, RepositoryTarget, Ruleset
from simulated_github.rules import access
from simulated_github.rules.patterns import fnmatch

#: The ids of the built-in roles as bypass actors. Sources: the Terraform provider's documentation names 2, 4 and 5;
#: 1 and 3 are an assumption.
ROLE_IDS = {1: Role.READ, 2: Role.MAINTAIN, 3: Role.TRIAGE, 4: Role.WRITE, 5: Role.ADMIN}


def matches_ref(repository: Repository, ruleset: Ruleset, ref: str) -> bool:
    """Whether a ruleset's target and conditions match a ref."""
    space = {"branch": "refs/heads/", "tag": "refs/tags/"}.get(ruleset.target)
    if space is None or not ref.startswith(space):
        return False
    included = any(_means(repository, pattern, ref) for pattern in ruleset.include)
    return included and not any(_means(repository, pattern, ref) for pattern in ruleset.exclude)


def _means(repository: Repository, pattern: str, ref: str) -> bool:
    if pattern == "~ALL":
        return True
    if pattern == "~DEFAULT_BRANCH":
        return ref == repository.default_ref
    return fnmatch(pattern, ref)


def repository_rulesets(repository: Repository) -> list[Ruleset]:
    """A repository's rulesets, then those of its organization that are for it."""
    owner = repository.owner
    above = owner.rulesets.values() if isinstance(owner, Organization) else ()
    return [
        *repository.rulesets.values(),
        *(
            r
            for r in above
            if r.repository_target is not None
            and targets_repository(repository, r.repository_target)
        ),
    ]


def targets_repository(repository: Repository, chosen: RepositoryTarget) -> bool:
    """Whether an organization's ruleset is for a repository, by its number or by patterns over names."""
    if chosen.ids is not None:
        return repository.id in chosen.ids
    included = any(_names(pattern, repository) for pattern in chosen.include)
    return included and not any(_names(pattern, repository) for pattern in chosen.exclude)


def _names(pattern: str, repository: Repository) -> bool:
    return pattern == "~ALL" or fnmatch(pattern, repository.name)


def plan_has_rulesets(repository: Repository) -> bool:
    """Whether the owner's plan has rulesets for the repository: on the free plan for public ones only."""
    return not repository.private or getattr(repository.owner, "plan", "free") != "free"


def active_rulesets(repository: Repository, ref: str) -> Iterable[Ruleset]:
    """The active rulesets that match a ref; ``evaluate`` and ``disabled`` ones do nothing."""
    found = repository_rulesets(repository) if plan_has_rulesets(repository) else ()
    return (r for r in found if r.enforcement == "active" and matches_ref(repository, r, ref))


def bypass_mode(repository: Repository, ruleset: Ruleset, token: Token) -> str:
    """How the holder of a token may bypass a ruleset: ``always``, ``pull_requests_only``, ``exempt`` or ``never``."""
    modes = {actor.mode for actor in ruleset.bypass_actors if _is(actor, repository, token)}
    for mode, answer in (
        ("exempt", "exempt"),
        ("always", "always"),
        ("pull_request", "pull_requests_only"),
    ):
        if mode in modes:
            return answer
    return "never"


def _is(actor: BypassActor, repository: Repository, token: Token) -> bool:
    owner, user = repository.owner, token.user
    if token.installation is not None:
        return actor.kind == "Integration" and actor.id == token.installation.app.id
    if actor.kind == "RepositoryRole":
        return access.role_on(repository, user) is ROLE_IDS.get(actor.id or 0)
    if actor.kind == "User":
        return actor.id == user.id
    if not isinstance(owner, Organization):
        return False
    if actor.kind == "OrganizationAdmin":
        return owner.is_owner(user.id)
    team = owner.teams.get(actor.id or 0) if actor.kind == "Team" else None
    return team is not None and access.is_team_member(owner, team, user.id)
