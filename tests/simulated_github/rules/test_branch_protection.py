"""Tests of what classic branch protection refuses, and to whom.

Source: GitHub's docs, "About protected branches".
"""

from typing import Any

import httpx
import pytest

from simulated_github import World
from simulated_github.records.branch_protection import BranchProtection
from simulated_github.records.repositories import Repository
from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    build_review_rule,
    create_branch,
    create_ruleset,
    create_team,
    expect_ok,
    expect_refusal,
    get_head,
    grant_access,
    open_pull_request,
)
from tests.simulated_github.helpers.protected_branch import (
    NOTHING,
    PROTECTION,
    REVIEW,
    THROUGH_PULLS,
    protect,
    push_file,
)

UNREVIEWED = "At least 1 approving review is required by reviewers with write access."
UNAUTHORIZED = "You're not authorized to push to this branch."


@pytest.fixture
def writer(person: Person) -> httpx.Client:
    return person("maintainer-1")


@pytest.fixture
def httpx_repository(world: World) -> Repository:
    [repository] = [r for r in world.repositories.values() if r.name == "httpx"]
    return repository


def merge_pull(client: httpx.Client, number: int, **fields: Any) -> httpx.Response:
    return client.put(f"{HTTPX}/pulls/{number}/merge", json=fields)


def approve(client: httpx.Client, number: int) -> None:
    expect_ok(client.post(f"{HTTPX}/pulls/{number}/reviews", json={"event": "APPROVE"}))


# Enforcement


def move_branch(client: httpx.Client, sha: str, *, force: bool) -> httpx.Response:
    return client.patch(f"{HTTPX}/git/refs/heads/main", json={"sha": sha, "force": force})


@pytest.mark.parametrize("login", ["maintainer-1", "owner-1"])
def test_force_pushes_are_refused_to_admins_too(
    owner: httpx.Client, person: Person, login: str
) -> None:
    """Source: src-d/gitbase issue 614, where an admin could push but not force-push."""
    first = get_head(owner)
    expect_ok(push_file(owner))
    protect(owner)

    refusal = expect_refusal(
        move_branch(person(login), first, force=True), 422, "Cannot force-push to this branch"
    )
    assert "rule violations" not in refusal["message"]
    protect(owner, allow_force_pushes=True)
    expect_ok(move_branch(person(login), first, force=True))


def test_deletions_are_refused_unless_allowed(owner: httpx.Client, writer: httpx.Client) -> None:
    create_branch(owner, "side")
    path = f"{HTTPX}/branches/side/protection"
    expect_ok(owner.put(path, json=NOTHING))

    for client in (owner, writer):
        response = client.delete(f"{HTTPX}/git/refs/heads/side")
        expect_refusal(response, 422, "Cannot delete this protected ref.")
    expect_ok(owner.put(path, json=NOTHING | {"allow_deletions": True}))
    expect_ok(writer.delete(f"{HTTPX}/git/refs/heads/side"))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (REVIEW, THROUGH_PULLS),
        ({"lock_branch": True}, "Cannot change this locked branch"),
        ({"restrictions": {"users": [], "teams": []}}, UNAUTHORIZED),
        (
            {"required_status_checks": {"strict": False, "contexts": ["test"]}},
            'Required status check "test" is expected.',
        ),
    ],
)
def test_admins_are_bound_only_if_the_protection_says_so(
    owner: httpx.Client, writer: httpx.Client, fields: dict[str, Any], message: str
) -> None:
    protect(owner, **fields)
    expect_refusal(push_file(writer), 409, message)
    expect_ok(push_file(owner))

    expect_ok(owner.post(f"{PROTECTION}/enforce_admins"))

    expect_refusal(push_file(owner, "more.md"), 409, message)


def test_signatures_are_required(owner: httpx.Client, writer: httpx.Client) -> None:
    protect(owner)
    expect_ok(owner.post(f"{PROTECTION}/required_signatures"))

    expect_refusal(push_file(writer), 409, "Commits must have verified signatures.")


def test_only_the_named_actors_may_push(owner: httpx.Client, person: Person) -> None:
    create_team(owner, "operations", ["maintainer-2"])
    grant_access(owner, "operations", "push")
    protect(
        owner,
        restrictions={"users": ["maintainer-1"], "teams": ["operations"]},
        enforce_admins=True,
    )

    expect_ok(push_file(person("maintainer-1"), "a.md"))
    expect_ok(push_file(person("maintainer-2"), "b.md"))
    expect_refusal(push_file(person("maintainer-3"), "c.md"), 409, UNAUTHORIZED)
    expect_refusal(push_file(owner, "d.md"), 409, UNAUTHORIZED)
    number = open_pull_request(person("maintainer-3"))
    expect_refusal(merge_pull(person("maintainer-3"), number), 405, UNAUTHORIZED)
    expect_ok(merge_pull(person("maintainer-2"), number))


def test_a_merge_needs_its_approvals(owner: httpx.Client, person: Person) -> None:
    protect(owner, **REVIEW)
    author = person("maintainer-1")
    number = open_pull_request(author)

    refusal = expect_refusal(merge_pull(author, number), 405, UNREVIEWED)
    assert refusal["message"] == UNREVIEWED
    approve(person("maintainer-2"), number)
    expect_ok(merge_pull(author, number))


