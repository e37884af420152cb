"""The check of each type of rule in a ruleset, with GitHub's messages.

`operations.pushes` calls `violations` before any ref moves: by a push, a file edit, a ref update or
a merge. Sources: GitHub's docs, "Available rules for rulesets"; the messages
are those of refused pushes and merges in public issue threads (palantir/bulldozer issue 613,
satisfactory-factories/application issue 67). Stored and returned, but not enforced:
`required_deployments`, patterns of commit messages and email addresses,
`copilot_code_review`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from simulated_github.records.accounts import Token
from simulated_github.records.pulls import MERGE_METHODS, PullRequest, Review
from simulated_github.records.repositories import Repository
from simulated_github.records.roles import Role
from simulated_github.records.rulesets import Rule
from simulated_github.rules import access, branch_protection
from simulated_github.rules.rulesets import active_rulesets, bypass_mode


@dataclass(frozen=True, slots=True)
class RefChange:
    """A change of a ref from one object to another, before it is made.

    `before` is None for a new ref, `after` for a deletion. `forced` is set when `after`
    does not descend from `before`. `pull` is the pull request that is merged, `method` its
    merge method.
    """

    ref: str
    before: str | None
    after: str | None
    forced: bool = False
    pull: PullRequest | None = None
    method: str = "merge"

    @property
    def is_creation(self) -> bool:
        """Whether the ref is new."""
        return self.before is None

    @property
    def is_deletion(self) -> bool:
        """Whether the ref is deleted."""
        return self.after is None

    @property
    def is_update(self) -> bool:
        """Whether an existing ref moves to another object."""
        return not self.is_creation and not self.is_deletion

    @property
    def name(self) -> str:
        """The name of the branch or tag."""
        return self.ref.split("/", 2)[2]


@dataclass(frozen=True, slots=True)
class _Case:
    """A change, and the type and parameters of the rule to check it against."""

    repository: Repository
    change: RefChange
    type: str
    parameters: dict[str, Any]


def violations(repository: Repository, change: RefChange, token: Token) -> list[str]:
    """Return the message of every rule that refuses a change; none when the change is allowed.

    Rules that the token may bypass do not refuse it. No message is repeated.
    """
    return _messages(repository, change, token, lambda mode: not _bypasses(change, mode))


def bypassed_violations(repository: Repository, change: RefChange, token: Token) -> list[str]:
    """Return messages for violated rules that the token bypasses; `exempt` actors get none.

    Source: GitHub's docs, "About rulesets".
    """
    messages = _messages(
        repository, change, token, lambda mode: mode != "exempt" and _bypasses(change, mode)
    )
    _binding, bypassed = branch_protection.split_rules(repository, change.ref, token)
    return list(dict.fromkeys(messages + _check(repository, change, bypassed)))


def protection_violations(repository: Repository, change: RefChange, token: Token) -> list[str]:
    """Return messages as `violations` does, for the classic protection of the branch."""
    binding, _bypassed = branch_protection.split_rules(repository, change.ref, token)
    return _check(repository, change, binding)


def _bypasses(change: RefChange, mode: str) -> bool:
    is_merge = change.pull is not None
    return mode in ("always", "exempt") or (mode == "pull_requests_only" and is_merge)


def _messages(
    repository: Repository, change: RefChange, token: Token, includes_mode: Callable[[str], bool]
) -> list[str]:
    """Return the messages of violated rules in the rulesets whose bypass mode counts."""
    messages: list[str] = []
    for ruleset in active_rulesets(repository, change.ref):
        if includes_mode(bypass_mode(repository, ruleset, token)):
            messages += _check(repository, change, ruleset.rules)
    return list(dict.fromkeys(messages))


def _check(repository: Repository, change: RefChange, rules: Iterable[Rule]) -> list[str]:
    """Return the messages of the rules that a change violates."""
    messages: list[str] = []
    for rule in rules:
        check = _CHECKS.get(rule.type)
        if check is not None:
            messages += check(_Case(repository, change, rule.type, rule.parameters or {}))
    return messages


def _creation(case: _Case) -> list[str]:
    return (
        ["Cannot create ref due to creations being restricted."] if case.change.is_creation else []
    )


def _update(case: _Case) -> list[str]:
    return ["Cannot update this protected ref."] if case.change.is_update else []


def _locked_branch(case: _Case) -> list[str]:
    """Refuse every change of a locked branch (classic protection alone)."""
    return [] if case.change.is_creation else ["Cannot change this locked branch"]


def _restricted_pushes(case: _Case) -> list[str]:
    """Refuse an actor who may not push (classic protection alone).

    Source of the message: ansible/ansibullbot pull request 1014.
    """
    if case.change.is_creation and not case.parameters["includes_creation"]:
        return []
    return ["You're not authorized to push to this branch."]


def _deletion(case: _Case) -> list[str]:
    return ["Cannot delete this protected ref."] if case.change.is_deletion else []


def _non_fast_forward(case: _Case) -> list[str]:
    if not case.change.is_update or not case.change.forced:
        return []
    noun = "branch" if case.change.ref.startswith("refs/heads/") else "protected ref"
    return [f"Cannot force-push to this {noun}"]


def _linear_history(case: _Case) -> list[str]:
    """Refuse merge commits that are new to the ref; for a new ref, those that no ref reaches."""
    git = case.repository.git
    change = case.change
    head = git.peel(change.after) if change.after else None
    if head is None:
        return []
    tips = [change.before] if change.before else git.refs.values()
    old_shas = {sha for tip in tips if (commit := git.peel(tip)) for sha in git.history(commit)}
    has_merge = any(len(git.parents(sha)) > 1 for sha in git.history(head) if sha not in old_shas)
    return ["This branch must not contain merge commits."] if has_merge else []


def _signatures(case: _Case) -> list[str]:
    """Refuse every commit, because none is signed in the simulator."""
    return [] if case.change.is_deletion else ["Commits must have verified signatures."]


def _status_checks(case: _Case) -> list[str]:
    """Refuse every commit, because no status check ever reports in the simulator."""
    exempt = case.change.is_creation and case.parameters.get("do_not_enforce_on_create")
    if case.change.is_deletion or exempt:
        return []
    return [
        f'Required status check "{check["context"]}" is expected.'
        for check in case.parameters["required_status_checks"]
    ]


def _pull_request(case: _Case) -> list[str]:
    """Require a merge that has its approvals.

    Assumption: the rule does not restrict the creation of a branch.
    """
    change = case.change
    if not change.is_update:
        return []
    if change.pull is None:
        return ["Changes must be made through a pull request."]
    messages = []
    if change.method not in (case.parameters.get("allowed_merge_methods") or MERGE_METHODS):
        messages.append(f"Merge method {change.method} is not allowed on this branch.")
    return messages + missing_approvals(case.repository, change.pull, case.parameters)


def missing_approvals(
    repository: Repository, pull: PullRequest, parameters: dict[str, Any]
) -> list[str]:
    """Return the messages for reviews that a `pull_request` rule requires and that are missing.

    The newest review of each user with write access counts; a request for changes blocks. A review
    by an App counts as well, by palantir/policy-bot pull request 1195. Assumption: the App needs
    `contents:write`.
    """
    latest = {review.user_id: review for review in pull.reviews if review.state != "COMMENTED"}
    reviews = [review for review in latest.values() if _is_counted(repository, review)]
    if any(review.state == "CHANGES_REQUESTED" for review in reviews):
        return ["Changes have been requested by reviewers with write access."]
    approvals = [review for review in reviews if review.state == "APPROVED"]
    required = int(parameters.get("required_approving_review_count", 0))
    messages = []
    if len(approvals) < required:
        noun = "review is" if required == 1 else "reviews are"
        messages.append(
            f"At least {required} approving {noun} required by reviewers with write access."
        )
    if parameters.get("require_last_push_approval") and not any(
        _approves_last_push(pull, review) for review in approvals
    ):
        messages.append("New changes require approval from someone other than the last pusher.")
    return messages


def _is_counted(repository: Repository, review: Review) -> bool:
    role = access.role_on(repository, review.user_id)
    return review.by_writing_app or role >= Role.WRITE


def _approves_last_push(pull: PullRequest, review: Review) -> bool:
    return review.user_id != pull.last_pusher_id and review.commit_id == pull.head_sha


def _name_pattern(case: _Case) -> list[str]:
    if not case.change.is_creation:
        return []
    operator = str(case.parameters["operator"])
    pattern = str(case.parameters["pattern"])
    matches = NAME_OPERATORS[operator](case.change.name, pattern)
    if matches is not bool(case.parameters.get("negate")):
        return []
    noun = "Tag" if case.type == "tag_name_pattern" else "Branch"
    verb = "must not match" if matches else "must match"
    return [f"{noun} name {verb} a given pattern: {operator} {pattern}"]


NAME_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "contains": lambda name, pattern: pattern in name,
    "regex": lambda name, pattern: re.search(pattern, name) is not None,
}
#: The check of each type of rule; two are parts of a classic protection, and no ruleset has them.
_CHECKS: dict[str, Callable[[_Case], list[str]]] = {
    "creation": _creation,
    "update": _update,
    "deletion": _deletion,
    "non_fast_forward": _non_fast_forward,
    "required_linear_history": _linear_history,
    "required_signatures": _signatures,
    "required_status_checks": _status_checks,
    "pull_request": _pull_request,
    "locked_branch": _locked_branch,
    "restricted_pushes": _restricted_pushes,
    "branch_name_pattern": _name_pattern,
    "tag_name_pattern": _name_pattern,
}
