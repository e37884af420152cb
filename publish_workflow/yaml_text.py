"""YAML as lines of text. Values are written so that every reader of YAML, old or new, takes them for the same text."""

import re
from collections.abc import Iterable, Mapping

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./=-]*(?: [A-Za-z0-9_./=-]+)*")
# What YAML 1.1 takes for a boolean or for nothing: https://yaml.org/type/bool.html
TAKEN = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
INDENT = "  "


def quoted(text: str) -> str:
    """The text in single quotes, in which only the quote itself is special."""
    return "'" + text.replace("'", "''") + "'"


def scalar(text: str) -> str:
    """The text as it is where nobody can take it for something else, and in quotes otherwise."""
    return text if PLAIN.fullmatch(text) and text.lower() not in TAKEN else quoted(text)


def indented(lines: Iterable[str], levels: int = 1) -> list[str]:
    return [f"{INDENT * levels}{line}" if line else "" for line in lines]


def mapping(key: str, entries: Mapping[str, str]) -> list[str]:
    """A mapping under a key, its values ready to be written; nothing where it would be empty."""
    return (
        [f"{key}:", *indented(f"{scalar(name)}: {value}" for name, value in entries.items())]
        if entries
        else []
    )


def block(key: str, text: str) -> list[str]:
    """Several lines of text under a key, as they are."""
    return [f"{key}: |", *indented(text.rstrip("\n").split("\n"))]


def commented(line: str, comment: str) -> str:
    return f"{line} # {comment}" if comment else line
