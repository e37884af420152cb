"""Git's commits, tags, refs, trees and blobs as GitHub's API shows them."""

import base64
import stat
from datetime import UTC, datetime

from dulwich.object_store import iter_tree_contents
from dulwich.objects import Commit, ObjectID, Tag, Tree

from simulated_github.records.repositories import Repository
from simulated_github.shapes.links import Json, Links
from simulated_github.world.ids import node_id

#: The `verification` of an object without a signature.
UNSIGNED = {
    "verified": False,
    "reason": "unsigned",
    "signature": None,
    "payload": None,
    "verified_at": None,
}


def git_commit(links: Links, repository: Repository, sha: str) -> Json:
    """Return a commit as git stores it (schema `git-commit`)."""
    git_object = repository.git.commit_object(sha)
    tree = git_object.tree.decode()
    return {
        "sha": sha,
        "node_id": node_id("Commit", int(sha[:12], 16)),
        "url": links.repository(repository, "git", "commits", sha),
        "html_url": links.repository_page(repository, "commit", sha),
        **commit_fields(git_object),
        "tree": {"sha": tree, "url": links.repository(repository, "git", "trees", tree)},
        "parents": [
            commit_parent(links, repository, parent, "git")
            for parent in repository.git.parents(sha)
        ],
        "verification": UNSIGNED,
    }


def commit_fields(commit: Commit) -> Json:
    """Return author, committer and message of a commit."""
    return {
        "author": _person(commit.author, commit.author_time),
        "committer": _person(commit.committer, commit.commit_time),
        "message": commit.message.decode(),
    }


def _person(line: bytes, seconds: int) -> Json:
    name, _, rest = line.decode().partition(" <")
    return {"name": name, "email": rest.rstrip(">"), "date": _stamp(seconds)}


def _stamp(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def commit_parent(links: Links, repository: Repository, sha: str, *prefix: str) -> Json:
    """Return a parent of a commit; `prefix` leads to commits in the API, such as `git`."""
    return {
        "sha": sha,
        "url": links.repository(repository, *prefix, "commits", sha),
        "html_url": links.repository_page(repository, "commit", sha),
    }


def git_ref(links: Links, repository: Repository, name: str) -> Json:
    """Return a ref and the object that it points at."""
    sha = repository.git.refs[name]
    target = repository.git.find(sha)
    kind = target.type_name.decode() if target else "commit"
    return {
        "ref": name,
        "node_id": node_id("Ref", int(sha[:12], 16)),
        "url": links.repository(repository, "git", *name.split("/")),
        "object": {
            "sha": sha,
            "type": kind,
            "url": links.repository(repository, "git", f"{kind}s", sha),
        },
    }


def git_tag(links: Links, repository: Repository, sha: str, tag: Tag) -> Json:
    """Return the object of an annotated tag."""
    kind, target = tag.object
    return {
        "node_id": node_id("Tag", int(sha[:12], 16)),
        "tag": tag.name.decode(),
        "sha": sha,
        "url": links.repository(repository, "git", "tags", sha),
        "message": (tag.message or b"").decode(),
        "tagger": _person(tag.tagger or b" <>", tag.tag_time or 0),
        "object": {
            "type": kind.type_name.decode(),
            "sha": target.decode(),
            "url": links.repository(
                repository, "git", f"{kind.type_name.decode()}s", target.decode()
            ),
        },
        "verification": UNSIGNED,
    }


def tree(links: Links, repository: Repository, sha: str, *, recursive: bool) -> Json:
    """Return a tree with its own entries, or (`recursive`) with every entry below it."""
    objects = repository.git.objects
    root = objects[ObjectID(sha.encode())]
    if recursive:
        descendants = iter_tree_contents(objects, root.id, include_trees=True)
        entries = [entry for entry in descendants if entry.path]
    else:
        entries = list(root.iteritems()) if isinstance(root, Tree) else []
    return {
        "sha": sha,
        "url": links.repository(repository, "git", "trees", sha),
        "tree": [
            _entry(links, repository, entry.path.decode(), entry.mode, entry.sha.decode())
            for entry in entries
        ],
        "truncated": False,
    }


def _entry(links: Links, repository: Repository, path: str, mode: int, sha: str) -> Json:
    kind = "tree" if stat.S_ISDIR(mode) else "blob"
    shape: Json = {"path": path, "mode": f"{mode:06o}", "type": kind, "sha": sha}
    if kind == "blob":
        shape["size"] = len(repository.git.data(sha))
    return shape | {"url": links.repository(repository, "git", f"{kind}s", sha)}


def blob_address(links: Links, repository: Repository, sha: str) -> Json:
    """Return the sha and the URL of a blob."""
    return {"sha": sha, "url": links.repository(repository, "git", "blobs", sha)}


def blob(links: Links, repository: Repository, sha: str, data: bytes) -> Json:
    """Return a blob with its content in base64."""
    return blob_address(links, repository, sha) | {
        "node_id": node_id("Blob", int(sha[:12], 16)),
        "size": len(data),
        "content": base64.b64encode(data).decode(),
        "encoding": "base64",
    }
