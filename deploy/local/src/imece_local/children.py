"""Child processes that die with their parent, also when the parent is killed.

Linux sends the death signal when the *thread* that made the child ends, so every child is made
by one thread that lives as long as the process. A child has its own session: Ctrl-C in the
terminal reaches the supervisor only, which then ends its children in order.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue


@dataclass(frozen=True)
class _Order:
    argv: list[str]
    log: Path
    env: Mapping[str, str] | None
    cwd: Path | None
    made: Future[subprocess.Popen[bytes]]


class _Maker:
    """The thread that makes all children; it never ends before the process does."""

    def __init__(self) -> None:
        self._orders: SimpleQueue[_Order] = SimpleQueue()
        self._made: list[subprocess.Popen[bytes]] = []
        self._making = threading.Lock()
        self._closed = False
        threading.Thread(target=self._work, name="child-maker", daemon=True).start()

    def make(self, order: _Order) -> subprocess.Popen[bytes]:
        self._orders.put(order)
        return order.made.result()

    def close(self) -> None:
        with self._making:
            self._closed = True

    def alive(self) -> list[subprocess.Popen[bytes]]:
        with self._making:
            self._made = [child for child in self._made if child.poll() is None]
            return [*self._made]

    def _work(self) -> None:
        while True:
            order = self._orders.get()
            try:
                with self._making:
                    child = self._popen(order)
                    self._made = [other for other in self._made if other.returncode is None] + [child]
                order.made.set_result(child)
            except (OSError, ChildrenRefused) as failure:
                order.made.set_exception(failure)

    def _popen(self, order: _Order) -> subprocess.Popen[bytes]:
        if self._closed:
            raise ChildrenRefused("the supervisor is ending")
        with order.log.open("ab") as sink:
            return subprocess.Popen(
                order.argv, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink,
                cwd=order.cwd, env=order.env, start_new_session=True,
            )  # fmt: skip


class ChildrenRefused(RuntimeError):
    """No child is made any more: the process is ending."""


@functools.cache
def _maker() -> _Maker:
    return _Maker()


def spawn(
    argv: Sequence[str],
    *,
    log: Path,
    dies_by: str = "KILL",
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start `argv`, its output appended to `log`; `dies_by` is the signal it gets when we are gone."""
    log.parent.mkdir(parents=True, exist_ok=True)
    return _maker().make(_Order(mortal(argv, dies_by, os.getpid()), log, env, cwd, Future()))


def refuse_new_children() -> None:
    """From now on `spawn` raises ChildrenRefused: nobody starts a part while the others are being ended."""
    _maker().close()


def children_alive() -> list[subprocess.Popen[bytes]]:
    """Every child made by `spawn` that has not ended."""
    return _maker().alive()


def mortal(argv: Sequence[str], dies_by: str, parent: int) -> list[str]:
    """The command that runs `argv` as a child which `dies_by` this signal when `parent` ends.

    A parent killed before the child could ask for the signal is gone already when the child looks: then
    nothing is run, exit code 1.
    """
    if sys.platform != "linux":
        return [*argv]
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return [*argv]
    only_with_parent = ("/bin/sh", "-c", '[ "$PPID" = "$0" ] && exec "$@"', str(parent))
    return [setpriv, "--pdeathsig", dies_by, *only_with_parent, *argv]


def end(child: subprocess.Popen[bytes], *, by: signal.Signals = signal.SIGTERM, within: float = 5.0) -> int:
    """Ask the child to end; after `within` seconds kill it and all it started. Returns its exit code."""
    if child.poll() is None:
        child.send_signal(by)
        try:
            child.wait(within)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)  # spawn made it the leader of its own group
    return child.wait()


def is_running(pid: int) -> bool:
    """True while `pid` is a process that is not a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _stat_field(pid, 0) != "Z"


def started_at(pid: int) -> str | None:
    """Start time of `pid` in clock ticks since boot: with the pid it names one process for ever (Linux)."""
    return _stat_field(pid, 19)


def _stat_field(pid: int, index: int) -> str | None:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[index]
    except (OSError, IndexError):
        return None


def free_port() -> int:
    """A TCP port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def log_size(log: Path) -> int:
    """Bytes in a log so far; 0 when there is none."""
    return log.stat().st_size if log.exists() else 0


def tail(log: Path, since: int = 0, lines: int = 15) -> str:
    """The last lines of a log file after byte `since`, for error messages."""
    try:
        said = log.read_bytes()[since:].decode(errors="replace")
    except OSError:
        return "(no log)"
    return "\n".join(said.splitlines()[-lines:])
