"""Thousands of boards on one process: how long until the last of them has a change, and what each one costs.

Twice a second one pledge changes one card, so every viewer gets two frames a second. An arrival is measured
from the change's event time, through commit, relay, broker and projection, to the viewer's socket.
"""

import asyncio
import json
import sys
from datetime import datetime
from typing import Any

from tests.bench import procfs
from tests.bench.figures import Figure, percentile
from tests.bench.ground import Ground
from tests.bench.load import open_loop

FRAMES_PER_SECOND = 2.0
TARGETS_MS = {1000: 150, 5000: 500}
BYTES_EACH = 20_000
LINE_LIMIT = 64 * 1024 * 1024


async def fan_out(ground: Ground) -> None:
    """Rising numbers of viewers; memory is the growth of the process that serves them."""
    pid = ground.system.processes["crisis-api"].pid
    async with ground.connections(4) as connections:
        await open_loop(connections, ground.pledges(), per_second=20, seconds=1)
        await ground.settled()
        before = procfs.resident_bytes(pid)
        for count in [1000] if ground.is_quick else TARGETS_MS:
            await _with(ground, connections, count, before, pid)


async def _with(ground: Ground, connections: Any, count: int, before: int, pid: int) -> None:
    argv = [sys.executable, "-m", "tests.bench.viewers", str(ground.port), ground.board, str(count)]
    crowd = await asyncio.create_subprocess_exec(
        *argv, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=LINE_LIMIT
    )
    assert crowd.stdin is not None and crowd.stdout is not None
    try:
        opened = json.loads(await asyncio.wait_for(crowd.stdout.readline(), 60))
        assert opened == {"open": count}
        spent = procfs.cpu_seconds([pid])
        outcome = await open_loop(
            connections, ground.pledges(), per_second=FRAMES_PER_SECOND, seconds=ground.seconds(12.0, 5.0)
        )
        await ground.settled()
        await asyncio.sleep(1.0)
        spent = procfs.cpu_seconds([pid]) - spent
        each = (procfs.resident_bytes(pid) - before) / count
        crowd.stdin.write(b"\n")
        seen = json.loads(await asyncio.wait_for(crowd.stdout.readline(), 60))
    finally:
        if crowd.returncode is None:
            crowd.kill()
        await crowd.wait()
    assert not outcome.errors, outcome.statuses
    _add(ground, count, seen, each, spent / (outcome.seconds + 1.0))


def _add(ground: Ground, count: int, seen: dict[str, Any], each: float, share: float) -> None:
    latencies: list[float] = []
    missing = 0
    for frame in seen["frames"].values():
        decided = datetime.fromisoformat(frame["at"]).timestamp()
        latencies += [(arrived - decided) * 1000 for arrived in frame["arrived"]]
        missing += count - len(frame["arrived"])
    note = f"{len(seen['frames'])} frames each, {share:.0%} of a core"
    add = ground.report.add
    add(Figure(f"{count:,} viewers: p50 arrival", percentile(latencies, 0.50), "ms", note=note))
    add(
        Figure(
            f"{count:,} viewers: p99 arrival", percentile(latencies, 0.99), "ms", f"<= {TARGETS_MS[count]}"
        )
    )
    add(Figure(f"{count:,} viewers: frames missing, streams closed", missing + seen["closed"], "", "<= 0"))
    add(Figure(f"{count:,} viewers: memory each", each / 1000, "kB", f"<= {BYTES_EACH // 1000}"))
