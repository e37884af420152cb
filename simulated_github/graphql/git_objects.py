"""Refs, commits, trees and blobs in GraphQL responses."""

import stat

from simulated_github.git.objects import Entry
from simulated_github.graphql import branch_protection
from simulated_github.graphql.nodes import Node, require_permission
from simulated_github.http.request import Request
from simulated_github.records.repositories import Repository
from simulated_github.shapes.links import Json
from simulated_github.world.ids import node_id

#: The size above which `Blob.text` is cut. Assumption: GitHub's pages cut files at the same size.
_LONGEST_TEXT = 512_000  # bytes


def find_object(
    request: Request, repository: Repository, expression: str | None, oid: str | None
) -> Node | None:
    """Return the object of a sha, or of an expression for `git rev-parse`; None without one.

    Supported are a revision (`HEAD`, a branch, a tag, a sha) and `REVISION:PATH`. Source:
    `Repository.object` in GitHub's public GraphQL schema.
    """
    require_permission(request, "contents:read")
    revision, colon, path = (expression or oid or "").partition(":")
    git = repository.git
    commit = git.resolve(repository.default_ref if revision == "HEAD" else revision)
    if commit is None:
        return None
    if not colon:
        return Node("Commit", repository, commit)
    entry = git.entry(commit, path)
    return _entry_node(repository, commit, entry) if entry else None


def _entry_node(repository: Repository, commit: str, entry: Entry) -> Node:
    if stat.S_ISDIR(entry.mode):
        return Node("Tree", repository, commit, entry)
    return Node("Blob", entry)


def _fields(kind: str, sha: str) -> Json:
    return {"id": node_id(kind, int(sha[:12], 16)), "oid": sha, "abbreviatedOid": sha[:7]}


def ref_node(repository: Repository, name: str) -> Node | None:
    """Return the ref with a full name, or None."""
    return Node("Ref", repository, name) if name in repository.git.refs else None


def ref(request: Request, repository: Repository, name: str) -> Json:
    """Return the fields of a ref; an annotated tag is shown as the commit that it names."""
    kind, _, short_name = name.removeprefix("refs/").partition("/")
    return {
        "id": node_id("Ref", repository.id) + name,
        "name": short_name,
        "prefix": f"refs/{kind}/",
        "target": lambda _info: find_object(request, repository, name, None),
        "branchProtectionRule": lambda _info: branch_protection.find_for_ref(
            request, repository, name
        ),
    }


def commit(_request: Request, repository: Repository, sha: str) -> Json:
    """Return the fields of a commit."""
    root = repository.git.entry(sha, "")
    return _fields("Commit", sha) | {
        "message": repository.git.commit_object(sha).message.decode(),
        "tree": Node("Tree", repository, sha, root),
    }


def tree(_request: Request, repository: Repository, commit_sha: str, directory: Entry) -> Json:
    """Return the fields of a directory of a commit."""
    return _fields("Tree", directory.sha) | {
        "entries": lambda _info: [
            Node("TreeEntry", repository, commit_sha, entry)
            for entry in repository.git.children(commit_sha, directory.path)
        ]
    }


def tree_entry(_request: Request, repository: Repository, commit_sha: str, entry: Entry) -> Json:
    """Return the fields of an entry of a directory."""
    return {
        "name": entry.name,
        "path": entry.path,
        "mode": entry.mode,
        "type": "tree" if entry.is_directory else "blob",
        "oid": entry.sha,
        "size": len(entry.data or b""),
        "object": _entry_node(repository, commit_sha, entry),
    }


def blob(_request: Request, entry: Entry) -> Json:
    """Return the fields of a file; a binary file has no text.

    Source: `Blob.text` in GitHub's public GraphQL schema. A file is binary for git when it holds a
    null byte, and here also when it is not UTF-8 (Assumption).
    """
    data = entry.data or b""
    text = None if b"\0" in data else _decode(data)
    return _fields("Blob", entry.sha) | {
        "byteSize": len(data),
        "isBinary": text is None,
        "isTruncated": len(data) > _LONGEST_TEXT,
        "text": _decode(data[:_LONGEST_TEXT], errors="ignore") if text is not None else None,
    }


def _decode(data: bytes, errors: str = "strict") -> str | None:
    try:
        return data.decode(errors=errors)
    except UnicodeDecodeError:
        return None
