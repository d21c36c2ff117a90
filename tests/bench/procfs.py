"""What processes cost, from /proc: processor time and memory of a process together with all it started."""

import os
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def family(pids: Iterable[int]) -> set[int]:
    """The processes and everything that descends from them. PostgreSQL's backends have sessions of their own,
    so descent is the only bond."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields:
                children[int(fields[1])].append(int(entry.name))
    found: set[int] = set()
    todo = list(pids)
    while todo:
        pid = todo.pop()
        if pid not in found:
            found.add(pid)
            todo += children[pid]
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """Processor time of these processes and of their ended children so far."""
    total = 0
    for pid in family(pids):
        fields = _stat(pid)
        if fields:
            total += sum(int(ticks) for ticks in fields[11:15])
    return total / _TICKS


def machine_seconds() -> float:
    """Processor time the whole machine has spent so far, on all cores, idle and waiting not counted."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _waiting, interrupts, soft, *_ = (int(ticks) for ticks in fields)
    return (user + nice + system + interrupts + soft) / _TICKS


class Others:
    """What everything but this process and its children does with the machine from now on."""

    def __init__(self) -> None:
        self._machine, self._own, self._began = (
            machine_seconds(),
            cpu_seconds([os.getpid()]),
            time.monotonic(),
        )

    def share(self) -> float:
        """Their share of all cores, 0 to 1."""
        spent = machine_seconds() - self._machine - (cpu_seconds([os.getpid()]) - self._own)
        elapsed = time.monotonic() - self._began
        return min(1.0, max(0.0, spent / (elapsed * (os.cpu_count() or 1))))


def resident_bytes(pid: int) -> int:
    """Resident memory of one process."""
    return _field(pid, "status", "VmRSS:")


def proportional_bytes(pids: Iterable[int]) -> int:
    """Memory of these processes and all they started, shared pages counted once."""
    return sum(_field(pid, "smaps_rollup", "Pss:") for pid in family(pids))


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _field(pid: int, file: str, name: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(name)), 0)
