"""Writes the page on configuration and the JSON Schema of the stack file."""

import json
from pathlib import Path

from commands.configuration_page import page
from commands.stack_file_schema import schema

PROJECT = Path(__file__).parents[1]
PAGE = Path("docs/configuration.md")
SCHEMA = Path("docs/stack-file.schema.json")


def documents() -> dict[Path, str]:
    """Return the text of each generated file by its path in the project."""
    return {PAGE: page(), SCHEMA: json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"}


def main() -> None:
    """Write the generated files, and print which of them changed."""
    for path, text in documents().items():
        file = PROJECT / path
        is_current = file.is_file() and file.read_text(encoding="utf-8") == text
        file.write_text(text, encoding="utf-8")
        print(f"{path}: {'as before' if is_current else 'written'}")


if __name__ == "__main__":
    main()
