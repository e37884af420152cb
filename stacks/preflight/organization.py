"""Findings in the settings of the organization, which the stack does not manage."""

import json
import re
import shlex
from collections.abc import Iterator, Sequence

from stacks.consistency.tag_patterns import fnmatch
from stacks.organization_actions import STORES, ActionsPolicy, SharedSecret
from stacks.preflight.findings import Finding
from stacks.preflight.situation import Situation
from stacks.publishing import pypi_token_names, workflow_text
from stacks.settings import RepositorySettings
from stacks.settings.problems import join_names
from stacks.snapshot import RepositoryOnGitHub

USES = re.compile(r"\buses: (\S+)")


def organization_secrets(situation: Situation) -> Iterator[Finding]:
    """Report organization secrets: jobs without an environment can read them."""
    owner = situation.owner
    for secret in situation.snapshot.actions.secrets:
        if names := repositories_with_access(secret, situation):
            text = f"has the {secret.store} secret {secret.name}"
            yield Finding(
                "organization-secret",
                owner,
                text,
                text,
                f"It bypasses the approval gate: {STORES[secret.store]} in {join_names(names)} can "
                "read it",
                f"gh secret delete {secret.name} --org {owner} --app {secret.store}",
                "Delete it, or share it with other repositories only",
                thing=f"{secret.store}/{secret.name}",
            )


def repositories_with_access(secret: SharedSecret, situation: Situation) -> list[str]:
    """Return the declared repositories that share a secret and declare a token of its name."""
    return [
        repository.name
        for repository, on_github in situation.existing
        if secret.name in pypi_token_names(repository)
        and secret.reaches(repository.name, private=on_github.private)
    ]


def hidden_secrets(situation: Situation) -> Iterator[str]:
    """Warn about the kinds of organization secrets that the token cannot list."""
    owner = situation.owner
    hidden = situation.snapshot.actions.hidden
    if hidden:
        commands = (f"gh secret list --org {owner} --app {store}" for store in hidden)
        yield (
            f"This token cannot list the organization secrets of {owner} for "
            f"{join_names(store.capitalize() for store in hidden)}, which may bypass the approval "
            f"gate. List them as an owner: {' && '.join(commands)}"
        )


def unseen_parts(situation: Situation) -> Iterator[str]:
    """Warn about parts of the organization that the token cannot read."""
    if parts := situation.snapshot.unseen:
        yield (
            f"This token cannot read {join_names(parts)}, so `pulumi up` does not check "
            f"{'it' if len(parts) == 1 else 'them'}. Use an owner's token, or give the GitHub App "
            "the permission organization_administration: read"
        )


def hidden_token_permissions(situation: Situation) -> Iterator[str]:
    """Warn about default permissions of workflow tokens that cannot be read."""
    owner = situation.owner
    if situation.snapshot.actions.tokens_write is None:
        yield (
            f"This token cannot read the permissions of workflow tokens in {owner}. Read them as "
            f"an owner: gh api orgs/{owner}/actions/permissions/workflow"
        )


def workflow_tokens(situation: Situation) -> Iterator[Finding]:
    """Report default permissions of workflow tokens that are too wide."""
    owner = situation.owner
    actions = situation.snapshot.actions
    endpoint = f"orgs/{owner}/actions/permissions/workflow"
    if actions.tokens_write:
        text = "gives workflow tokens write access by default"
        yield Finding(
            "workflow-tokens",
            owner,
            text,
            text,
            "Any untrusted code that a workflow runs has it, too",
            f"gh api -X PUT {endpoint} -f default_workflow_permissions=read",
            "Make read access the default",
            thing="write",
        )
    if actions.tokens_approve:
        text = "lets workflows approve pull requests"
        yield Finding(
            "workflow-tokens",
            owner,
            text,
            text,
            "One user alone can get a change merged",
            f"gh api -X PUT {endpoint} -F can_approve_pull_request_reviews=false",
            "Forbid it",
            thing="approve",
        )


def disabled_actions(situation: Situation) -> Iterator[Finding]:
    """Report that workflows do not run in the organization, or in a repository."""
    owner = situation.owner
    policy = situation.snapshot.actions.policy
    reason = "a tag that is pushed now starts nothing, and cannot be moved to a later commit"
    if policy is not None and policy.enabled is False:
        endpoint = f"orgs/{owner}/actions/permissions"
        text = "has GitHub Actions switched off"
        command = f"gh api -X PUT {endpoint} -f enabled_repositories=all"
        yield Finding(
            "actions-disabled", owner, text, text, reason, command, "Allow it", blocks=True
        )
        return
    for repository, on_github in situation.existing:
        if not repository.archived and not repository.retired and is_disabled(situation, on_github):
            yield Finding(
                "actions-disabled",
                repository.name,
                "has GitHub Actions switched off",
                "repositories have GitHub Actions switched off",
                reason,
                enable_command(situation, on_github),
                "Switch it on",
                blocks=True,
            )


