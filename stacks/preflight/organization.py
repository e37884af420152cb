"""Warnings about settings of the organization, which the stack does not manage."""

from collections.abc import Iterator

from stacks.organization_actions import STORES, SharedSecret
from stacks.preflight.situation import Situation
from stacks.publishing import pypi_token_names
from stacks.settings.problems import join_names


def organization_secrets(situation: Situation) -> Iterator[str]:
    """Warn about organization secrets: jobs without an environment can read them."""
    owner = situation.owner
    for secret in situation.snapshot.actions.secrets:
        if names := repositories_with_access(secret, situation):
            yield (
                f"The organization secret {secret.name} bypasses the approval gate: "
                f"{STORES[secret.store]} in {join_names(names)} can read it. Delete it, or share "
                "it with other repositories only: "
                f"gh secret delete {secret.name} --org {owner} --app {secret.store}"
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


def workflow_tokens(situation: Situation) -> Iterator[str]:
    """Warn about the default permissions of workflow tokens."""
    owner = situation.owner
    actions = situation.snapshot.actions
    endpoint = f"orgs/{owner}/actions/permissions/workflow"
    if actions.tokens_write is None:
        yield (
            f"This token cannot read the permissions of workflow tokens in {owner}. Read them as "
            f"an owner: gh api {endpoint}"
        )
    if actions.tokens_write:
        yield (
            f"Workflow tokens in {owner} have write access by default, and so does any untrusted "
            "code that a workflow runs. Make read access the default: "
            f"gh api -X PUT {endpoint} -f default_workflow_permissions=read"
        )
    if actions.tokens_approve:
        yield (
            f"Workflows in {owner} can approve pull requests, so one user alone can get a change "
            f"merged. Forbid it: gh api -X PUT {endpoint} -F can_approve_pull_request_reviews=false"
        )
