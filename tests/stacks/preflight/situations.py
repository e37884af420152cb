"""A situation without problems, and helpers that change it."""

from dataclasses import replace
from datetime import date
from typing import Any

from stacks.preflight import Situation
from stacks.previous_state import PreviousState
from stacks.snapshot import RepositoryOnGitHub, Snapshot, TeamOnGitHub
from tests.stacks.settings.configurations import settings

TODAY = date(2026, 1, 5)
# The last day of an acceptance in the commands of messages.
UNTIL = "2026-04-05"
SNAPSHOT = Snapshot(
    plan="free",
    scopes=frozenset({"repo", "workflow", "admin:org"}),
    is_owner=True,
    owners=frozenset({"owner-1"}),
    unknown_logins=frozenset(),
    teams={},
    repositories={"httpx": RepositoryOnGitHub(1, "httpx", archived=False, private=False)},
    app=None,
)


def situation(
    snapshot: Snapshot = SNAPSHOT, previous_state: PreviousState | None = None, **changes: Any
) -> Situation:
    """Return a situation; `changes` are top-level keys of the configuration."""
    return Situation(settings(**changes), previous_state or PreviousState(), snapshot, TODAY)


def snapshot_with(**changes: Any) -> Snapshot:
    return replace(SNAPSHOT, **changes)


def repositories(*names: str, **changes: Any) -> dict[str, RepositoryOnGitHub]:
    """Return repositories of these names with the ids 1, 2, ..."""
    attributes = {"archived": False, "private": False, **changes}
    return {
        name.lower(): RepositoryOnGitHub(number, name, **attributes)
        for number, name in enumerate(names, 1)
    }


def teams(
    *slugs: str, secret: bool = False, people: frozenset[str] = frozenset()
) -> dict[str, TeamOnGitHub]:
    """Return teams of these slugs with the ids 1, 2, ..."""
    return {
        slug: TeamOnGitHub(number, slug, secret, people) for number, slug in enumerate(slugs, 1)
    }


def accept_text(finding_id: str) -> str:
    """Return the end of a warning: the command that accepts its one finding."""
    value = f'{{"reason": "REASON", "until": "{UNTIL}"}}'
    return f". Accept: pulumi config set --path 'accept[\"{finding_id}\"]' '{value}'"
