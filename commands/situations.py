"""The situation of a stack outside of the engine: stack file, state and GitHub."""

import os
from pathlib import Path

from commands.check_stack_file import check_stack_file, project_of
from stacks.github_api import PUBLIC, Credentials, GitHubReader
from stacks.preflight import Situation
from stacks.previous_state import PreviousState
from stacks.settings.problems import GitHubError, Problem
from stacks.settings.stack_file import read_config
from stacks.snapshot.reading import read_organization


def read_situation(
    file: Path, previous_state: PreviousState | None = None, *, deep: bool = False
) -> Situation:
    """Return the situation of a stack file, with a placeholder for each secret.

    `GITHUB_TOKEN` is the token, and the provider's settings give the address. Raise `ReleasesError`
    with every problem of the stack file, or when GitHub cannot be read.
    """
    settings = check_stack_file(file, project_of(file.parent))
    state = previous_state or PreviousState()
    with GitHubReader(credentials(file)) as reader:
        snapshot = read_organization(reader, settings, state, deep=deep)
    return Situation(settings, state, snapshot, deep=deep)


def credentials(file: Path) -> Credentials:
    """Return the address of GitHub and the token. Raise `GitHubError` when there is no token."""
    token = os.environ.get("GITHUB_TOKEN")
    if not token:
        raise GitHubError(
            "There is no token for GitHub",
            [
                Problem(
                    "GITHUB_TOKEN",
                    "missing",
                    "a token that can read the organization",
                    "export GITHUB_TOKEN=$(gh auth token)",
                )
            ],
        )
    config, _ = read_config(file)
    address = config.get("github:baseUrl") or os.environ.get("GITHUB_BASE_URL") or PUBLIC
    return Credentials(str(address), token)
