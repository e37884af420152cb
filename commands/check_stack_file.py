"""Checks stack files without the engine, its passphrase or GitHub.

Usage: `python -m commands.check_stack_file Pulumi.prod.yaml ...`, for editors and pre-commit.
"""

import argparse
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from stacks.consistency import check_consistency
from stacks.settings import Settings
from stacks.settings.configuration_keys import PROJECT, options_of
from stacks.settings.loading import parse_settings
from stacks.settings.problems import Problem, ReleasesError, SettingsError, display
from stacks.settings.stack_file import is_encrypted, read_config

PLACEHOLDER = "encrypted"
PROJECT_FILE = "Pulumi.yaml"
# Source: sdk/go/common/tokens/project.go of pulumi/pulumi, `ValidateProjectName`.
PROJECT_NAME = r"[A-Za-z0-9_.-]{1,100}"


def check_stack_file(file: Path, project: str) -> Settings:
    """Return the settings of a stack file, with a placeholder for each encrypted value.

    Raise `ReleasesError` with every problem. Nothing is decrypted.
    """
    config, _ = read_config(file)
    options = options_of({str(key): value for key, value in config.items()}, project)
    raw = {name: as_engine_text(value) for name, value in options.items() if value is not None}
    owner = config.get("github:owner")
    owner_text = None if owner is None else as_engine_text(owner)
    settings = parse_settings(
        raw, owner_text, file, {}, encrypted=encrypted_options(options), project=project
    )
    check_consistency(settings)
    return settings


def as_engine_text(value: Any) -> str:
    """Return a value as the engine passes it to a program: text, or JSON."""
    plain = replace_encrypted(value)
    # YAML reads a date without quotes as one.
    return plain if isinstance(plain, str) else json.dumps(plain, default=str)


def replace_encrypted(value: Any) -> Any:
    if isinstance(value, Mapping):
        if is_encrypted(value):
            return PLACEHOLDER
        return {key: replace_encrypted(child) for key, child in value.items()}
    if isinstance(value, list):
        return [replace_encrypted(item) for item in value]
    return value


def encrypted_options(options: Mapping[str, Any]) -> list[str]:
    return [name for name, value in options.items() if replace_encrypted(value) != value]


def project_of(directory: Path) -> str:
    """Return the name in `Pulumi.yaml`, which is the namespace of the stack file's own keys.

    Raise `SettingsError` when the file is no YAML with a name, and `OSError` when it is missing.
    """
    file = directory / PROJECT_FILE
    try:
        document = yaml.safe_load(file.read_bytes())
    except yaml.YAMLError as error:
        raise project_error(file, location_of(error), "YAML in UTF-8", "correct the file") from None
    name = document.get("name") if isinstance(document, Mapping) else None
    if not (isinstance(name, str) and re.fullmatch(PROJECT_NAME, name)):
        value = "" if name is None else f"a file with the name {display(name)}"
        allowed = "YAML with the name of the project: letters, digits, `.`, `-` and `_`"
        raise project_error(file, value, allowed, f"write the line `name: {PROJECT}`")
    return name


def project_error(file: Path, value: str, allowed: str, remedy: str) -> SettingsError:
    problem = Problem(str(file), value, allowed, remedy)
    return SettingsError(f"{file.name} cannot be used", [problem])


def location_of(error: yaml.YAMLError) -> str:
    """Return where a file stops being YAML, or nothing where the parser does not say."""
    mark = getattr(error, "problem_mark", None)
    return f"no YAML in line {mark.line + 1}, column {mark.column + 1}" if mark else ""


def main() -> int:
    """Print each problem; return 1 if there is one, and 0 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m commands.check_stack_file")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    failed = False
    for file in parser.parse_args().files:
        try:
            check_stack_file(file, project_of(file.parent))
        except ReleasesError as error:
            failed = True
            print(error, file=sys.stderr)
        except OSError as error:
            failed = True
            print(f"{error.filename or file}: {error.strerror}", file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
