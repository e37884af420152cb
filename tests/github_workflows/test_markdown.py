"""Text that stays code, whatever it says."""

import pytest

from commands.markdown import block, clipped, code, document


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("httpx/review", "`httpx/review`"),
        ("@encode/operations", "`@encode/operations`"),
        ("a `b` c", "``a `b` c``"),
        ("``two``", "``` ``two`` ```"),
        ("a | b", "`a \\| b`"),
        ("two\nlines", "`two lines`"),
        ("", ""),
    ],
)
def test_text_becomes_code_on_one_line(text: str, written: str) -> None:
    assert code(text) == written


def test_a_block_cannot_be_ended_from_inside() -> None:
    assert block("before\n```\n# after") == "``````text\nbefore\n```\n# after\n``````"


def test_clipped_text_says_that_it_goes_on_and_splits_no_character() -> None:
    assert clipped("four", 4) == "four"
    assert clipped("ab→c", 4) == "ab\n…"


def test_a_document_has_no_gaps() -> None:
    assert document(["one", "", "two"]) == "one\n\ntwo\n"
