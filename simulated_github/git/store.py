"""A repository's git objects and refs, in memory; every sha is the one that git itself would compute.

Shas are text of forty hex digits, ref names are whole (``refs/heads/main``), paths are relative with slashes.
Deliberately absent: rules about who may move which ref (see ``pushes``) and a work tree.
"""

import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dulwich.errors import NotTreeError
from dulwich.object_store import (
    MemoryObjectStore,
    commit_tree_changes,
    iter_tree_contents,
    tree_lookup_path,
)
from dulwich.objects import Blob, Commit, ObjectID, ShaFile, Tree

FILE_MODE = 0o100644
EXECUTABLE_MODE = 0o100755
SUBMODULE_MODE = 0o160000
_SHA = re.compile(r"[0-9a-f]{40}\Z")


class PathError(Exception):
    """A path that no file can have, or that cannot be deleted because nothing is there."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who wrote or committed, and when (whole seconds since 1970)."""

    name: str
    email: str
    seconds: int

    @property
    def line(self) -> bytes:
        """Name and address as a commit carries them."""
        return f"{self.name} <{self.email}>".encode()


@dataclass(frozen=True, slots=True)
class Entry:
    """Something at a path: a file (``data`` is its bytes) or a directory (``data`` is None)."""

    path: str
    sha: str
    mode: int
    data: bytes | None

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def is_directory(self) -> bool:
        """Whether this is a directory."""
        return self.data is None


