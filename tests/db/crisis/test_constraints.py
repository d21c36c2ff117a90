"""The tables' own last word: each constraint refuses what no command would write."""

from uuid import UUID

import asyncpg
import pytest

from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World

FORBIDDEN = {
    "cap": "UPDATE need_line_balances SET held = requested + 1",
    "need_line_balances_nothing_negative": "UPDATE need_line_balances SET proposed = -1",
    "supply": "UPDATE offer_line_balances SET committed = qty, reserved = 1",
    "offer_nothing_negative": "UPDATE offer_line_balances SET reserved = -1",
    "silence_has_a_rule": "UPDATE allocations SET deadline_id = NULL",
    "ratio_exact": "UPDATE allocations SET ratio_num = 2",
    "pack_exact": "UPDATE allocations SET pack_snapshot = jsonb_set(pack_snapshot, '{factor}', '\"6\"')",
    "split_carries_nothing": "UPDATE allocations SET qty = 0, supply_qty = 0",
    "never_more_than_root": "UPDATE allocations SET qty = qty * 2, supply_qty = supply_qty * 2",
    "proposal_awaits_a_side": "UPDATE allocations SET awaiting = NULL",
    "root_is_its_own": "UPDATE allocations SET root_id = gen_random_uuid()",
    "known_state": "UPDATE allocations SET state = 'lost'",
    "no_without_reason": "UPDATE allocations SET state = 'declined', deadline_id = NULL, awaiting = NULL",
    "open_is_verified": "UPDATE needs SET verification = 0",
    "closed_with_reason": "UPDATE needs SET state = 'closed'",
    "need_silence_has_a_rule": "UPDATE needs SET deadline_id = NULL",
    "draft_has_lines": "UPDATE needs SET state = 'draft'",
    "draft_is_changeable": "UPDATE needs SET draft_lines = '[]'",
    "contact_is_opaque": "UPDATE needs SET contact_ref = 'Ali Yılmaz'",
    "submitted_is_told": "UPDATE needs SET told = 0",
    "text_is_short": "UPDATE needs SET title = repeat('x', 201)",
    "note_is_short": "UPDATE need_lines SET note = repeat('x', 281)",
    "series_tells_drill": "INSERT INTO crises SELECT gen_random_uuid(), true, 'KRZ-2026-0099', title, hazard,"
    " state, level, severity, area, supporting_provinces, glide, parent_id, opened_at, stood_down_at,"
    " closed_at, settings_version, version FROM crises",
}
NAMES = {
    "need_line_balances_nothing_negative": "nothing_negative",
    "offer_nothing_negative": "nothing_negative",
}


async def run(world: World, statement: str) -> None:
    await world.database.unit_of_work(lambda tx: tx.execute(statement))


@pytest.mark.parametrize("name", FORBIDDEN)
async def test_a_constraint_refuses_the_row_it_is_there_for(world: World, name: str):
    crisis_id, line = await open_line(world)
    body(await world.pledge(crisis_id, line, "10"))
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await run(world, FORBIDDEN[name])
    assert refused.value.constraint_name == NAMES.get(name, name)


@pytest.mark.parametrize(
    "table",
    [
        "allocation_entries",
        "command_log",
        "need_line_revisions",
        "crisis_levels",
        "crisis_settings",
        "need_contact_attempts",
        "corrections",
    ],
)
@pytest.mark.parametrize(
    "verb", ["UPDATE {} SET is_drill = is_drill", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
async def test_history_is_insert_only(world: World, table: str, verb: str):
    with pytest.raises(asyncpg.RestrictViolationError, match="insert-only"):
        await run(world, verb.format(table))


@pytest.mark.parametrize(
    ("command", "constraint"),
    [
        ("accept_allocation", "two_parties"),
        ("verify_need", "two_parties"),
        ("return_need", "two_parties"),
        ("reject_need", "two_parties"),
        ("decide_appeal", "two_parties"),
        ("correct_record", "corrected_by_another"),
    ],
)
async def test_the_audit_row_refuses_one_organisation_on_both_sides(
    world: World, command: str, constraint: str
):
    crisis_id, _ = await open_line(world)
    organisation = world.secretariat.organisation_id
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await world.database.unit_of_work(
            lambda tx: tx.execute(
                "INSERT INTO command_log (command_id, command, crisis_id, is_drill, subject_type, subject_id,"
                " actor_org_id, actor_role, counterparty_org_id, before_version, after_version, at)"
                " VALUES (gen_random_uuid(), $3, $1, false, 'allocation', gen_random_uuid(),"
                " $2, 'secretariat', $2, 1, 2, now())",
                crisis_id,
                organisation,
                command,
            )
        )
    assert refused.value.constraint_name == constraint


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
