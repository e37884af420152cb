"""Tests of `git clone` and `git fetch` with the real git.

Source: git's documentation, "gitprotocol-http" and "gitprotocol-pack".
"""

from pathlib import Path

import httpx
import pytest

from simulated_github import SimulatedGitHub
from tests.simulated_github.git.http.conftest import Clone, Git
from tests.simulated_github.helpers.api_calls import (
    HTTPX,
    create_branch,
    create_tag,
    expect_ok,
    get_head,
    write_file,
)


def test_a_clone_has_the_files_and_the_default_branch(clone: Clone) -> None:
    git = clone("maintainer-1")

    assert (git.folder / "scripts/publish").exists()
    assert git("rev-parse", "--abbrev-ref", "HEAD").expect_ok().strip() == "main"
    git("fsck", "--full", "--strict").expect_ok()


def test_a_public_repository_is_cloned_without_a_token(clone: Clone, owner: httpx.Client) -> None:
    assert clone("")("rev-parse", "HEAD").expect_ok().strip() == get_head(owner)


def test_a_clone_checks_out_a_renamed_default_branch(clone: Clone) -> None:
    assert (
        clone("maintainer-1", "databases")("rev-parse", "--abbrev-ref", "HEAD").expect_ok().strip()
        == "master"
    )


def test_a_fetch_gets_new_commits_branches_and_tags(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    expect_ok(write_file(owner, "news.md", "News.\n"))
    create_branch(owner, "next")
    expect_ok(create_tag(owner, "1.0"))

    git("fetch").expect_ok()

    assert (
        git("rev-parse", "origin/main", "origin/next", "1.0").expect_ok().split()
        == [get_head(owner)] * 3
    )
    git("fsck", "--full", "--strict").expect_ok()


def test_a_fetch_of_diverged_histories_gets_missing_commits(
    clone: Clone, owner: httpx.Client
) -> None:
    git = clone("maintainer-1")
    for number in range(40):
        git.commit("mine.md", f"{number}\n")
    expect_ok(write_file(owner, "theirs.md", "Theirs.\n"))

    git("fetch").expect_ok()

    assert git("rev-list", "--count", "HEAD..origin/main").expect_ok().strip() == "1"
    git("fsck", "--full", "--strict").expect_ok()


def test_a_fetch_includes_annotated_tags(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    tag = {"tag": "1.0", "message": "A release.\n", "object": get_head(owner), "type": "commit"}
    sha = expect_ok(owner.post(f"{HTTPX}/git/tags", json=tag))["sha"]
    expect_ok(owner.post(f"{HTTPX}/git/refs", json={"ref": "refs/tags/1.0", "sha": sha}))

    git("fetch").expect_ok()

    assert git("rev-parse", "1.0", "1.0^{commit}").expect_ok().split() == [sha, get_head(owner)]


def test_a_shallow_clone_can_be_deepened(clone: Clone, owner: httpx.Client) -> None:
    for number in range(5):
        expect_ok(write_file(owner, f"{number}.md", "x\n"))

    git = clone("maintainer-1", "httpx", "--depth=2")

    assert git("rev-list", "--count", "HEAD").expect_ok().strip() == "2"
    git("fetch", "--depth=3").expect_ok()
    assert git("rev-list", "--count", "HEAD").expect_ok().strip() == "3"
    git("fetch", "--unshallow").expect_ok()
    assert git("rev-list", "--count", "HEAD").expect_ok().strip() == "6"
    git("fsck", "--full", "--strict").expect_ok()


def test_a_shallow_clone_can_be_updated(clone: Clone, owner: httpx.Client) -> None:
    expect_ok(write_file(owner, "one.md", "x\n"))
    git = clone("maintainer-1", "httpx", "--depth=1")
    expect_ok(write_file(owner, "two.md", "x\n"))

    git("pull").expect_ok()

    assert git("rev-list", "--count", "HEAD").expect_ok().strip() == "2"


def test_a_commit_can_be_fetched_by_its_sha(clone: Clone, owner: httpx.Client) -> None:
    """Source: git's documentation, "gitprotocol-capabilities"; the action `checkout` does so."""
    first = get_head(owner)
    expect_ok(write_file(owner, "one.md", "x\n"))
    git = clone("maintainer-1", "httpx", "--depth=1")

    git("fetch", "--depth=1", "origin", f"+{first}:refs/remotes/origin/first").expect_ok()

    assert git("rev-parse", "origin/first").expect_ok().strip() == first


def test_an_object_that_no_ref_reaches_is_not_served(clone: Clone, owner: httpx.Client) -> None:
    blob = expect_ok(owner.post(f"{HTTPX}/git/blobs", json={"content": "hidden"}))["sha"]

    clone("maintainer-1")("fetch", "origin", blob).expect_refusal("not our ref")


def test_an_empty_repository_can_be_cloned(clone: Clone, owner: httpx.Client) -> None:
    expect_ok(owner.post("/orgs/encode/repos", json={"name": "fresh"}))

    git = clone("owner-1", "fresh")
    git.commit("README.md", "# fresh\n")
    git("push", "origin", "HEAD:main").expect_ok()

    assert expect_ok(owner.get("/repos/encode/fresh/contents/README.md"))["path"] == "README.md"


def test_a_former_name_redirects_to_the_repository(clone: Clone, owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Renaming a repository": git operations redirect."""
    expect_ok(owner.patch(HTTPX, json={"name": "httpy"}))

    assert (clone("maintainer-1").folder / "scripts").is_dir()


@pytest.mark.parametrize(
    ("login", "repository"), [("maintainer-1", "nothing"), ("outsider-1", "secret")]
)
def test_a_hidden_repository_is_not_found(
    served: SimulatedGitHub, owner: httpx.Client, tmp_path: Path, login: str, repository: str
) -> None:
    expect_ok(owner.post("/orgs/encode/repos", json={"name": "secret", "private": True}))
    git = Git(tmp_path, served.url.removeprefix("http://"), login)

    git("clone", git.url(repository)).expect_refusal("remote: Repository not found.", "not found")


def test_a_missing_token_is_a_401(served: SimulatedGitHub, tmp_path: Path) -> None:
    git = Git(tmp_path, served.url.removeprefix("http://"), "")

    git("clone", git.url("nothing")).expect_refusal("Authentication failed")
    response = httpx.get(
        f"{served.url}/encode/nothing.git/info/refs", params={"service": "git-upload-pack"}
    )
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == 'Basic realm="GitHub"'


def test_a_wrong_token_is_a_401(served: SimulatedGitHub, tmp_path: Path) -> None:
    """Git sends credentials only after a 401."""
    git = Git(tmp_path, served.url.removeprefix("http://"), "maintainer-1")

    git("clone", git.url("nothing", token="wrong")).expect_refusal(
        "remote: Invalid username or token.", "Authentication failed"
    )


def test_a_collaborator_clones_a_private_repository(clone: Clone, owner: httpx.Client) -> None:
    expect_ok(owner.patch(HTTPX, json={"private": True}))

    assert (clone("maintainer-1").folder / "scripts").is_dir()
