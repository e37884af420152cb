"""The two pattern languages.

Sources: GitHub's docs, "Creating rulesets for a repository" (fnmatch) and "Workflow syntax for
GitHub Actions" (filter pattern cheat sheet).
"""

import pytest

from simulated_github.rules.patterns import fnmatch, matches_filters


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("*", "0.21.1"),
        ("v*", "v1.0"),
        ("refs/tags/*", "refs/tags/1.0"),
        ("refs/heads/releases/*", "refs/heads/releases/1"),
        ("refs/heads/**/*", "refs/heads/a/b/c"),
        ("refs/heads/**/*", "refs/heads/a"),
        ("v[0-9].?", "v1.2"),
        ("v[!0-9]", "va"),
        (r"a\*b", "a*b"),
        ("1.0+x", "1.0+x"),
    ],
)
def test_fnmatch_matches(pattern: str, name: str) -> None:
    assert fnmatch(pattern, name)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("*", "a/b"),
        ("**", "a/b"),
        ("v*", "1.0"),
        ("v*", "xv1"),
        ("v?", "v12"),
        ("v[0-9]", "va"),
        ("V*", "v1"),
        ("{a,b}", "a"),
        ("v1.0", "v1x0"),
        ("v1", "v1\n"),
        ("[b-a]", "a"),
    ],
)
def test_fnmatch_does_not_match(pattern: str, name: str) -> None:
    assert not fnmatch(pattern, name)


@pytest.mark.parametrize(
    ("patterns", "name"),
    [
        (["*"], "0.21.1"),
        (["**"], "a/b"),
        (["releases/**"], "releases/a/b"),
        (["v[12].[0-9]+.[0-9]+"], "v1.10.1"),
        (["*.jsx?"], "page.js"),
        (["v*", "!v*-beta"], "v1"),
        (["!v*", "v1"], "v1"),
    ],
)
def test_filters_match(patterns: list[str], name: str) -> None:
    assert matches_filters(patterns, name)


@pytest.mark.parametrize(
    ("patterns", "name"),
    [
        (["*"], "a/b"),
        (["v*"], "1.0"),
        (["v*", "!v*-beta"], "v1-beta"),
        ([], "v1"),
        (["v1.0"], "v1x0"),
        (["[b-a]"], "a"),
    ],
)
def test_filters_do_not_match(patterns: list[str], name: str) -> None:
    assert not matches_filters(patterns, name)
