"""Tests of classic branch protection.

Sources: GitHub's docs, REST page "Protected branches", and "About protected branches".
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
    write_file,
)

BRANCH = f"{HTTPX}/branches/main"
PROTECTION = f"{BRANCH}/protection"
NOTHING: dict[str, Any] = {
    "required_status_checks": None,
    "enforce_admins": None,
    "required_pull_request_reviews": None,
    "restrictions": None,
}
REVIEW = {"required_pull_request_reviews": {"required_approving_review_count": 1}}
THROUGH_PULLS = "Changes must be made through a pull request."
UNREVIEWED = "At least 1 approving review is required by reviewers with write access."
UNAUTHORIZED = "You're not authorized to push to this branch."


@pytest.fixture
def writer(person: Person) -> httpx.Client:
    return person("maintainer-1")


@pytest.fixture
def httpx_repository(world: World) -> Repository:
    [repository] = [r for r in world.repositories.values() if r.name == "httpx"]
    return repository


def protect(owner: httpx.Client, **fields: Any) -> dict[str, Any]:
    protection: dict[str, Any] = expect_ok(owner.put(PROTECTION, json=NOTHING | fields))
    return protection


def push_file(client: httpx.Client, name: str = "new.md", branch: str = "main") -> httpx.Response:
    return write_file(client, name, "New.\n", branch=branch)


def merge_pull(client: httpx.Client, number: int, **fields: Any) -> httpx.Response:
    return client.put(f"{HTTPX}/pulls/{number}/merge", json=fields)


def approve(client: httpx.Client, number: int) -> None:
    expect_ok(client.post(f"{HTTPX}/pulls/{number}/reviews", json={"event": "APPROVE"}))


# Reading and writing


def test_an_unprotected_branch(owner: httpx.Client) -> None:
    expect_refusal(owner.get(PROTECTION), 404, "Branch not protected")
    expect_refusal(owner.delete(PROTECTION), 404, "Branch not protected")
    expect_refusal(owner.get(f"{PROTECTION}/enforce_admins"), 404, "Branch not protected")
    missing = f"{HTTPX}/branches/nothing/protection"
    expect_refusal(owner.get(missing), 404, "Branch not found")
    expect_refusal(owner.put(missing, json=NOTHING), 404, "Branch not found")


def test_a_protection_is_shown_as_it_was_set(owner: httpx.Client) -> None:
    create_team(owner, "operations")
    grant_access(owner, "operations", "push")
    actors = {"users": ["maintainer-1"], "teams": ["operations"], "apps": []}

    protection = protect(
        owner,
        required_status_checks={
            "strict": True,
            "contexts": ["lint"],
            "checks": [{"context": "test", "app_id": 7}],
        },
        enforce_admins=True,
        required_pull_request_reviews={
            "dismiss_stale_reviews": True,
            "require_code_owner_reviews": True,
            "required_approving_review_count": 2,
            "require_last_push_approval": True,
            "dismissal_restrictions": actors,
            "bypass_pull_request_allowances": actors,
        },
        restrictions=actors,
        required_linear_history=True,
        allow_force_pushes=True,
        allow_deletions=True,
        block_creations=True,
        required_conversation_resolution=True,
        lock_branch=True,
        allow_fork_syncing=True,
    )

    assert protection == expect_ok(owner.get(PROTECTION))
    checks = protection["required_status_checks"]
    assert checks["contexts"] == ["lint", "test"]
    assert checks["checks"] == [
        {"context": "lint", "app_id": None},
        {"context": "test", "app_id": 7},
    ]
    reviews = protection["required_pull_request_reviews"]
    assert reviews["required_approving_review_count"] == 2
    for place in (
        reviews["dismissal_restrictions"],
        reviews["bypass_pull_request_allowances"],
        protection["restrictions"],
    ):
        assert [user["login"] for user in place["users"]] == ["maintainer-1"]
        assert [team["slug"] for team in place["teams"]] == ["operations"]
        assert place["apps"] == []
    switches = ("linear_history", "signatures", "conversation_resolution")
    assert [protection[f"required_{name}"]["enabled"] for name in switches] == [True, False, True]
    for name in ("enforce_admins", "lock_branch", "block_creations", "allow_force_pushes"):
        assert protection[name]["enabled"] is True


def test_a_second_put_replaces_the_first(owner: httpx.Client) -> None:
    protect(owner, **REVIEW, enforce_admins=True, lock_branch=True)

    protection = protect(owner, required_linear_history=True)

    assert "required_pull_request_reviews" not in protection
    assert protection["enforce_admins"]["enabled"] is False
    assert protection["lock_branch"]["enabled"] is False
    assert protection["required_linear_history"]["enabled"] is True


def test_delete_a_protection(owner: httpx.Client, writer: httpx.Client) -> None:
    protect(owner, **REVIEW)
    expect_ok(owner.delete(PROTECTION))

    expect_refusal(owner.get(PROTECTION), 404, "Branch not protected")
    expect_ok(push_file(writer))


@pytest.mark.parametrize("name", ["enforce_admins", "required_signatures"])
def test_switch_one_setting(owner: httpx.Client, name: str) -> None:
    protect(owner)
    path = f"{PROTECTION}/{name}"

    assert expect_ok(owner.get(path))["enabled"] is False
    assert expect_ok(owner.post(path))["enabled"] is True
    assert expect_ok(owner.get(PROTECTION))[name]["enabled"] is True
    expect_ok(owner.delete(path))
    assert expect_ok(owner.get(path))["enabled"] is False


def test_a_put_keeps_required_signatures(owner: httpx.Client) -> None:
    protect(owner)
    expect_ok(owner.post(f"{PROTECTION}/required_signatures"))

    assert protect(owner)["required_signatures"]["enabled"] is True


def test_only_admins_read_a_protection(owner: httpx.Client, writer: httpx.Client) -> None:
    protect(owner)

    expect_refusal(writer.get(PROTECTION), 404, "Not Found")
    expect_refusal(writer.put(PROTECTION, json=NOTHING), 404, "Not Found")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"restrictions": None}, '"required_status_checks" wasn\'t supplied.'),
        (NOTHING | {"lock": True}, '"lock" is not a permitted key.'),
        (
            NOTHING | {"required_pull_request_reviews": {"required_approving_review_count": 7}},
            "must be less than or equal to 6",
        ),
        (NOTHING | {"required_status_checks": {"contexts": []}}, '"required_status_checks/strict"'),
    ],
)
def test_an_invalid_body_is_refused(
    owner: httpx.Client, body: dict[str, Any], problem: str
) -> None:
    expect_refusal(owner.put(PROTECTION, json=body), 422, problem)


@pytest.mark.parametrize(
    ("actors", "problem"),
    [
        ({"users": ["outsider-1"], "teams": []}, "User outsider-1 does not exist or has no write"),
        ({"users": [], "teams": ["readers"]}, "Team readers does not exist or has no write"),
        ({"users": [], "teams": [], "apps": ["none"]}, "App none does not exist or has no write"),
    ],
)
def test_actors_need_write_access(
    owner: httpx.Client, actors: dict[str, list[str]], problem: str
) -> None:
    create_team(owner, "readers")
    grant_access(owner, "readers", "pull")

    response = owner.put(PROTECTION, json=NOTHING | {"restrictions": actors})

    [error] = expect_refusal(response, 422, "Validation Failed")["errors"]
    assert error.startswith(problem)


def test_linear_history_needs_a_method_that_keeps_it(owner: httpx.Client) -> None:
    expect_ok(owner.patch(HTTPX, json={"allow_squash_merge": False, "allow_rebase_merge": False}))

    response = owner.put(PROTECTION, json=NOTHING | {"required_linear_history": True})

    expect_refusal(response, 422, "Validation Failed")
    expect_ok(owner.put(PROTECTION, json=NOTHING))


def test_the_free_plan_protects_public_branches_only(
    owner: httpx.Client, writer: httpx.Client
) -> None:
    protect(owner, **REVIEW)
    expect_ok(owner.patch(HTTPX, json={"private": True}))

    expect_refusal(owner.get(PROTECTION), 403, "Upgrade to GitHub Pro")
    expect_refusal(owner.put(PROTECTION, json=NOTHING), 403, "Upgrade to GitHub Pro")
    expect_ok(push_file(writer))
    expect_ok(owner.patch(HTTPX, json={"private": False}))
    expect_refusal(push_file(writer, "more.md"), 409, THROUGH_PULLS)


# Branches


def test_branches_show_whether_they_are_protected(owner: httpx.Client) -> None:
    create_branch(owner, "side")
    protect(owner, required_status_checks={"strict": False, "contexts": ["test"]})

    def list_names(**query: str) -> list[str]:
        branches = expect_ok(owner.get(f"{HTTPX}/branches", params=query))
        return [branch["name"] for branch in branches]

    assert list_names() == ["main", "side"]
    assert list_names(protected="true") == ["main"]
    assert list_names(protected="false") == ["side"]
    branch = expect_ok(owner.get(BRANCH))
    assert branch["protected"] is True
    assert branch["protection"] == {
        "enabled": True,
        "required_status_checks": {
            "enforcement_level": "non_admins",
            "contexts": ["test"],
            "checks": [{"context": "test", "app_id": None}],
        },
    }


def test_a_ruleset_protects_without_a_classic_protection(owner: httpx.Client) -> None:
    create_ruleset(owner, [{"type": "deletion"}])

    branch = expect_ok(owner.get(BRANCH))

    assert branch["protected"] is True
    assert branch["protection"]["enabled"] is False
    expect_refusal(owner.get(PROTECTION), 404, "Branch not protected")


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


def test_deleted_actors_are_not_shown(owner: httpx.Client) -> None:
    create_team(owner, "operations")
    grant_access(owner, "operations", "push")
    protect(owner, restrictions={"users": [], "teams": ["operations"]})
    expect_ok(owner.delete("/orgs/encode/teams/operations"))

    assert expect_ok(owner.get(PROTECTION))["restrictions"]["teams"] == []
