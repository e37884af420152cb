"""Removes encrypted values from an exported state, so that the stack can use a new passphrase.

Only for a forgotten passphrase: see docs/state.md. The next `pulumi up` stores the environment
secrets again; nothing else changes on GitHub.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

State = dict[str, Any]


def remove_secrets(state: State) -> tuple[State, list[str]]:
    """Return the state without resources that have encrypted values, and their names.

    References to these resources are removed too: an import refuses a state that has any.
    """
    deployment = dict(state["deployment"])
    resources = deployment.get("resources") or []
    removed = {resource["urn"] for resource in resources if "ciphertext" in json.dumps(resource)}
    deployment["resources"] = [
        remove_references(resource, removed)
        for resource in resources
        if resource["urn"] not in removed
    ]
    deployment.pop("secrets_providers", None)
    names = sorted(urn.rsplit("::", 1)[-1] for urn in removed)
    return {**state, "deployment": deployment}, names


def remove_references(resource: State, removed: set[str]) -> State:
    result = dict(resource)
    if "dependencies" in result:
        result["dependencies"] = [urn for urn in result["dependencies"] if urn not in removed]
    if "propertyDependencies" in result:
        result["propertyDependencies"] = {
            name: [urn for urn in urns or () if urn not in removed]
            for name, urns in result["propertyDependencies"].items()
        }
    return result


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m commands.forget_secrets")
    parser.add_argument("file", type=Path, help="the output of `pulumi stack export --file FILE`")
    path: Path = parser.parse_args().file
    try:
        state, names = remove_secrets(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        print(
            f"{path} is not an exported state. Create it with: pulumi stack export --file {path}",
            file=sys.stderr,
        )
        return 1
    path.write_text(json.dumps(state, indent=4), encoding="utf-8")
    print(f"Removed {len(names)} secrets from {path}: {', '.join(names) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
