"""A reader of YAML 1.1, which has more booleans than YAML 1.2, reads the same text."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from publish_workflow.yaml_text import add_comment, block, indent, mapping, quote, scalar
from tests.publish_workflow.published import repeatable

LINES = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("C", "Zl", "Zp", "Zs"), include_characters=" "
    ),
    min_size=1,
    max_size=300,
)


@repeatable
@given(LINES)
def test_any_line_is_read_back_unchanged(text: str) -> None:
    assert yaml.safe_load(f"key: {scalar(text)}\n") == {"key": text}
    assert yaml.safe_load(f"key: {quote(text)}\n") == {"key": text}
    assert yaml.safe_load(f"{scalar(text)}: value\n") == {text: "value"}


@pytest.mark.parametrize(
    "text",
    [
        "on",
        "No",
        "null",
        "y",
        "1",
        "1.0",
        "3.10",
        "1e3",
        "0x1f",
        "- a",
        "a: b",
        "a #b",
        "~",
        "",
        "@a",
    ],
)
def test_an_ambiguous_text_is_quoted(text: str) -> None:
    assert scalar(text) == f"'{text}'"


@pytest.mark.parametrize(
    "text", ["scripts/install", "ubuntu-latest", "python -m build", "deploy", "a=b"]
)
def test_a_plain_text_is_not_quoted(text: str) -> None:
    assert scalar(text) == text


def test_a_quote_is_doubled() -> None:
    assert quote("it's") == "'it''s'"


def test_an_empty_mapping_has_no_lines() -> None:
    assert mapping("env", {}) == []
    assert mapping("env", {"NO": "1"}) == ["env:", "  'NO': 1"]


def test_a_block_keeps_its_lines() -> None:
    lines = block("run", "if a; then\n  b\n\nfi\n")

    assert lines == ["run: |", "  if a; then", "    b", "", "  fi"]
    assert yaml.safe_load("\n".join(lines) + "\n") == {"run": "if a; then\n  b\n\nfi\n"}


def test_lines_are_indented() -> None:
    assert indent(["a", ""], 2) == ["    a", ""]


def test_a_comment_follows_its_line() -> None:
    assert add_comment("write", "Why.") == "write # Why."
