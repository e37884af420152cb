"""Tests of pull requests and reviews.

Source: GitHub's docs, REST pages "Pulls" and "Reviews", and "Available rules for rulesets".
"""

from typing import Any

import httpx
import pytest

from tests.simulated_github.conftest import Person
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    build_review_rule,
    create_branch,
    create_ruleset,
    expect_ok,
    expect_refusal,
    get_head,
    open_pull_request,
    write_file,
)

PULLS = f"{HTTPX}/pulls"
UNREVIEWED = "At least 1 approving review is required by reviewers with write access."


@pytest.fixture
def author(person: Person) -> httpx.Client:
    return person("maintainer-1")


@pytest.fixture
def colleague(person: Person) -> httpx.Client:
    return person("maintainer-2")


def submit_review(
    client: httpx.Client, number: int, event: str = "APPROVE", **fields: Any
) -> httpx.Response:
    return client.post(f"{PULLS}/{number}/reviews", json={"event": event, **fields})


def merge_pull(client: httpx.Client, number: int, **body: Any) -> httpx.Response:
    return client.put(f"{PULLS}/{number}/merge", json=body)


def test_open_and_merge_a_pull_request(author: httpx.Client, colleague: httpx.Client) -> None:
    number = open_pull_request(author)
    assert expect_ok(author.get(f"{PULLS}/{number}"))["state"] == "open"
    assert expect_ok(author.get(f"{PULLS}/{number}"))["mergeable"] is True

    merged = expect_ok(merge_pull(colleague, number))

    assert merged["sha"] == get_head(author)
    pull = expect_ok(author.get(f"{PULLS}/{number}"))
    assert pull["state"] == "closed"
    assert pull["merged"] is True
    assert pull["merged_by"]["login"] == "maintainer-2"
    expect_ok(author.get(f"{HTTPX}/contents/change.md"))
    expect_refusal(merge_pull(colleague, number), 405, "Pull Request is not mergeable")


@pytest.mark.parametrize(("method", "parents"), [("merge", 2), ("squash", 1), ("rebase", 1)])
def test_the_three_merge_methods(author: httpx.Client, method: str, parents: int) -> None:
    number = open_pull_request(author)
    expect_ok(write_file(author, "main.md", "Meanwhile.\n"))

    sha = expect_ok(merge_pull(author, number, merge_method=method))["sha"]

    assert parents == len(expect_ok(author.get(f"{HTTPX}/git/commits/{sha}"))["parents"])
    for path in ("change.md", "main.md"):
        expect_ok(author.get(f"{HTTPX}/contents/{path}"))


@pytest.mark.parametrize(
    ("method", "setting", "message"),
    [
        ("merge", "allow_merge_commit", "Merge commits are not allowed on this repository."),
        ("squash", "allow_squash_merge", "Squash merges are not allowed on this repository."),
        ("rebase", "allow_rebase_merge", "Rebase merges are not allowed on this repository."),
    ],
)
def test_a_merge_method_disabled_in_the_settings_is_refused(
    owner: httpx.Client, method: str, setting: str, message: str
) -> None:
    """Source: bazelbuild/continuous-integration pull request 2178; the others likewise."""
    expect_ok(owner.patch(HTTPX, json={setting: False}))

    expect_refusal(merge_pull(owner, open_pull_request(owner), merge_method=method), 405, message)


def test_settings_and_rules_can_leave_no_merge_method(owner: httpx.Client) -> None:
    """A repository that squashes only, and a rule that wants merge commits."""
    settings = {"allow_merge_commit": False, "allow_rebase_merge": False}
    expect_ok(owner.patch(HTTPX, json=settings))
    create_ruleset(owner, [build_review_rule(0, allowed_merge_methods=["merge"])])
    number = open_pull_request(owner)

    messages = {
        method: merge_pull(owner, number, merge_method=method).json()["message"]
        for method in ("merge", "squash", "rebase")
    }

    assert messages["merge"] == "Merge commits are not allowed on this repository."
    assert "Merge method squash is not allowed on this branch." in messages["squash"]
    assert messages["rebase"] == "Rebase merges are not allowed on this repository."


def test_the_methods_of_two_rules_are_intersected(owner: httpx.Client) -> None:
    create_ruleset(owner, [build_review_rule(0, allowed_merge_methods=["merge", "squash"])])
    rule = build_review_rule(0, allowed_merge_methods=["squash", "rebase"])
    create_ruleset(owner, [rule], name="more rules")
    number = open_pull_request(owner)

    for method in ("merge", "rebase"):
        expect_refusal(
            merge_pull(owner, number, merge_method=method),
            405,
            f"Merge method {method} is not allowed on this branch.",
        )
    expect_ok(merge_pull(owner, number, merge_method="squash"))


def test_linear_history_leaves_squash_and_rebase(owner: httpx.Client) -> None:
    create_ruleset(owner, [{"type": "required_linear_history"}])
    expect_ok(owner.patch(HTTPX, json={"allow_squash_merge": False}))
    number = open_pull_request(owner)

    expect_refusal(merge_pull(owner, number), 405, "This branch must not contain merge commits.")
    expect_refusal(merge_pull(owner, number, merge_method="squash"), 405, "Squash merges are not")
    expect_ok(merge_pull(owner, number, merge_method="rebase"))


