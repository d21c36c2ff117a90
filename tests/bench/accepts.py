"""How many proposals on one need line a desk takes a second, beside what one row can be updated at all."""

from collections import Counter
from statistics import median

from tests.bench.figures import Figure
from tests.bench.floor import one_row_updates_per_second
from tests.bench.ground import Ground
from tests.bench.load import all_of, closed_loop

CONNECTIONS = 50
SHARE_OF_FLOOR = 0.4
DONE = 200
COUNT = "SELECT count(*) FROM allocations WHERE need_line_id = $1 AND state = 'proposed'"
PROPOSED = """
SELECT allocation_id::text FROM allocations WHERE need_line_id = $1 AND state = 'proposed'
ORDER BY allocation_id DESC LIMIT $2
"""


async def accepts(ground: Ground) -> None:
    """Floor and accepts in turn, each answered one by one; medians."""
    each = 500 if ground.is_quick else 2_000
    rounds = 1 if ground.is_quick else 3
    url = ground.system.postgres.url("postgres")
    floors: list[float] = []
    rates: list[float] = []
    slowest: list[float] = []
    errors = accepted = 0
    cost: Counter[str] = Counter()
    waiting = await _proposals(ground, each * rounds + CONNECTIONS)
    async with ground.connections(CONNECTIONS) as connections:
        first, rest = waiting[:CONNECTIONS], waiting[CONNECTIONS:]
        await all_of(connections, map(ground.accept, first), good=DONE)  # every statement prepared once
        for number in range(rounds):
            floors.append(
                await one_row_updates_per_second(
                    url, connections=CONNECTIONS, seconds=ground.seconds(4.0, 2.0)
                )
            )
            turn = rest[number * each : (number + 1) * each]
            before = ground.cpu()
            outcome = await all_of(connections, map(ground.accept, turn), good=DONE)
            rates.append(outcome.per_second)
            slowest.append(outcome.milliseconds(0.99))
            errors += outcome.errors
            accepted += outcome.accepted
            await ground.settled()
            cost.update({name: spent - before.get(name, 0.0) for name, spent in ground.cpu().items()})
    floor, rate = median(floors), median(rates)
    add = ground.report.add
    add(Figure("floor: one row locked and updated", floor, "tx/s", note=f"{CONNECTIONS} connections"))
    add(Figure("accepts on one hot line", rate, "1/s", note=f"p99 {median(slowest):.0f} ms"))
    parts = ", ".join(f"{name} {spent / accepted * 1000:.2f}" for name, spent in cost.most_common() if spent)
    add(Figure("processor time per accept", cost.total() / accepted * 1000, "cpu ms", note=parts))
    add(Figure("accepts on one hot line / floor", rate / floor, "", f">= {SHARE_OF_FLOOR}"))
    add(Figure("accepts answered other than 200", errors, "", "<= 0"))


async def _proposals(ground: Ground, size: int) -> list[str]:
    """Ids of so many proposals that wait for the desk on the first line."""
    line = ground.scenario.line_ids[0]
    async with ground.system.checker("crisis") as database:
        async with ground.connections(4) as connections:
            while await database.fetchval(COUNT, line) < size:
                await closed_loop(connections, ground.bulks(100, lines=1), seconds=0.5)
        await ground.settled()
        return [row[0] for row in await database.fetch(PROPOSED, line, size)]
