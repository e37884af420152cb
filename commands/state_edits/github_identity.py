"""Whether GitHub still has what the state recorded, by its number."""

import os
from typing import Literal

from commands.state_edits.declared import StackFile
from commands.state_edits.selection import Selection
from stacks.github_api import PUBLIC, Credentials, GitHubReader

# `moved`: GitHub has it under another name or owner, or another one has its name now.
Identity = Literal["same", "moved", "gone", "unknown"]


def identity_on_github(selection: Selection, file: StackFile) -> Identity:
    """Return whether GitHub has the recorded number under the recorded name.

    `unknown` without the environment variable GITHUB_TOKEN. Raise `GitHubError` when GitHub cannot
    be read.
    """
    token = os.environ.get("GITHUB_TOKEN")
    if not token or not file.owner:
        return "unknown"
    address = file.base_url or os.environ.get("GITHUB_BASE_URL") or PUBLIC
    with GitHubReader(Credentials(address, token)) as reader:
        if selection.kind == "repository":
            return repository_identity(reader, file.owner, selection)
        if selection.kind == "person":
            return person_identity(reader, selection)
        return team_identity(reader, file.owner, selection)


def repository_identity(reader: GitHubReader, owner: str, selection: Selection) -> Identity:
    """Compare a repository; GitHub redirects a former name to where the repository is now."""
    response = reader.get(f"/repos/{owner}/{selection.name}")
    if response is None:
        return "gone"
    document = response.json()
    moved_away = document["owner"]["login"].lower() != owner.lower()
    if moved_away or (selection.number is not None and document["id"] != selection.number):
        return "moved"
    return "same"


def person_identity(reader: GitHubReader, selection: Selection) -> Identity:
    response = reader.get(f"/users/{selection.name}")
    if response is None:
        return "gone"
    if selection.number is not None and response.json()["id"] != selection.number:
        return "moved"
    return "same"


def team_identity(reader: GitHubReader, owner: str, selection: Selection) -> Identity:
    """Compare a team; a managed team keeps its number when it is renamed by hand."""
    slugs = {int(item["id"]): item["slug"] for item in reader.items(f"/orgs/{owner}/teams")}
    slug = slugs.get(selection.number or 0)
    if slug is None:
        return "gone"
    return "same" if selection.kind == "role" or slug == selection.name else "moved"
