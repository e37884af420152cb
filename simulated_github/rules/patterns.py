"""The two pattern languages for ref names: fnmatch, and the filter patterns of GitHub Actions.

Rulesets and environments use fnmatch. Sources: GitHub's docs, "Creating rulesets for a repository"
and "Managing environments for deployment" (Ruby's `File.fnmatch` with `File::FNM_PATHNAME`:
`*` stops at a slash, `**/` spans directories), and "Workflow syntax", filter pattern cheat
sheet. Assumption: a leading dot is an ordinary character.
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
    """Translate a pattern to a regular expression.

    At each position, the first matching entry of the table applies.
    """
    entries = [(re.compile(source), target) for source, target in table]
    result = ""
    position = 0
    while position < len(pattern):
        for expression, target in entries:
            match = expression.match(pattern, position)
            if match:
                result += _special(match) if target is None else target or match.group()
                position = match.end()
                break
        else:
            result += re.escape(pattern[position])
            position += 1
    return result


def _special(match: re.Match[str]) -> str:
    parts = match.groupdict()
    if parts.get("escaped"):
        return re.escape(parts["escaped"])
    inside = parts["set"].replace("\\", "\\\\").replace("[", "\\[")
    return f"[{'^' if parts['negated'] else ''}{inside}]"


def fnmatch(pattern: str, name: str) -> bool:
    """Return whether a pattern of a ruleset or an environment matches a name."""
    try:
        return _fnmatch(pattern).match(name) is not None
    except re.error:
        return False


def matches_filters(patterns: list[str], name: str) -> bool:
    """Return whether a workflow's filters match a name; a later `!` pattern excludes it again."""
    is_match = False
    for pattern in patterns:
        is_negated = pattern.startswith("!")
        if _matches(pattern.removeprefix("!"), name):
            is_match = not is_negated
    return is_match


def _matches(pattern: str, name: str) -> bool:
    try:
        return _actions(pattern).match(name) is not None
    except re.error:
        return False
