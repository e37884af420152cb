"""GitHub's Markdown around text that is not to be trusted: whatever it says, it stays the text of one piece of code.

GitHub reads neither Markdown nor mentions in code. How code ends: https://github.github.com/gfm/#code-spans
"""

import re
from collections.abc import Iterable


def document(parts: Iterable[str]) -> str:
    """The parts that say something, one paragraph each."""
    return "\n\n".join(part for part in parts if part) + "\n"


def code(text: str) -> str:
    """Text as code on one line, also in the cell of a table."""
    line = re.sub(r"\s+", " ", text).strip().replace("|", "\\|")
    fence = "`" * (longest_run_of_backticks(line) + 1)
    padding = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{padding}{line}{padding}{fence}" if line else ""


def block(text: str) -> str:
    """Lines of text as a block of code."""
    fence = "`" * (longest_run_of_backticks(text) + 3)
    return f"{fence}text\n{text}\n{fence}"


def longest_run_of_backticks(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def size(text: str) -> int:
    """In bytes of UTF-8, which are never fewer than the characters that GitHub may count."""
    return len(text.encode())


def clipped(text: str, limit: int) -> str:
    """The text, or as much of its beginning as `limit` bytes hold, with a sign that it goes on."""
    if size(text) <= limit:
        return text
    return text.encode()[:limit].decode(errors="ignore") + "\n…"
