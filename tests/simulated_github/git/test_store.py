"""Tests of git objects in memory, with the shas that git itself computes."""

import pytest

from simulated_github.git.objects import EXECUTABLE_MODE, FILE_MODE, Signature
from simulated_github.git.store import GitStore

AUTHOR = Signature("Ada", "ada@users.example", 1_700_000_000)


@pytest.fixture
def git() -> GitStore:
    return GitStore()


def commit(git: GitStore, changes: dict[str, bytes | None], *parents: str, at: int = 0) -> str:
    author = Signature(AUTHOR.name, AUTHOR.email, AUTHOR.seconds + at)
    return git.commit(parents, changes, "A change\n", author, author)


def test_shas_are_those_of_git(git: GitStore) -> None:
    """Computed with `git hash-object` and `git commit-tree`."""
    sha = commit(git, {"README.md": b"hello\n"})
    entry = git.entry(sha, "README.md")

    assert entry is not None
    assert entry.sha == "ce013625030ba8dba906f756967f9e9ca394464a"
    assert sha == "f21ab169b8154343c36aa608b67fb4117b3a9d29"


def test_a_commit_changes_adds_and_deletes_files(git: GitStore) -> None:
    first = commit(git, {"a": b"1", "d/b": b"2", "d/c": b"3"})
    second = commit(git, {"a": b"4", "d/b": None, "e": b"5"}, first)

    assert sorted(git.files(second)) == ["a", "d/c", "e"]
    assert git.diff(first, second) == {"a": "modified", "d/b": "removed", "e": "added"}


def test_deleting_the_last_file_deletes_the_directory(git: GitStore) -> None:
    first = commit(git, {"a": b"1", "d/b": b"2"})
    second = commit(git, {"d/b": None}, first)

    assert git.entry(second, "d") is None


def test_scripts_are_executable_and_files_keep_their_mode(git: GitStore) -> None:
    first = commit(git, {"run": b"#!/bin/sh\n", "text": b"x"})
    second = commit(git, {"run": b"no longer a script", "text": b"#!/bin/sh\n"}, first)

    modes = [entry.mode for path in ("run", "text") if (entry := git.entry(second, path))]
    assert modes == [EXECUTABLE_MODE, FILE_MODE]


def test_a_directory_lists_its_entries(git: GitStore) -> None:
    sha = commit(git, {"a": b"1", "d/b": b"2"})

    assert [(entry.path, entry.is_directory) for entry in git.children(sha, "")] == [
        ("a", False),
        ("d", True),
    ]
    assert [entry.path for entry in git.children(sha, "d")] == ["d/b"]
    assert git.children(sha, "a") == []
    assert git.entry(sha, "a/b") is None


def test_history_is_newest_first_across_merges(git: GitStore) -> None:
    root = commit(git, {"a": b"1"})
    left = commit(git, {"b": b"1"}, root, at=10)
    right = commit(git, {"c": b"1"}, root, at=20)
    merge = commit(git, {"c": b"1"}, left, right, at=30)

    assert [merge, right, left, root] == list(git.history(merge))
    assert git.merge_base(left, right) == root
    assert git.contains(merge, right)
    assert not git.contains(left, right)


def test_the_history_of_a_path_has_commits_that_changed_it(git: GitStore) -> None:
    first = commit(git, {"a": b"1", "b": b"1"})
    second = commit(git, {"b": b"2"}, first, at=10)
    third = commit(git, {"a": None}, second, at=20)

    assert [third, first] == list(git.path_history(third, "a"))


def test_names_resolve_to_commits(git: GitStore) -> None:
    sha = commit(git, {"a": b"1"})
    git.refs["refs/heads/main"] = sha

    assert [sha] * 4 == [
        git.resolve(name) for name in ("main", "refs/heads/main", "heads/main", sha)
    ]
    assert git.resolve("other") is None
    assert git.resolve("0" * 40) is None