def is_disabled(situation: Situation, on_github: RepositoryOnGitHub) -> bool:
    """Return whether workflows do not run in a repository, as far as that was read."""
    if is_left_out(situation, on_github):
        return True
    return on_github.actions is not None and on_github.actions.enabled is False


def is_left_out(situation: Situation, on_github: RepositoryOnGitHub) -> bool:
    """Return whether the organization selects repositories for Actions, and not this one."""
    selected = situation.snapshot.actions.enabled_repositories
    return selected is not None and on_github.id not in selected


def enable_command(situation: Situation, on_github: RepositoryOnGitHub) -> str:
    """Return the command that lets workflows run in a repository."""
    owner = situation.owner
    if is_left_out(situation, on_github):
        return (
            f"gh api -X PUT orgs/{owner}/actions/permissions/repositories/"
            f"$(gh api repos/{owner}/{{}} --jq .id)"
        )
    return f"gh api -X PUT repos/{owner}/{{}}/actions/permissions -F enabled=true"


def forbidden_actions(situation: Situation) -> Iterator[Finding]:
    """Report that the actions of a publish workflow may not run.

    A run then fails before its first job, and the tag cannot be moved to a later commit. The
    command for the organization allows what all repositories need: a request replaces the list.
    """
    owner = situation.owner
    organization = situation.snapshot.actions.policy
    active = [
        (repository, on_github)
        for repository, on_github in situation.existing
        if not repository.archived and not repository.retired
    ]
    used = {repository.name: used_actions(situation, repository) for repository, _ in active}
    needed = list(dict.fromkeys(action for actions in used.values() for action in actions))
    for repository, on_github in active:
        names = forbidden(organization, used[repository.name])
        own_names = forbidden(on_github.actions, used[repository.name])
        if organization and names:
            added = forbidden(organization, needed)
            yield forbidden_action(f"orgs/{owner}", organization, repository.name, names, added)
        elif on_github.actions and own_names:
            scope = f"repos/{owner}/{{}}"
            yield forbidden_action(scope, on_github.actions, repository.name, own_names, own_names)


def forbidden(policy: ActionsPolicy | None, actions: Sequence[str]) -> list[str]:
    """Return the names of the actions that a policy does not allow."""
    return [action.partition("@")[0] for action in actions if policy and not allows(policy, action)]


def used_actions(situation: Situation, repository: RepositorySettings) -> list[str]:
    """Return the actions of the declared workflow, each once."""
    uses = USES.findall(workflow_text(situation.settings, repository))
    return list(dict.fromkeys(uses))


def allows(policy: ActionsPolicy, action: str) -> bool:
    """Return whether a policy lets an action run.

    Source: https://docs.github.com/en/actions/how-tos/manage-workflow-runs (patterns such as
    `monalisa/octocat@*`). Assumption: no action of the publish workflow is by a verified creator.
    """
    if policy.allowed == "all":
        return True
    if policy.allowed == "local_only":
        return False
    is_github_owned = action.split("/")[0].lower() in ("actions", "github")
    if policy.github_owned and is_github_owned:
        return True
    return any(
        fnmatch(pattern.lower(), action.lower(), pathname=False) for pattern in policy.patterns
    )


def forbidden_action(
    scope: str, policy: ActionsPolicy, name: str, names: list[str], added: list[str]
) -> Finding:
    """Return the finding of one policy, with the command that also allows `added`."""
    selected = {
        "github_owned_allowed": policy.github_owned,
        "verified_allowed": policy.verified,
        "patterns_allowed": [*policy.patterns, *(f"{action}@*" for action in added)],
    }
    chosen = shlex.quote(json.dumps(selected))
    command = f"gh api -X PUT {scope}/actions/permissions/selected-actions --input - <<< {chosen}"
    if policy.allowed != "selected":
        repositories = "selected" if policy.enabled is None else "all"
        flag = (
            f"-f enabled_repositories={repositories}"
            if scope.startswith("orgs/")
            else "-F enabled=true"
        )
        select = f"gh api -X PUT {scope}/actions/permissions {flag} -f allowed_actions=selected"
        command = f"{select} && {command}"
    place = "the organization" if scope.startswith("orgs/") else "its settings"
    return Finding(
        "actions-policy",
        name,
        f"may not run {join_names(names)}, by the Actions policy of {place}",
        f"repositories may not run {join_names(names)}, by the Actions policy of {place}",
        "a run of the publish workflow fails before its first job, and its tag cannot be moved to "
        "a later commit",
        command,
        "Allow them, too",
        blocks=True,
    )
