"""Tags to try a pattern on: of every form that projects use, and some that the pattern was made for."""

import re

COMMON = (
    "0.21.1",
    "1.0",
    "1.0.0a1",
    "10.11.12",
    "2026.11.24",
    "v1",
    "v1.0.0",
    "v10.0.0rc1",
    "V1.0.0",
    "1.0.0+local",
    "v1.0.0-rc.1",
    "release-1.0",
    "release_1",
    "release/1.0",
    "httpx@1.0.0",
    "v1/rc/1",
    "vv11",
    "v",
    "nightly",
    "latest",
)
SET = re.compile(r"\[[!^]?(.)[^\]]*\]")


def samples(pattern: str) -> tuple[str, ...]:
    """The common tags, and tags made of the pattern: each star as nothing, as a number, as letters and as directories."""
    plain = SET.sub(r"\1", pattern)
    made = (plain.replace("*", each) for each in ("", "1", "1.2.3", "rc", "a/b"))
    return tuple(dict.fromkeys([*COMMON, *(tag for tag in made if is_a_tag(tag))]))


def is_a_tag(name: str) -> bool:
    """Whether git takes it, near enough: https://git-scm.com/docs/git-check-ref-format."""
    return bool(name) and not re.search(
        r"[\x00-\x20~^:?*\[\\]|\.\.|//|^[./-]|/\.|[./]$|\.lock$", name
    )
