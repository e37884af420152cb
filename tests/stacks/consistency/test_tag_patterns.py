"""Tag patterns in three places, by the examples of their documentation."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stacks.consistency.tag_patterns import (
    actions_glob,
    fnmatch,
    policy_accepts,
    ruleset_accepts,
    trigger_accepts,
)
from stacks.settings.names import TAG_PATTERN

TAGS = (
    "0.21.1",
    "v1.0.0",
    "v1.0.0rc1",
    "2026.11",
    "v1/rc",
    "release/1.0/rc",
    "V1",
    "v",
    "nightly",
    "1.0+local",
    "a-b_c",
)


@pytest.mark.parametrize(
    ("pattern", "name", "accepted"),
    [
        ("*", "0.21.1", True),
        ("*", "release/1.0", False),
        ("**", "release/1.0", True),
        ("v2*", "v2.9", True),
        ("v2*", "v1.9", False),
        ("v[12].[0-9]+.[0-9]+", "v1.10.1", True),
        ("v[12].[0-9]+.[0-9]+", "v3.10.1", False),
        ("v1?", "v", True),
        ("v1?", "v1", True),
        ("v1?", "v12", False),
        (r"v\*", "v*", True),
        (r"v\*", "v1", False),
        ("v1.0", "v1x0", False),
        ("v[9-0]", "v9", False),
        ("+", "v1", False),
    ],
)
def test_the_globs_of_actions(pattern: str, name: str, accepted: bool) -> None:
    assert actions_glob(pattern, name) is accepted


@pytest.mark.parametrize(
    ("patterns", "accepted"),
    [
        (["v*"], True),
        (["v*", "!v1*"], False),
        (["!v1*", "v*"], True),
        (["x*", "v*"], True),
        ([], False),
    ],
)
def test_the_last_matching_pattern_of_a_trigger_decides(
    patterns: list[str], accepted: bool
) -> None:
    assert trigger_accepts(patterns, "v1.0") is accepted


@pytest.mark.parametrize(
    ("pattern", "name", "without", "pathname"),
    [
        ("cat", "cat", True, True),
        ("cat", "category", False, False),
        ("c?t", "cat", True, True),
        ("c??t", "cat", False, False),
        ("c*", "cats", True, True),
        ("ca[a-z]", "cat", True, True),
        ("ca[^t]", "cat", False, False),
        ("ca[!t]", "cas", True, True),
        ("ca[z-a]", "cat", False, False),
        ("cat[", "cat[", False, False),
        (r"\?", "?", True, True),
        (r"\?", "a", False, False),
        ("\\", "\\", True, True),
        ("*", "dave/.profile", True, False),
        ("?", "/", True, False),
        ("*/*", "dave/profile", True, True),
        ("**/foo", "a/b/c/foo", True, True),
        ("**/foo", "foo", False, True),
        ("**/foo", "a/.b/c/foo", True, False),
        ("**", "a/b", True, False),
        ("*", ".profile", False, False),
        (".*", ".profile", True, True),
        ("+", "aa", False, False),
        ("{a,b}", "a", False, False),
    ],
)
def test_ruby_fnmatch_without_and_with_its_path_flag(
    pattern: str, name: str, without: bool, pathname: bool
) -> None:
    assert fnmatch(pattern, name, pathname=False) is without
    assert fnmatch(pattern, name, pathname=True) is pathname


@pytest.mark.parametrize(
    ("pattern", "tag", "accepted"),
    [("v*", "v1.0", True), ("v*", "v1/rc", False), ("release/*/*", "release/1/rc", True)],
)
def test_a_deployment_policy(pattern: str, tag: str, accepted: bool) -> None:
    assert policy_accepts(pattern, tag) is accepted


@pytest.mark.parametrize(
    ("include", "tag", "accepted"),
    [
        ("refs/tags/v*", "v1.0", True),
        ("refs/tags/v*", "v1/rc", False),
        ("refs/tags/qa/**/*", "qa/foo/bar", True),
        ("refs/heads/v*", "v1.0", False),
        ("v*", "v1.0", False),
        ("~ALL", "anything/at/all", True),
    ],
)
def test_a_ruleset_looks_at_whole_refs(include: str, tag: str, accepted: bool) -> None:
    assert ruleset_accepts(include, tag) is accepted


@pytest.mark.parametrize(("pattern", "tag"), [("v1+", "v11"), ("v?", "v1"), ("**", "a/b")])
def test_some_patterns_are_read_differently(pattern: str, tag: str) -> None:
    assert trigger_accepts([pattern], tag) is not policy_accepts(pattern, tag)


@pytest.mark.parametrize("pattern", ["x" * 5000, "*a" * 200 + "b", "?" * 5000, "[a-z]*" * 200])
def test_every_pattern_is_matched_in_linear_time(pattern: str) -> None:
    """Backtracking would not end here, and recursion would be too deep."""
    assert not actions_glob(pattern + "!", "a" * 300)
    assert not fnmatch(pattern + "!", "a" * 300, pathname=True)


PIECES = (
    "v",
    "V",
    "rc",
    "a",
    "1",
    "0",
    "2026",
    ".",
    "-",
    "_",
    "*",
    "[0-9]",
    "[a-z]",
    "[0-9a-z]",
    "[12]",
)
PATTERNS = (
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=8)
    .map("".join)
    .filter(re.compile(TAG_PATTERN.pattern).fullmatch)
)


@settings(derandomize=True, deadline=None, database=None)
@given(PATTERNS, st.sampled_from(TAGS))
def test_accepted_patterns_are_read_alike_everywhere(pattern: str, tag: str) -> None:
    accepted = trigger_accepts([pattern], tag)

    assert policy_accepts(pattern, tag) is accepted
    assert ruleset_accepts(f"refs/tags/{pattern}", tag) is accepted
