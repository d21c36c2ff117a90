"""Keeps the parts running: a part that ends is started again with growing pauses, and said so.

A part is anything with start, stop and kill; processes of services are one kind. Ending goes in two waves,
services before the platform they use, each with a deadline after which it is killed.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from imece_local.children import ChildrenRefused, end, spawn

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 15.0
STEADY_AFTER = 30.0  # a part that lived this long has recovered; the next crash starts from the first pause
_LOOK_EVERY = 0.1
_END_WITHIN = 10.0
"""Seconds until a part is killed. About one is usual; a machine busy with something else takes many."""

Report = Callable[[str], None]


class Part(Protocol):
    """A process the supervisor looks after. `start` returns when it is usable or raises RuntimeError."""

    def start(self) -> object: ...
    def stop(self, within: float) -> object: ...
    def kill(self) -> None: ...
    def is_alive(self) -> bool: ...
    @property
    def pid(self) -> int: ...


class ProcessPart:
    """One process of ours; usable once it is spawned, its readiness is asked over HTTP by others."""

    def __init__(self, argv: Sequence[str], *, env: Mapping[str, str], log: Path, cwd: Path) -> None:
        self._argv, self._env, self._log, self._cwd = argv, env, log, cwd
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        if self._child is None:
            raise RuntimeError("not running")
        return self._child.pid

    @property
    def exit_code(self) -> int | None:
        return self._child.poll() if self._child else None

    def is_alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def start(self) -> ProcessPart:
        self._child = spawn(self._argv, log=self._log, env=self._env, cwd=self._cwd)
        return self

    def stop(self, within: float) -> None:
        if self._child is not None:
            end(self._child, within=within)

    def kill(self) -> None:
        if self._child is not None:
            end(self._child, within=0.0)


@dataclass
class Watched:
    """A part with its name, the wave it ends in (0 first) and its restarts so far."""

    name: str
    part: Part
    wave: int
    restarts: int = 0
    pause: float = FIRST_PAUSE
    alive_since: float = 0.0
    due_at: float | None = None


class Supervisor:
    """Not thread safe, except `add`; `run` blocks until `stop` is set, then ends everything."""

    def __init__(self, report: Report, on_change: Callable[[], object] = lambda: None) -> None:
        self.watched: list[Watched] = []
        self._report = report
        self._on_change = on_change
        self._ending = False
        self._restarts = ThreadPoolExecutor(4, thread_name_prefix="restart")

    def add(self, name: str, part: Part, *, wave: int) -> None:
        """Look after a part; it need not have been started yet, but must be before `run`."""
        self.watched.append(Watched(name, part, wave, alive_since=time.monotonic()))

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(_LOOK_EVERY):
            for one in self.watched:
                self._look_after(one)

    def end_all(self) -> None:
        """End every part, services first, and start none again; returns when no process is left."""
        self._ending = True
        for wave in sorted({one.wave for one in self.watched}):
            members = [one for one in self.watched if one.wave == wave]
            threads = [threading.Thread(target=self._end, args=(one, _END_WITHIN)) for one in members]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    def _look_after(self, one: Watched) -> None:
        now = time.monotonic()
        if self._ending:
            return
        if one.part.is_alive():
            if one.restarts and now - one.alive_since > STEADY_AFTER:
                one.pause = FIRST_PAUSE
            return
        if one.due_at is None:
            one.due_at = now + one.pause
            self._report(f"{one.name} ended unexpectedly; starting it again in {one.pause:.1f} s")
            one.pause = min(one.pause * 2, LONGEST_PAUSE)
        elif now >= one.due_at:
            one.due_at = float("inf")  # until the restart is through
            self._restarts.submit(self._restart, one)

    def _restart(self, one: Watched) -> None:
        if self._ending:
            return
        one.restarts += 1
        try:
            one.part.start()
        except ChildrenRefused:
            return
        except (RuntimeError, OSError) as failure:
            first_line = str(failure).strip().splitlines()[0]
            self._report(f"{one.name} could not be started: {first_line}")
        else:
            self._report(f"{one.name} runs again with pid {one.part.pid}")
        one.alive_since, one.due_at = time.monotonic(), None
        self._on_change()

    def _end(self, one: Watched, within: float) -> None:
        began = time.monotonic()
        with suppress(ProcessLookupError):
            one.part.stop(within)
        if time.monotonic() - began >= within:
            self._report(f"{one.name} had not ended after {within:.1f} s and was killed")
