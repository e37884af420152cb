"""Tag patterns as GitHub reads them in a workflow's trigger, a deployment policy and a ruleset.

Written from the documentation of each, so that one pattern of the settings can be tried under all
three. Matching takes at most the length of the pattern times the length of the tag.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

Accepts = Callable[[str], bool]
SET = re.compile(r"\[([!^]?)([^\]]+)\]")
FIRST_OF_SET = re.compile(r"\[[!^]?(.)[^\]]*\]")
# Tags of the forms that projects use.
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


@dataclass(frozen=True)
class Part:
    """A part of a pattern: the characters it accepts, and whether it is optional or repeats."""

    accepts: Accepts
    optional: bool = False
    repeats: bool = False


def trigger_accepts(patterns: Iterable[str], tag: str) -> bool:
    """Return whether `on.push.tags` lets a tag start the workflow.

    The last matching pattern decides; `!` excludes tags.
    """
    accepted = False
    for pattern in patterns:
        if actions_glob(pattern.removeprefix("!"), tag):
            accepted = not pattern.startswith("!")
    return accepted


def policy_accepts(pattern: str, tag: str) -> bool:
    """Return whether a tag policy of an environment lets a tag deploy.

    GitHub documents Ruby's `File.fnmatch`, with wildcards that do not match a slash: its flag
    FNM_PATHNAME. Source:
    https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#deployment-branches-and-tags
    """
    return fnmatch(pattern, tag, pathname=True)


def ruleset_accepts(include: str, tag: str) -> bool:
    """Return whether a ruleset includes a tag. It matches whole refs, by fnmatch with FNM_PATHNAME.

    Source: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#using-fnmatch-syntax
    """
    return include == "~ALL" or fnmatch(include, f"refs/tags/{tag}", pathname=True)


def actions_glob(pattern: str, name: str) -> bool:
    """Match a filter pattern of GitHub Actions.

    `?` and `+` repeat the preceding character, and only `**` matches a slash.
    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
    """
    parts: list[Part] = []
    for token in re.findall(r"\*\*|\[[^\]]+\]|\\.|.", pattern, re.DOTALL):
        if token in ("?", "+"):
            if not parts:
                return False
            parts[-1] = replace(parts[-1], optional=token == "?", repeats=token == "+")
        elif token in ("*", "**"):
            parts.append(Part(anything if token == "**" else no_slash, optional=True, repeats=True))
        else:
            parts.append(Part(character(token)))
    return matches(parts, name)


def fnmatch(pattern: str, name: str, *, pathname: bool) -> bool:
    """Match as Ruby's `File.fnmatch`, with or without FNM_PATHNAME.

    Without that flag a wildcard matches a slash like any other character. No wildcard matches a
    leading dot. Source: https://docs.ruby-lang.org/en/3.4/File.html#method-c-fnmatch
    """
    if pathname:
        return directories_match(pattern.split("/"), name.split("/"))
    return segment_matches(pattern, name)


def directories_match(patterns: list[str], names: list[str]) -> bool:
    """Match segment by segment; `**/` matches any number of directories that are not hidden."""
    if not patterns or not names:
        return not patterns and not names
    first, *rest = patterns
    if first == "**" and rest:
        deeper = not names[0].startswith(".") and directories_match(patterns, names[1:])
        return deeper or directories_match(rest, names)
    return segment_matches(first, names[0]) and directories_match(rest, names[1:])


def segment_matches(pattern: str, name: str) -> bool:
    if name.startswith(".") and pattern.startswith(("*", "?", "[")):
        return False
    return matches([*fnmatch_parts(pattern)], name)


def fnmatch_parts(pattern: str) -> Iterator[Part]:
    for token in re.findall(r"\[[^\]]+\]|\\.|.", pattern, re.DOTALL):
        if token == "*":
            yield Part(anything, optional=True, repeats=True)
        else:
            yield Part(SPECIAL.get(token) or character(token))


def matches(parts: Sequence[Part], text: str) -> bool:
    """Return whether the parts match a text; all ways to read it are followed at once."""
    places = reachable({0}, parts)
    for symbol in text:
        taken = [place for place in places if place < len(parts) and parts[place].accepts(symbol)]
        repeated = {place for place in taken if parts[place].repeats}
        places = reachable({place + 1 for place in taken} | repeated, parts)
    return len(parts) in places


def reachable(places: set[int], parts: Sequence[Part]) -> set[int]:
    """Return the places, and the places after them that skip optional parts."""
    for place, part in enumerate(parts):
        if part.optional and place in places:
            places.add(place + 1)
    return places


def character(token: str) -> Accepts:
    """Return what a set, an escaped character or a plain character accepts."""
    if match := SET.fullmatch(token):
        ranges = re.findall(r"(.)-(.)|(.)", match[2], re.DOTALL)
        negated = bool(match[1])
        return lambda symbol: in_ranges(symbol, ranges) is not negated
    literal = token[-1]
    return lambda symbol: symbol == literal


def in_ranges(symbol: str, ranges: list[tuple[str, str, str]]) -> bool:
    """Return whether a character is in one of the ranges: first and last, or a single one."""
    return any(low <= symbol <= high if low else symbol == one for low, high, one in ranges)


def anything(_: str) -> bool:
    return True


def nothing(_: str) -> bool:
    return False


def no_slash(symbol: str) -> bool:
    return symbol != "/"


# A set without an end matches nothing.
SPECIAL: dict[str, Accepts] = {"?": anything, "[": nothing}


def samples(pattern: str) -> tuple[str, ...]:
    """Return the common tags, and tags made from the pattern.

    Each star becomes nothing, a number, a version, letters and directories.
    """
    plain = FIRST_OF_SET.sub(r"\1", pattern)
    tags = (plain.replace("*", text) for text in ("", "1", "1.2.3", "rc", "a/b"))
    return tuple(dict.fromkeys([*COMMON, *(tag for tag in tags if is_a_tag(tag))]))


def is_a_tag(name: str) -> bool:
    """Return whether git accepts a tag name; the rules are simplified.

    Source: https://git-scm.com/docs/git-check-ref-format
    """
    return bool(name) and not re.search(
        r"[\x00-\x20~^:?*\[\\]|\.\.|//|^[./-]|/\.|[./]$|\.lock$", name
    )
