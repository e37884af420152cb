"""The objects that a push brings: read from its pack, looked at, and kept only when something comes of them.

Sources: git's documentation, "gitformat-pack" and the checks of "git fsck", which GitHub makes of every push. What is not UTF-8
is refused, because the simulator keeps text: that is a limit of it, not of GitHub.
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

from simulated_github.git.store import SUBMODULE_MODE, GitStore

#: What reading a pack that is none ends in, by trying: the reader is made for packs that it wrote itself.
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
_LATEST = 253_402_300_799  # the last second of the year 9999


class BadPackError(Exception):
    """A pack that cannot be read, or an object in it that is malformed."""


def unpack(git: GitStore, data: bytes) -> list[ShaFile]:
    """The objects of a pack; deltas may be against what is there already. BadPackError when something is wrong."""
    try:
        with PackData.from_file(BytesIO(data), DEFAULT_OBJECT_FORMAT, len(data)) as pack:
            pack.check()
            found = list(PackInflater.for_pack_data(pack, git.objects.get_raw))
        for item in found:
            item.check()
            _check(item)
    except _UNREADABLE as error:
        raise BadPackError("index-pack abnormal exit") from error
    return found


def _check(item: ShaFile) -> None:
    """What the rest of the simulator takes for granted; raises ValueError or AttributeError."""
    for text in _texts(item):
        text.decode()
    if any(not 0 <= seconds <= _LATEST for seconds in _times(item)):
        raise ValueError("a time that no calendar has")


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


def is_whole(git: GitStore, sha: str, fresh: set[str]) -> bool:
    """Whether all that an object leads to is there; what was there before the push is whole."""
    waiting, seen = [(sha, ShaFile)], set[str]()
    while waiting:
        name, kind = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        found = git.find(name)
        if not isinstance(found, kind):
            return False
        if name in fresh:
            waiting += _links(found)
    return True


def _links(item: ShaFile) -> Iterator[tuple[str, type[Any]]]:
    """What an object names, and what that must be; a submodule's commit is elsewhere."""
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
