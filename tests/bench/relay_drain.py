"""How fast the relay empties a backlog into Kafka, alone with database and broker."""

import asyncio

from tests.bench.figures import Figure
from tests.bench.ground import BEHIND, Ground
from tests.bench.load import closed_loop
from tests.waiting import wait_until

READERS = ("crisis-consume", "notifications")
# Real events once more, in a backlog; readers know their ids and drop them.
REPEAT = """
INSERT INTO outbox (event_id, slot, topic, key, type, headers, payload)
SELECT gen_random_uuid(), slot, topic, key, type, headers, payload
FROM (SELECT slot, topic, key, type, headers, payload FROM outbox ORDER BY position DESC LIMIT 2000) AS real
CROSS JOIN generate_series(1, $1)
"""
# From the moment a tenth was marked to the last mark: connecting and the first read are not the rate.
SPAN = """
SELECT extract(epoch FROM max(published_at)
    - percentile_disc(0.1) WITHIN GROUP (ORDER BY published_at))::float8
FROM outbox WHERE position > $1
"""


async def relay_drain(ground: Ground) -> None:
    """Stop the relay and all readers, build the backlog, start the relay, look when each row was marked."""
    system, rows = ground.system, 20_000 if ground.is_quick else 60_000
    async with ground.connections(8) as connections:
        await closed_loop(connections, ground.bulks(100), seconds=1.5)
    await ground.settled()
    await asyncio.gather(*(system.processes[name].stop() for name in ("crisis-relay", *READERS)))
    async with system.checker("crisis") as database:
        last = await database.fetchval("SELECT max(position) FROM outbox")
        await database.execute(REPEAT, rows // 2000, timeout=60)
        await database.execute("VACUUM ANALYZE outbox", timeout=60)
        await system.processes["crisis-relay"].start()

        async def is_empty() -> bool:
            return not await database.fetchval(BEHIND)

        await wait_until(is_empty, 60, 0.05, "the backlog is gone")
        span = await database.fetchval(SPAN, last)
    await asyncio.gather(*(system.processes[name].start() for name in READERS))
    note = f"{rows} rows, one lane; the last nine tenths in {span:.1f} s"
    ground.report.add(Figure("relay: backlog into Kafka", 0.9 * rows / span, "events/s", ">= 20000", note))
    await ground.settled()
