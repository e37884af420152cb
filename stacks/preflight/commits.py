"""Rules of branches that stop the commit of the workflow file, or every merge."""

import json
import shlex
from collections.abc import Iterator

from stacks.consistency.tag_patterns import fnmatch
from stacks.gate.bodies import actor_bodies
from stacks.preflight.findings import Finding
from stacks.preflight.situation import Situation
from stacks.publishing import workflow_text
from stacks.settings import RepositorySettings
from stacks.settings.parsing import path
from stacks.settings.problems import Problem, display
from stacks.snapshot import BypassActorOnGitHub, RepositoryOnGitHub, RulesetOnGitHub

WORKFLOW = "publish.yml"
RULESETS = ("tags-created", "tags-kept", "review")
ADMIN_ROLE = 5
# Rules that refuse a commit which no pull request brings.
# Source: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets
BLOCKING = (
    "pull_request",
    "update",
    "required_status_checks",
    "required_signatures",
    "required_deployments",
    "merge_queue",
    "workflows",
    "code_scanning",
    "file_path_restriction",
)
MERGE_METHODS = ("merge", "squash", "rebase")
MERGE_SETTINGS = {
    "merge": "allow_merge_commit",
    "squash": "allow_squash_merge",
    "rebase": "allow_rebase_merge",
}


def check_commits(situation: Situation) -> Iterator[Problem]:
    """Block `pulumi up` where GitHub would refuse the commit of the workflow file.

    It would stop halfway, with the gate and without the workflow.
    """
    for repository, on_github in situation.existing:
        if not needs_commit(situation, repository, on_github):
            continue
        for ruleset in foreign_rulesets(situation, repository, on_github):
            rules = [rule for rule in BLOCKING if rule in ruleset.rules]
            if rules and not bypasses(situation, ruleset):
                yield blocking_ruleset(situation, repository, ruleset, rules)
        protection = on_github.protection
        if protection and protection.blocks_commits:
            if situation.settings.app:
                yield blocking_protection(situation, repository, on_github, "")
            elif protection.binds_admins:
                yield blocking_protection(situation, repository, on_github, "/enforce_admins")


def needs_commit(
    situation: Situation, repository: RepositorySettings, on_github: RepositoryOnGitHub
) -> bool:
    """Return whether `up` writes the workflow file."""
    if repository.archived or repository.retired:
        return False
    file = on_github.workflows.get(repository.workflow)
    entry = situation.recorded_entry(repository)
    is_recorded = entry is not None and WORKFLOW in entry.resources
    return (
        not is_recorded
        or file is None
        or file.text != workflow_text(situation.settings, repository)
    )


def foreign_rulesets(
    situation: Situation, repository: RepositorySettings, on_github: RepositoryOnGitHub
) -> list[RulesetOnGitHub]:
    """Return the active rulesets for the default branch that the stack does not manage."""
    entry = situation.recorded_entry(repository)
    resources = entry.resources if entry else {}
    ours = {resources[place].id.rsplit(":", 1)[-1] for place in RULESETS if place in resources}
    return [
        ruleset
        for ruleset in on_github.rulesets
        if ruleset.enforcement == "active"
        and str(ruleset.id) not in ours
        and covers_default_branch(ruleset, on_github.default_branch)
    ]


def covers_default_branch(ruleset: RulesetOnGitHub, branch: str | None) -> bool:
    """Return whether a ruleset covers commits to the default branch; a push ruleset always does."""
    if ruleset.target == "push":
        return True
    return ruleset.target == "branch" and (
        any(covers(pattern, branch) for pattern in ruleset.include)
        and not any(covers(pattern, branch) for pattern in ruleset.exclude)
    )


def covers(pattern: str, branch: str | None) -> bool:
    """Return whether a pattern of a ruleset covers the default branch."""
    special = pattern in ("~ALL", "~DEFAULT_BRANCH")
    return special or fnmatch(pattern, f"refs/heads/{branch}", pathname=True)


