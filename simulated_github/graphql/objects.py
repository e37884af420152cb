"""Commits, trees and blobs as GraphQL shows them. Source: `Repository.object` in GitHub's public GraphQL schema.

An expression is what `git rev-parse` takes; served are a revision (`HEAD`, a branch, a tag, a sha) and `REVISION:PATH`.
"""

import stat
from typing import Any

from simulated_github.git.store import Entry
from simulated_github.records.repositories import Repository
from simulated_github.world.ids import node_id


def git_object(repository: Repository, expression: str) -> dict[str, Any] | None:
    """What an expression stands for, or None where there is nothing."""
    revision, colon, path = expression.partition(":")
    commit = repository.git.resolve(repository.default_ref if revision == "HEAD" else revision)
    if commit is None:
        return None
    if not colon:
        return _object("Commit", commit) | {
            "message": repository.git.commit_object(commit).message.decode()
        }
    entry = repository.git.entry(commit, path)
    if entry is None:
        return None
    return _tree(repository, commit, entry) if stat.S_ISDIR(entry.mode) else _blob(entry)


def _tree(repository: Repository, commit: str, directory: Entry) -> dict[str, Any]:
    return _object("Tree", directory.sha) | {
        "entries": [
            {
                "name": entry.name,
                "path": entry.path,
                "mode": entry.mode,
                "type": "tree" if entry.is_directory else "blob",
                "oid": entry.sha,
            }
            for entry in repository.git.children(commit, directory.path)
        ]
    }


def _blob(entry: Entry) -> dict[str, Any]:
    return _object("Blob", entry.sha) | {"byteSize": len(entry.data or b"")}


def _object(kind: str, sha: str) -> dict[str, Any]:
    return {"__typename": kind, "id": node_id(kind, int(sha[:12], 16)), "oid": sha}
