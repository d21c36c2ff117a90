"""`imece up` as a person meets it: how long until it is ready, what it weighs, how long until it is gone.

It runs with a state folder of its own; environment and jars are those already installed, so "cold" means
after the download: new database, new broker, migrations, first key.
"""

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from imece_local.state import checkout, read_json
from tests.bench import procfs
from tests.bench.figures import Figure, Report
from tests.platform.fixtures import STATE
from tests.waiting import NeverHappened, wait_until

READY_SECONDS = 60.0
IDLE_SECONDS = 6.0
CACHE_SECONDS = 40.0
END_SECONDS = 20.0


async def idle(folder: Path, report: Report) -> None:
    """A cold start, a wait for the broker's start cache, a warm start, idle memory, and the end of both."""
    folder.mkdir(parents=True)
    shutil.copytree(STATE / "kafka-libs", folder / "kafka-libs")
    async with _running(folder) as cold:
        report.add(Figure("start, cold (after the download)", cold.seconds, "s", "<= 20"))
        with suppress(NeverHappened):  # made at the lowest priority: on a busy machine perhaps not in time
            await wait_until(lambda: any(folder.glob("*.aot")), CACHE_SECONDS, 0.2)
    async with _running(folder) as warm:
        cached = "with" if any(folder.glob("*.aot")) else "without"
        report.add(Figure("start, warm", warm.seconds, "s", "<= 8", f"{cached} the broker's start cache"))
        await asyncio.sleep(IDLE_SECONDS)
        memory = {
            part["name"]: procfs.proportional_bytes([part["pid"]]) / 1e6
            for part in read_json(folder / "running.json")["parts"]
        }
        together = procfs.proportional_bytes([warm.child.pid]) / 1e6
        each = ", ".join(f"{name} {megabytes:.0f}" for name, megabytes in sorted(memory.items()))
        report.add(Figure("memory, idle, everything", together, "MB", "<= 900", each))
        began = time.perf_counter()
        await _end(warm.child, signal.SIGINT)
        report.add(Figure("stop", time.perf_counter() - began, "s", "<= 5"))


@dataclass(frozen=True)
class _Up:
    """A system that became ready after `seconds`."""

    child: asyncio.subprocess.Process
    seconds: float


@asynccontextmanager
async def _running(folder: Path) -> AsyncIterator[_Up]:
    environment = {**os.environ, "IMECE_STATE": str(folder), "IMECE_ROOT": str(checkout())}
    argv = [sys.executable, "-m", "imece_local", "up"]
    began = time.perf_counter()
    with (folder / "up.log").open("ab") as said:
        child = await asyncio.create_subprocess_exec(*argv, env=environment, stdout=said, stderr=said)

    def is_up() -> bool:
        if child.returncode is not None:
            raise RuntimeError((folder / "up.log").read_text()[-2000:])
        return bool(read_json(folder / "running.json").get("is_up"))

    try:
        await wait_until(is_up, READY_SECONDS, 0.02, "imece is up")
        yield _Up(child, time.perf_counter() - began)
    finally:
        await _end(child, signal.SIGTERM)


async def _end(child: asyncio.subprocess.Process, by: signal.Signals) -> None:
    """It ends its own children, whatever it was doing."""
    if child.returncode is None:
        child.send_signal(by)
        await asyncio.wait_for(child.wait(), END_SECONDS)