def bypasses(situation: Situation, ruleset: RulesetOnGitHub) -> bool:
    """Return whether the actor that applies the stack may bypass a ruleset, or that is unseen."""
    if ruleset.bypass_actors is None:
        return True
    app = situation.settings.app
    actors: set[tuple[str, int | None]] = (
        {("Integration", app.id)}
        if app
        else {("OrganizationAdmin", None), ("RepositoryRole", ADMIN_ROLE)}
    )
    return any(
        (actor.actor_type, actor.actor_id) in actors and actor.mode != "pull_request"
        for actor in ruleset.bypass_actors
    )


def blocking_ruleset(
    situation: Situation,
    repository: RepositorySettings,
    ruleset: RulesetOnGitHub,
    rules: list[str],
) -> Problem:
    """Return the problem of a ruleset, with the command that adds the bypass actor.

    Source: https://docs.github.com/en/rest/orgs/rules#update-an-organization-repository-ruleset (a
    field that the body leaves out stays as it is).
    """
    app = situation.settings.app
    actor = BypassActorOnGitHub(
        "Integration" if app else "OrganizationAdmin", app.id if app else None, "always"
    )
    actors = frozenset({*(ruleset.bypass_actors or ()), actor})
    body = shlex.quote(json.dumps({"bypass_actors": actor_bodies(actors)}))
    owner = situation.owner
    scope = f"repos/{owner}/{repository.name}"
    remedy = f"gh api -X PUT {scope}/rulesets/{ruleset.id} --silent --input - <<< {body}"
    if ruleset.source_type == "Organization":
        remedy = remedy.replace(scope, f"orgs/{owner}")
    if ruleset.source_type == "Enterprise":
        remedy = "ask an owner of the enterprise to add that actor to the bypass list"
    source = ruleset.source_type.lower()
    return Problem(
        path(("repositories", repository.name)),
        f"under the ruleset {display(ruleset.name)} of the {source}, whose rule "
        f"`{rules[0]}` refuses the commit of the workflow file",
        f"a default branch to which {'the app' if app else 'an organization admin'} can commit the "
        "workflow file: the review ruleset of the stack has the same bypass",
        remedy,
    )


def blocking_protection(
    situation: Situation, repository: RepositorySettings, on_github: RepositoryOnGitHub, part: str
) -> Problem:
    """Return the problem of classic protection, with the command that lifts it."""
    endpoint = f"repos/{situation.owner}/{on_github.name}/branches/{on_github.default_branch}"
    return Problem(
        path(("repositories", repository.name)),
        f"a repository whose classic branch protection of {on_github.default_branch} refuses the "
        "commit of the workflow file",
        "a default branch to which the actor that applies the stack can commit; the review ruleset "
        "of the stack replaces classic protection",
        f"gh api -X DELETE {endpoint}/protection{part}",
    )


def merge_methods(situation: Situation) -> Iterator[Finding]:
    """Report repositories in which settings and rules leave no way to merge a pull request."""
    for repository, on_github in situation.existing:
        allowed = allowed_by_rules(on_github)
        if allowed & on_github.merge_methods or repository.archived:
            continue
        method = next((name for name in ("squash", "merge", "rebase") if name in allowed), None)
        setting = MERGE_SETTINGS.get(method or "")
        command = f"gh api -X PATCH repos/{situation.owner}/{{}} -F {setting}=true --silent"
        yield Finding(
            "merge-methods",
            repository.name,
            "allows no merge method that its rules allow",
            "repositories allow no merge method that their rules allow",
            "no pull request can be merged",
            command if setting else "",
            "Allow it" if setting else "Correct the rulesets: together they allow no merge method",
            blocks=True,
        )


def allowed_by_rules(on_github: RepositoryOnGitHub) -> frozenset[str]:
    """Return the merge methods that all rules of the default branch allow."""
    allowed = frozenset(MERGE_METHODS)
    for ruleset in on_github.rulesets:
        if ruleset.enforcement == "active" and covers_default_branch(
            ruleset, on_github.default_branch
        ):
            review = ruleset.rules.get("pull_request") or {}
            methods = review.get("allowed_merge_methods") or MERGE_METHODS
            allowed &= frozenset(str(method).lower() for method in methods)
            if "required_linear_history" in ruleset.rules:
                allowed -= {"merge"}
    if on_github.protection and on_github.protection.linear_history:
        allowed -= {"merge"}
    return allowed
