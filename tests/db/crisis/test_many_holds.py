"""A crisis that is stood down with more holds than are put on the desks' queues at once."""

from uuid import UUID

from crisis.domain.tasks import TaskKind
from crisis.usecases.stand_down import HOLDS
from tests.db.crisis.at_the_desk import clocks
from tests.db.crisis.crisis_steps import stood_down
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World

A_HUNDRED_MORE = """
WITH piece AS (SELECT gen_random_uuid() AS id, gen_random_uuid() AS clock FROM generate_series(1, 100)),
clocks AS (
  INSERT INTO deadlines (deadline_id, subject_type, subject_id, kind, due_at)
  SELECT clock, 'allocation', id, 'allocation.hold', now() FROM piece
)
INSERT INTO allocations
SELECT (jsonb_populate_record(
         held, jsonb_build_object('allocation_id', id, 'root_id', id, 'deadline_id', clock))).*
  FROM allocations AS held, piece WHERE held.state = 'held'
"""


async def test_the_hundred_and_first_hold_is_decided_too(world: World):
    crisis_id, line = await open_line(world)
    await world.accept(UUID(body(await world.pledge(crisis_id, line, "4"))["allocation_id"]))
    await world.database.unit_of_work(lambda tx: tx.execute(A_HUNDRED_MORE))
    await stood_down(world, crisis_id)
    assert [await clocks(world, HOLDS) for _ in range(3)] == [1, 1, 0]
    asked = await world.value("SELECT count(*) FROM tasks WHERE kind = $1", TaskKind.DECIDE_HOLD)
    assert asked == 101
