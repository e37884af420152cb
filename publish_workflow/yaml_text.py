"""YAML as lines of text, quoted so that YAML 1.1 and YAML 1.2 read the same values."""

import re
from collections.abc import Iterable, Mapping

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./=-]*(?: [A-Za-z0-9_./=-]+)*")
# Words that YAML 1.1 reads as a boolean or null. Source: https://yaml.org/type/bool.html
RESERVED_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
INDENT = "  "


def quote(text: str) -> str:
    """Return the text in single quotes; YAML only needs the quotes inside it escaped."""
    return "'" + text.replace("'", "''") + "'"


def scalar(text: str) -> str:
    """Return the text unquoted where YAML reads it as the same text, and quoted otherwise."""
    if PLAIN.fullmatch(text) and text.lower() not in RESERVED_WORDS:
        return text
    return quote(text)


def indent(lines: Iterable[str], levels: int = 1) -> list[str]:
    return [f"{INDENT * levels}{line}" if line else "" for line in lines]


def mapping(key: str, entries: Mapping[str, str]) -> list[str]:
    """Return a mapping under a key; its values are YAML text. An empty mapping has no lines."""
    if not entries:
        return []
    return [f"{key}:", *indent(f"{scalar(name)}: {value}" for name, value in entries.items())]


def block(key: str, text: str) -> list[str]:
    """Return several lines of text under a key, unchanged."""
    return [f"{key}: |", *indent(text.rstrip("\n").split("\n"))]


def add_comment(line: str, comment: str) -> str:
    return f"{line} # {comment}" if comment else line
