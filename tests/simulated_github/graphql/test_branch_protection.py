"""Tests of classic branch protection in GraphQL responses."""

from typing import Any

import httpx

from simulated_github import create_app
from simulated_github.world.world_file import parse
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    create_branch,
    create_team,
    expect_ok,
    grant_access,
)
from tests.simulated_github.helpers.checked_transport import connect
from tests.simulated_github.helpers.graphql_calls import (
    list_errors,
    read_repository,
    run_query,
)

ACTOR = "nodes {actor {__typename ... on User {login} ... on Team {slug}}}"
FLAGS = (
    "allowsDeletions allowsForcePushes blocksCreations dismissesStaleReviews isAdminEnforced "
    "lockBranch requireLastPushApproval requiresApprovingReviews requiresCodeOwnerReviews "
    "requiresCommitSignatures requiresConversationResolution requiresLinearHistory "
    "requiresStatusChecks requiresStrictStatusChecks restrictsPushes restrictsReviewDismissals"
)
NOTHING: dict[str, Any] = {
    "required_status_checks": None,
    "enforce_admins": None,
    "required_pull_request_reviews": None,
    "restrictions": None,
}


def protect(owner: httpx.Client, branch: str = "main", **fields: Any) -> None:
    expect_ok(owner.put(f"{HTTPX}/branches/{branch}/protection", json=NOTHING | fields))


def test_a_full_protection(owner: httpx.Client) -> None:
    create_team(owner, "operations")
    grant_access(owner, "operations", "push")
    actors = {"users": ["maintainer-1"], "teams": ["operations"]}
    protect(
        owner,
        required_status_checks={"strict": True, "contexts": ["test"]},
        enforce_admins=True,
        required_pull_request_reviews={
            "required_approving_review_count": 2,
            "bypass_pull_request_allowances": actors,
        },
        restrictions=actors,
    )

    repository = read_repository(
        owner,
        f"defaultBranchRef {{branchProtectionRule {{pattern {FLAGS} requiredApprovingReviewCount "
        "requiredStatusCheckContexts requiredStatusChecks {context app {slug}} "
        f"bypassPullRequestAllowances(first: 5) {{totalCount {ACTOR}}} "
        f"pushAllowances(first: 5) {{{ACTOR}}} "
        f"reviewDismissalAllowances(first: 5) {{{ACTOR}}} "
        "bypassForcePushAllowances(first: 5) {totalCount}}} "
        "branchProtectionRules(first: 5) {totalCount nodes {databaseId pattern}}",
    )

    rule = repository["defaultBranchRef"]["branchProtectionRule"]
    allowed = [
        {"actor": {"__typename": "User", "login": "maintainer-1"}},
        {"actor": {"__typename": "Team", "slug": "operations"}},
    ]
    assert rule["bypassPullRequestAllowances"] == {"totalCount": 2, "nodes": allowed}
    assert rule["pushAllowances"] == {"nodes": allowed}
    assert rule["reviewDismissalAllowances"] == {"nodes": []}
    assert rule["bypassForcePushAllowances"] == {"totalCount": 0}
    assert rule["requiredApprovingReviewCount"] == 2
    assert rule["requiredStatusChecks"] == [{"context": "test", "app": None}]
    assert {name for name in FLAGS.split() if rule[name]} == {
        "isAdminEnforced",
        "requiresApprovingReviews",
        "requiresStatusChecks",
        "requiresStrictStatusChecks",
        "restrictsPushes",
    }
    assert repository["branchProtectionRules"]["totalCount"] == 1
    assert repository["branchProtectionRules"]["nodes"][0]["pattern"] == "main"


def test_an_empty_protection(owner: httpx.Client) -> None:
    create_branch(owner, "side")
    protect(owner, "side")

    repository = read_repository(
        owner,
        "defaultBranchRef {branchProtectionRule {pattern}} "
        'ref(qualifiedName: "refs/heads/side") {branchProtectionRule '
        f"{{pattern {FLAGS} requiredApprovingReviewCount}}}}",
    )

    rule = repository["ref"]["branchProtectionRule"]
    assert repository["defaultBranchRef"]["branchProtectionRule"] is None
    assert [name for name in FLAGS.split() if rule[name]] == []
    assert rule["requiredApprovingReviewCount"] is None


def test_only_admins_see_a_protection(owner: httpx.Client, person: Person) -> None:
    protect(owner)

    assert read_repository(
        person("maintainer-1"),
        "defaultBranchRef {branchProtectionRule {pattern}} "
        "branchProtectionRules(first: 5) {totalCount nodes {pattern}}",
    ) == {
        "defaultBranchRef": {"branchProtectionRule": None},
        "branchProtectionRules": {"totalCount": 0, "nodes": []},
    }


def test_an_app_needs_a_permission() -> None:
    """Source: ossf/scorecard issue 1097."""
    document = {
        "users": ["owner-1"],
        "file-sets": {"package": {"README.md": "x"}},
        "organizations": {
            "encode": {"owners": ["owner-1"], "repositories": {"httpx": {"files": "package"}}}
        },
        "apps": {
            name: {"installed-in": "encode", "permissions": permissions}
            for name, permissions in (
                ("blind", {"contents": "read"}),
                ("seeing", {"administration": "read"}),
            )
        },
    }
    application = create_app(parse(document))
    owner = connect(application, {"authorization": "Bearer token-owner-1"})
    protect(owner)
    query = (
        '{repository(owner: "encode", name: "httpx") {name branchProtectionRules(first: 5) '
        "{nodes {pattern}} defaultBranchRef {name branchProtectionRule {pattern}}}}"
    )

    bodies = {
        name: run_query(connect(application, {"authorization": f"Bearer token-{name}"}), query)
        for name in ("blind", "seeing")
    }

    assert bodies["blind"]["data"]["repository"] == {
        "name": "httpx",
        "branchProtectionRules": {"nodes": None},
        "defaultBranchRef": {"name": "main", "branchProtectionRule": None},
    }
    assert list_errors(bodies["blind"]) == [
        ("FORBIDDEN", ["repository", "branchProtectionRules", "nodes"]),
        ("FORBIDDEN", ["repository", "defaultBranchRef", "branchProtectionRule"]),
    ]
    assert bodies["seeing"]["data"]["repository"] == {
        "name": "httpx",
        "branchProtectionRules": {"nodes": [{"pattern": "main"}]},
        "defaultBranchRef": {"name": "main", "branchProtectionRule": {"pattern": "main"}},
    }
