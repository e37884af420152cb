"""Tags that are releases by a declared pattern."""

import re
from collections.abc import Iterator

from commands.rehearsal.errors import ChoiceError
from simulated_github.rules.patterns import fnmatch, matches_filters

USUAL = ("0.2.0", "v0.2.0")
# https://git-scm.com/docs/git-check-ref-format, as far as a tag pattern of the settings lets anything else through.
IN_GIT = r"(?!.*(?:\.\.|\.lock$|\.$|^\.|^-))[A-Za-z0-9._+-]+"
PART = re.compile(r"\*|\[(?P<set>[^\]]+)\]|.")


def is_release(pattern: str, tag: str) -> bool:
    """Whether the workflow's trigger, the environment's tag policy and the rulesets let a tag through: all three do."""
    return (
        bool(re.fullmatch(IN_GIT, tag))
        and matches_filters([pattern], tag)
        and fnmatch(pattern, tag)
    )


def chosen_tag(pattern: str, tag: str | None, place: str) -> str:
    """The tag that was asked for, or one that fits. Raises `ChoiceError` when it is no release tag, or none can be found."""
    if tag is None:
        return first(pattern, place)
    if is_release(pattern, tag):
        return tag
    raise ChoiceError(
        "TAG",
        repr(tag),
        f"a release tag by the pattern {pattern!r} of {place}, and a name that git takes",
        f"for example {first(pattern, place)}",
    )


def other_tags(pattern: str, tag: str, most: int = 2) -> tuple[str, ...]:
    """Further release tags, later ones where the tag has a number; fewer where the pattern has no more."""
    later = following(tag)
    candidates = (*later, *(further for other in later for further in following(other)))
    return tuple(dict.fromkeys(other for other in fitting(pattern, candidates) if other != tag))[
        :most
    ]


def first(pattern: str, place: str) -> str:
    found = next(fitting(pattern, USUAL), None)
    if found is None:
        allowed = "a pattern for which a tag can be guessed"
        raise ChoiceError(
            place, repr(pattern), allowed, "name the tag: scripts/rehearse REPOSITORY TAG"
        )
    return found


def fitting(pattern: str, candidates: tuple[str, ...]) -> Iterator[str]:
    """The candidates that are releases, then what the pattern itself spells out."""
    spelled = [
        filled(pattern, version, last) for version in ("0.2.0", "0.3.0") for last in (False, True)
    ]
    yield from (tag for tag in (*candidates, *spelled) if is_release(pattern, tag))


def following(tag: str) -> tuple[str, ...]:
    """The tag with a number one higher, the last number first."""
    numbers = [*re.finditer(r"\d+", tag)]
    return tuple(
        f"{tag[: n.start()]}{int(n.group()) + 1}{tag[n.end() :]}" for n in reversed(numbers)
    )


def filled(pattern: str, version: str, last: bool) -> str:
    """The pattern as a tag: the first `*` is a version, another nothing, and a class its first or last character."""
    parts, stars = [], 0
    for part in PART.finditer(pattern):
        if part.group() == "*":
            parts.append("" if stars else version)
            stars += 1
        else:
            parts.append((part["set"][-1 if last else 0]) if part["set"] else part.group())
    return "".join(parts)