def test_an_actor_who_bypasses_rules_is_bound_by_the_settings(owner: httpx.Client) -> None:
    admins = {"actor_type": "RepositoryRole", "actor_id": 5, "bypass_mode": "always"}
    rules = [build_review_rule(1, allowed_merge_methods=["squash"])]
    create_ruleset(owner, rules, bypass=[admins])
    expect_ok(owner.patch(HTTPX, json={"allow_merge_commit": False}))
    number = open_pull_request(owner)

    expect_refusal(merge_pull(owner, number), 405, "Merge commits are not allowed")
    expect_ok(merge_pull(owner, number, merge_method="rebase"))


def test_a_merge_method_forbidden_by_a_rule_is_refused(owner: httpx.Client) -> None:
    create_ruleset(owner, [build_review_rule(0, allowed_merge_methods=["squash"])])
    number = open_pull_request(owner)

    expect_refusal(
        merge_pull(owner, number), 405, "Merge method merge is not allowed on this branch."
    )
    expect_ok(merge_pull(owner, number, merge_method="squash"))


def test_conflicting_changes_are_not_merged(author: httpx.Client) -> None:
    number = open_pull_request(author)
    expect_ok(write_file(author, "change.md", "Another.\n"))

    assert expect_ok(author.get(f"{PULLS}/{number}"))["mergeable"] is False
    expect_refusal(merge_pull(author, number), 405, "Pull Request has merge conflicts")


def test_a_head_that_moved_since_the_review_is_not_merged(author: httpx.Client) -> None:
    number = open_pull_request(author)
    reviewed_sha = expect_ok(author.get(f"{PULLS}/{number}"))["head"]["sha"]
    expect_ok(write_file(author, "more.md", "x", branch="change"))

    expect_refusal(merge_pull(author, number, sha=reviewed_sha), 409, "Head branch was modified.")


def test_a_rule_requires_an_approval(
    author: httpx.Client, colleague: httpx.Client, owner: httpx.Client
) -> None:
    """Source of the message: Reviewable/Reviewable issue 561, palantir/bulldozer issue 613."""
    create_ruleset(owner, [build_review_rule()])
    number = open_pull_request(author)

    expect_refusal(
        merge_pull(colleague, number), 405, f"Repository rule violations found\n\n{UNREVIEWED}"
    )
    expect_ok(submit_review(colleague, number))
    expect_ok(merge_pull(author, number))


def test_authors_cannot_approve_their_own_pull_request(author: httpx.Client) -> None:
    body = expect_refusal(
        submit_review(author, open_pull_request(author)), 422, "Unprocessable Entity"
    )

    assert body["errors"] == ["Can not approve your own pull request"]
    assert expect_ok(submit_review(author, 1, "COMMENT", body="A note."))["state"] == "COMMENTED"


def test_only_approvals_of_users_with_write_access_count(
    author: httpx.Client, owner: httpx.Client, person: Person
) -> None:
    create_ruleset(owner, [build_review_rule()])
    number = open_pull_request(author)
    expect_ok(submit_review(person("outsider-1"), number))

    expect_refusal(merge_pull(author, number), 405, UNREVIEWED)


def test_two_approvals_of_one_user_count_once(
    author: httpx.Client, colleague: httpx.Client, owner: httpx.Client
) -> None:
    create_ruleset(owner, [build_review_rule(2)])
    number = open_pull_request(author)
    for _ in range(2):
        expect_ok(submit_review(colleague, number))

    expect_refusal(merge_pull(author, number), 405, "At least 2 approving reviews are required")


def test_requested_changes_block_until_their_reviewer_approves(
    author: httpx.Client, colleague: httpx.Client, owner: httpx.Client
) -> None:
    create_ruleset(owner, [build_review_rule()])
    number = open_pull_request(author)
    expect_refusal(submit_review(colleague, number, "REQUEST_CHANGES"), 422, "Unprocessable Entity")
    expect_ok(submit_review(colleague, number, "REQUEST_CHANGES", body="No."))
    expect_ok(submit_review(owner, number))

    expect_refusal(merge_pull(author, number), 405, "Changes have been requested")
    expect_ok(submit_review(colleague, number))
    expect_ok(merge_pull(author, number))


def test_a_push_dismisses_approvals_when_a_rule_requires_it(
    author: httpx.Client, colleague: httpx.Client, owner: httpx.Client
) -> None:
    create_ruleset(owner, [build_review_rule(dismiss_stale_reviews_on_push=True)])
    number = open_pull_request(author)
    expect_ok(submit_review(colleague, number))
    expect_ok(write_file(author, "more.md", "x", branch="change"))

    expect_refusal(merge_pull(author, number), 405, UNREVIEWED)
    assert [review["state"] for review in expect_ok(author.get(f"{PULLS}/{number}/reviews"))] == [
        "DISMISSED"
    ]


