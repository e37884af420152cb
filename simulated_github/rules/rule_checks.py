"""What each type of rule forbids, in the sentences that GitHub prints.

Sources: GitHub's docs, "Available rules for rulesets"; the sentences are those of refused pushes and merges in public
issue threads (palantir/bulldozer issue 613, satisfactory-factories/application issue 67). Not enforced, but kept and
given back: ``required_deployments``, the patterns of commits' messages and addresses, ``copilot_code_review``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulated_github.records.people import Token
from simulated_github.records.pulls import PullRequest, Review
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.rules import access
from simulated_github.rules.rulesets import active_rulesets, bypass_mode


@dataclass(frozen=True, slots=True)
class RefChange:
    """A ref that is about to move; ``before`` is None when it is new, ``after`` when it goes.

    ``pull`` is the pull request that moves it, ``method`` how that is merged.
    """

    ref: str
    before: str | None
    after: str | None
    forced: bool = False
    pull: PullRequest | None = None
    method: str = "merge"

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

    @property
    def name(self) -> str:
        """The branch's or tag's name."""
        return self.ref.split("/", 2)[2]


@dataclass(frozen=True, slots=True)
class _Case:
    """A change before a rule: the repository, the change, and the rule's type and parameters."""

    repository: Repository
    change: RefChange
    type: str
    parameters: dict[str, Any]


def violations(repository: Repository, change: RefChange, token: Token) -> list[str]:
    """The sentences of every rule that a change breaks and its maker may not bypass, each once."""
    return _broken(repository, change, token, lambda how: not _bypasses(change, how))


def bypassed_violations(repository: Repository, change: RefChange, token: Token) -> list[str]:
    """Likewise, of those that its maker bypasses. Whoever is exempt hears nothing. Source: GitHub's docs, "About rulesets"."""
    return _broken(
        repository, change, token, lambda how: how != "exempt" and _bypasses(change, how)
    )


def _bypasses(change: RefChange, how: str) -> bool:
    return how in ("always", "exempt") or (how == "pull_requests_only" and change.pull is not None)


def _broken(
    repository: Repository, change: RefChange, token: Token, counts: Callable[[str], bool]
) -> list[str]:
    found: list[str] = []
    for ruleset in active_rulesets(repository, change.ref):
        for rule in ruleset.rules if counts(bypass_mode(repository, ruleset, token)) else ():
            check = _CHECKS.get(rule.type)
            found += (
                check(_Case(repository, change, rule.type, rule.parameters or {})) if check else []
            )
    return list(dict.fromkeys(found))


def _creation(case: _Case) -> list[str]:
    return ["Cannot create ref due to creations being restricted."] if case.change.creates else []


def _update(case: _Case) -> list[str]:
    return ["Cannot update this protected ref."] if case.change.updates else []


def _deletion(case: _Case) -> list[str]:
    return ["Cannot delete this protected ref."] if case.change.deletes else []


def _non_fast_forward(case: _Case) -> list[str]:
    if not case.change.updates or not case.change.forced:
        return []
    return [
        f"Cannot force-push to this {'branch' if case.change.ref.startswith('refs/heads/') else 'protected ref'}"
    ]


def _linear(case: _Case) -> list[str]:
    """Every commit that is new to the ref counts; on a new ref, every commit that no other one has."""
    git, change = case.repository.git, case.change
    after = git.peel(change.after) if change.after else None
    if after is None:
        return []
    before = [change.before] if change.before else git.refs.values()
    known = {sha for tip in before if (commit := git.peel(tip)) for sha in git.history(commit)}
    merge = any(len(git.parents(sha)) > 1 for sha in git.history(after) if sha not in known)
    return ["This branch must not contain merge commits."] if merge else []


def _signatures(case: _Case) -> list[str]:
    """No commit here is signed."""
    return [] if case.change.deletes else ["Commits must have verified signatures."]


def _status_checks(case: _Case) -> list[str]:
    """No check ever reports here."""
    if case.change.deletes or (
        case.change.creates and case.parameters.get("do_not_enforce_on_create")
    ):
        return []
    return [
        f'Required status check "{c["context"]}" is expected.'
        for c in case.parameters["required_status_checks"]
    ]


def _pull_request(case: _Case) -> list[str]:
    """Assumption: a new branch is free to be made; the rule holds from then on."""
    if not case.change.updates:
        return []
    if case.change.pull is None:
        return ["Changes must be made through a pull request."]
    allowed = case.parameters.get("allowed_merge_methods") or ("merge", "squash", "rebase")
    wrong = (
        []
        if case.change.method in allowed
        else [f"Merge method {case.change.method} is not allowed on this branch."]
    )
    return wrong + missing_approvals(case.repository, case.change.pull, case.parameters)


def missing_approvals(
    repository: Repository, pull: PullRequest, parameters: dict[str, Any]
) -> list[str]:
    """What a pull request still lacks by the parameters of a ``pull_request`` rule.

    The newest review of each person with write access counts; changes that are asked for block, whoever approves. An App's
    counts as well, by palantir/policy-bot pull request 1195; that it must be able to write contents is an assumption.
    """
    latest = {review.user_id: review for review in pull.reviews if review.state != "COMMENTED"}
    counted = [
        r
        for r in latest.values()
        if r.by_writing_app or access.role_of_user_id(repository, r.user_id) >= Role.WRITE
    ]
    if any(review.state == "CHANGES_REQUESTED" for review in counted):
        return ["Changes have been requested by reviewers with write access."]
    approvals = [review for review in counted if review.state == "APPROVED"]
    wanted = int(parameters.get("required_approving_review_count", 0))
    found = []
    if len(approvals) < wanted:
        are = "review is" if wanted == 1 else "reviews are"
        found.append(f"At least {wanted} approving {are} required by reviewers with write access.")
    if parameters.get("require_last_push_approval") and not any(
        _of_the_last_push(pull, r) for r in approvals
    ):
        found.append("New changes require approval from someone other than the last pusher.")
    return found


def _of_the_last_push(pull: PullRequest, review: Review) -> bool:
    return review.user_id != pull.last_pusher_id and review.commit_id == pull.head_sha


def _name_pattern(case: _Case) -> list[str]:
    if not case.change.creates:
        return []
    operator, pattern = str(case.parameters["operator"]), str(case.parameters["pattern"])
    matched = _OPERATORS[operator](case.change.name, pattern)
    if matched is not bool(case.parameters.get("negate")):
        return []
    noun = "Tag" if case.type == "tag_name_pattern" else "Branch"
    return [
        f"{noun} name must {'not ' if matched else ''}match a given pattern: {operator} {pattern}"
    ]


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "contains": lambda name, pattern: pattern in name,
    "regex": lambda name, pattern: re.search(pattern, name) is not None,
}
_CHECKS: dict[str, Callable[[_Case], list[str]]] = {
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
