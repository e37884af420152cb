"""Writes what is made from the settings' models: the page on configuration, and the JSON Schema of the stack file."""

import json
from pathlib import Path

from commands.configuration_page import page
from commands.stack_file_schema import schema

PROJECT = Path(__file__).parents[1]
PAGE = Path("docs/configuration.md")
SCHEMA = Path("docs/stack-file.schema.json")


def documents() -> dict[Path, str]:
    """The text of each file that is made, by its path in the project."""
    return {PAGE: page(), SCHEMA: json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"}


def main() -> None:
    for path, text in documents().items():
        file = PROJECT / path
        known = file.is_file() and file.read_text(encoding="utf-8") == text
        file.write_text(text, encoding="utf-8")
        print(f"{path}: {'as before' if known else 'written'}")


if __name__ == "__main__":
    main()
