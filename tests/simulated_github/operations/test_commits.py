"""Tests of commits and branches.

Source: GitHub's docs, REST pages "Commits" and "Branches".
"""

import httpx

from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    build_review_rule,
    create_branch,
    create_ruleset,
    expect_ok,
    expect_refusal,
    get_head,
    write_file,
)


def test_commits_are_listed_newest_first(owner: httpx.Client) -> None:
    shas = [expect_ok(write_file(owner, name, name))["commit"]["sha"] for name in ("a", "b")]

    assert [shas[1], shas[0]] == [
        commit["sha"] for commit in expect_ok(owner.get(f"{HTTPX}/commits"))
    ][:2]


def test_list_commits_of_a_path_and_from_a_ref(owner: httpx.Client) -> None:
    """The Terraform provider finds a file's commit with this request."""
    create_branch(owner, "next")
    sha = expect_ok(write_file(owner, "a", "b", branch="next"))["commit"]["sha"]

    assert [sha] == [
        c["sha"]
        for c in expect_ok(owner.get(f"{HTTPX}/commits", params={"path": "a", "sha": "next"}))
    ]
    assert expect_ok(owner.get(f"{HTTPX}/commits", params={"path": "a"})) == []


def test_get_a_commit_by_branch_tag_and_sha(owner: httpx.Client) -> None:
    sha = get_head(owner)
    expect_ok(owner.post(f"{HTTPX}/git/refs", json={"ref": "refs/tags/v1", "sha": sha}))
    create_branch(owner, "feature/x")

    for name in ("main", "v1", "feature/x", sha):
        assert sha == expect_ok(owner.get(f"{HTTPX}/commits/{name}"))["sha"]
    expect_refusal(owner.get(f"{HTTPX}/commits/nothing"), 422, "No commit found for SHA: nothing")


def test_a_commit_lists_its_changed_files(owner: httpx.Client) -> None:
    sha = expect_ok(write_file(owner, "a", "b"))["commit"]["sha"]

    assert [
        (f["filename"], f["status"])
        for f in expect_ok(owner.get(f"{HTTPX}/commits/{sha}"))["files"]
    ] == [("a", "added")]


def test_a_branch_with_active_rules_is_protected(owner: httpx.Client) -> None:
    create_branch(owner, "feature/x")
    create_ruleset(owner, [build_review_rule()])

    assert {b["name"]: b["protected"] for b in expect_ok(owner.get(f"{HTTPX}/branches"))} == {
        "main": True,
        "feature/x": False,
    }
    assert expect_ok(owner.get(f"{HTTPX}/branches/main"))["protected"]
    expect_refusal(owner.get(f"{HTTPX}/branches/nothing"), 404, "Branch not found")


def test_compare_two_branches(owner: httpx.Client) -> None:
    """Source: the page "Compare two commits": `BASE...HEAD`, counted from the merge base."""
    create_branch(owner, "next")
    expect_ok(write_file(owner, "new.md", "New.\n", branch="next"))

    comparison = expect_ok(owner.get(f"{HTTPX}/compare/main...next"))
    assert comparison["status"] == "ahead"
    assert comparison["ahead_by"] == 1
    assert comparison["behind_by"] == 0
    assert [(file["filename"], file["status"]) for file in comparison["files"]] == [
        ("new.md", "added")
    ]
    assert expect_ok(owner.get(f"{HTTPX}/compare/next...encode:main"))["status"] == "behind"
    assert expect_ok(owner.get(f"{HTTPX}/compare/main...main"))["status"] == "identical"
    expect_ok(write_file(owner, "other.md", "Other.\n"))
    assert expect_ok(owner.get(f"{HTTPX}/compare/main...next"))["status"] == "diverged"
    expect_refusal(owner.get(f"{HTTPX}/compare/main...nothing"), 404, "Not Found")
    expect_refusal(owner.get(f"{HTTPX}/compare/main"), 404, "Not Found")
