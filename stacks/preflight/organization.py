"""What the organization itself leaves open beside every gate: said, since it is not the stack's to change."""

from collections.abc import Iterator

from stacks.organization_actions import STORES, SharedSecret
from stacks.preflight.situation import Situation
from stacks.publishing import tokens_of
from stacks.settings.problems import listed


def shared_secrets(situation: Situation) -> Iterator[str]:
    """A secret of the organization reaches jobs without an environment, and is there where the environment's is not."""
    owner = situation.settings.owner
    for secret in situation.snapshot.actions.secrets:
        if reached := reached_by(secret, situation):
            yield (
                f"{secret.name} is a secret of the organization {owner}, which {STORES[secret.store]} in {listed(reached)} can "
                f"read past the gate. Delete it, or share it with other repositories alone: "
                f"gh secret delete {secret.name} --org {owner} --app {secret.store}"
            )


def reached_by(secret: SharedSecret, situation: Situation) -> list[str]:
    """The declared repositories that it is shared with, and for which it matters."""
    there = situation.snapshot.repositories
    return [
        repository.name
        for repository in situation.settings.repositories
        if secret.name in tokens_of(repository)
        and (found := there.get(repository.name.lower()))
        and secret.reaches(repository.name, private=found.private)
    ]


def unseen_secrets(situation: Situation) -> Iterator[str]:
    owner, unseen = situation.settings.owner, situation.snapshot.actions.unseen
    if unseen:
        yield (
            f"This token does not see whether {owner} has secrets that lead past the gate for "
            f"{listed(store.capitalize() for store in unseen)}. Look as an owner: "
            f"{' && '.join(f'gh secret list --org {owner} --app {store}' for store in unseen)}"
        )


def workflow_tokens(situation: Situation) -> Iterator[str]:
    """What another workflow of a repository may do, when it runs a stranger's text."""
    owner, found = situation.settings.owner, situation.snapshot.actions
    path = f"orgs/{owner}/actions/permissions/workflow"
    command = f"gh api -X PUT {path}"
    if found.tokens_write is None:
        yield f"This token does not see what the tokens of workflows in {owner} may do. Look as an owner: gh api {path}"
    if found.tokens_write:
        yield (
            f"The token of every workflow in {owner} may write where its file says nothing about it, and so may a "
            f"stranger whose text one of them runs. Let it read alone: {command} -f default_workflow_permissions=read"
        )
    if found.tokens_approve:
        yield (
            f"Workflows in {owner} may approve pull requests, so one person alone can have theirs merged. "
            f"Forbid it: {command} -F can_approve_pull_request_reviews=false"
        )
