"""Fixtures: a simulated GitHub over TCP, and its owner's client."""

from collections.abc import Iterator

import httpx
import pytest

from simulated_github import SimulatedGitHub


@pytest.fixture
def served() -> Iterator[SimulatedGitHub]:
    with SimulatedGitHub("encode") as github:
        yield github


@pytest.fixture
def over_tcp(served: SimulatedGitHub) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=served.url, headers={"authorization": "Bearer token-owner-1"}
    ) as client_over_tcp:
        yield client_over_tcp
