"""Does reading what a line stands at cost more when much was posted on it? Two lines are compared.

Every posting is a transaction of its own with its entry and its change of the balance, as in the ledger.
"""

import json
import time
from statistics import median
from typing import Any
from uuid import UUID

from crisis.store import lines
from tests.bench.apart import Apart, apart
from tests.bench.figures import Figure
from tests.bench.ground import Ground
from tests.db.crisis.one_of_each import one_of_each
from tests.db.crisis.world import World
from tests.plans import Noted

SHORT, LONG = 1_000, 100_000
TIMES = 3_000
# One posting after another; the version that stands in the balance is the number of the last of them.
POST = """
DO $$
DECLARE posted bigint;
BEGIN
  FOR turn IN 1..{count} LOOP
    UPDATE need_line_balances SET version = version + 1, changed_at = now() WHERE need_line_id = '{line}'
    RETURNING version INTO posted;
    INSERT INTO allocation_entries (need_line_id, line_version, allocation_id, is_drill, command_id, root_id,
                                    offer_line_id, crisis_id, from_state, to_state, supply_qty, qty, at)
    SELECT '{line}', posted, allocation_id, is_drill, gen_random_uuid(), root_id, offer_line_id, crisis_id,
           'proposed', 'held', 1, 1, now() FROM allocations WHERE allocation_id = '{row}';
    COMMIT;
  END LOOP;
END $$
"""


async def balances(ground: Ground) -> None:
    """Reads of both lines in turn; medians and the pages each read touches."""
    long = LONG // 10 if ground.is_quick else LONG
    async with apart(ground, "bench_balances") as place:
        examples = await one_of_each(World(place.database))
        row = await place.owner.fetchval("SELECT allocation_id FROM allocations LIMIT 1")
        other = await place.owner.fetchval(
            "SELECT need_line_id FROM need_lines WHERE need_id = $1 AND need_line_id <> $2",
            examples.need_id,
            examples.line_id,
        )
        await place.owner.execute("SET synchronous_commit = off")
        for line, count in ((other, SHORT), (examples.line_id, long)):
            await place.owner.execute(POST.format(count=count, line=line, row=row), timeout=120)
        await place.owner.execute("VACUUM ANALYZE")
        took = await _in_turn(place, [other, examples.line_id])
        pages = [await _pages(place, line) for line in (other, examples.line_id)]
    short_us, long_us = (median(each) * 1e6 for each in took)
    note = f"{short_us:.0f} → {long_us:.0f} µs, {pages[0]} → {pages[1]} pages"
    ground.report.add(
        Figure(f"balance read at {long:,} postings / at {SHORT:,}", long_us / short_us, "", "<= 1.2", note)
    )


async def _in_turn(place: Apart, line_ids: list[UUID]) -> list[list[float]]:
    """Seconds of each read, by line, without begin and end of a transaction."""
    took: list[list[float]] = [[] for _ in line_ids]

    async def work(tx: Any) -> None:
        for _ in range(TIMES):
            for at, line in enumerate(line_ids):
                began = time.perf_counter()
                await lines.read_balances(tx, [line])
                took[at].append(time.perf_counter() - began)

    await place.database.snapshot(work)
    return took


async def _pages(place: Apart, line: UUID) -> int:
    """Pages of 8 kB the read looks at."""
    noted: Any = Noted()
    await lines.read_balances(noted, [line])
    statement = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {noted.statements[0]}"
    plan = json.loads(await place.owner.fetchval(statement, [line]))[0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
