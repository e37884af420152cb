"""The two pattern languages that decide whether a ref is meant: fnmatch for rules and environments, Actions' globs.

Sources: GitHub's docs, "Creating rulesets for a repository" and "Managing environments for deployment" (Ruby's
``File.fnmatch`` with ``File::FNM_PATHNAME``: ``*`` stops at a slash, ``**/`` spans directories), and "Workflow syntax",
filter pattern cheat sheet. Assumption: a leading dot is an ordinary character.
"""

import re
from functools import lru_cache

_FNMATCH = (
    (r"\*\*/", r"(?:[^/]+/)*"),
    (r"\*+", r"[^/]*"),
    (r"\?", r"[^/]"),
    (r"\[(?P<negated>[!^])?(?P<set>[^\]/]+)\]", None),
    (r"\\(?P<escaped>.)", None),
)
_ACTIONS = (
    (r"\*\*", r".*"),
    (r"\*", r"[^/]*"),
    (r"\[(?P<negated>[!^])?(?P<set>[^\]]+)\]", None),
    (r"\\(?P<escaped>.)", None),
    (r"[?+]", ""),
)


@lru_cache(maxsize=1024)
def _fnmatch(pattern: str) -> re.Pattern[str]:
    return re.compile(_translate(pattern, _FNMATCH) + r"\Z", re.DOTALL)


@lru_cache(maxsize=1024)
def _actions(pattern: str) -> re.Pattern[str]:
    return re.compile(_translate(pattern, _ACTIONS) + r"\Z", re.DOTALL)


def _translate(pattern: str, table: tuple[tuple[str, str | None], ...]) -> str:
    rules = [(re.compile(source), target) for source, target in table]
    out, at = "", 0
    while at < len(pattern):
        found = next(
            ((m, target) for rule, target in rules if (m := rule.match(pattern, at))), None
        )
        if found is None:
            out, at = out + re.escape(pattern[at]), at + 1
            continue
        match, target = found
        out += _special(match) if target is None else target or match.group()
        at = match.end()
    return out


def _special(match: re.Match[str]) -> str:
    parts = match.groupdict()
    if parts.get("escaped"):
        return re.escape(parts["escaped"])
    inside = parts["set"].replace("\\", "\\\\").replace("[", "\\[")
    return f"[{'^' if parts['negated'] else ''}{inside}]"


def fnmatch(pattern: str, name: str) -> bool:
    """Whether a ruleset's or an environment's pattern matches a name."""
    try:
        return _fnmatch(pattern).match(name) is not None
    except re.error:
        return False


def matches_filters(patterns: list[str], name: str) -> bool:
    """Whether a workflow's list of filters lets a name through; a later ``!`` pattern takes names out again."""
    matched = False
    for pattern in patterns:
        negative = pattern.startswith("!")
        if _matches(pattern[negative:], name):
            matched = not negative
    return matched


def _matches(pattern: str, name: str) -> bool:
    try:
        return _actions(pattern).match(name) is not None
    except re.error:
        return False
