"""The simulator over TCP: in a thread, and as a process."""

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


def test_it_serves_while_a_with_block_lasts() -> None:
    with SimulatedGitHub("encode") as github:
        answer = httpx.get(
            f"{github.url}/repos/encode/httpx", headers={"authorization": "token token-owner-1"}
        )

        assert f"{github.url}/repos/encode/httpx" == answer.json()["url"]
        assert github.url.startswith("http://127.0.0.1:")
        assert [(r.method, r.path, r.status) for r in github.requests] == [
            ("GET", "/repos/encode/httpx", 200)
        ]
    with pytest.raises(httpx.ConnectError):
        httpx.get(github.url)


def test_its_world_can_be_watched_and_reset() -> None:
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


def test_two_of_them_do_not_share_a_world() -> None:
    with SimulatedGitHub("encode") as one, SimulatedGitHub("encode") as two:
        httpx.delete(
            f"{one.url}/repos/encode/httpx", headers={"authorization": "Bearer token-owner-1"}
        )

        assert (len(one.world.repositories), len(two.world.repositories)) == (7, 8)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_as_a_process_it_prints_its_address_and_ends_when_told(end: signal.Signals) -> None:
    command = [sys.executable, "-m", "simulated_github", "--world", "empty", "--port", "0"]
    with subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        address = process.stdout.readline().strip()
        answer = httpx.get(f"{address}/orgs/encode")
        process.send_signal(end)

        assert process.wait(timeout=10) == 0
        assert (answer.status_code, process.stderr.read()) == (200, "")


def test_a_world_that_is_not_there_ends_it_with_a_sentence() -> None:
    command = [sys.executable, "-m", "simulated_github", "--world", "nothing", "--port", "0"]
    finished = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)

    assert finished.returncode == 1
    assert "world 'nothing'" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_answers_are_not_held_back_by_the_socket() -> None:
    """Where the protocol is not named, asyncio leaves Nagle's delay on, and an answer takes 40 ms."""
    with listen() as listener:
        assert listener.proto == socket.IPPROTO_TCP
