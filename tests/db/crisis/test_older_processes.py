"""What processes of the release before write while a new one starts, and after it was taken back.

They know neither bundles, promises on behalf nor delegations: their statements name none of these columns.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from crisis.domain.needs import Need
from crisis.usecases.check_ledger import check_ledger
from imece_chassis.ids import uuid7
from tests.db.crisis.bundling import a_bundle, read, three_lines
from tests.db.crisis.need_world import Needs
from tests.db.crisis.on_behalf import spoken_of
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World, caller

CUT = """
INSERT INTO allocations (allocation_id, root_id, parent_id, crisis_id, is_drill, need_line_id, offer_line_id,
                         pledger_org_id, initiated_by, root_supply_qty, supply_qty, ratio_num, ratio_den, qty,
                         pack_snapshot, state, state_since, reason, waitlisted_at, last_actor, version,
                         promoted_at, earmark, given_item, substitute_of, plan_date, plan_transport, round,
                         extensions, has_conditions, desk_org_id, preferred_since)
SELECT $2::uuid, root_id, allocation_id, crisis_id, is_drill, need_line_id, offer_line_id,
       pledger_org_id, initiated_by, root_supply_qty, 10, ratio_num, ratio_den, 10,
       pack_snapshot, 'declined', state_since, 'rest_declined', waitlisted_at, last_actor, 1,
       promoted_at, earmark, given_item, substitute_of, plan_date, plan_transport, round,
       extensions, has_conditions, desk_org_id, preferred_since
  FROM allocations WHERE allocation_id = $1
"""
"""A rest that is declined, as the release before writes it."""

WHOLE = CUT.replace("$2::uuid, root_id, allocation_id,", "$2::uuid, $2::uuid, NULL::uuid,")
"""A promise of its own with the same goods."""

MARKS = "SELECT bundle_id, behalf_org_id, object_until FROM allocations WHERE allocation_id = $1"
DELEGATION = "SELECT delegated_until, delegated_by_org_id FROM needs WHERE need_id = $1"
CLOSE = (
    "UPDATE needs SET state = 'closed', close_reason = 'duplicate', deadline_id = NULL, merged_into = $2,"
    " version = version + 1 WHERE need_id = $1"
)


async def run(world: World, statement: str, *args: Any) -> None:
    await world.database.unit_of_work(lambda tx: tx.execute(statement, *args))


async def cut(world: World, row: UUID) -> UUID:
    piece = uuid7()
    await run(world, CUT, row, piece)
    return piece


async def marks(world: World, row: UUID) -> tuple[Any, ...]:
    ((bundle, org, until),) = await world.rows(MARKS, row)
    return bundle, org, until


async def delegation(world: World, need: Need) -> tuple[Any, ...]:
    ((until, org),) = await world.rows(DELEGATION, need.need_id)
    return until, org


async def delegated(world: World) -> tuple[Needs, Need]:
    needs = await Needs.of(world)
    need = await needs.opened()
    await needs.delegate(need)
    assert None not in await delegation(world, need)
    return needs, need


async def test_a_piece_an_older_process_cuts_is_of_the_bundle(world: World):
    crisis_id, lines = await three_lines(world)
    found = await a_bundle(world, crisis_id, [(line, "40") for line in lines])
    piece = await cut(world, found.rows[0].allocation_id)
    assert await marks(world, piece) == (found.bundle.bundle_id, None, None)
    after = await read(world, found.bundle.bundle_id)
    assert (after.version, piece in {row.allocation_id for row in after.rows}) == (found.version + 1, True)
    again = await cut(world, piece)
    assert await marks(world, again) == (found.bundle.bundle_id, None, None)
    assert (await check_ledger(world.database))["bundles"] == []


async def test_a_piece_an_older_process_cuts_says_who_wrote_it(world: World):
    crisis_id, line = await open_line(world, "100")
    org_id, writer = world.pledger.organisation_id, caller("secretariat")
    await world.database.unit_of_work(lambda tx: spoken_of(tx, org_id))
    said = world.pledging(crisis_id, line, "30", written_by_org_id=writer.organisation_id)
    (outcome,) = await world.propose([replace(said, caller=writer)])
    assert not isinstance(outcome, Exception), outcome
    row = UUID(body(outcome)["allocation_id"])
    before = await marks(world, row)
    assert before[1] == writer.organisation_id and before[2] is not None
    assert await marks(world, await cut(world, row)) == before


@pytest.mark.parametrize(("statement", "is_asked"), [(CUT, True), (WHOLE, False)])
async def test_only_pieces_are_asked_what_they_were_cut_from(world: World, statement: str, is_asked: bool):
    crisis_id, line = await open_line(world, "100")
    row = UUID(body(await world.pledge(crisis_id, line, "30"))["allocation_id"])
    plan = await world.database.unit_of_work(
        lambda tx: tx.fetch(f"EXPLAIN (ANALYZE, TIMING OFF) {statement}", row, uuid7())
    )
    assert any("Trigger keep_marks" in step[0] for step in plan) is is_asked


async def test_a_delegation_ends_with_a_need_an_older_process_closes(world: World):
    _, need = await delegated(world)
    await run(world, CLOSE, need.need_id, None)
    assert await delegation(world, need) == (None, None)


async def test_a_delegation_ends_where_an_older_process_moves_the_need(world: World):
    _, need = await delegated(world)
    await run(world, "UPDATE needs SET district = 'TUR046003' WHERE need_id = $1", need.need_id)
    assert await delegation(world, need) == (None, None)


async def test_a_delegation_ends_where_an_older_process_merges_a_need_into_it(world: World):
    needs, need = await delegated(world)
    other = await needs.opened()
    await run(world, CLOSE, other.need_id, need.need_id)
    assert await delegation(world, need) == (None, None)


@pytest.mark.parametrize("said", ["is_stale = true", "urgency = 'normal'", "merged_into = merged_into"])
async def test_a_delegation_outlives_what_else_an_older_process_does(world: World, said: str):
    _, need = await delegated(world)
    before = await delegation(world, need)
    await run(world, f"UPDATE needs SET {said}, version = version + 1 WHERE need_id = $1", need.need_id)
    assert await delegation(world, need) == before
