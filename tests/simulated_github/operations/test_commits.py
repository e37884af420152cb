"""Commits and branches. Source: GitHub's docs, REST pages "Commits" and "Branches"."""

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
    made = [expect_ok(write_file(owner, name, name))["commit"]["sha"] for name in ("a", "b")]

    assert [made[1], made[0]] == [
        commit["sha"] for commit in expect_ok(owner.get(f"{HTTPX}/commits"))
    ][:2]


def test_commits_are_listed_for_a_path_and_from_a_ref(owner: httpx.Client) -> None:
    """The Terraform provider looks for a file's commit in this way."""
    create_branch(owner, "next")
    made = expect_ok(write_file(owner, "a", "b", branch="next"))["commit"]["sha"]

    assert [made] == [
        c["sha"]
        for c in expect_ok(owner.get(f"{HTTPX}/commits", params={"path": "a", "sha": "next"}))
    ]
    assert expect_ok(owner.get(f"{HTTPX}/commits", params={"path": "a"})) == []


def test_a_commit_is_found_by_branch_tag_and_sha(owner: httpx.Client) -> None:
    sha = get_head(owner)
    expect_ok(owner.post(f"{HTTPX}/git/refs", json={"ref": "refs/tags/v1", "sha": sha}))
    create_branch(owner, "feature/x")

    for name in ("main", "v1", "feature/x", sha):
        assert sha == expect_ok(owner.get(f"{HTTPX}/commits/{name}"))["sha"]
    expect_refusal(owner.get(f"{HTTPX}/commits/nothing"), 422, "No commit found for SHA: nothing")


def test_a_commit_shows_what_it_changed(owner: httpx.Client) -> None:
    sha = expect_ok(write_file(owner, "a", "b"))["commit"]["sha"]

    assert [
        (f["filename"], f["status"])
        for f in expect_ok(owner.get(f"{HTTPX}/commits/{sha}"))["files"]
    ] == [("a", "added")]


def test_a_branch_that_rules_hold_for_is_protected(owner: httpx.Client) -> None:
    create_branch(owner, "feature/x")
    create_ruleset(owner, [build_review_rule()])

    assert {b["name"]: b["protected"] for b in expect_ok(owner.get(f"{HTTPX}/branches"))} == {
        "main": True,
        "feature/x": False,
    }
    assert expect_ok(owner.get(f"{HTTPX}/branches/main"))["protected"]
    expect_refusal(owner.get(f"{HTTPX}/branches/nothing"), 404, "Branch not found")


def test_two_branches_are_compared(owner: httpx.Client) -> None:
    """Source: the page "Compare two commits": ``BASE...HEAD``, counted from where they parted."""
    create_branch(owner, "next")
    expect_ok(write_file(owner, "new.md", "New.\n", branch="next"))

    compared = expect_ok(owner.get(f"{HTTPX}/compare/main...next"))
    assert (compared["status"], compared["ahead_by"], compared["behind_by"]) == ("ahead", 1, 0)
    assert [(file["filename"], file["status"]) for file in compared["files"]] == [
        ("new.md", "added")
    ]
    assert expect_ok(owner.get(f"{HTTPX}/compare/next...encode:main"))["status"] == "behind"
    assert expect_ok(owner.get(f"{HTTPX}/compare/main...main"))["status"] == "identical"
    expect_ok(write_file(owner, "other.md", "Other.\n"))
    assert expect_ok(owner.get(f"{HTTPX}/compare/main...next"))["status"] == "diverged"
    expect_refusal(owner.get(f"{HTTPX}/compare/main...nothing"), 404, "Not Found")
    expect_refusal(owner.get(f"{HTTPX}/compare/main"), 404, "Not Found")