class GitStore:
    """Objects and refs of one repository."""

    def __init__(self) -> None:
        self.objects = MemoryObjectStore()
        self.refs: dict[str, str] = {}

    def add(self, item: ShaFile) -> str:
        """Keep an object and return its sha."""
        self.objects.add_object(item)
        sha: str = item.sha().hexdigest()
        return sha

    def keep(self, items: Iterable[ShaFile]) -> set[str]:
        """Keep objects; the shas of those that were not there."""
        fresh = [item for item in items if item.id not in self.objects]
        for item in fresh:
            self.objects.add_object(item)
        return {item.id.decode() for item in fresh}

    def drop(self, shas: Iterable[str]) -> None:
        """Forget objects that nothing leads to."""
        for sha in shas:
            del self.objects[ObjectID(sha.encode())]

    def find(self, sha: str) -> ShaFile | None:
        """The object of a whole sha, or None."""
        if not _SHA.match(sha) or ObjectID(sha.encode()) not in self.objects:
            return None
        return self.objects[ObjectID(sha.encode())]

    def commit_object(self, sha: str) -> Commit:
        """The commit of a sha that is known to be one; KeyError otherwise."""
        found = self.find(sha)
        if not isinstance(found, Commit):
            raise KeyError(sha)
        return found

    def tree_sha(self, commit: str) -> str:
        """The sha of a commit's root tree."""
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
        """Commit changes (path to new content, None deletes) on top of the first parent; moves no ref."""
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
        """Commit a tree that is there already; moves no ref."""
        commit = Commit()
        commit.tree = ObjectID(tree.encode())
        commit.parents = [ObjectID(parent.encode()) for parent in parents]
        commit.author, commit.committer = author.line, committer.line
        commit.author_time, commit.commit_time = author.seconds, committer.seconds
        commit.author_timezone = commit.commit_timezone = 0
        commit.message = message.encode()
        return self.add(commit)

    def change_tree(self, tree: str | None, changes: Mapping[str, bytes | None]) -> str:
        """A tree with changes applied; an existing file keeps its mode, a new script with ``#!`` is executable."""
        root = tree or self.add(Tree())
        return self.change_entries(
            root, [(path, *self._blob(root, path, data)) for path, data in changes.items()]
        )

    def change_entries(
        self, tree: str | None, entries: Sequence[tuple[str, int | None, str | None]]
    ) -> str:
        """A tree with entries (path, mode, sha; None and None delete) put into it; PathError where that cannot be."""
        root = ObjectID((tree or self.add(Tree())).encode())
        for path, mode, _ in entries:
            self._check_path(root, path, deletes=mode is None)
        listed = [
            (path.encode(), mode, ObjectID(sha.encode()) if sha else None)
            for path, mode, sha in entries
        ]
        return commit_tree_changes(self.objects, root, listed).decode()

    def _check_path(self, root: ObjectID, path: str, *, deletes: bool) -> None:
        parts = path.split("/")
        if any(part in ("", ".", "..") or part.lower() == ".git" or "\0" in part for part in parts):
            raise PathError(f"{path!r} contains a malformed path component")
        if deletes and self._lookup(root, path) is None:
            raise PathError(f"{path!r} does not exist")
        above = (self._lookup(root, "/".join(parts[:depth])) for depth in range(1, len(parts)))
        if any(found is not None and not stat.S_ISDIR(found[0]) for found in above):
            raise PathError(f"a part of {path!r} is a file")

    def data(self, sha: str) -> bytes:
        """A blob's bytes; KeyError when the sha is no blob's."""
        found = self.find(sha)
        if not isinstance(found, Blob):
            raise KeyError(sha)
        return found.data

    def _blob(self, root: str, path: str, data: bytes | None) -> tuple[int | None, str | None]:
        if data is None:
            return None, None
        before = self._lookup(ObjectID(root.encode()), path)
        fresh = EXECUTABLE_MODE if data.startswith(b"#!") else FILE_MODE
        return (before[0] if before else fresh), self.add(Blob.from_string(data))

    def _lookup(self, root: ObjectID, path: str) -> tuple[int, ObjectID] | None:
        try:
            return tree_lookup_path(self.objects.__getitem__, root, path.encode())
        except (KeyError, NotTreeError):
            return None

    def entry(self, commit: str, path: str) -> Entry | None:
        """What is at a path in a commit; the empty path is the root."""
        root = ObjectID(self.tree_sha(commit).encode())
        found = self._lookup(root, path) if path else (stat.S_IFDIR, root)
        return self._entry(path, *found) if found else None

    def _entry(self, path: str, mode: int, sha: ObjectID) -> Entry:
        """A submodule, whose commit is elsewhere, is shown as an empty file."""
        item = None if stat.S_IFMT(mode) == SUBMODULE_MODE else self.objects[sha]
        return Entry(
            path,
            sha.decode(),
            mode,
            b"" if item is None else item.data if isinstance(item, Blob) else None,
        )

    def children(self, commit: str, path: str) -> list[Entry]:
        """The entries of a directory, in git's order."""
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
        """Every file of a commit: its path and its blob's sha."""
        root = ObjectID(self.tree_sha(commit).encode())
        return {
            item.path.decode(): item.sha.decode() for item in iter_tree_contents(self.objects, root)
        }

    def changed(self, before: str | None, after: str) -> dict[str, str]:
        """The paths that differ between two commits: ``added``, ``modified`` or ``removed``."""
        old, new = (self.files(before) if before else {}), self.files(after)
        found = {
            path: "added" if path not in old else "modified"
            for path in new
            if new[path] != old.get(path)
        }
        return found | dict.fromkeys(sorted(old.keys() - new.keys()), "removed")

    def history(self, commit: str) -> Iterator[str]:
        """A commit and its ancestors, newest first."""
        waiting, seen = [commit], {commit}
        while waiting:
            waiting.sort(key=self._time)
            sha = waiting.pop()
            yield sha
            for parent in self.parents(sha):
                if parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)

    def _time(self, sha: str) -> int:
        return int(self.commit_object(sha).commit_time)

    def parents(self, commit: str) -> tuple[str, ...]:
        """The shas of a commit's parents."""
        return tuple(parent.decode() for parent in self.commit_object(commit).parents)

    def touching(self, commit: str, path: str) -> Iterator[str]:
        """The commits of a history that changed a path."""
        for sha in self.history(commit):
            parents = self.parents(sha)
            before = self.entry(parents[0], path) if parents else None
            after = self.entry(sha, path)
            if (before.sha if before else None) != (after.sha if after else None):
                yield sha

    def merge_base(self, ours: str, theirs: str) -> str | None:
        """The newest commit that two histories share."""
        mine = set(self.history(ours))
        return next((sha for sha in self.history(theirs) if sha in mine), None)

    def contains(self, commit: str, ancestor: str) -> bool:
        """Whether a commit has another one in its history."""
        return any(sha == ancestor for sha in self.history(commit))

    def resolve(self, name: str) -> str | None:
        """The commit that a branch, a tag, a whole ref name or a sha stands for."""
        for ref in (f"refs/heads/{name}", f"refs/tags/{name}", name, f"refs/{name}"):
            if ref in self.refs:
                return self.peel(self.refs[ref])
        found = self.find(name)
        return self.peel(name) if found else None

    def peel(self, sha: str) -> str | None:
        """The commit behind a sha, through annotated tags."""
        found = self.find(sha)
        while found is not None and found.type_name == b"tag":
            found = self.find(found.object[1].decode())  # type: ignore[attr-defined]
        return found.id.decode() if isinstance(found, Commit) else None
