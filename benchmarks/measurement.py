"""Measurement of a command: time, processor time, and the peak memory of its programs."""

import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

SAMPLING_SECONDS = 0.05
# Names of processes by a part of their command line; the first match counts.
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
    """The cost of a command: wall seconds, and processor seconds and peak MiB of each program."""

    seconds: float = 0.0
    processor: dict[str, float] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)

    @property
    def processor_seconds(self) -> float:
        """The processor seconds of all programs but the simulator."""
        return sum(seconds for program, seconds in self.processor.items() if program != "simulator")


class CommandFailedError(Exception):
    """A failure of a measured command; the message has the end of its output."""


def measure(
    command: Sequence[str],
    directory: Path,
    environment: Mapping[str, str],
    server: psutil.Process | None = None,
) -> Cost:
    """Run a command and return its cost, with that of the process that serves it.

    Raise `CommandFailedError` when the command fails.
    """
    started = time.monotonic()
    server_seconds = processor_of(server) if server else 0.0
    output = directory / "output.log"
    with output.open("w") as log:
        process = subprocess.Popen(
            command, cwd=directory, env=dict(environment), stdout=log, stderr=subprocess.STDOUT
        )
        sampler = Sampler(psutil.Process(process.pid), server)
        sampler.sample_until_end(process)
    cost = sampler.cost(time.monotonic() - started)
    if server:
        cost.processor["simulator"] = processor_of(server) - server_seconds
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
    """Samples of a process and its children, taken until it ends."""

    def __init__(self, root: psutil.Process, server: psutil.Process | None) -> None:
        self._root = root
        self._servers = [server] if server else []
        self._names: dict[int, str] = {}
        self._processor: dict[tuple[str, int], float] = {}
        self._memory: dict[str, float] = {}

    def sample_until_end(self, process: "subprocess.Popen[bytes]") -> None:
        while process.poll() is None:
            self._sample()
            with suppress(subprocess.TimeoutExpired):
                process.wait(SAMPLING_SECONDS)

    def cost(self, seconds: float) -> Cost:
        cost = Cost(seconds, memory=self._memory)
        for (program, _), used in self._processor.items():
            cost.processor[program] = cost.processor.get(program, 0.0) + used
        return cost

    def _sample(self) -> None:
        memory: dict[str, float] = {}
        for process in self._processes():
            # A process that ends between two samples is counted up to the last one.
            with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                program = self._name(process)
                if process not in self._servers:
                    self._processor[program, process.pid] = processor_of(process)
                memory[program] = memory.get(program, 0.0) + process.memory_info().rss / 2**20
        self._memory = {
            name: max(memory.get(name, 0.0), self._memory.get(name, 0.0))
            for name in {*memory, *self._memory}
        }

    def _name(self, process: psutil.Process) -> str:
        """Return the name of a program.

        A process that ends has no command line any more, and a new one does not have its own yet.
        """
        program = program_of(process)
        if program == "other":
            return self._names.get(process.pid, program)
        self._names[process.pid] = program
        return program

    def _processes(self) -> Iterator[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            yield self._root
            yield from self._root.children(recursive=True)
        yield from self._servers
