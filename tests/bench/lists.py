"""Every list of the crisis service among a million allocations: how long a page takes, and by which index.

The statements are those the store's own functions send; each is explained with the values it was sent with.
"""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from imece_chassis.clock import FixedClock
from imece_chassis.database import Transaction
from tests.bench.apart import Apart, apart
from tests.bench.copies import LONG, Copies, fill
from tests.bench.figures import Figure, percentile, shown
from tests.bench.ground import Ground
from tests.bench.million import asked, copies
from tests.db.crisis.listing import Read
from tests.db.crisis.listing import lists as every_list
from tests.db.crisis.one_of_each import one_of_each
from tests.db.crisis.world import World

ALLOCATIONS = 1_000_000
TARGET_MS = 50.0
TIMES = 100
AT_LEAST = 20
SECONDS_EACH = 1.5
NAMED = 5


class Noting(Transaction):
    """Stands in for its transaction and keeps what it was asked to fetch."""

    def __init__(self, tx: Transaction) -> None:
        super().__init__(None)
        self._tx = tx
        self.asked: list[tuple[str, Sequence[Any]]] = []

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """All rows."""
        self.asked.append((query, args))
        return await self._tx.fetch(query, *args)


async def lists(ground: Ground) -> None:
    """Fill a database of its own, read every list in it, tell the slowest."""
    size = ALLOCATIONS // 10 if ground.is_quick else ALLOCATIONS
    async with apart(ground, "bench_lists") as place:
        now = datetime.now(UTC)
        examples = await one_of_each(World(place.database, clock=FixedClock(now)))
        filled = copies(examples, size)
        began = time.perf_counter()
        await fill(place.owner, filled)
        ground.report.say(f"  {size:,} allocations written in {time.perf_counter() - began:.0f} s")
        reads = every_list(asked(examples, now))
        took = {name: await _took(place, read) for name, read in reads.items()}
        whole = {name: await _read_whole(place, read, filled) for name, read in reads.items()}
    _tell(ground, size, took, {name: tables for name, tables in whole.items() if tables})


async def _took(place: Apart, read: Read) -> list[float]:
    """Milliseconds of each reading, begin and end of its transaction included; the first one is left out."""
    await place.database.snapshot(read)
    found: list[float] = []
    until = time.perf_counter() + SECONDS_EACH
    while len(found) < AT_LEAST or (len(found) < TIMES and time.perf_counter() < until):
        began = time.perf_counter()
        await place.database.snapshot(read)
        found.append((time.perf_counter() - began) * 1000)
    return found


async def _read_whole(place: Apart, read: Read, filled: Sequence[Copies]) -> list[str]:
    """Long tables that one of the list's statements reads from one end to the other."""
    long = {each.table for each in filled if each.count >= LONG}

    async def work(tx: Transaction) -> list[str]:
        noting = Noting(tx)
        await read(noting)
        found: set[str] = set()
        for statement, values in noting.asked:
            plan = await tx.fetchval(f"EXPLAIN (FORMAT JSON) {statement}", *values)
            found |= whole_tables(json.loads(plan)[0]["Plan"]) & long
        return sorted(found)

    return await place.database.snapshot(work)


def whole_tables(plan: Mapping[str, Any]) -> set[str]:
    """Tables that are read without an index somewhere in a plan."""
    own = {plan["Relation Name"]} if plan["Node Type"] == "Seq Scan" else set[str]()
    return own.union(*(whole_tables(child) for child in plan.get("Plans", ())))


def _tell(ground: Ground, size: int, took: Mapping[str, list[float]], whole: Mapping[str, list[str]]) -> None:
    p99 = {name: percentile(each, 0.99) for name, each in took.items()}
    slowest = sorted(p99, key=lambda name: -p99[name])
    late = [name for name in slowest if p99[name] > TARGET_MS]
    then = ", ".join(f"{name} {shown(p99[name])} ms" for name in slowest[1:NAMED])
    add = ground.report.add
    add(
        Figure(
            f"slowest list at {size:,} allocations: p99",
            p99[slowest[0]],
            "ms",
            f"<= {TARGET_MS:.0f}",
            f"{slowest[0]}; then {then}; {len(p99)} lists",
        )
    )
    add(Figure("lists slower than that", len(late), "", "<= 0", ", ".join(late)))
    named = ", ".join(f"{name} ({', '.join(tables)})" for name, tables in whole.items())
    add(Figure("lists that read a long table whole", len(whole), "", "<= 0", named))
