"""CPU time, from the kernel's own books."""

from __future__ import annotations

import os
import resource
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

TICKS = os.sysconf("SC_CLK_TCK")
#: The core that the server is pinned to, and the generator's.
SERVER_CORE, GENERATOR_CORE = 0, 1


def cpu_of(pid: int) -> float:
    """Seconds of CPU of a process and its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_of(pid: int) -> float:
    """Megabytes that a process holds."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _cores() -> dict[int, tuple[float, float]]:
    """By core: seconds in processes (user, nice, system), and busy in all (with interrupts)."""
    found = {}
    for line in Path("/proc/stat").read_text().splitlines():
        name, *numbers = line.split()
        if name.startswith("cpu") and name != "cpu":
            user, nice, system, _, _, irq, softirq, *_ = (int(number) / TICKS for number in numbers)
            found[int(name[3:])] = (user + nice + system, user + nice + system + irq + softirq)
    return found


@dataclass(frozen=True)
class Used:
    """Seconds used since the beginning: by the server, by its core in all, by the generator, by anybody else."""

    wall: float
    server: float
    core: float
    own: float
    foreign: float
    memory_mb: float


def _own() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


class Clocks:
    """Reads all books at the same moment, twice. With several servers, they share both cores with the generator."""

    def __init__(self, pids: Sequence[int]) -> None:
        self._pids = pids
        self._before = (perf_counter(), sum(map(cpu_of, pids)), _own(), _cores())

    def read(self) -> Used:
        wall, server, own, cores = self._before
        wall, server, own = perf_counter() - wall, sum(map(cpu_of, self._pids)) - server, _own() - own
        now = _cores()
        both = (SERVER_CORE, GENERATOR_CORE)
        processes = sum(now[core][0] - cores[core][0] for core in both)
        core = now[SERVER_CORE][1] - cores[SERVER_CORE][1]
        if len(self._pids) > 1:
            core = sum(now[number][1] - cores[number][1] for number in both) - own
        return Used(wall, server, core, own, max(0.0, processes - server - own), sum(map(memory_of, self._pids)))
