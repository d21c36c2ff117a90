"""Does an event cost more when many are stored already? Processor time of all parts per pledge, three times.

Processor time is used instead of a rate because neighbours on the machine disturb it less. Histories are made
by the same API in bulk; before each measurement the database is left as a quiet night would leave it.
"""

from tests.bench.figures import Figure
from tests.bench.ground import Ground
from tests.bench.load import closed_loop, open_loop

SIZES = (1_000, 10_000, 100_000)
RATE = 250.0
EVENTS = "SELECT count(*) FROM outbox"
PARTS = ("crisis-api", "crisis-relay", "crisis-consume", "postgres", "kafka")


async def growth(ground: Ground) -> None:
    """Costs in order of size, and the largest over the smallest."""
    costs: dict[int, float] = {}
    async with ground.connections(16) as connections:
        await open_loop(connections, ground.pledges(), per_second=RATE, seconds=2)  # warm code and caches
        for size in SIZES[:2] if ground.is_quick else SIZES:
            await _grow(ground, size)
            costs[size] = await _cost(ground, ground.seconds(6.0, 3.0))
            ground.report.add(Figure(f"cost of a pledge at {size:,} events", costs[size] * 1000, "cpu ms"))
    ratio = max(costs.values()) / costs[SIZES[0]]
    ground.report.add(Figure("cost at most / cost at 1,000 events", ratio, "", "<= 1.2"))


async def _grow(ground: Ground, size: int) -> None:
    async with ground.system.checker("crisis") as database, ground.connections(4) as connections:
        while (stored := await database.fetchval(EVENTS)) < size:
            bulk = min(500, max(10, (size - stored) // 8))
            await closed_loop(connections, ground.bulks(bulk), seconds=min(2.0, (size - stored) / 8_000))
        await ground.settled()
        await database.execute("VACUUM ANALYZE", timeout=60)
        await database.execute("CHECKPOINT", timeout=60)


async def _cost(ground: Ground, seconds: float) -> float:
    async with ground.connections(16) as connections:
        before = ground.cpu()
        outcome = await open_loop(connections, ground.pledges(), per_second=RATE, seconds=seconds)
        await ground.settled()
        after = ground.cpu()
    assert not outcome.errors, outcome.statuses
    return sum(after[name] - before[name] for name in PARTS) / outcome.accepted
