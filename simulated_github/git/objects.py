"""Values of the git store: authors, tree entries, file modes, and valid ref names."""

import re
from dataclasses import dataclass

#: The sha of a ref that does not exist, in the git protocol.
ZERO_SHA = "0" * 40
FILE_MODE = 0o100644
EXECUTABLE_MODE = 0o100755
SUBMODULE_MODE = 0o160000

# Source: git's documentation, "git check-ref-format".
_REF_NAME = re.compile(
    r"refs/"
    r"(?!.*(//|\.\.|[\x00-\x20~^:?*\[\\\x7f]|@\{|\.lock(/|\Z)|/\.|\ufffd))"
    r"[^/.][^/]*(/[^/]+)*(?<![/.])\Z",
    re.DOTALL,
)


class PathError(Exception):
    """An invalid path of a file, or the deletion of a path that does not exist."""


@dataclass(frozen=True, slots=True)
class Signature:
    """An author or committer, with a time in whole seconds since 1970."""

    name: str
    email: str
    seconds: int

    @property
    def line(self) -> bytes:
        """Name and address, in the form of a commit object."""
        return f"{self.name} <{self.email}>".encode()


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or a directory in a tree; `data` is a file's bytes, None for a directory."""

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


def is_ref_name(name: str) -> bool:
    """Return whether git accepts a full ref name: `refs/`, a kind, and a name."""
    return name.count("/") >= 2 and _REF_NAME.match(name) is not None
