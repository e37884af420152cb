"""Which rules hold for a ref, what they forbid, and whom they do not bind.

Sources: GitHub's docs, "About rulesets", "Available rules for rulesets" and the REST page "Rules". The sentences are
those that GitHub prints on a refused push. Not enforced: ``required_deployments``, ``merge_queue``, ``code_scanning``,
``workflows`` and the file rules; they are kept and given back.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from simulated_github import access
from simulated_github.patterns import fnmatch
from simulated_github.records.organisations import Organisation
from simulated_github.records.people import Token
from simulated_github.records.pulls import PullRequest
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.records.rulesets import BypassActor, Rule, Ruleset

#: The ids of the built-in roles as bypass actors. Sources: the Terraform provider's documentation names 2, 4 and 5;
#: 1 and 3 are an assumption.
ROLE_IDS = {1: Role.READ, 2: Role.MAINTAIN, 3: Role.TRIAGE, 4: Role.WRITE, 5: Role.ADMIN}


@dataclass(frozen=True, slots=True)
class RefChange:
    """A ref that is about to move; ``before`` is None when it is new, ``after`` when it goes."""

    ref: str
    before: str | None
    after: str | None
    forced: bool = False
    pull: PullRequest | None = None

    @property
    def creates(self) -> bool:
        """Whether the ref is new."""
        return self.before is None

    @property
    def deletes(self) -> bool:
        """Whether the ref goes."""
        return self.after is None

    @property
    def updates(self) -> bool:
        """Whether the ref moves from one commit to another."""
        return not self.creates and not self.deletes


def applies(repository: Repository, ruleset: Ruleset, ref: str) -> bool:
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


def in_force(repository: Repository, ref: str) -> Iterable[Ruleset]:
    """The active rulesets that match a ref; ``evaluate`` and ``disabled`` ones do nothing."""
    return (r for r in repository.rulesets.values() if r.enforcement == "active" and applies(repository, r, ref))


def bypass(repository: Repository, ruleset: Ruleset, token: Token) -> str:
    """How the holder of a token may bypass a ruleset: ``always``, ``pull_requests_only``, ``exempt`` or ``never``."""
    modes = {actor.mode for actor in ruleset.bypass_actors if _is(actor, repository, token)}
    for mode, answer in (("exempt", "exempt"), ("always", "always"), ("pull_request", "pull_requests_only")):
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
    if not isinstance(owner, Organisation):
        return False
    if actor.kind == "OrganizationAdmin":
        return owner.is_owner(user.id)
    team = owner.teams.get(actor.id or 0) if actor.kind == "Team" else None
    return team is not None and access.belongs(owner, team, user.id)


def violations(repository: Repository, change: RefChange, token: Token) -> list[str]:
    """The sentences of every rule that a change breaks and its maker may not bypass."""
    found: list[str] = []
    for ruleset in in_force(repository, change.ref):
        how = bypass(repository, ruleset, token)
        if how in ("always", "exempt") or (how == "pull_requests_only" and change.pull is not None):
            continue
        for rule in ruleset.rules:
            check = _CHECKS.get(rule.type)
            found += check(repository, change, rule) if check else []
    return list(dict.fromkeys(found))


def _creation(repository: Repository, change: RefChange, rule: Rule) -> list[str]:
    return ["Cannot create ref due to creations being restricted."] if change.creates else []


def _update(repository: Repository, change: RefChange, rule: Rule) -> list[str]:
    return ["Cannot update this protected ref."] if change.updates else []


def _deletion(repository: Repository, change: RefChange, rule: Rule) -> list[str]:
    return ["Cannot delete this protected ref."] if change.deletes else []


def _non_fast_forward(repository: Repository, change: RefChange, rule: Rule) -> list[str]:
    if not change.updates or not change.forced:
        return []
    return [f"Cannot force-push to this {'branch' if change.ref.startswith('refs/heads/') else 'tag'}"]


def _linear(repository: Repository, change: RefChange, rule: Rule) -> list[str]:
    merge = change.after is not None and len(repository.git.parents(change.after)) > 1
    return ["This branch must not contain merge commits."] if merge else []


def _signatures(repository: Repository, change: RefChange, rule: Rule) -> list[str]:
    return ["Commits must have verified signatures."] if change.after is not None else []


def _status_checks(repository: Repository, change: RefChange, rule: Rule) -> list[str]:
    parameters = rule.parameters or {}
    if change.deletes or (change.creates and parameters.get("do_not_enforce_on_create")):
        return []
    return [f'Required status check "{c["context"]}" is expected.' for c in parameters["required_status_checks"]]


def _pull_request(repository: Repository, change: RefChange, rule: Rule) -> list[str]:
    """Assumption: a new branch is free to be made; the rule holds from then on."""
    if not change.updates:
        return []
    if change.pull is None:
        return ["Changes must be made through a pull request."]
    return missing_approvals(repository, change.pull, rule)


def missing_approvals(repository: Repository, pull: PullRequest, rule: Rule) -> list[str]:
    """What a pull request still lacks by a ``pull_request`` rule. Approvals count from those with write access."""
    parameters = rule.parameters or {}
    latest = {r.user_id: r for r in pull.reviews if r.state in ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")}
    states = [r for r in latest.values() if access.role_of_id(repository, r.user_id) >= Role.WRITE]
    if any(review.state == "CHANGES_REQUESTED" for review in states):
        return ["Changes have been requested."]
    approvals = [review for review in states if review.state == "APPROVED"]
    wanted = int(parameters.get("required_approving_review_count", 0))
    found = []
    if len(approvals) < wanted:
        are = "review is" if wanted == 1 else "reviews are"
        found.append(f"At least {wanted} approving {are} required by reviewers with write access.")
    if parameters.get("require_last_push_approval") and not any(_fresh(pull, r.user_id, r.commit_id) for r in approvals):
        found.append("New changes require approval from someone other than the last pusher.")
    return found


def _fresh(pull: PullRequest, user_id: int, commit: str) -> bool:
    return user_id != pull.last_pusher_id and commit == pull.head_sha


def _name_pattern(repository: Repository, change: RefChange, rule: Rule) -> list[str]:
    if not change.creates:
        return []
    parameters = rule.parameters or {}
    name = change.ref.split("/", 2)[2]
    pattern, operator = str(parameters["pattern"]), str(parameters["operator"])
    matched = _OPERATORS[operator](name, pattern)
    if matched is not bool(parameters.get("negate")):
        return []
    return [f"{rule.type.partition('_')[0].capitalize()} name must match a given pattern: {operator} {pattern}"]


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "contains": lambda name, pattern: pattern in name,
    "regex": lambda name, pattern: re.search(pattern, name) is not None,
}
_CHECKS: dict[str, Callable[[Repository, RefChange, Rule], list[str]]] = {
    "creation": _creation,
    "update": _update,
    "deletion": _deletion,
    "non_fast_forward": _non_fast_forward,
    "required_linear_history": _linear,
    "required_signatures": _signatures,
    "required_status_checks": _status_checks,
    "pull_request": _pull_request,
    "branch_name_pattern": _name_pattern,
    "tag_name_pattern": _name_pattern,
}