def test_without_that_rule_a_push_keeps_approvals(
    author: httpx.Client, colleague: httpx.Client, owner: httpx.Client
) -> None:
    create_ruleset(owner, [build_review_rule()])
    number = open_pull_request(author)
    expect_ok(submit_review(colleague, number))
    expect_ok(write_file(author, "more.md", "x", branch="change"))

    expect_ok(merge_pull(author, number))


def test_the_last_push_needs_approval_by_another_user(
    author: httpx.Client, colleague: httpx.Client, owner: httpx.Client
) -> None:
    """A user who pushes to a colleague's pull request cannot approve it alone."""
    create_ruleset(owner, [build_review_rule(require_last_push_approval=True)])
    number = open_pull_request(author)
    expect_ok(write_file(colleague, "more.md", "x", branch="change"))
    expect_ok(submit_review(colleague, number))

    expect_refusal(
        merge_pull(colleague, number),
        405,
        "New changes require approval from someone other than the last pusher.",
    )
    expect_ok(submit_review(owner, number))
    expect_ok(merge_pull(colleague, number))


def test_the_last_pusher_before_opening_counts(
    author: httpx.Client, colleague: httpx.Client, owner: httpx.Client
) -> None:
    create_ruleset(owner, [build_review_rule(require_last_push_approval=True)])
    create_branch(author, "change")
    expect_ok(write_file(colleague, "a.md", "x", branch="change"))
    number = expect_ok(author.post(PULLS, json={"title": "x", "head": "change", "base": "main"}))[
        "number"
    ]
    expect_ok(submit_review(colleague, number))

    expect_refusal(
        merge_pull(author, number),
        405,
        "New changes require approval from someone other than the last pusher.",
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"head": "nothing", "base": "main"}, None),
        ({"head": "main", "base": "nothing"}, None),
        ({"head": "someone:main", "base": "main"}, None),
        ({"head": "same", "base": "main"}, "No commits between main and same"),
    ],
)
def test_an_invalid_pull_request_is_refused(
    author: httpx.Client, body: dict[str, str], message: str | None
) -> None:
    create_branch(author, "same")

    refusal = expect_refusal(
        author.post(PULLS, json={"title": "x", **body}), 422, "Validation Failed"
    )

    assert message == refusal["errors"][0].get("message")


def test_two_branches_have_one_open_pull_request(author: httpx.Client) -> None:
    number = open_pull_request(author)
    body = {"title": "again", "head": "encode:change", "base": "main"}

    refusal = expect_refusal(author.post(PULLS, json=body), 422, "Validation Failed")
    assert refusal["errors"][0]["message"] == "A pull request already exists for encode:change."
    expect_ok(author.patch(f"{PULLS}/{number}", json={"state": "closed"}))
    expect_ok(author.post(PULLS, json=body))


def test_pull_requests_are_listed_by_state(author: httpx.Client) -> None:
    number = open_pull_request(author)
    expect_ok(author.patch(f"{PULLS}/{number}", json={"state": "closed", "title": "Closed"}))
    open_pull_request(author, "another")

    pulls_by_state = {
        state: expect_ok(author.get(PULLS, params={"state": state}))
        for state in ("open", "closed", "all")
    }

    assert {state: [p["number"] for p in pulls] for state, pulls in pulls_by_state.items()} == {
        "open": [2],
        "closed": [1],
        "all": [2, 1],
    }


def test_a_pull_request_closes_with_its_branch(author: httpx.Client) -> None:
    number = open_pull_request(author)
    expect_ok(author.delete(f"{HTTPX}/git/refs/heads/change"))

    assert expect_ok(author.get(f"{PULLS}/{number}"))["state"] == "closed"


def test_delete_the_branch_on_merge_when_the_setting_is_on(owner: httpx.Client) -> None:
    expect_ok(owner.patch(HTTPX, json={"delete_branch_on_merge": True}))
    expect_ok(merge_pull(owner, open_pull_request(owner)))

    expect_refusal(owner.get(f"{HTTPX}/branches/change"), 404, "Branch not found")


def test_a_draft_is_not_merged(author: httpx.Client) -> None:
    create_branch(author, "draft")
    expect_ok(write_file(author, "a.md", "x", branch="draft"))
    number = expect_ok(
        author.post(PULLS, json={"title": "x", "head": "draft", "base": "main", "draft": True})
    )["number"]

    expect_refusal(merge_pull(author, number), 405, "Pull Request is not mergeable")


def test_a_reader_can_neither_open_nor_merge(
    author: httpx.Client, person: Person, anyone: httpx.Client
) -> None:
    number = open_pull_request(author)
    outsider = person("outsider-1")

    expect_refusal(merge_pull(outsider, number), 403, "Must have push access to Repository.")
    expect_refusal(
        outsider.post(PULLS, json={"title": "x", "head": "change", "base": "main"}),
        403,
        "Must have push access",
    )
    expect_refusal(submit_review(anyone, number), 401, "Requires authentication")
    expect_refusal(author.get(f"{PULLS}/9"), 404, "Not Found")
