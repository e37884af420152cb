"""A repository's git objects and refs, in memory, with the shas that git computes.

Shas are 40 hex digits as text, ref names are full (`refs/heads/main`), paths are relative.
Deliberately absent: the rules for updating a ref (see `operations/pushes`), and a work tree.
"""

import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dulwich.errors import NotTreeError
from dulwich.object_store import (
    MemoryObjectStore,
    commit_tree_changes,
    iter_tree_contents,
    tree_lookup_path,
)
from dulwich.objects import Blob, Commit, ObjectID, ShaFile, Tree

from simulated_github.git.objects import (
    EXECUTABLE_MODE,
    FILE_MODE,
    SUBMODULE_MODE,
    Entry,
    PathError,
    Signature,
)

_SHA = re.compile(r"[0-9a-f]{40}\Z")


class GitStore:
    """The objects and refs of a repository."""

    def __init__(self) -> None:
        self.objects = MemoryObjectStore()
        self.refs: dict[str, str] = {}

    def add(self, item: ShaFile) -> str:
        """Add an object and return its sha."""
        self.objects.add_object(item)
        sha: str = item.sha().hexdigest()
        return sha

    def add_all(self, items: Iterable[ShaFile]) -> set[str]:
        """Add objects and return the shas of the new ones."""
        fresh = [item for item in items if item.id not in self.objects]
        for item in fresh:
            self.objects.add_object(item)
        return {item.id.decode() for item in fresh}

    def remove_all(self, shas: Iterable[str]) -> None:
        """Remove objects that no ref reaches."""
        for sha in shas:
            del self.objects[ObjectID(sha.encode())]

    def find(self, sha: str) -> ShaFile | None:
        """Return the object of a full sha, or None."""
        if not _SHA.match(sha) or ObjectID(sha.encode()) not in self.objects:
            return None
        return self.objects[ObjectID(sha.encode())]

    def commit_object(self, sha: str) -> Commit:
        """Return the commit of a sha; raise KeyError when it is not a commit's."""
        item = self.find(sha)
        if not isinstance(item, Commit):
            raise KeyError(sha)
        return item

    def tree_sha(self, commit: str) -> str:
        """Return the sha of a commit's root tree."""
        sha: str = self.commit_object(commit).tree.decode()
        return sha

    def commit(
        self,
        parents: tuple[str, ...],
        changes: Mapping[str, bytes | None],
        message: str,
        author: Signature,
        committer: Signature,
    ) -> str:
        """Commit changes on top of the first parent, and return the sha; no ref changes.

        `changes` maps a path to its new content; None deletes the file.
        """
        tree = self.change_tree(self.tree_sha(parents[0]) if parents else None, changes)
        return self.commit_tree(parents, tree, message, author, committer)

    def commit_tree(
        self,
        parents: tuple[str, ...],
        tree: str,
        message: str,
        author: Signature,
        committer: Signature,
    ) -> str:
        """Commit an existing tree, and return the sha; no ref changes."""
        commit = Commit()
        commit.tree = ObjectID(tree.encode())
        commit.parents = [ObjectID(parent.encode()) for parent in parents]
        commit.author = author.line
        commit.author_time = author.seconds
        commit.committer = committer.line
        commit.commit_time = committer.seconds
        commit.author_timezone = commit.commit_timezone = 0
        commit.message = message.encode()
        return self.add(commit)

    def change_tree(self, tree: str | None, changes: Mapping[str, bytes | None]) -> str:
        """Apply changes to a tree and return the sha of the new one.

        An existing file keeps its mode; a new file that begins with `#!` is executable.
        """
        root = tree or self.add(Tree())
        return self.change_entries(
            root, [(path, *self._blob(root, path, data)) for path, data in changes.items()]
        )

    def change_entries(
        self, tree: str | None, entries: Sequence[tuple[str, int | None, str | None]]
    ) -> str:
        """Put entries into a tree and return the sha of the new one.

        An entry is a path, a mode and a sha; a mode and sha of None delete the path. Raise
        PathError for an invalid path.
        """
        root = ObjectID((tree or self.add(Tree())).encode())
        for path, mode, _ in entries:
            self._check_path(root, path, deletes=mode is None)
        changes = [
            (path.encode(), mode, ObjectID(sha.encode()) if sha else None)
            for path, mode, sha in entries
        ]
        return commit_tree_changes(self.objects, root, changes).decode()

    def _check_path(self, root: ObjectID, path: str, *, deletes: bool) -> None:
        parts = path.split("/")
        if any(part in ("", ".", "..") or part.lower() == ".git" or "\0" in part for part in parts):
            raise PathError(f"{path!r} contains a malformed path component")
        if deletes and self._lookup(root, path) is None:
            raise PathError(f"{path!r} does not exist")
        parents = (self._lookup(root, "/".join(parts[:depth])) for depth in range(1, len(parts)))
        if any(parent is not None and not stat.S_ISDIR(parent[0]) for parent in parents):
            raise PathError(f"a part of {path!r} is a file")

    def data(self, sha: str) -> bytes:
        """Return a blob's bytes; raise KeyError when the sha is not a blob's."""
        item = self.find(sha)
        if not isinstance(item, Blob):
            raise KeyError(sha)
        return item.data

    def _blob(self, root: str, path: str, data: bytes | None) -> tuple[int | None, str | None]:
        if data is None:
            return None, None
        existing = self._lookup(ObjectID(root.encode()), path)
        new_mode = EXECUTABLE_MODE if data.startswith(b"#!") else FILE_MODE
        return (existing[0] if existing else new_mode), self.add(Blob.from_string(data))

    def _lookup(self, root: ObjectID, path: str) -> tuple[int, ObjectID] | None:
        try:
            return tree_lookup_path(self.objects.__getitem__, root, path.encode())
        except (KeyError, NotTreeError):
            return None

    def entry(self, commit: str, path: str) -> Entry | None:
        """Return the entry at a path of a commit, or None; the empty path is the root."""
        root = ObjectID(self.tree_sha(commit).encode())
        mode_and_sha = self._lookup(root, path) if path else (stat.S_IFDIR, root)
        return self._entry(path, *mode_and_sha) if mode_and_sha else None

    def _entry(self, path: str, mode: int, sha: ObjectID) -> Entry:
        """Return an entry; a submodule is an empty file, because its commit is elsewhere."""
        if stat.S_IFMT(mode) == SUBMODULE_MODE:
            return Entry(path, sha.decode(), mode, b"")
        item = self.objects[sha]
        return Entry(path, sha.decode(), mode, item.data if isinstance(item, Blob) else None)

    def children(self, commit: str, path: str) -> list[Entry]:
        """Return the entries of a directory, in git's order."""
        directory = self.entry(commit, path)
        tree = self.objects[ObjectID(directory.sha.encode())] if directory else None
        if not isinstance(tree, Tree):
            return []
        prefix = f"{path}/" if path else ""
        return [
            self._entry(prefix + item.path.decode(), item.mode, item.sha)
            for item in tree.iteritems()
        ]

    def files(self, commit: str) -> dict[str, str]:
        """Return every file of a commit: its path and its blob's sha."""
        root = ObjectID(self.tree_sha(commit).encode())
        return {
            item.path.decode(): item.sha.decode() for item in iter_tree_contents(self.objects, root)
        }

    def diff(self, before: str | None, after: str) -> dict[str, str]:
        """Return the paths that differ between two commits: `added`, `modified` or `removed`."""
        old = self.files(before) if before else {}
        new = self.files(after)
        statuses = {
            path: "added" if path not in old else "modified"
            for path in new
            if new[path] != old.get(path)
        }
        return statuses | dict.fromkeys(sorted(old.keys() - new.keys()), "removed")

    def history(self, commit: str) -> Iterator[str]:
        """Yield a commit and its ancestors, newest first."""
        pending = [commit]
        visited = {commit}
        while pending:
            pending.sort(key=self._time)
            sha = pending.pop()
            yield sha
            for parent in self.parents(sha):
                if parent not in visited:
                    visited.add(parent)
                    pending.append(parent)

    def _time(self, sha: str) -> int:
        return int(self.commit_object(sha).commit_time)

    def parents(self, commit: str) -> tuple[str, ...]:
        """Return the shas of a commit's parents."""
        return tuple(parent.decode() for parent in self.commit_object(commit).parents)

    def path_history(self, commit: str, path: str) -> Iterator[str]:
        """Yield the commits of a history that changed a path."""
        for sha in self.history(commit):
            parents = self.parents(sha)
            before = self.entry(parents[0], path) if parents else None
            after = self.entry(sha, path)
            if (before.sha if before else None) != (after.sha if after else None):
                yield sha

    def merge_base(self, ours: str, theirs: str) -> str | None:
        """Return the newest commit that two histories share, or None."""
        our_history = set(self.history(ours))
        return next((sha for sha in self.history(theirs) if sha in our_history), None)

    def contains(self, commit: str, ancestor: str) -> bool:
        """Return whether the history of a commit contains another commit."""
        return any(sha == ancestor for sha in self.history(commit))

    def resolve(self, name: str) -> str | None:
        """Return the commit of a branch, a tag, a full ref name or a sha, or None."""
        for ref in (f"refs/heads/{name}", f"refs/tags/{name}", name, f"refs/{name}"):
            if ref in self.refs:
                return self.peel(self.refs[ref])
        return self.peel(name)

    def peel(self, sha: str) -> str | None:
        """Return the commit that a sha or its tag object names; None for any other object."""
        item = self.find(sha)
        while item is not None and item.type_name == b"tag":
            item = self.find(item.object[1].decode())  # type: ignore[attr-defined]
        return item.id.decode() if isinstance(item, Commit) else None
