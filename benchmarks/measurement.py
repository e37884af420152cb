"""What a command costs: seconds, processor seconds and the largest memory of every program that it starts."""

import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

SAMPLING_SECONDS = 0.05
# What a process is called here, by what its command line has in it; the first that fits.
PROGRAMS = {
    "simulated_github": "simulator",
    "pulumi-language-python-exec": "program",
    "pulumi-language-python": "language host",
    "resource-github": "provider",
    "terraform-provider": "provider",
    "stack export": "engine",
    "pulumi": "engine",
    "terraform": "engine",
    "tofu": "engine",
}


@dataclass
class Cost:
    """Of one command: wall and processor seconds, and the peak memory in MiB of each program."""

    seconds: float = 0.0
    processor: dict[str, float] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)

    @property
    def processor_seconds(self) -> float:
        """Of everything but the simulator, which the real service would take the place of."""
        return sum(seconds for program, seconds in self.processor.items() if program != "simulator")


class CommandFailedError(Exception):
    """A measured command ended with an error; the message has the end of its output."""


def measure(
    command: Sequence[str],
    directory: Path,
    environment: Mapping[str, str],
    beside: psutil.Process | None = None,
) -> Cost:
    """Runs a command to its end. `beside` is a process that serves it, and whose share is counted too."""
    started, served = time.monotonic(), processor_of(beside) if beside else 0.0
    output = directory / "output.log"
    with output.open("w") as log:
        process = subprocess.Popen(
            command, cwd=directory, env=dict(environment), stdout=log, stderr=subprocess.STDOUT
        )
        seen = Sampler(psutil.Process(process.pid), beside).until_end(process)
    cost = seen.cost(time.monotonic() - started)
    if beside:
        cost.processor["simulator"] = processor_of(beside) - served
    if process.returncode:
        raise CommandFailedError(f"{' '.join(command[:2])} failed:\n{output.read_text()[-4000:]}")
    return cost


def processor_of(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def program_of(process: psutil.Process) -> str:
    line = " ".join(process.cmdline())
    return next((program for part, program in PROGRAMS.items() if part in line), "other")


class Sampler:
    """Looks at a process and all that it started, again and again until it ends."""

    def __init__(self, root: psutil.Process, beside: psutil.Process | None) -> None:
        self._root = root
        self._beside = [beside] if beside else []
        self._names: dict[int, str] = {}
        self._processor: dict[tuple[str, int], float] = {}
        self._memory: dict[str, float] = {}

    def until_end(self, process: "subprocess.Popen[bytes]") -> "Sampler":
        while process.poll() is None:
            self._look()
            with suppress(subprocess.TimeoutExpired):
                process.wait(SAMPLING_SECONDS)
        return self

    def cost(self, seconds: float) -> Cost:
        cost = Cost(seconds, memory=self._memory)
        for (program, _), used in self._processor.items():
            cost.processor[program] = cost.processor.get(program, 0.0) + used
        return cost

    def _look(self) -> None:
        now: dict[str, float] = {}
        for process in self._processes():
            # One that ends between two looks is counted up to the last.
            with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                program = self._name(process)
                if process not in self._beside:
                    self._processor[program, process.pid] = processor_of(process)
                now[program] = now.get(program, 0.0) + process.memory_info().rss / 2**20
        self._memory = {
            name: max(now.get(name, 0.0), self._memory.get(name, 0.0))
            for name in {*now, *self._memory}
        }

    def _name(self, process: psutil.Process) -> str:
        """What it is. One that ends has no command line any more, and one that begins has not its own yet."""
        found = program_of(process)
        if found == "other":
            return self._names.get(process.pid, found)
        self._names[process.pid] = found
        return found

    def _processes(self) -> Iterator[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            yield self._root
            yield from self._root.children(recursive=True)
        yield from self._beside
