"""How GitHub reads a pattern in three places: a workflow's trigger, an environment's deployment policy, a ruleset.

Written from what each of them documents, so that the one pattern of the settings can be tried under all three. No pattern takes
longer than its length times that of the tag.
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
    """A part of a pattern: the characters that it accepts, whether it may be left out, and whether it may go on."""

    accepts: Accepts
    optional: bool = False
    repeats: bool = False


def trigger_accepts(patterns: Iterable[str], tag: str) -> bool:
    """Whether `on.push.tags` lets a tag start the workflow. The last pattern that fits decides; `!` takes tags out again."""
    accepted = False
    for pattern in patterns:
        if actions_glob(pattern.removeprefix("!"), tag):
            accepted = not pattern.startswith("!")
    return accepted


def policy_accepts(pattern: str, tag: str) -> bool:
    """Whether a tag policy of an environment lets a tag deploy.

    GitHub names Ruby's `File.fnmatch` for it, and says that wildcards do not match a slash, which is its flag FNM_PATHNAME:
    https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#deployment-branches-and-tags
    """
    return fnmatch(pattern, tag, pathname=True)


def ruleset_accepts(include: str, tag: str) -> bool:
    """Whether a ruleset is about a tag. It looks at whole refs, by fnmatch with FNM_PATHNAME.

    https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#using-fnmatch-syntax
    """
    return include == "~ALL" or fnmatch(include, f"refs/tags/{tag}", pathname=True)


def actions_glob(pattern: str, name: str) -> bool:
    """The filter patterns of GitHub Actions: `?` and `+` count the character before them, and only `**` goes past a slash.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
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
    """Ruby's `File.fnmatch` (https://docs.ruby-lang.org/en/3.4/File.html#method-c-fnmatch), with or without FNM_PATHNAME.

    Without that flag a wildcard matches a slash like any other character; a leading dot no wildcard matches either way.
    """
    return (
        directories_match(pattern.split("/"), name.split("/"))
        if pathname
        else one_matches(pattern, name)
    )


def directories_match(patterns: list[str], names: list[str]) -> bool:
    """Part by part; `**/` stands for any number of directories that are not hidden."""
    if not patterns or not names:
        return not patterns and not names
    first, *others = patterns
    if first == "**" and others:
        deeper = not names[0].startswith(".") and directories_match(patterns, names[1:])
        return deeper or directories_match(others, names)
    return one_matches(first, names[0]) and directories_match(others, names[1:])


def one_matches(pattern: str, name: str) -> bool:
    if name.startswith(".") and pattern.startswith(("*", "?", "[")):
        return False
    return matches([*fnmatch_parts(pattern)], name)


def fnmatch_parts(pattern: str) -> Iterator[Part]:
    for token in re.findall(r"\[[^\]]+\]|\\.|.", pattern, re.DOTALL):
        if token == "*":
            yield Part(anything, optional=True, repeats=True)
        else:
            # A set that never ends matches nothing.
            yield Part(anything if token == "?" else nothing if token == "[" else character(token))


def matches(parts: Sequence[Part], text: str) -> bool:
    """Whether a text is made of the parts, in their order. All the ways to read it are followed side by side."""
    places = reachable({0}, parts)
    for each in text:
        taken = [place for place in places if place < len(parts) and parts[place].accepts(each)]
        places = reachable(
            {place + 1 for place in taken} | {place for place in taken if parts[place].repeats},
            parts,
        )
    return len(parts) in places


def reachable(places: set[int], parts: Sequence[Part]) -> set[int]:
    """The places, and those behind them that can be had by leaving parts out."""
    for place, part in enumerate(parts):
        if part.optional and place in places:
            places.add(place + 1)
    return places


def character(token: str) -> Accepts:
    """What a set, a character behind a backslash, or a plain character accepts."""
    if found := SET.fullmatch(token):
        ranges = re.findall(r"(.)-(.)|(.)", found[2], re.DOTALL)
        return lambda each: (
            any(low <= each <= high if low else each == one for low, high, one in ranges)
            is not bool(found[1])
        )
    literal = token[-1]
    return lambda each: each == literal


def anything(_: str) -> bool:
    return True


def nothing(_: str) -> bool:
    return False


def no_slash(each: str) -> bool:
    return each != "/"


def samples(pattern: str) -> tuple[str, ...]:
    """The common tags, and tags made of the pattern: each star as nothing, as a number, as letters and as directories."""
    plain = FIRST_OF_SET.sub(r"\1", pattern)
    made = (plain.replace("*", each) for each in ("", "1", "1.2.3", "rc", "a/b"))
    return tuple(dict.fromkeys([*COMMON, *(tag for tag in made if is_a_tag(tag))]))


def is_a_tag(name: str) -> bool:
    """Whether git takes it, near enough: https://git-scm.com/docs/git-check-ref-format."""
    return bool(name) and not re.search(
        r"[\x00-\x20~^:?*\[\\]|\.\.|//|^[./-]|/\.|[./]$|\.lock$", name
    )
