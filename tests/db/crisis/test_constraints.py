"""References keep drill and live rows apart. What single rows may be: test_every_constraint."""

from uuid import UUID

import asyncpg
import pytest

from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World


async def test_a_drill_row_cannot_point_at_a_live_one(world: World):
    crisis_id, line = await open_line(world)
    allocation = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await world.database.unit_of_work(
            lambda tx: tx.execute(
                "INSERT INTO needs (need_id, crisis_id, is_drill, asker_org_id, district, state, urgency,"
                " version, close_reason)"
                " VALUES (gen_random_uuid(), $1, true, gen_random_uuid(), 'TUR031', 'closed', 'urgent',"
                " 1, 'expired')",
                crisis_id,
            )
        )
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await world.database.unit_of_work(
            lambda tx: tx.execute(
                "UPDATE allocations SET is_drill = true WHERE allocation_id = $1", allocation
            )
        )
