"""From a decided pledge to its card in a reader's socket, for every single event of the load.

Begin: `ce_time`, when the command decided, on the command's clock; the commit comes later, so it is inside.
End: the first frame whose card of that line has reached the event's number. Same machine, same clock.
"""

import json
from datetime import datetime
from typing import Any

from tests.bench.figures import Figure, percentile
from tests.bench.ground import LINES_TOPIC, Ground
from tests.bench.load import open_loop
from tests.bench.sse import Event, Stream
from tests.waiting import wait_until

TARGETS_MS = {50: 60, 200: 100, 1000: 250}
BULK_SIZE = 25
# Every event of a line after a position of the outbox: line, number, when it was decided.
TOLD = """
SELECT key, (headers ->> 'ce_sequence')::bigint AS sequence, headers ->> 'ce_time' AS at
FROM outbox WHERE topic = $1 AND position > $2
"""


class Reader:
    """Remembers for each line when its card reached which number."""

    def __init__(self) -> None:
        self.seen: dict[str, list[tuple[int, float]]] = {}
        self.frames = 0

    def heard(self, event: Event) -> None:
        """Take one event of the stream."""
        if event.name == "change":
            self.frames += 1
            for card in json.loads(event.data)["cards"]:
                self.seen.setdefault(card["line"], []).append((card["sequence"], event.arrived))

    def arrival(self, line: str, sequence: int) -> float | None:
        """When the line was first shown at this number or a later one."""
        return next((at for reached, at in self.seen.get(line, ()) if reached >= sequence), None)


async def board_latency(ground: Ground) -> None:
    """Three rates, one viewer of the whole crisis."""
    for rate in TARGETS_MS:
        await _at(ground, rate, ground.seconds(10.0, 3.0))


async def _at(ground: Ground, rate: int, seconds: float) -> None:
    reader = Reader()
    stream = await Stream.open("127.0.0.1", ground.port, ground.board, reader.heard)
    is_bulk = rate > 400
    async with ground.system.checker("crisis") as database, ground.connections(16) as connections:
        last = await database.fetchval("SELECT max(position) FROM outbox")
        requests = ground.bulks(BULK_SIZE) if is_bulk else ground.pledges()
        per_second = rate / BULK_SIZE if is_bulk else rate
        outcome = await open_loop(connections, requests, per_second=per_second, seconds=seconds)
        await ground.settled()
        told = await database.fetch(TOLD, LINES_TOPIC, last)
        newest = {row["key"]: row["sequence"] for row in sorted(told, key=lambda row: row["sequence"])}

        def is_shown() -> bool:
            return all(reader.arrival(line, number) for line, number in newest.items())

        await wait_until(is_shown, 10, 0.02, "the reader has seen everything")
    stream.close()
    assert not outcome.errors, outcome.statuses
    _add(ground, rate, sorted(_latencies(reader, told)), reader.frames)


def _latencies(reader: Reader, told: list[Any]) -> list[float]:
    found: list[float] = []
    for row in told:
        arrived = reader.arrival(row["key"], row["sequence"])
        assert arrived is not None, "an event never reached the reader"
        found.append((arrived - datetime.fromisoformat(row["at"]).timestamp()) * 1000)
    return found


def _add(ground: Ground, rate: int, latencies: list[float], frames: int) -> None:
    how = f"{len(latencies)} events in {frames} frames"
    p50 = percentile(latencies, 0.50)
    ground.report.add(
        Figure(f"decided → board frame, {rate}/s: p50", p50, "ms", "<= 25" if rate == 50 else "", how)
    )
    ground.report.add(
        Figure(
            f"decided → board frame, {rate}/s: p99",
            percentile(latencies, 0.99),
            "ms",
            f"<= {TARGETS_MS[rate]}",
        )
    )
