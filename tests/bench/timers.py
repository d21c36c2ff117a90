"""How many deadlines a second one worker fires, each with its entry and its event, among many pending."""

from tests.bench.figures import Figure
from tests.bench.ground import Ground
from tests.bench.load import closed_loop
from tests.waiting import wait_until

PENDING = 100_000
WORKER = "crisis-consume"
ANSWERS = "SELECT count(*) FROM deadlines WHERE kind = 'allocation.answer' AND state = 'pending'"
# The oldest proposals come due now, all others stay for a day.
DUE = """
UPDATE deadlines SET due_at = now() - interval '1 second' WHERE deadline_id IN (
    SELECT deadline_id FROM deadlines
    WHERE kind = 'allocation.answer' AND subject_type = 'allocation' AND state = 'pending'
    ORDER BY deadline_id LIMIT $1)
"""
FILL = """
INSERT INTO deadlines (deadline_id, subject_type, subject_id, kind, due_at)
SELECT gen_random_uuid(), 'bench', gen_random_uuid(), 'allocation.answer', now() + interval '1 day'
FROM generate_series(1, $1 - (SELECT count(*) FROM deadlines WHERE state = 'pending')::int)
"""
LEFT = "SELECT count(*) FROM deadlines WHERE state = 'pending' AND due_at < now()"
CANCEL = "UPDATE deadlines SET state = 'cancelled', settled_at = now() WHERE subject_type = 'bench'"
# From the moment a tenth was fired to the last one: starting is not the rate.
SPAN = """
SELECT extract(epoch FROM max(settled_at)
    - percentile_disc(0.1) WITHIN GROUP (ORDER BY settled_at))::float8
FROM deadlines WHERE state = 'fired' AND kind = 'allocation.answer' AND settled_at >= $1
"""


async def timers(ground: Ground) -> None:
    """Stop the worker, let proposals come due, start it, look when each deadline was settled."""
    system, wanted = ground.system, 5_000 if ground.is_quick else 20_000
    async with system.checker("crisis") as database:
        async with ground.connections(8) as connections:
            while await database.fetchval(ANSWERS) < wanted:
                await closed_loop(connections, ground.bulks(100), seconds=1.5)
        await ground.settled()
        await system.processes[WORKER].stop()
        await database.execute(FILL, PENDING, timeout=60)
        await database.execute(DUE, wanted, timeout=60)
        await database.execute("VACUUM ANALYZE deadlines", timeout=60)
        began = await database.fetchval("SELECT clock_timestamp()")
        await system.processes[WORKER].start()

        async def is_done() -> bool:
            return not await database.fetchval(LEFT)

        await wait_until(is_done, 120, 0.1, "every deadline has fired")
        span = await database.fetchval(SPAN, began)
        await database.execute(CANCEL, timeout=60)
    note = (
        f"{wanted} proposals expire among {PENDING} pending deadlines; the last nine tenths in {span:.1f} s"
    )
    ground.report.add(Figure("deadlines fired by one worker", 0.9 * wanted / span, "1/s", ">= 1000", note))
    await ground.settled()
