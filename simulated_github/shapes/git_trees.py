"""Trees and blobs as the API shows them."""

import base64
import stat

from dulwich.object_store import iter_tree_contents
from dulwich.objects import ObjectID, Tree

from simulated_github.records.repositories import Repository
from simulated_github.shapes.accounts import Json
from simulated_github.shapes.links import Links
from simulated_github.world.ids import node_id


def _api(links: Links, repository: Repository, *parts: str) -> str:
    return links.api("repos", repository.owner.login, repository.name, "git", *parts)


def tree(links: Links, repository: Repository, sha: str, *, deep: bool) -> Json:
    """A tree: its own entries, or (``deep``) every file below it."""
    objects, root = repository.git.objects, ObjectID(sha.encode())
    found = objects[root]
    if deep:
        entries = [
            (e.path, e.mode, e.sha)
            for e in iter_tree_contents(objects, root, include_trees=True)
            if e.path
        ]
    else:
        entries = (
            [(e.path, e.mode, e.sha) for e in found.iteritems()] if isinstance(found, Tree) else []
        )
    return {
        "sha": sha,
        "url": _api(links, repository, "trees", sha),
        "tree": [
            _entry(links, repository, path.decode(), mode, item.decode())
            for path, mode, item in entries
        ],
        "truncated": False,
    }


def _entry(links: Links, repository: Repository, path: str, mode: int, sha: str) -> Json:
    kind = "tree" if stat.S_ISDIR(mode) else "blob"
    shape: Json = {"path": path, "mode": f"{mode:06o}", "type": kind, "sha": sha}
    if kind == "blob":
        shape["size"] = len(repository.git.data(sha))
    return shape | {"url": _api(links, repository, f"{kind}s", sha)}


def blob_address(links: Links, repository: Repository, sha: str) -> Json:
    """Where a blob is."""
    return {"sha": sha, "url": _api(links, repository, "blobs", sha)}


def blob(links: Links, repository: Repository, sha: str, data: bytes) -> Json:
    """A blob with its content in base64."""
    return blob_address(links, repository, sha) | {
        "node_id": node_id("Blob", int(sha[:12], 16)),
        "size": len(data),
        "content": base64.b64encode(data).decode(),
        "encoding": "base64",
    }
