"""Child processes that die with their parent, also when the parent is killed.

Linux sends the death signal when the *thread* that made the child ends, so every child is made
by one thread that lives as long as the process. A child has its own session: Ctrl-C in the
terminal reaches the supervisor only, which then ends its children in order.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue

_Work = tuple[
    Sequence[str], str | None, Path | None, Mapping[str, str] | None, "Future[subprocess.Popen[bytes]]"
]
_queue: SimpleQueue[_Work] = SimpleQueue()
_maker: threading.Thread | None = None
_maker_lock = threading.Lock()


def spawn(
    argv: Sequence[str],
    *,
    log: Path,
    dies_by: str = "KILL",
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start `argv` with stdout and stderr appended to `log`; `dies_by` is the signal it gets when we are gone."""
    global _maker
    with _maker_lock:
        if _maker is None or not _maker.is_alive():
            _maker = threading.Thread(target=_make_children, name="child-maker", daemon=True)
            _maker.start()
    done: Future[subprocess.Popen[bytes]] = Future()
    log.parent.mkdir(parents=True, exist_ok=True)
    full = [*_death_prefix(dies_by), *argv]
    _queue.put((full, str(log), cwd, env, done))
    return done.result()


def _make_children() -> None:
    while True:
        argv, log, cwd, env, done = _queue.get()
        try:
            with open(log or os.devnull, "ab") as sink:
                done.set_result(
                    subprocess.Popen(
                        argv,
                        stdin=subprocess.DEVNULL,
                        stdout=sink,
                        stderr=sink,
                        cwd=cwd,
                        env=env,
                        start_new_session=True,
                    )
                )
        except BaseException as failure:
            done.set_exception(failure)


def _death_prefix(name: str) -> list[str]:
    if sys.platform != "linux":
        return []
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", name] if setpriv else []


def end(child: subprocess.Popen[bytes], *, by: signal.Signals = signal.SIGTERM, within: float = 5.0) -> int:
    """Ask the child to end, kill it after `within` seconds; returns its exit code (143 and -15 both mean SIGTERM)."""
    if child.poll() is None:
        child.send_signal(by)
        try:
            child.wait(within)
        except subprocess.TimeoutExpired:
            child.kill()
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
    """Start time of `pid` in clock ticks since boot (Linux): together with the pid it names one process for ever."""
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


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log file, for error messages."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"
