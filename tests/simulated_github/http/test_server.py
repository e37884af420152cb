"""Tests of the simulator over TCP: in a thread, and as a process."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from simulated_github import SimulatedGitHub, World
from simulated_github.server import listen

PROJECT = Path(__file__).parents[3]


def test_the_server_runs_for_the_duration_of_a_with_block() -> None:
    with SimulatedGitHub("encode") as github:
        response = httpx.get(
            f"{github.url}/repos/encode/httpx", headers={"authorization": "token token-owner-1"}
        )

        assert f"{github.url}/repos/encode/httpx" == response.json()["url"]
        assert github.url.startswith("http://127.0.0.1:")
        assert [(r.method, r.path, r.status) for r in github.requests] == [
            ("GET", "/repos/encode/httpx", 200)
        ]
    with pytest.raises(httpx.ConnectError):
        httpx.get(github.url)


def test_the_world_can_be_watched_and_reset() -> None:
    seen: list[int] = []

    def watch(world: World, _method: str, _path: str, _status: int) -> None:
        seen.append(len(world.repositories))

    with SimulatedGitHub("encode") as github, httpx.Client(base_url=github.url) as client:
        github.watch(watch)
        client.delete("/repos/encode/httpx", headers={"authorization": "Bearer token-owner-1"})
        assert seen == [7]
        github.reset()
        assert len(github.world.repositories) == 8
        assert github.requests == []


def test_two_servers_do_not_share_a_world() -> None:
    with SimulatedGitHub("encode") as first, SimulatedGitHub("encode") as second:
        httpx.delete(
            f"{first.url}/repos/encode/httpx", headers={"authorization": "Bearer token-owner-1"}
        )

        assert len(first.world.repositories) == 7
        assert len(second.world.repositories) == 8


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_the_process_prints_its_address_and_ends_on_a_signal(end: signal.Signals) -> None:
    command = [sys.executable, "-m", "simulated_github", "--world", "empty", "--port", "0"]
    with subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        address = process.stdout.readline().strip()
        response = httpx.get(f"{address}/orgs/encode")
        process.send_signal(end)

        assert process.wait(timeout=10) == 0
        assert response.status_code == 200
        assert process.stderr.read() == ""


def test_an_unknown_world_is_an_error_without_a_traceback() -> None:
    command = [sys.executable, "-m", "simulated_github", "--world", "nothing", "--port", "0"]
    finished = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)

    assert finished.returncode == 1
    assert finished.stderr.startswith("simulated_github: world 'nothing'")
    assert "Traceback" not in finished.stderr


@pytest.mark.parametrize(
    ("start", "usage"),
    [
        (["-m", "simulated_github"], "usage: python -m simulated_github [-h]"),
        (
            ["-c", "from simulated_github.__main__ import main; main()"],
            "usage: simulated-github [-h]",
        ),
    ],
)
def test_the_help_names_the_command_that_was_started(start: list[str], usage: str) -> None:
    command = [sys.executable, *start, "--help"]
    finished = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)

    assert finished.stdout.startswith(usage)


def test_nagles_algorithm_is_disabled() -> None:
    """Without an explicit protocol, asyncio leaves it on, and a response takes 40 ms."""
    with listen() as listener:
        assert listener.proto == socket.IPPROTO_TCP
