"""Situations: a sound one, and what may be different on GitHub."""

from dataclasses import replace
from typing import Any

from stacks.preflight import Situation
from stacks.previous_state import PreviousState
from stacks.snapshot import RepositoryOnGitHub, Snapshot, TeamOnGitHub
from tests.stacks.settings.configurations import settings

SNAPSHOT = Snapshot(
    plan="free",
    scopes=frozenset({"repo", "workflow", "admin:org"}),
    is_owner=True,
    owners=frozenset({"owner-1"}),
    missing_people=frozenset(),
    teams={},
    repositories={"httpx": RepositoryOnGitHub(1, "httpx", archived=False, private=False)},
    app=None,
)


def situation(
    snapshot: Snapshot = SNAPSHOT, previous_state: PreviousState | None = None, **changes: Any
) -> Situation:
    return Situation(settings(**changes), previous_state or PreviousState(), snapshot)


def snapshot_with(**changes: Any) -> Snapshot:
    return replace(SNAPSHOT, **changes)


def repositories(*names: str, **changes: Any) -> dict[str, RepositoryOnGitHub]:
    """Repositories of these names, numbered from one."""
    plain = {"archived": False, "private": False, **changes}
    return {
        name.lower(): RepositoryOnGitHub(number, name, **plain)
        for number, name in enumerate(names, 1)
    }


def teams(
    *slugs: str, secret: bool = False, people: frozenset[str] = frozenset()
) -> dict[str, TeamOnGitHub]:
    return {
        slug: TeamOnGitHub(number, slug, secret, people) for number, slug in enumerate(slugs, 1)
    }
