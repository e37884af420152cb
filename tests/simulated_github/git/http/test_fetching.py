"""``git clone`` and ``git fetch`` with the real git. Source: git's documentation, "gitprotocol-http" and "gitprotocol-pack"."""

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
    assert git("rev-parse", "--abbrev-ref", "HEAD").done().strip() == "main"
    git("fsck", "--full", "--strict").done()


def test_whoever_has_no_token_clones_what_is_public(clone: Clone, owner: httpx.Client) -> None:
    assert clone("")("rev-parse", "HEAD").done().strip() == get_head(owner)


def test_a_default_branch_of_another_name_is_followed(clone: Clone) -> None:
    assert (
        clone("maintainer-1", "databases")("rev-parse", "--abbrev-ref", "HEAD").done().strip()
        == "master"
    )


def test_a_fetch_brings_what_came_since(clone: Clone, owner: httpx.Client) -> None:
    git = clone("maintainer-1")
    expect_ok(write_file(owner, "news.md", "News.\n"))
    create_branch(owner, "next")
    expect_ok(create_tag(owner, "1.0"))

    git("fetch").done()

    assert (
        git("rev-parse", "origin/main", "origin/next", "1.0").done().split()
        == [get_head(owner)] * 3
    )
    git("fsck", "--full", "--strict").done()


def test_a_fetch_of_diverged_histories_brings_what_is_missing_alone(
    clone: Clone, owner: httpx.Client
) -> None:
    git = clone("maintainer-1")
    for number in range(40):
        git.commit("mine.md", f"{number}\n")
    expect_ok(write_file(owner, "theirs.md", "Theirs.\n"))

    git("fetch").done()

    assert git("rev-list", "--count", "HEAD..origin/main").done().strip() == "1"
    git("fsck", "--full", "--strict").done()


def test_annotated_tags_come_along_with_what_they_stand_for(
    clone: Clone, owner: httpx.Client
) -> None:
    git = clone("maintainer-1")
    made = {"tag": "1.0", "message": "A release.\n", "object": get_head(owner), "type": "commit"}
    sha = expect_ok(owner.post(f"{HTTPX}/git/tags", json=made))["sha"]
    expect_ok(owner.post(f"{HTTPX}/git/refs", json={"ref": "refs/tags/1.0", "sha": sha}))

    git("fetch").done()

    assert git("rev-parse", "1.0", "1.0^{commit}").done().split() == [sha, get_head(owner)]


def test_a_shallow_clone_ends_where_it_was_told_to_and_can_be_deepened(
    clone: Clone, owner: httpx.Client
) -> None:
    for number in range(5):
        expect_ok(write_file(owner, f"{number}.md", "x\n"))

    git = clone("maintainer-1", "httpx", "--depth=2")

    assert git("rev-list", "--count", "HEAD").done().strip() == "2"
    git("fetch", "--depth=3").done()
    assert git("rev-list", "--count", "HEAD").done().strip() == "3"
    git("fetch", "--unshallow").done()
    assert git("rev-list", "--count", "HEAD").done().strip() == "6"
    git("fsck", "--full", "--strict").done()


def test_a_shallow_clone_is_brought_up_to_date(clone: Clone, owner: httpx.Client) -> None:
    expect_ok(write_file(owner, "one.md", "x\n"))
    git = clone("maintainer-1", "httpx", "--depth=1")
    expect_ok(write_file(owner, "two.md", "x\n"))

    git("pull").done()

    assert git("rev-list", "--count", "HEAD").done().strip() == "2"


def test_a_commit_is_fetched_by_its_sha_alone(clone: Clone, owner: httpx.Client) -> None:
    """As the action ``checkout`` does. Source: git's documentation, "gitprotocol-capabilities"."""
    first = get_head(owner)
    expect_ok(write_file(owner, "one.md", "x\n"))
    git = clone("maintainer-1", "httpx", "--depth=1")

    git("fetch", "--depth=1", "origin", f"+{first}:refs/remotes/origin/first").done()

    assert git("rev-parse", "origin/first").done().strip() == first


def test_an_object_that_no_ref_leads_to_is_not_handed_out(
    clone: Clone, owner: httpx.Client
) -> None:
    blob = expect_ok(owner.post(f"{HTTPX}/git/blobs", json={"content": "hidden"}))["sha"]

    clone("maintainer-1")("fetch", "origin", blob).refused("not our ref")


def test_an_empty_repository_can_be_cloned(clone: Clone, owner: httpx.Client) -> None:
    expect_ok(owner.post("/orgs/encode/repos", json={"name": "fresh"}))

    git = clone("owner-1", "fresh")
    git.commit("README.md", "# fresh\n")
    git("push", "origin", "HEAD:main").done()

    assert expect_ok(owner.get("/repos/encode/fresh/contents/README.md"))["path"] == "README.md"


def test_a_former_name_leads_to_the_repository(clone: Clone, owner: httpx.Client) -> None:
    """Source: GitHub's docs, "Renaming a repository": git operations to the former name go on to work."""
    expect_ok(owner.patch(HTTPX, json={"name": "httpy"}))

    assert (clone("maintainer-1").folder / "scripts").is_dir()


@pytest.mark.parametrize(
    ("login", "repository"), [("maintainer-1", "nothing"), ("outsider-1", "secret")]
)
def test_what_may_not_be_seen_is_not_there(
    served: SimulatedGitHub, owner: httpx.Client, tmp_path: Path, login: str, repository: str
) -> None:
    expect_ok(owner.post("/orgs/encode/repos", json={"name": "secret", "private": True}))
    git = Git(tmp_path, served.url.removeprefix("http://"), login)

    git("clone", git.url(repository)).refused("remote: Repository not found.", "not found")


def test_whoever_has_no_token_is_asked_for_one(served: SimulatedGitHub, tmp_path: Path) -> None:
    git = Git(tmp_path, served.url.removeprefix("http://"), "")

    git("clone", git.url("nothing")).refused("Authentication failed")
    answer = httpx.get(
        f"{served.url}/encode/nothing.git/info/refs", params={"service": "git-upload-pack"}
    )
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Basic realm="GitHub"')


def test_a_wrong_token_is_no_token(served: SimulatedGitHub, tmp_path: Path) -> None:
    """Git sends what it has only when it is asked."""
    git = Git(tmp_path, served.url.removeprefix("http://"), "maintainer-1")

    git("clone", git.url("nothing", token="wrong")).refused(
        "remote: Invalid username or token.", "Authentication failed"
    )


def test_a_private_repository_is_for_those_who_may_read_it(
    clone: Clone, owner: httpx.Client
) -> None:
    expect_ok(owner.patch(HTTPX, json={"private": True}))

    assert (clone("maintainer-1").folder / "scripts").is_dir()
