"""``git push`` with the real git: what is taken, and what git itself refuses.

Sources: git's documentation, "gitprotocol-pack" and "gitprotocol-http"; GitHub's own sentences by public issue threads.
"""

import httpx
import pytest

from simulated_github import SimulatedGitHub
from tests.simulated_github.git.http.conftest import Clone, refs
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    expect_ok,
    get_file_sha,
    get_head,
    write_file,
)


def test_a_commit_is_pushed_to_a_branch(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    sha = git.commit("news.md", "News.\n")

    git("push").done()

    assert get_head(owner) == sha
    assert expect_ok(owner.get(f"{HTTPX}/commits/main"))["commit"]["author"]["name"] == "Ada"


def test_a_new_branch_and_both_kinds_of_tags_are_pushed(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    sha = git.commit("news.md", "News.\n")
    git("tag", "light").done()
    git("tag", "-a", "-m", "A release.", "annotated").done()

    git("push", "origin", "HEAD:refs/heads/next", "light", "annotated").done()

    found = refs(owner)
    assert (found["refs/heads/next"], found["refs/tags/light"]) == (sha, sha)
    shown = expect_ok(owner.get(f"{HTTPX}/git/tags/{found['refs/tags/annotated']}"))
    assert (shown["message"], shown["object"]["sha"]) == ("A release.\n", sha)


def test_a_push_by_force_moves_a_branch_back(clone: Clone, owner: httpx.Client) -> None:
    git, first = clone("maintainer-1"), get_head(owner)
    git.commit("news.md", "News.\n")
    git("push").done()
    git("reset", "--hard", first).done()

    git("push").refused("(non-fast-forward)")
    git("push", "--force").done()

    assert get_head(owner) == first


def test_branches_and_tags_are_deleted(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    git("push", "origin", "HEAD:refs/heads/next", "HEAD:refs/tags/1.0").done()

    git("push", "--delete", "origin", "next", "1.0").done()

    assert list(refs(owner)) == ["refs/heads/main"]


def test_the_default_branch_is_not_deleted(clone: Clone) -> None:
    clone("owner-1")("push", "--delete", "origin", "main").refused(
        "refusing to delete the current branch: refs/heads/main"
    )


def test_a_push_that_is_behind_is_not_taken(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    git.commit("news.md", "News.\n")
    expect_ok(write_file(owner, "theirs.md", "x\n"))

    git("push").refused("[rejected]", "fetch first")


def test_a_large_push_arrives_in_chunks(clone: Clone, owner: httpx.Client) -> None:
    """Git asks first with an empty request, and sends what is larger than its buffer in chunks."""
    git = clone("maintainer-1")
    git("config", "http.postBuffer", "65536").done()
    git.commit(
        "large.txt", "".join(f"{number * 7919 % 104729} {number}\n" for number in range(60_000))
    )

    git("push").done()

    assert (
        "large.txt"
        in expect_ok(owner.get("/_simulator/state"))["repositories"]["encode/httpx"]["files"]
    )


def test_deltas_against_what_is_there_are_understood(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    text = "".join(f"line {number}\n" for number in range(2000))
    git.commit("long.txt", text)
    git("push").done()
    git.commit("long.txt", text.replace("line 1000\n", "another line\n"))

    git("push").done()

    assert get_head(owner) == git("rev-parse", "HEAD").done().strip()
    clone("maintainer-2")("fsck", "--full", "--strict").done()


def test_many_negotiations_arrive_compressed(clone: Clone, owner: httpx.Client) -> None:
    """Git compresses what is longer than a kilobyte."""
    git = clone("maintainer-1")
    for number in range(60):
        git("commit", "--allow-empty", "-m", f"{number}").done()
    expect_ok(write_file(owner, "theirs.md", "x\n"))

    git("fetch").done()

    assert git("rev-parse", "origin/main").done().strip() == get_head(owner)


@pytest.mark.parametrize("login", ["outsider-1", "reader-1"])
def test_whoever_may_not_write_does_not_push(clone: Clone, owner: httpx.Client, login: str) -> None:
    if login == "reader-1":
        expect_ok(owner.put(f"{HTTPX}/collaborators/maintainer-1", json={"permission": "pull"}))
    who = {"reader-1": "maintainer-1"}.get(login, login)
    git = clone(who)
    git.commit("news.md", "News.\n")

    git("push").refused(f"remote: Permission to encode/httpx.git denied to {who}.", "error: 403")


def test_nobody_pushes_without_a_token(clone: Clone) -> None:
    git = clone("")
    git.commit("news.md", "News.\n")

    git("push").refused("Authentication failed")


def test_nothing_is_pushed_to_an_archived_repository(clone: Clone, owner: httpx.Client) -> None:
    git = clone("owner-1")
    git.commit("news.md", "News.\n")
    expect_ok(owner.patch(HTTPX, json={"archived": True}))

    git("push").refused("remote: This repository was archived so it is read-only.", "error: 403")


def test_an_open_pull_request_follows_its_branch(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    git("checkout", "-b", "next").done()
    git.commit("news.md", "News.\n")
    git("push", "origin", "next").done()
    made = expect_ok(
        owner.post(f"{HTTPX}/pulls", json={"title": "Next", "head": "next", "base": "main"})
    )
    sha = git.commit("more.md", "More.\n")

    git("push", "origin", "next").done()

    assert expect_ok(owner.get(f"{HTTPX}/pulls/{made['number']}"))["head"]["sha"] == sha


def test_a_pull_requests_own_refs_are_not_pushed_to(clone: Clone) -> None:
    clone("owner-1")("push", "origin", "HEAD:refs/pull/1/head").refused(
        "deny updating a hidden ref"
    )


def test_a_submodule_and_a_script_keep_their_modes(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    sha = get_head(owner)
    git("update-index", "--add", "--cacheinfo", f"160000,{sha},vendored").done()
    (git.folder / "run").write_text("#!/bin/sh\n")
    git("add", "--chmod=+x", "run").done()
    git("commit", "-m", "More").done()

    git("push").done()

    assert expect_ok(owner.get(f"{HTTPX}/contents/run"))["path"] == "run"
    assert (
        "vendored"
        in expect_ok(owner.get("/_simulator/state"))["repositories"]["encode/httpx"]["files"]
    )
    assert "160000 commit" in clone("maintainer-2")("ls-tree", "HEAD", "vendored").done()


def test_pushes_are_logged_and_faults_strike_them(
    clone: Clone, served: SimulatedGitHub, owner: httpx.Client
) -> None:
    git = clone("maintainer-1")
    git.commit("news.md", "News.\n")
    served.requests.clear()
    fault = served.fault(path="/encode/httpx.git/git-receive-pack", status=503)

    git("push").refused("503")
    assert [one.path for one in fault.struck] == ["/encode/httpx.git/git-receive-pack"]
    served.clear_faults()
    git("push").done()

    logged = [(one.method, one.path, one.status) for one in served.requests]
    assert ("POST", "/encode/httpx.git/git-receive-pack", 200) in logged
    assert ("POST", "/encode/httpx.git/git-receive-pack", 503) in logged
    assert get_file_sha(owner, "news.md")


def test_a_push_whose_answer_is_lost_has_happened(
    clone: Clone, served: SimulatedGitHub, owner: httpx.Client
) -> None:
    git = clone("maintainer-1")
    sha = git.commit("news.md", "News.\n")
    served.fault(method="POST", path=".*/git-receive-pack", drop="after")

    git("push").refused()

    assert get_head(owner) == sha
