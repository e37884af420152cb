"""The command that prints what `pulumi import` records again after a state was lost.

It reads the stack file and GitHub, and changes nothing. It finds the three rulesets of each
declared repository by their titles, and the deployment policy by its declared pattern.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from commands.situations import read_situation
from stacks.preflight import Situation
from stacks.preflight.existing import (
    COMPONENT,
    ENVIRONMENT,
    GATE_COMPONENT,
    POLICY,
    POLICY_TYPE,
    RULESET_TYPE,
    TITLES,
    is_declared,
    ruleset_ids,
)
from stacks.settings import RepositorySettings
from stacks.settings.problems import ReleasesError
from stacks.snapshot import RepositoryOnGitHub

GATE = ENVIRONMENT.partition("/")[0]


def import_file(situation: Situation) -> dict[str, Any]:
    """Return the file for `pulumi import --file`."""
    return {
        "resources": [
            item
            for repository, on_github in situation.existing
            if not repository.archived and not repository.retired
            for item in repository_items(repository, on_github)
        ]
    }


def repository_items(
    repository: RepositorySettings, on_github: RepositoryOnGitHub
) -> Iterator[dict[str, Any]]:
    """Yield the objects of a repository that `up` would make twice, after their components."""
    name = repository.name
    children: list[dict[str, Any]] = [
        {
            "type": RULESET_TYPE,
            "name": f"{name}/{place}",
            "id": f"{on_github.name}:{number}",
            "parent": name,
        }
        for place, title in TITLES.items()
        for number in ruleset_ids(on_github, title)[:1]
    ]
    environment = on_github.environments.get(GATE)
    policies = [
        policy
        for policy in (environment.policies if environment else None) or ()
        if is_declared(repository, policy)
    ]
    gate = f"{name}/{GATE}"
    if policies:
        children.append({"type": GATE_COMPONENT, "name": gate, "component": True, "parent": name})
    children += [
        {
            "type": POLICY_TYPE,
            "name": f"{name}/{POLICY}",
            "id": f"{on_github.name}:{GATE}:{policy.id}",
            "parent": gate,
        }
        for policy in policies
    ]
    if children:
        yield {"type": COMPONENT, "name": name, "component": True}
    yield from children


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the file; return 1 when the stack file or GitHub cannot be read."""
    parser = argparse.ArgumentParser(prog="commands.state_edits.lost_state", description=__doc__)
    parser.add_argument("--stack", default="prod", help="the stack (default: prod)")
    options = parser.parse_args(arguments)
    try:
        situation = read_situation(Path.cwd() / f"Pulumi.{options.stack}.yaml")
    except ReleasesError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(import_file(situation), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
