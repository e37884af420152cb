"""Warnings about settings of the organization, each with the command that fixes it."""

from typing import Any

import pytest

from stacks.organization_actions import ActionsPolicy, OrganizationActions, SharedSecret
from stacks.preflight import problems, warnings
from stacks.snapshot import Snapshot
from tests.stacks.preflight.situations import accept_text, repositories, situation, snapshot_with

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
        f"encode has the {store} secret PYPI_TOKEN. It bypasses the approval gate: {readers} in "
        "httpx can read it. Delete it, or share it with other repositories only: "
        f"gh secret delete PYPI_TOKEN --org encode --app {store}"
        + accept_text(f"organization-secret/encode/{store}/PYPI_TOKEN")
    ]


def test_an_organization_secret_left_over_from_tokens() -> None:
    secret = SharedSecret("actions", "PYPI_TOKEN", "all")

    [warning] = warnings(
        situation(
            actions(secrets=(secret,)), repositories={"httpx": {"publish": "trusted-publishing"}}
        )
    )

    assert warning.startswith("encode has the actions secret PYPI_TOKEN. It bypasses")


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
        "encode gives workflow tokens write access by default. Any untrusted code that a workflow "
        "runs has it, too. Make read access the default: "
        f"gh api -X PUT {WORKFLOW} -f default_workflow_permissions=read"
        + accept_text("workflow-tokens/encode/write"),
        "encode lets workflows approve pull requests. One user alone can get a change merged. "
        f"Forbid it: gh api -X PUT {WORKFLOW} -F can_approve_pull_request_reviews=false"
        + accept_text("workflow-tokens/encode/approve"),
    ]


PYPA = "pypa/gh-action-pypi-publish"
TRUSTED = {"httpx": {"publish": "trusted-publishing"}}


@pytest.mark.parametrize(
    "policy",
    [
        ActionsPolicy(),
        ActionsPolicy(allowed="selected", github_owned=True, patterns=("pypa/*",)),
        ActionsPolicy(allowed="selected", github_owned=True, patterns=(f"{PYPA}@*",)),
        ActionsPolicy(allowed="selected", patterns=("*",)),
        None,
    ],
)
def test_a_policy_that_allows_the_actions(policy: ActionsPolicy | None) -> None:
    assert problems(situation(actions(policy=policy), repositories=TRUSTED)) == []


@pytest.mark.parametrize(
    ("policy", "names"),
    [
        (ActionsPolicy(allowed="selected", github_owned=True), PYPA),
        (ActionsPolicy(allowed="selected", verified=True, github_owned=True), PYPA),
        (ActionsPolicy(allowed="local_only"), "actions/checkout"),
        (ActionsPolicy(allowed="selected", patterns=("pypa/*",)), "actions/checkout"),
    ],
)
def test_a_policy_that_forbids_an_action(policy: ActionsPolicy, names: str) -> None:
    [problem] = problems(situation(actions(policy=policy), repositories=TRUSTED))

    assert problem.path.startswith(f"httpx may not run {names}")
    assert f'"{names}@*"' in problem.remedy
    assert ("allowed_actions=selected" in problem.remedy) == (policy.allowed == "local_only")


def test_the_selected_actions_stay_selected() -> None:
    policy = ActionsPolicy(None, "selected", github_owned=True, patterns=("a/b@*",))

    [problem] = problems(situation(actions(policy=policy), repositories=TRUSTED))

    assert problem.remedy.splitlines()[0] == (
        "gh api -X PUT orgs/encode/actions/permissions/selected-actions --input - <<< "
        '\'{"github_owned_allowed": true, "verified_allowed": false, "patterns_allowed": '
        f'["a/b@*", "{PYPA}@*"]}}\''
    )


def test_a_layout_without_the_action_needs_no_permission() -> None:
    policy = ActionsPolicy(allowed="selected", github_owned=True)

    assert problems(situation(actions(policy=policy))) == []


def test_the_policy_of_a_repository() -> None:
    policy = ActionsPolicy(allowed="selected", github_owned=True)
    snapshot = snapshot_with(repositories=repositories("httpx", actions=policy))

    [problem] = problems(situation(snapshot, repositories=TRUSTED))

    assert "by the Actions policy of its settings" in problem.path
    assert "gh api -X PUT repos/encode/httpx/actions/permissions/selected" in problem.remedy


def test_actions_that_are_off_in_the_organization() -> None:
    [problem] = problems(situation(actions(policy=ActionsPolicy(False))))

    assert problem.path == "encode has GitHub Actions switched off"
    assert problem.remedy.startswith(
        "gh api -X PUT orgs/encode/actions/permissions -f enabled_repositories=all\n"
    )


def test_actions_that_are_off_in_a_repository() -> None:
    snapshot = snapshot_with(repositories=repositories("httpx", actions=ActionsPolicy(False)))

    [problem] = problems(situation(snapshot))

    assert problem.path == "httpx has GitHub Actions switched off"
    assert problem.remedy.startswith(
        "gh api -X PUT repos/encode/httpx/actions/permissions -F enabled=true\n"
    )


@pytest.mark.parametrize(("ids", "count"), [({1}, 0), ({2}, 1), (set(), 1)])
def test_an_organization_that_selects_repositories(ids: set[int], count: int) -> None:
    snapshot = actions(policy=ActionsPolicy(None), enabled_repositories=frozenset(ids))

    assert len(problems(situation(snapshot))) == count


def test_parts_that_the_token_cannot_read() -> None:
    [warning] = warnings(situation(snapshot_with(unseen=("the plan of encode",))))

    assert warning.startswith("This token cannot read the plan of encode, so `pulumi up` does not")


def test_the_organization_allows_what_all_repositories_need() -> None:
    """A request replaces the list, so the last command must not take back an earlier one."""
    snapshot = snapshot_with(
        repositories=repositories("httpx", "starlette"),
        actions=OrganizationActions(policy=ActionsPolicy(allowed="local_only")),
    )
    entries = {"httpx": {"publish": "trusted-publishing"}, "starlette": None}

    remedies = [
        problem.remedy.splitlines()[0]
        for problem in problems(situation(snapshot, repositories=entries))
    ]

    assert len(remedies) == 2
    assert len(set(remedies)) == 1
