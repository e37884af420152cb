"""Which names a ref may have. Source: git's documentation, "git check-ref-format"."""

import re

_NAME = re.compile(
    r"refs/(?!.*(//|\.\.|[\x00-\x20~^:?*\[\\\x7f]|@\{|\.lock(/|\Z)|/\.|\ufffd))[^/.][^/]*(/[^/]+)*(?<![/.])\Z",
    re.DOTALL,
)


def is_ref_name(name: str) -> bool:
    """Whether git would keep a ref of this whole name: ``refs/``, a kind, and a name."""
    return name.count("/") >= 2 and _NAME.match(name) is not None
