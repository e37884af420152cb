"""Warnings about settings of the organization, each with the command that fixes it."""

from typing import Any

import pytest

from stacks.organization_actions import OrganizationActions, SharedSecret
from stacks.preflight import warnings
from stacks.snapshot import Snapshot
from tests.stacks.preflight.situations import repositories, situation, snapshot_with

WORKFLOW = "orgs/encode/actions/permissions/workflow"


def actions(**changes: Any) -> Snapshot:
    return snapshot_with(actions=OrganizationActions(**changes))


@pytest.mark.parametrize(
    ("store", "readers"),
    [
        ("actions", "any workflow"),
        ("dependabot", "any workflow that Dependabot starts"),
        ("codespaces", "every user with a codespace"),
    ],
)
def test_an_organization_secret_of_a_declared_name(store: str, readers: str) -> None:
    secret = SharedSecret(store, "PYPI_TOKEN", "all")

    assert warnings(situation(actions(secrets=(secret,)))) == [
        f"The organization secret PYPI_TOKEN bypasses the approval gate: {readers} in httpx can "
        "read it. Delete it, or share it with other repositories only: "
        f"gh secret delete PYPI_TOKEN --org encode --app {store}"
    ]


def test_an_organization_secret_left_over_from_tokens() -> None:
    secret = SharedSecret("actions", "PYPI_TOKEN", "all")

    [warning] = warnings(
        situation(
            actions(secrets=(secret,)), repositories={"httpx": {"publish": "trusted-publishing"}}
        )
    )

    assert warning.startswith("The organization secret PYPI_TOKEN bypasses")


def test_an_organization_secret_of_no_declared_repository() -> None:
    elsewhere = SharedSecret("actions", "PYPI_TOKEN", "selected", frozenset({"broadcaster"}))
    undeclared = SharedSecret("actions", "DOCS_KEY", "all")

    assert warnings(situation(actions(secrets=(elsewhere, undeclared)))) == []


def test_only_repositories_that_declare_the_secret_are_listed() -> None:
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

    [warning] = warnings(situation(snapshot, repositories=entries))

    assert "any workflow in starlette can read it" in warning


def test_settings_that_the_token_cannot_read() -> None:
    snapshot = actions(hidden=("actions", "codespaces"), tokens_write=None)

    assert warnings(situation(snapshot)) == [
        "This token cannot list the organization secrets of encode for Actions, Codespaces, which "
        "may bypass the approval gate. List them as an owner: "
        "gh secret list --org encode --app actions && gh secret list --org encode --app codespaces",
        "This token cannot read the permissions of workflow tokens in encode. "
        f"Read them as an owner: gh api {WORKFLOW}",
    ]


def test_workflow_tokens_with_write_access_by_default() -> None:
    assert warnings(situation(actions(tokens_write=True, tokens_approve=True))) == [
        "Workflow tokens in encode have write access by default, and so does any untrusted code "
        "that a workflow runs. Make read access the default: "
        f"gh api -X PUT {WORKFLOW} -f default_workflow_permissions=read",
        "Workflows in encode can approve pull requests, so one user alone can get a change merged. "
        f"Forbid it: gh api -X PUT {WORKFLOW} -F can_approve_pull_request_reviews=false",
    ]
