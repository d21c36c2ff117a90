"""What the tables of crises, desks, watches and tasks refuse on their own."""

from datetime import timedelta

import asyncpg
import pytest

from tests.db.crisis.at_the_desk import a_desk, a_report, a_task, a_watch
from tests.db.crisis.world import World

FORBIDDEN = {
    "opened_has_number": "UPDATE crises SET crisis_no = NULL WHERE state = 'open'",
    "open_since": "UPDATE crises SET opened_at = NULL WHERE state = 'open'",
    "wound_down_since": "UPDATE crises SET state = 'stood_down' WHERE state = 'open'",
    "closed_since": "UPDATE crises SET state = 'closed', deadline_id = NULL WHERE state = 'open'",
    "dismissed_with_reason": "UPDATE crises SET state = 'dismissed', deadline_id = NULL"
    " WHERE state = 'proposed'",
    "crises silence_has_a_rule": "UPDATE crises SET deadline_id = NULL",
    "heard_once": "INSERT INTO hazard_reports SELECT gen_random_uuid(), crisis_id, is_drill, source,"
    " external_id, external_ids, episode, hazard, magnitude, alert, area, lat, lon, observed_at, by_org_id"
    " FROM hazard_reports",
    "province_has_area": "UPDATE desks SET area = '{}'",
    "opaque_reference": "UPDATE watches SET person_ref = 'Ayşe Yılmaz'",
    "period_ends": "UPDATE watches SET period = tstzrange(now(), NULL)",
    "nobody_twice_at_once": "INSERT INTO watches SELECT gen_random_uuid(), desk_id, is_drill, 'deputy',"
    " person_ref, period, 1 FROM watches",
    "seat_not_taken_twice": "INSERT INTO watches SELECT gen_random_uuid(), desk_id, is_drill, seat,"
    " 'person_0009', period, 1 FROM watches",
    "secretariat_answers": "UPDATE tasks SET desk_id = NULL, seat = 'deputy'",
    "tasks silence_has_a_rule": "UPDATE tasks SET deadline_id = NULL",
    "done_with_outcome": "UPDATE tasks SET state = 'done', deadline_id = NULL",
    "one_open_task": "INSERT INTO tasks SELECT gen_random_uuid(), crisis_id, is_drill, kind, desk_id, seat,"
    " subject_type, subject_id, place, item_group, urgency, state, due_at, every_minutes, 0, deadline_id,"
    " NULL, NULL, NULL, 1 FROM tasks",
    "hazard_reports is insert-only": "UPDATE hazard_reports SET alert = 'yellow'",
}


@pytest.mark.parametrize("name", FORBIDDEN)
async def test_a_table_refuses_what_no_command_would_write(world: World, name: str):
    crisis = await world.open_crisis()
    await a_report(world, observed_at=world.clock.now() - timedelta(days=2))
    await a_watch(world, await a_desk(world))
    await a_task(world, crisis)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await world.database.unit_of_work(lambda tx: tx.execute(FORBIDDEN[name]))
    constraint = name.rpartition(" ")[2]
    assert constraint in (refused.value.constraint_name or "insert-only")
