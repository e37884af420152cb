"""The objects of a push: reading them from its pack, and checking them.

Sources: git's documentation, "gitformat-pack" and the checks of "git fsck", which GitHub applies to
every push. The simulator stores text, so it refuses names and messages that are not UTF-8; GitHub
does not.
"""

import stat
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from dulwich.errors import (
    ApplyDeltaError,
    ChecksumMismatch,
    NotGitRepository,
    ObjectFormatException,
)
from dulwich.object_format import DEFAULT_OBJECT_FORMAT
from dulwich.objects import Blob, Commit, ShaFile, Tag, Tree
from dulwich.pack import PackData, PackInflater, UnresolvedDeltas

from simulated_github.git.objects import SUBMODULE_MODE
from simulated_github.git.store import GitStore

#: The exceptions of dulwich for malformed packs, which it does not expect.
_UNREADABLE = (
    ApplyDeltaError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    ChecksumMismatch,
    EOFError,
    LookupError,
    NotGitRepository,
    ObjectFormatException,
    OSError,
    TypeError,
    UnresolvedDeltas,
    ValueError,
    zlib.error,
)
_MAXIMUM_TIME = 253_402_300_799  # the last second of the year 9999


class BadPackError(Exception):
    """A pack that cannot be read, or an object in it that is malformed."""


def unpack(git: GitStore, data: bytes) -> list[ShaFile]:
    """Return the objects of a pack, whose deltas may refer to objects of the store.

    Raise BadPackError when the pack or an object is malformed.
    """
    try:
        with PackData.from_file(BytesIO(data), DEFAULT_OBJECT_FORMAT, len(data)) as pack:
            pack.check()
            items = list(PackInflater.for_pack_data(pack, git.objects.get_raw))
        for item in items:
            item.check()
            _check(item)
    except _UNREADABLE as error:
        raise BadPackError("index-pack abnormal exit") from error
    return items


def _check(item: ShaFile) -> None:
    """Check the texts and times of an object.

    Raise ValueError for a text that is not UTF-8 or a time that the API cannot show, AttributeError
    for a missing one.
    """
    for text in _texts(item):
        text.decode()
    if any(not 0 <= seconds <= _MAXIMUM_TIME for seconds in _times(item)):
        raise ValueError("a time after the year 9999 or before 1970")


def _times(item: ShaFile) -> list[int]:
    if isinstance(item, Commit):
        return [int(item.author_time), int(item.commit_time)]
    return [int(item.tag_time or 0)] if isinstance(item, Tag) else []


def _texts(item: ShaFile) -> list[bytes]:
    if isinstance(item, Commit):
        return [item.author, item.committer, item.message]
    if isinstance(item, Tag):
        return [item.name, item.tagger or b"", item.message or b""]
    return [entry.path for entry in item.iteritems()] if isinstance(item, Tree) else []


def is_complete(git: GitStore, sha: str, new_shas: set[str]) -> bool:
    """Return whether the store has every object that an object refers to, directly or indirectly.

    Objects that the store had before the push are complete.
    """
    pending = [(sha, ShaFile)]
    visited: set[str] = set()
    while pending:
        name, kind = pending.pop()
        if name in visited:
            continue
        visited.add(name)
        item = git.find(name)
        if not isinstance(item, kind):
            return False
        if name in new_shas:
            pending += _references(item)
    return True


def _references(item: ShaFile) -> Iterator[tuple[str, type[Any]]]:
    """Yield sha and type of each object that an object refers to, except commits of submodules."""
    if isinstance(item, Commit):
        yield item.tree.decode(), Tree
        yield from ((parent.decode(), Commit) for parent in item.parents)
    elif isinstance(item, Tag):
        kind, sha = item.object
        yield sha.decode(), kind
    elif isinstance(item, Tree):
        for entry in item.iteritems():
            if stat.S_IFMT(entry.mode) != SUBMODULE_MODE:
                yield entry.sha.decode(), Tree if stat.S_ISDIR(entry.mode) else Blob
