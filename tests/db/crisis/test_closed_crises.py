"""A closed crisis calls nobody: its offers, its tasks and its saturation orders end with it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from crisis.domain.crises import CrisisState
from crisis.domain.refusals import OrderNotInState
from crisis.usecases.clear_crisis import REMAINS
from crisis.usecases.close_crisis import ReopenCrisis, ask_to_reopen, close_crisis
from crisis.usecases.open_offer import OpenOffer, draft_offer
from crisis.usecases.settle_two_keys import confirm_two_keys
from crisis.usecases.stand_down import StandDown, stand_down
from crisis.usecases.tasks import OVERDUE
from imece_chassis.ids import uuid7
from tests.db.crisis.at_the_desk import clocks, run
from tests.db.crisis.offering import lasting, offered
from tests.db.crisis.test_orders import confirm, issue, told
from tests.db.crisis.test_pooled_offers import looked
from tests.db.crisis.test_suspended_offers import suspend
from tests.db.crisis.world import World, caller

CLOCKS = """
SELECT count(*) FROM deadlines WHERE state = 'pending' AND subject_type IN ('offer', 'task')
"""


async def states(world: World, table: str) -> list[tuple[Any, ...]]:
    why = {"offers": "reason", "tasks": "outcome", "saturation_orders": "lapse_reason"}[table]
    found = await world.rows(f"SELECT state, {why} FROM {table} ORDER BY 1, 2")
    return [tuple(row) for row in found]


async def closed(world: World) -> UUID:
    """A crisis with an offer to be matched, one under review and an order, closed a moment ago."""
    crisis_id = (await world.open_crisis()).crisis_id
    await offered(world, crisis_id, lasting(world))
    await suspend(world, (await offered(world, crisis_id, lasting(world))).offer_id)
    draft, said = uuid7(), OpenOffer(crisis_id, lasting(world))
    await world.database.unit_of_work(lambda tx: draft_offer(tx, draft, said, world.pledger, world.tools))
    await issue(world, crisis_id, item_code="FSC-FLOUR")
    await run(world, stand_down, StandDown(crisis_id, "response_complete"))
    await run(world, close_crisis, crisis_id)
    return crisis_id


async def test_offers_and_tasks_of_a_closed_crisis_end(world: World):
    await closed(world)
    kept = await offered(world, (await world.open_crisis()).crisis_id, lasting(world))
    assert await looked(world) == 3
    assert await clocks(world, REMAINS) == 1
    assert await states(world, "offers") == [("closed", "crisis_ended")] * 3 + [("open", None)]
    waiting = await world.rows("SELECT subject_id FROM tasks WHERE state <> 'done'")
    assert [row[0] for row in waiting] == [kept.offer_id]
    assert await world.value(CLOCKS) == 2
    ended = "SELECT count(*) FROM outbox WHERE type = 'crisis.offer.closed'"
    assert await world.value(ended) == 2, "nobody had heard of the draft"
    assert await clocks(world, REMAINS) == 0


async def test_orders_of_a_closed_crisis_are_lifted_at_once(world: World):
    crisis_id = (await world.open_crisis()).crisis_id
    order = await issue(world, crisis_id)
    await confirm(world, await issue(world, crisis_id, item_code="FSC-FLOUR"), caller("secretariat"))
    await run(world, stand_down, StandDown(crisis_id, "response_complete"))
    await run(world, close_crisis, crisis_id)
    assert await states(world, "saturation_orders") == [("lapsed", "lifted")] * 2
    assert (await told(world))[-2:] == ["lapsed", "lapsed"]
    with pytest.raises(OrderNotInState):
        await confirm(world, order, caller("secretariat"))


async def test_a_task_of_a_closed_crisis_climbs_no_more(world: World):
    await closed(world)
    assert await clocks(world, OVERDUE) == 3
    assert {state for state, _ in await states(world, "tasks")} == {"done"}


async def test_a_crisis_reopened_meanwhile_keeps_its_offers_and_tasks(world: World):
    crisis_id = await closed(world)
    request = await run(world, ask_to_reopen, ReopenCrisis(crisis_id, "new_event"))
    await run(world, confirm_two_keys, request, replace(world.secretariat, key_id=uuid7()))
    assert await world.value("SELECT state FROM crises") == CrisisState.OPEN
    before = await states(world, "offers"), await states(world, "tasks")
    assert await clocks(world, REMAINS) == 1
    assert (await states(world, "offers"), await states(world, "tasks")) == before
    assert {state for state, _ in before[0]} == {"draft", "open", "suspended"}
