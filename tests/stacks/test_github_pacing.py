"""The pace of requests, with a clock of the test."""

from concurrent.futures import ThreadPoolExecutor

from stacks.github_pacing import Pacer


class Clock:
    """A clock that moves only when something sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_requests_are_spread_evenly() -> None:
    clock = Clock()
    pacer = Pacer(15, clock.read, clock.sleep)
    times = []

    for _ in range(31):
        pacer.wait()
        times.append(clock.now - 100)

    assert times[0] == 0
    assert round(times[15], 6) == 1
    assert round(times[30], 6) == 2


def test_a_pause_is_not_made_up_for() -> None:
    clock = Clock()
    pacer = Pacer(10, clock.read, clock.sleep)
    pacer.wait()
    clock.now += 60

    pacer.wait()
    pacer.wait()

    assert round(clock.now, 6) == 160.1


def test_threads_share_the_pace() -> None:
    waits: list[float] = []
    pacer = Pacer(10, lambda: 100.0, waits.append)

    with ThreadPoolExecutor(8) as executor:
        for _ in range(21):
            executor.submit(pacer.wait)

    assert [round(wait, 6) for wait in sorted(waits)] == [number / 10 for number in range(1, 21)]


def test_no_limit_does_not_wait() -> None:
    waits: list[float] = []
    pacer = Pacer(None, lambda: 100.0, waits.append)

    for _ in range(100):
        pacer.wait()

    assert waits == []
