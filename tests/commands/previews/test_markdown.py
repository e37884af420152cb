"""Markdown that quotes untrusted text as code."""

import pytest

from commands.previews.markdown import block, code, document, truncate


@pytest.mark.parametrize(
    ("text", "markdown"),
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
def test_text_becomes_code_on_one_line(text: str, markdown: str) -> None:
    assert code(text) == markdown


def test_text_cannot_end_its_block() -> None:
    assert block("before\n```\n# after") == "``````text\nbefore\n```\n# after\n``````"


def test_clipped_text_ends_with_an_ellipsis() -> None:
    assert truncate("four", 4) == "four"
    assert truncate("ab→c", 4) == "ab\n…"


def test_a_document_has_no_empty_paragraphs() -> None:
    assert document(["one", "", "two"]) == "one\n\ntwo\n"
