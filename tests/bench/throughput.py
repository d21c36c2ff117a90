"""How many pledges a second one API process accepts, beside what the database could take at most."""

from collections import Counter
from statistics import median

from tests.bench.figures import Figure
from tests.bench.floor import three_inserts_per_second
from tests.bench.ground import Ground
from tests.bench.load import closed_loop, open_loop

CONNECTIONS = 64
SHARE_OF_FLOOR = 0.4


async def floor_and_pledges(ground: Ground) -> None:
    """Floor and pledges in turn, so that a noisy minute of the machine falls on both; medians."""
    seconds = ground.seconds(5.0, 2.0)
    rounds = 1 if ground.is_quick else 3
    floors: list[float] = []
    rates: list[float] = []
    errors = 0
    slowest: list[float] = []
    url = ground.system.postgres.url("postgres")
    async with ground.connections(CONNECTIONS) as connections:
        await closed_loop(connections, ground.pledges(), seconds=1.0)  # every statement prepared once
        cost: Counter[str] = Counter()
        accepted = 0
        for _ in range(rounds):
            floors.append(await three_inserts_per_second(url, connections=CONNECTIONS, seconds=seconds))
            before = ground.cpu()
            outcome = await closed_loop(connections, ground.pledges(), seconds=seconds)
            rates.append(outcome.per_second)
            errors += outcome.errors
            slowest.append(outcome.milliseconds(0.99))
            accepted += outcome.accepted
            await ground.settled()
            cost.update({name: spent - before.get(name, 0.0) for name, spent in ground.cpu().items()})
        hot = await closed_loop(connections, ground.pledges(lines=1), seconds=seconds)
    await ground.settled()
    floor, rate = median(floors), median(rates)
    add = ground.report.add
    add(Figure("floor: three inserts, one transaction", floor, "tx/s", note=f"{CONNECTIONS} connections"))
    add(Figure("pledges accepted (201)", rate, "1/s", note=f"p99 {median(slowest):.0f} ms"))
    each = ", ".join(f"{name} {spent / accepted * 1000:.2f}" for name, spent in cost.most_common() if spent)
    add(Figure("processor time per pledge", cost.total() / accepted * 1000, "cpu ms", note=each))
    add(Figure("pledges / floor", rate / floor, "", f">= {SHARE_OF_FLOOR}"))
    add(
        Figure(
            "pledges accepted, one hot line",
            hot.per_second,
            "1/s",
            note=f"p99 {hot.milliseconds(0.99):.0f} ms",
        )
    )
    add(Figure("pledges / floor, one hot line", hot.per_second / floor, "", f">= {SHARE_OF_FLOOR}"))
    add(Figure("answers other than 201 in these loops", errors + hot.errors, "", "<= 0"))


async def steady(ground: Ground) -> None:
    """What a caller feels at a steady rate."""
    rate, seconds = 400.0, ground.seconds(20.0, 5.0)
    async with ground.connections(CONNECTIONS) as connections:
        await closed_loop(connections, ground.pledges(), seconds=0.5)
        outcome = await open_loop(connections, ground.pledges(), per_second=rate, seconds=seconds)
    await ground.settled()
    add = ground.report.add
    add(
        Figure(
            "400 pledges/s, open loop: p50", outcome.milliseconds(0.50), "ms", note="from intended send time"
        )
    )
    add(Figure("400 pledges/s, open loop: p99", outcome.milliseconds(0.99), "ms", "<= 50"))
    add(Figure("400 pledges/s, open loop: p99.9", outcome.milliseconds(0.999), "ms"))
    add(
        Figure("400 pledges/s, open loop: errors", outcome.errors, "", "<= 0", f"{outcome.accepted} accepted")
    )
