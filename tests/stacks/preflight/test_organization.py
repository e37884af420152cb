"""What the organization itself leaves open is said, with the command that closes it."""

from typing import Any

import pytest

from stacks.organization_actions import OrganizationActions, SharedSecret
from stacks.preflight import warnings
from stacks.snapshot import Snapshot
from tests.stacks.preflight.situations import repositories, situation, snapshot_with


def actions(**changes: Any) -> Snapshot:
    return snapshot_with(actions=OrganizationActions(**changes))


@pytest.mark.parametrize(
    ("store", "readers"),
    [
        ("actions", "any workflow"),
        ("dependabot", "any workflow that Dependabot starts"),
        ("codespaces", "everybody with a codespace"),
    ],
)
def test_a_declared_secret_that_is_one_of_the_organization(store: str, readers: str) -> None:
    assert warnings(situation(actions(secrets=(SharedSecret(store, "PYPI_TOKEN", "all"),)))) == [
        f"PYPI_TOKEN is a secret of the organization encode, which {readers} in httpx can read past the gate. "
        f"Delete it, or share it with other repositories alone: gh secret delete PYPI_TOKEN --org encode --app {store}"
    ]


def test_a_token_that_was_given_up_for_trusted_publishing() -> None:
    secret = SharedSecret("actions", "PYPI_TOKEN", "all")

    [sentence] = warnings(
        situation(
            actions(secrets=(secret,)), repositories={"httpx": {"publish": "trusted-publishing"}}
        )
    )

    assert sentence.startswith("PYPI_TOKEN is a secret of the organization encode")


def test_a_secret_that_reaches_no_declared_repository_is_nobodys_business() -> None:
    elsewhere = SharedSecret("actions", "PYPI_TOKEN", "selected", frozenset({"broadcaster"}))
    undeclared = SharedSecret("actions", "DOCS_KEY", "all")

    assert warnings(situation(actions(secrets=(elsewhere, undeclared)))) == []


def test_only_the_repositories_that_it_reaches_and_that_name_it_are_listed() -> None:
    secret = SharedSecret("actions", "DOCS_KEY", "all")
    snapshot = snapshot_with(
        repositories=repositories("httpx", "starlette"),
        actions=OrganizationActions(secrets=(secret,)),
    )
    entries = {
        "httpx": None,
        "starlette": {"secrets": ["DOCS_KEY"]},
        "sansio": {"secrets": ["DOCS_KEY"], "create": True},
    }

    [sentence] = warnings(situation(snapshot, repositories=entries))

    assert "which any workflow in starlette can read" in sentence


def test_what_the_token_does_not_see() -> None:
    assert warnings(situation(actions(unseen=("actions", "codespaces"), tokens_write=None))) == [
        "This token does not see whether encode has secrets that lead past the gate for Actions, Codespaces. Look as an owner: "
        "gh secret list --org encode --app actions && gh secret list --org encode --app codespaces",
        "This token does not see what the tokens of workflows in encode may do. "
        "Look as an owner: gh api orgs/encode/actions/permissions/workflow",
    ]


def test_tokens_of_workflows_that_may_do_more_than_read() -> None:
    assert warnings(situation(actions(tokens_write=True, tokens_approve=True))) == [
        "The token of every workflow in encode may write where its file says nothing about it, and so may a stranger "
        "whose text one of them runs. Let it read alone: "
        "gh api -X PUT orgs/encode/actions/permissions/workflow -f default_workflow_permissions=read",
        "Workflows in encode may approve pull requests, so one person alone can have theirs merged. Forbid it: "
        "gh api -X PUT orgs/encode/actions/permissions/workflow -F can_approve_pull_request_reviews=false",
    ]
