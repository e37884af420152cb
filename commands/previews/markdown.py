"""Markdown for GitHub with untrusted text, which stays in one piece of code.

GitHub reads neither Markdown nor mentions in code.
Source: https://github.github.com/gfm/#code-spans
"""

import re
from collections.abc import Iterable


def document(parts: Iterable[str]) -> str:
    """Return one paragraph for each part that is not empty."""
    return "\n\n".join(part for part in parts if part) + "\n"


def code(text: str) -> str:
    """Return text as code on one line, which fits in the cell of a table."""
    line = re.sub(r"\s+", " ", text).strip().replace("|", "\\|")
    fence = "`" * (longest_run_of_backticks(line) + 1)
    padding = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{padding}{line}{padding}{fence}" if line else ""


def block(text: str) -> str:
    """Return lines of text as a block of code."""
    fence = "`" * (longest_run_of_backticks(text) + 3)
    return f"{fence}text\n{text}\n{fence}"


def longest_run_of_backticks(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def size(text: str) -> int:
    """Return the size in bytes of UTF-8, which is at least the number of characters."""
    return len(text.encode())


def truncate(text: str, limit: int) -> str:
    """Return the text, cut to `limit` bytes and marked as cut if it is longer."""
    if size(text) <= limit:
        return text
    return text.encode()[:limit].decode(errors="ignore") + "\n…"
