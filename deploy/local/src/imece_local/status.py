"""`./imece status`: what runs, asked from outside: processes, memory, and each part's own answer."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from imece_local.children import is_running
from imece_local.health import accepts_connections, http_status
from imece_local.kafka_ping import names_a_broker
from imece_local.state import State
from imece_local.up import addresses


def status(state: State) -> int:
    """Print one line per part. 0 = everything answers, 1 = something does not, 3 = nothing runs."""
    running = state.who_runs()
    if running is None:
        print("imece does not run; start it with ./imece up")
        return 3
    rows = [("supervisor", running.get("pid", 0), None, "running" if running.get("is_up") else "starting", 0)]
    rows += [
        (part["name"], part["pid"], part["port"], _health(part), part["restarts"])
        for part in sorted(running.get("parts", []), key=lambda part: part["name"])
    ]
    memory = {name: memory_of(pid, is_alone=name == "supervisor") for name, pid, *_ in rows}
    print(f"{'part':<14} {'pid':>8} {'port':>6} {'memory':>8}  {'restarts':>8}  health")
    for name, pid, port, health, restarts in rows:
        print(f"{name:<14} {pid:>8} {port or '-':>6} {_megabytes(memory[name]):>8}  {restarts:>8}  {health}")
    print(f"{'together':<14} {'':>8} {'':>6} {_megabytes(sum(memory.values())):>8}\n")
    print("\n".join(addresses(state, running)))
    return 0 if all(row[3] in {"running", "ready"} for row in rows) else 1


def _health(part: dict[str, Any]) -> str:
    if not is_running(part["pid"]):
        return "gone"
    match part["name"]:
        case "postgres":
            return "ready" if accepts_connections(part["port"]) else "not answering"
        case "kafka":
            return "ready" if names_a_broker("127.0.0.1", part["port"]) else "not answering"
        case _:
            code = http_status(part["port"], "/readyz")
            return "ready" if code == 200 else f"not ready ({code or 'not answering'})"


def memory_of(pid: int, *, is_alone: bool = False) -> int:
    """Bytes used by a part and all it started, shared pages counted once (Linux; 0 elsewhere).

    `is_alone` leaves out what it started: the supervisor's children are parts of their own.
    """
    members = {pid} if is_alone else {pid, *_descendants(pid)}
    return sum(_proportional(member) for member in members)


def _descendants(ancestor: int) -> Iterable[int]:
    """By parent, not by session: PostgreSQL gives each of its processes a session of its own."""
    if not Path("/proc/self/stat").exists():
        return
    children: dict[int, list[int]] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                fields = Path(entry.path, "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    waiting = children.get(ancestor, [])
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += children.get(pid, [])


def _proportional(pid: int) -> int:
    for file, field in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        try:
            lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
        except OSError:
            continue
        for line in lines:
            if line.startswith(field):
                return int(line.split()[1]) * 1024
    return 0


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
