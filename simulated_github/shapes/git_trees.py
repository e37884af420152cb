"""Trees and blobs as GitHub's API shows them."""

import base64
import stat

from dulwich.object_store import iter_tree_contents
from dulwich.objects import ObjectID, Tree

from simulated_github.records.repositories import Repository
from simulated_github.shapes.links import Json, Links
from simulated_github.world.ids import node_id


def tree(links: Links, repository: Repository, sha: str, *, deep: bool) -> Json:
    """Return a tree with its own entries, or (``deep``) with every entry below it."""
    objects = repository.git.objects
    root = objects[ObjectID(sha.encode())]
    if deep:
        below = iter_tree_contents(objects, root.id, include_trees=True)
        entries = [entry for entry in below if entry.path]
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
