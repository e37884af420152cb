"""Tags that are releases by a pattern, and tags that are made up for one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.rehearsal.errors import ChoiceError
from commands.rehearsal.release_tags import USUAL, chosen_tag, fitting, is_release, other_tags

PARTS = st.sampled_from(["v", "release-", "*", "[0-9]", "[a-z]", "[01]", ".", "_", "1", "rc"])
PATTERNS = st.lists(PARTS, min_size=1, max_size=8).map(
    lambda parts: "".join(parts).replace("**", "*")
)


@pytest.mark.parametrize(
    ("pattern", "tag"),
    [
        ("*", "0.2.0"),
        ("v*", "v0.2.0"),
        ("[0-9]*", "0.2.0"),
        ("v[0-9]*", "v0.2.0"),
        ("release-*", "release-0.2.0"),
        ("1.0", "1.0"),
    ],
)
def test_a_tag_is_made_up_that_fits_the_pattern(pattern: str, tag: str) -> None:
    assert chosen_tag(pattern, None, "release-tags") == tag


def test_a_tag_that_was_asked_for_is_taken_when_it_fits() -> None:
    assert chosen_tag("v*", "v3.1", "release-tags") == "v3.1"


@pytest.mark.parametrize("tag", ["0.2.0", "v1/2", "v1..2", "v1.lock", "v1 2", "", "v1.", "-v1"])
def test_a_tag_that_is_no_release_is_refused_with_one_that_is(tag: str) -> None:
    with pytest.raises(ChoiceError) as refused:
        chosen_tag("v*", tag, "release-tags")

    assert str(refused.value).splitlines()[0] == f"TAG is {tag!r}"
    assert "the pattern 'v*' of release-tags" in str(refused.value)
    assert "for example v0.2.0" in str(refused.value)


@pytest.mark.parametrize(
    ("pattern", "tag", "others"),
    [
        ("*", "0.2.0", ("0.2.1", "0.3.0")),
        ("v*", "v9", ("v10", "v11")),
        ("*", "nightly", ("0.2.0", "0.3.0")),
        ("1.0", "1.0", ()),
        ("1.[01]", "1.0", ("1.1",)),
    ],
)
def test_further_tags_are_later_ones(pattern: str, tag: str, others: tuple[str, ...]) -> None:
    assert other_tags(pattern, tag) == others


@settings(deadline=None)
@given(pattern=PATTERNS)
def test_every_tag_that_is_made_up_is_a_release(pattern: str) -> None:
    tags = [*fitting(pattern, USUAL), *other_tags(pattern, "0.2.0")]

    assert all(is_release(pattern, tag) for tag in tags)
