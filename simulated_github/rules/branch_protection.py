"""Classic branch protection: the rule that applies to a branch, and the actors whom it binds.

A protection is enforced as rules of a ruleset are, beside the rulesets: a change must satisfy both.
Sources: GitHub's docs, "About protected branches" and "Managing a branch protection rule" (a rule
for the exact name comes first, then the oldest pattern that matches).
"""

from simulated_github.records.accounts import Token
from simulated_github.records.branch_protection import Actors, BranchProtection, RequiredReviews
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.records.rulesets import Rule
from simulated_github.rules import access
from simulated_github.rules.patterns import fnmatch
from simulated_github.rules.rulesets import has_active_rulesets, plan_has_rulesets

_BRANCHES = "refs/heads/"


def find_protection(repository: Repository, ref: str) -> BranchProtection | None:
    """Return the protection of a branch, or None; the free plan has none for private ones."""
    if not ref.startswith(_BRANCHES) or not plan_has_rulesets(repository):
        return None
    name = ref.removeprefix(_BRANCHES)
    protections = repository.branch_protections
    if name in protections:
        return protections[name]
    return next((p for p in protections.values() if fnmatch(p.pattern, name)), None)


def is_protected(repository: Repository, ref: str) -> bool:
    """Return whether an active ruleset or a classic protection applies to a ref."""
    return has_active_rulesets(repository, ref) or find_protection(repository, ref) is not None


def split_rules(repository: Repository, ref: str, token: Token) -> tuple[list[Rule], list[Rule]]:
    """Return the rules of a branch's protection that bind a token, and those that it bypasses.

    Admins bypass all but the bans of force pushes and deletions, unless the protection binds them
    too. Source: GitHub's docs; src-d/gitbase issue 614 for force pushes. Assumption: the same holds
    for deletions, and an App never counts as an admin.
    """
    protection = find_protection(repository, ref)
    if protection is None:
        return [], []
    is_exempt = not protection.enforces_admins and _is_admin(repository, token)
    binding = _ban_rules(protection)
    bypassed: list[Rule] = []
    for rule in _restriction_rules(protection):
        (bypassed if is_exempt else binding).append(rule)
    if protection.reviews is not None:
        may_bypass = is_exempt or includes(repository, protection.reviews.bypassers, token)
        (bypassed if may_bypass else binding).append(_review_rule(protection.reviews))
    if protection.pushers is not None and not includes(repository, protection.pushers, token):
        rule = Rule("restricted_pushes", {"includes_creation": protection.blocks_creations})
        (bypassed if is_exempt else binding).append(rule)
    return binding, bypassed


def includes(repository: Repository, actors: Actors, token: Token) -> bool:
    """Return whether a token belongs to one of the users, teams or Apps."""
    if token.installation is not None:
        return token.installation.app.id in actors.apps
    user_id = token.user.id
    organization = repository.organization
    if user_id in actors.users or organization is None:
        return user_id in actors.users
    teams = (organization.teams.get(team_id) for team_id in actors.teams)
    return any(team and access.is_team_member(organization, team, user_id) for team in teams)


def _is_admin(repository: Repository, token: Token) -> bool:
    is_user = token.installation is None
    return is_user and access.role_on(repository, token.user.id) is Role.ADMIN


def _ban_rules(protection: BranchProtection) -> list[Rule]:
    bans = {
        "non_fast_forward": not protection.allows_force_pushes,
        "deletion": not protection.allows_deletions,
    }
    return [Rule(kind) for kind, is_set in bans.items() if is_set]


def _restriction_rules(protection: BranchProtection) -> list[Rule]:
    kinds = {
        "locked_branch": protection.locked,
        "required_linear_history": protection.linear_history,
        "required_signatures": protection.signatures,
    }
    rules = [Rule(kind) for kind, is_set in kinds.items() if is_set]
    if protection.checks is not None:
        contexts = [{"context": context} for context, _app_id in protection.checks.checks]
        parameters = {"required_status_checks": contexts, "do_not_enforce_on_create": True}
        rules.append(Rule("required_status_checks", parameters))
    return rules


def _review_rule(reviews: RequiredReviews) -> Rule:
    parameters = {
        "required_approving_review_count": reviews.approvals,
        "require_last_push_approval": reviews.of_last_push,
    }
    return Rule("pull_request", parameters)


def dismisses_stale_reviews(repository: Repository, ref: str) -> bool:
    """Return whether a push to a pull request for a branch dismisses its approvals."""
    protection = find_protection(repository, ref)
    return bool(protection and protection.reviews and protection.reviews.dismisses_stale)
