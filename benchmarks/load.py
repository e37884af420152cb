"""Benchmark of the simulated GitHub: the requests that it serves in a second of one core.

It runs in its own process, and only its processor time counts: the client, which is slower, does
not affect the figures.
"""

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.large_organization import OWNER, ServedGitHub, names, serve
from benchmarks.measurement import processor_of

REQUESTS = 3000
REPOSITORIES = 50
TICK = 0.01  # seconds: the resolution of processor time
ENVIRONMENT = {"wait_timer": 5, "can_admins_bypass": False, "reviewers": []}


@dataclass(frozen=True)
class RequestKind:
    """A request that is sent many times; `{repository}` in its path changes."""

    title: str
    method: str
    path: str
    body: Mapping[str, Any] | None = None


REQUEST_KINDS = (
    RequestKind("a repository", "GET", "/repos/encode/{repository}"),
    RequestKind("its rulesets", "GET", "/repos/encode/{repository}/rulesets"),
    RequestKind("a file", "GET", "/repos/encode/{repository}/contents/pyproject.toml"),
    RequestKind(
        "a user, in GraphQL",
        "POST",
        "/graphql",
        {"query": '{ user(login: "operator-1") { databaseId } }'},
    ),
    RequestKind(
        "set an environment",
        "PUT",
        "/repos/encode/{repository}/environments/deploy",
        ENVIRONMENT,
    ),
    RequestKind(
        "add a team member",
        "PUT",
        "/orgs/encode/teams/load/memberships/operator-1",
        {"role": "member"},
    ),
)


def measure(github: ServedGitHub, kind: RequestKind, count: int) -> float:
    """Return the requests in a second of the simulator's processor time.

    Raise `httpx.HTTPStatusError` when one fails.
    """
    repositories = names(REPOSITORIES)
    before = processor_of(github.process)
    with httpx.Client(
        base_url=github.url, headers={"authorization": "Bearer token-owner-1"}, timeout=60
    ) as client:
        for number in range(count):
            path = kind.path.format(repository=repositories[number % len(repositories)])
            client.request(kind.method, path, json=kind.body).raise_for_status()
    return count / max(processor_of(github.process) - before, TICK)


def table_of(figures: Mapping[str, float]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("request")
    table.add_column("requests a second of one core", justify="right")
    for title, figure in figures.items():
        table.add_row(title, f"{figure:,.0f}")
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every kind of request and print a table."""
    parser = argparse.ArgumentParser(
        prog="scripts/load", description="Measure how fast the simulated GitHub is."
    )
    parser.add_argument(
        "--requests",
        type=int,
        default=REQUESTS,
        help=f"the number of requests of each kind (default: {REQUESTS})",
    )
    count = parser.parse_args(arguments).requests
    if count < 1:
        parser.error(f"--requests is {count}; allowed: 1 or more")
    with (
        tempfile.TemporaryDirectory(prefix="releases-load-") as directory,
        serve(REPOSITORIES, Path(directory)) as github,
    ):
        headers = {"authorization": "Bearer token-owner-1"}
        httpx.post(
            f"{github.url}/orgs/{OWNER}/teams", json={"name": "load"}, headers=headers
        ).raise_for_status()
        figures = {kind.title: measure(github, kind, count) for kind in REQUEST_KINDS}
    Console(width=None if sys.stdout.isatty() else 120).print(table_of(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
