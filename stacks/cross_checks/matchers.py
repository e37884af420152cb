"""How GitHub reads a pattern in three places: a workflow's trigger, an environment's deployment policy, a ruleset.

Written from what each of them documents, so that the one pattern of the settings can be tried under all three.
"""

import re
from collections.abc import Callable, Iterable

Accepts = Callable[[str], bool]

# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
# `?` and `+` count the character before them, and only `**` goes past a slash.
ACTIONS_TOKEN = re.compile(
    r"(?P<deep>\*\*)|(?P<flat>\*)|(?P<count>[?+])|(?P<set>\[[^\]]+\])|\\(?P<escaped>.)|(?P<plain>.)", re.DOTALL
)


def trigger_accepts(patterns: Iterable[str], tag: str) -> bool:
    """Whether `on.push.tags` lets a tag start the workflow. The last pattern that fits decides; `!` takes tags out again."""
    accepted = False
    for pattern in patterns:
        if actions_glob(pattern.removeprefix("!"), tag):
            accepted = not pattern.startswith("!")
    return accepted


def actions_glob(pattern: str, name: str) -> bool:
    """The filter patterns of GitHub Actions."""
    translated = "".join(map(actions_part, ACTIONS_TOKEN.finditer(pattern)))
    try:
        return re.fullmatch(translated, name, re.DOTALL) is not None
    except re.error:
        return False


def actions_part(token: re.Match[str]) -> str:
    """One token as a regular expression."""
    written = token.group(token.lastgroup or 0)
    if token.lastgroup in ("count", "set"):
        return written
    return {"deep": ".*", "flat": "[^/]*"}.get(str(token.lastgroup), re.escape(written))


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


def fnmatch(pattern: str, name: str, *, pathname: bool) -> bool:
    """Ruby's `File.fnmatch` (https://docs.ruby-lang.org/en/3.4/File.html#method-c-fnmatch), with or without FNM_PATHNAME.

    Without that flag a wildcard matches a slash like any other character; a leading dot no wildcard matches either way.
    """
    if pathname:
        return directories_match(pattern.split("/"), name.split("/"))
    return begins_well(pattern, name) and characters_match(pattern, name)


def directories_match(patterns: list[str], names: list[str]) -> bool:
    """Part by part; `**/` stands for any number of directories that are not hidden."""
    if not patterns or not names:
        return not patterns and not names
    first, *others = patterns
    if first == "**" and others:
        deeper = not names[0].startswith(".") and directories_match(patterns, names[1:])
        return deeper or directories_match(others, names)
    return begins_well(first, names[0]) and characters_match(first, names[0]) and directories_match(others, names[1:])


def begins_well(pattern: str, name: str) -> bool:
    return not (name.startswith(".") and pattern.startswith(("*", "?", "[")))


def characters_match(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern.startswith("*"):
        return characters_match(pattern[1:], text) or (bool(text) and characters_match(pattern, text[1:]))
    accepts, rest = first_character(pattern)
    return bool(text) and accepts(text[0]) and characters_match(rest, text[1:])


def first_character(pattern: str) -> tuple[Accepts, str]:
    """What the first character of a pattern that starts with no star accepts, and the pattern behind it."""
    if pattern[0] == "?":
        return (lambda _: True), pattern[1:]
    if found := re.match(r"\[([!^]?)([^\]]+)\]", pattern):
        return one_of(found[2], wanted=not found[1]), pattern[found.end() :]
    if pattern[0] == "[":
        return (lambda _: False), ""  # a set that never ends matches nothing
    literal = pattern[1] if pattern[0] == "\\" and len(pattern) > 1 else pattern[0]
    return literal.__eq__, pattern[1 if literal == pattern[0] else 2 :]


def one_of(inside: str, *, wanted: bool) -> Accepts:
    """A set such as `a-z_`; a range that descends holds nothing."""
    ranges = re.findall(r"(.)-(.)|(.)", inside)
    return lambda character: any(low <= character <= high if low else character == one for low, high, one in ranges) is wanted