def test_an_admin_merges_without_approvals(owner: httpx.Client, writer: httpx.Client) -> None:
    protect(owner, **REVIEW)
    expect_ok(merge_pull(owner, open_pull_request(writer)))

    protect(owner, **REVIEW, enforce_admins=True)

    expect_refusal(merge_pull(owner, open_pull_request(writer, "second")), 405, UNREVIEWED)


def test_bypass_allowances_need_no_pull_request(owner: httpx.Client, person: Person) -> None:
    create_team(owner, "operations", ["maintainer-2"])
    grant_access(owner, "operations", "push")
    allowances = {"users": ["maintainer-1"], "teams": ["operations"]}
    reviews = REVIEW["required_pull_request_reviews"]
    protect(
        owner,
        required_pull_request_reviews=reviews | {"bypass_pull_request_allowances": allowances},
        enforce_admins=True,
    )

    expect_ok(push_file(person("maintainer-1"), "a.md"))
    expect_ok(push_file(person("maintainer-2"), "b.md"))
    expect_refusal(push_file(person("maintainer-3"), "c.md"), 409, THROUGH_PULLS)
    expect_refusal(push_file(owner, "d.md"), 409, THROUGH_PULLS)


def test_a_push_dismisses_stale_approvals(owner: httpx.Client, person: Person) -> None:
    reviews = REVIEW["required_pull_request_reviews"] | {"dismiss_stale_reviews": True}
    protect(owner, required_pull_request_reviews=reviews)
    author = person("maintainer-1")
    number = open_pull_request(author)
    approve(person("maintainer-2"), number)
    expect_ok(push_file(author, "more.md", "change"))

    expect_refusal(merge_pull(author, number), 405, UNREVIEWED)


def test_the_last_push_needs_approval_by_another_user(owner: httpx.Client, person: Person) -> None:
    reviews = REVIEW["required_pull_request_reviews"] | {"require_last_push_approval": True}
    protect(owner, required_pull_request_reviews=reviews)
    number = open_pull_request(person("maintainer-1"))
    expect_ok(push_file(person("maintainer-2"), "more.md", "change"))
    approve(person("maintainer-2"), number)

    expect_refusal(merge_pull(person("maintainer-2"), number), 405, "other than the last pusher")


def test_linear_history_refuses_merge_commits(owner: httpx.Client, writer: httpx.Client) -> None:
    """Source of the message: chdsbd/kodiak issue 295."""
    protect(owner, required_linear_history=True)
    number = open_pull_request(writer)

    refusal = expect_refusal(merge_pull(writer, number), 405, "merge commits")
    assert refusal["message"] == "This branch must not contain merge commits."
    expect_ok(merge_pull(writer, number, merge_method="squash"))


def test_the_stricter_of_ruleset_and_protection_wins(owner: httpx.Client, person: Person) -> None:
    create_ruleset(owner, [build_review_rule(1)])
    reviews = {"required_approving_review_count": 2}
    protect(owner, required_pull_request_reviews=reviews)
    author = person("maintainer-1")
    number = open_pull_request(author)
    approve(person("maintainer-2"), number)

    expect_refusal(merge_pull(author, number), 405, "At least 2 approving reviews are required")
    approve(person("maintainer-3"), number)
    expect_ok(merge_pull(author, number))


def test_a_bypass_of_one_leaves_the_other(owner: httpx.Client, writer: httpx.Client) -> None:
    """An admin bypasses the protection, but not a ruleset without bypass actors."""
    create_ruleset(owner, [build_review_rule(0)])
    protect(owner, **REVIEW)

    refusal = expect_refusal(push_file(owner), 409, THROUGH_PULLS)
    assert refusal["message"].startswith("Repository rule violations found")
    refusal = expect_refusal(push_file(writer), 409, THROUGH_PULLS)
    assert refusal["message"].count(THROUGH_PULLS) == 1


# Patterns


def test_the_exact_name_comes_before_older_patterns(
    owner: httpx.Client, writer: httpx.Client, httpx_repository: Repository
) -> None:
    httpx_repository.branch_protections["ma*"] = BranchProtection(1, "ma*", locked=True)
    expect_refusal(push_file(writer), 409, "Cannot change this locked branch")
    expect_refusal(owner.get(PROTECTION), 404, "Branch not protected")

    protect(owner)

    expect_ok(push_file(writer))


@pytest.mark.parametrize(("blocks_creations", "status"), [(True, 422), (False, 201)])
def test_restrictions_can_cover_new_branches(
    owner: httpx.Client,
    writer: httpx.Client,
    httpx_repository: Repository,
    blocks_creations: bool,
    status: int,
) -> None:
    create_branch(owner, "release-0")
    body = {"restrictions": {"users": [], "teams": []}, "block_creations": blocks_creations}
    expect_ok(owner.put(f"{HTTPX}/branches/release-0/protection", json=NOTHING | body))
    protection = httpx_repository.branch_protections.pop("release-0")
    protection.pattern = "release-*"
    httpx_repository.branch_protections["release-*"] = protection
    new = {"ref": "refs/heads/release-1", "sha": get_head(owner)}

    assert writer.post(f"{HTTPX}/git/refs", json=new).status_code == status


def test_tags_have_no_classic_protection(
    owner: httpx.Client, writer: httpx.Client, httpx_repository: Repository
) -> None:
    httpx_repository.branch_protections["*"] = BranchProtection(1, "*", locked=True)
    tag = {"ref": "refs/tags/main", "sha": get_head(owner)}

    expect_ok(writer.post(f"{HTTPX}/git/refs", json=tag))
    expect_ok(writer.delete(f"{HTTPX}/git/refs/tags/main"))
