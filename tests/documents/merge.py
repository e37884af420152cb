"""Merge the part of a stack file that a page shows into the stack file, as a user does."""

import sys
from pathlib import Path

import yaml

from stacks.settings.configuration_keys import strip_prefixes


def merge(part: Path, stack_file: Path) -> None:
    """Replace the values of the part's keys; mappings of repositories are merged by name."""
    document = yaml.safe_load(stack_file.read_text(encoding="utf-8"))
    text = part.read_text(encoding="utf-8")
    if text.startswith(f"# {stack_file.name}"):
        document["config"] = {}
    config = strip_prefixes(document["config"])
    for key, value in yaml.safe_load(text)["config"].items():
        if key == "repositories" and isinstance(config.get(key), dict):
            config[key] = {**config[key], **value}
        else:
            config[key] = value
    document["config"] = config
    stack_file.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    merge(Path(sys.argv[1]), Path(sys.argv[2]))
