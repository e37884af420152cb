"""The scripts that write the run's summary for the approver; the workflow contains their text."""

from functools import cache
from pathlib import Path

DIRECTORY = Path(__file__).parent


@cache
def read_script(name: str) -> str:
    return (DIRECTORY / name).read_text(encoding="utf-8")
