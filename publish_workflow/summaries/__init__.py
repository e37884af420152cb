"""What the workflow tells the person who approves. The workflow runs the files beside this one: it holds their text."""

from functools import cache
from pathlib import Path

DIRECTORY = Path(__file__).parent


@cache
def text_of(name: str) -> str:
    """The text of one of the files."""
    return (DIRECTORY / name).read_text(encoding="utf-8")
