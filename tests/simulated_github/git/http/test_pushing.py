"""Tests of `git push` with the real git: accepted pushes, and git's own refusals.

Sources: git's documentation, "gitprotocol-pack" and "gitprotocol-http"; GitHub's messages are
those of public issue threads.
"""

import httpx
import pytest

from simulated_github import SimulatedGitHub
from tests.simulated_github.git.http.conftest import Clone, get_refs
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

    git("push").expect_ok()

    assert get_head(owner) == sha
    assert expect_ok(owner.get(f"{HTTPX}/commits/main"))["commit"]["author"]["name"] == "Ada"


def test_a_new_branch_and_both_kinds_of_tags_are_pushed(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    sha = git.commit("news.md", "News.\n")
    git("tag", "light").expect_ok()
    git("tag", "-a", "-m", "A release.", "annotated").expect_ok()

    git("push", "origin", "HEAD:refs/heads/next", "light", "annotated").expect_ok()

    refs = get_refs(owner)
    assert refs["refs/heads/next"] == sha
    assert refs["refs/tags/light"] == sha
    tag = expect_ok(owner.get(f"{HTTPX}/git/tags/{refs['refs/tags/annotated']}"))
    assert tag["message"] == "A release.\n"
    assert tag["object"]["sha"] == sha


def test_a_force_push_moves_a_branch_back(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    first = get_head(owner)
    git.commit("news.md", "News.\n")
    git("push").expect_ok()
    git("reset", "--hard", first).expect_ok()

    git("push").expect_refusal("(non-fast-forward)")
    git("push", "--force").expect_ok()

    assert get_head(owner) == first


def test_a_push_deletes_branches_and_tags(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    git("push", "origin", "HEAD:refs/heads/next", "HEAD:refs/tags/1.0").expect_ok()

    git("push", "--delete", "origin", "next", "1.0").expect_ok()

    assert list(get_refs(owner)) == ["refs/heads/main"]


def test_the_default_branch_cannot_be_deleted(clone: Clone) -> None:
    clone("owner-1")("push", "--delete", "origin", "main").expect_refusal(
        "refusing to delete the current branch: refs/heads/main"
    )


def test_a_push_behind_the_remote_is_refused(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    git.commit("news.md", "News.\n")
    expect_ok(write_file(owner, "theirs.md", "x\n"))

    git("push").expect_refusal("[rejected]", "fetch first")


def test_a_large_push_arrives_in_chunks(clone: Clone, owner: httpx.Client) -> None:
    """Git first sends an empty request, then a push larger than its buffer in chunks."""
    git = clone("maintainer-1")
    git("config", "http.postBuffer", "65536").expect_ok()
    git.commit(
        "large.txt", "".join(f"{number * 7919 % 104729} {number}\n" for number in range(60_000))
    )

    git("push").expect_ok()

    assert (
        "large.txt"
        in expect_ok(owner.get("/_simulator/state"))["repositories"]["encode/httpx"]["files"]
    )


def test_deltas_against_existing_objects_are_resolved(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    text = "".join(f"line {number}\n" for number in range(2000))
    git.commit("long.txt", text)
    git("push").expect_ok()
    git.commit("long.txt", text.replace("line 1000\n", "another line\n"))

    git("push").expect_ok()

    assert get_head(owner) == git("rev-parse", "HEAD").expect_ok().strip()
    clone("maintainer-2")("fsck", "--full", "--strict").expect_ok()


def test_a_compressed_negotiation_is_decompressed(clone: Clone, owner: httpx.Client) -> None:
    """Git compresses requests longer than a kilobyte."""
    git = clone("maintainer-1")
    for number in range(60):
        git("commit", "--allow-empty", "-m", f"{number}").expect_ok()
    expect_ok(write_file(owner, "theirs.md", "x\n"))

    git("fetch").expect_ok()

    assert git("rev-parse", "origin/main").expect_ok().strip() == get_head(owner)


@pytest.mark.parametrize("login", ["outsider-1", "reader-1"])
def test_a_user_without_write_access_cannot_push(
    clone: Clone, owner: httpx.Client, login: str
) -> None:
    if login == "reader-1":
        expect_ok(owner.put(f"{HTTPX}/collaborators/maintainer-1", json={"permission": "pull"}))
    user = {"reader-1": "maintainer-1"}.get(login, login)
    git = clone(user)
    git.commit("news.md", "News.\n")

    git("push").expect_refusal(
        f"remote: Permission to encode/httpx.git denied to {user}.", "error: 403"
    )


def test_a_push_requires_a_token(clone: Clone) -> None:
    git = clone("")
    git.commit("news.md", "News.\n")

    git("push").expect_refusal("Authentication failed")


def test_an_archived_repository_refuses_pushes(clone: Clone, owner: httpx.Client) -> None:
    git = clone("owner-1")
    git.commit("news.md", "News.\n")
    expect_ok(owner.patch(HTTPX, json={"archived": True}))

    git("push").expect_refusal(
        "remote: This repository was archived so it is read-only.", "error: 403"
    )


def test_an_open_pull_request_follows_its_branch(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    git("checkout", "-b", "next").expect_ok()
    git.commit("news.md", "News.\n")
    git("push", "origin", "next").expect_ok()
    pull_request = expect_ok(
        owner.post(f"{HTTPX}/pulls", json={"title": "Next", "head": "next", "base": "main"})
    )
    sha = git.commit("more.md", "More.\n")

    git("push", "origin", "next").expect_ok()

    assert expect_ok(owner.get(f"{HTTPX}/pulls/{pull_request['number']}"))["head"]["sha"] == sha


def test_the_refs_of_a_pull_request_cannot_be_pushed(clone: Clone) -> None:
    clone("owner-1")("push", "origin", "HEAD:refs/pull/1/head").expect_refusal(
        "deny updating a hidden ref"
    )


def test_a_submodule_and_a_script_keep_their_modes(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    sha = get_head(owner)
    git("update-index", "--add", "--cacheinfo", f"160000,{sha},vendored").expect_ok()
    (git.folder / "run").write_text("#!/bin/sh\n")
    git("add", "--chmod=+x", "run").expect_ok()
    git("commit", "-m", "More").expect_ok()

    git("push").expect_ok()

    assert expect_ok(owner.get(f"{HTTPX}/contents/run"))["path"] == "run"
    assert (
        "vendored"
        in expect_ok(owner.get("/_simulator/state"))["repositories"]["encode/httpx"]["files"]
    )
    assert "160000 commit" in clone("maintainer-2")("ls-tree", "HEAD", "vendored").expect_ok()


def test_faults_apply_to_pushes_and_the_log_lists_them(
    clone: Clone, served: SimulatedGitHub, owner: httpx.Client
) -> None:
    git = clone("maintainer-1")
    git.commit("news.md", "News.\n")
    served.requests.clear()
    fault = served.fault(path="/encode/httpx.git/git-receive-pack", status=503)

    git("push").expect_refusal("503")
    assert [request.path for request in fault.struck] == ["/encode/httpx.git/git-receive-pack"]
    served.clear_faults()
    git("push").expect_ok()

    logged = [(request.method, request.path, request.status) for request in served.requests]
    assert ("POST", "/encode/httpx.git/git-receive-pack", 200) in logged
    assert ("POST", "/encode/httpx.git/git-receive-pack", 503) in logged
    assert get_file_sha(owner, "news.md")


def test_a_push_takes_effect_when_its_response_is_lost(
    clone: Clone, served: SimulatedGitHub, owner: httpx.Client
) -> None:
    git = clone("maintainer-1")
    sha = git.commit("news.md", "News.\n")
    served.fault(method="POST", path=".*/git-receive-pack", drop="after")

    git("push").expect_refusal()

    assert get_head(owner) == sha
