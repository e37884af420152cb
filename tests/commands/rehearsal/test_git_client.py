"""The real git against a simulated GitHub, as several people."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.rehearsal.errors import RefusedError, StoppedError
from commands.rehearsal.git_client import Clone, words
from commands.rehearsal.processes import Processes
from simulated_github import SimulatedGitHub


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Clone]:
    with SimulatedGitHub("encode") as github, Processes(tmp_path) as processes:
        yield Clone(processes, github.url, "encode/httpx", tmp_path / "clone")


def test_somebody_pushes_a_commit_which_others_then_have(clone: Clone) -> None:
    clone.fetch("maintainer-1")
    commit = clone.commit("maintainer-1", "main", {"docs/new.md": "New.\n"}, "Say more")
    clone.push("maintainer-1", "HEAD:refs/heads/more")
    clone.fetch("maintainer-2")

    assert clone.id_of("origin/more") == commit
    assert (clone.directory / "docs/new.md").read_text() == "New.\n"


def test_a_commit_begins_at_the_branch_and_holds_nothing_of_the_one_before(clone: Clone) -> None:
    clone.fetch("maintainer-1")
    clone.commit("maintainer-1", "main", {"one.md": "1\n"}, "One")
    clone.commit("maintainer-1", "main", {"two.md": "2\n"}, "Two")

    assert not (clone.directory / "one.md").exists()
    assert clone.id_of("HEAD~1") == clone.id_of("origin/main")


def test_a_refusal_is_told_in_the_words_of_the_remote_side(clone: Clone) -> None:
    clone.fetch("outsider-1")

    with pytest.raises(RefusedError, match=r"denied to outsider-1|403"):
        clone.push("outsider-1", "origin/main:refs/heads/mine")


def test_a_repository_that_is_not_there_cannot_be_fetched(clone: Clone) -> None:
    clone.repository = "encode/nothing"

    with pytest.raises(StoppedError, match=r"git fetch failed: .*not found"):
        clone.fetch("maintainer-1")


def test_no_token_is_written_to_the_clone(clone: Clone) -> None:
    clone.fetch("maintainer-1")

    assert "extraheader" not in (clone.directory / ".git" / "config").read_text()


def test_what_is_said_at_every_push_is_left_out() -> None:
    output = (
        "remote: error: GH013: Repository rule violations found for refs/tags/1.0.\n"
        "remote: Review all repository rules at http://127.0.0.1:1/encode/httpx/rules?ref=1\n"
        "remote: \n"
        "remote: - Cannot create ref due to creations being restricted.\n"
        "To http://127.0.0.1:1/encode/httpx.git\n"
        " ! [remote rejected] HEAD -> 1.0 (push declined due to repository rule violations)\n"
        "error: failed to push some refs to 'http://127.0.0.1:1/encode/httpx.git'\n"
    )

    found = "error: GH013: Repository rule violations found for refs/tags/1.0."
    assert words(output) == f"{found} - Cannot create ref due to creations being restricted."


def test_where_nothing_else_is_said_git_has_its_own_words() -> None:
    assert (
        words(" ! [remote rejected] HEAD -> 1.0 (declined)\n")
        == "! [remote rejected] HEAD -> 1.0 (declined)"
    )
    assert words("") == "no reason given"
