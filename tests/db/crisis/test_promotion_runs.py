"""What makes a line look at its waiting list, and that looking at once loses and doubles nothing."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from crisis.consumers.timers import effects
from crisis.domain.answers import Rest
from crisis.domain.refusals import Refusal
from crisis.domain.states import Timer
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.hold_need import HoldNeed, hold_need, resume_need
from crisis.usecases.revise_offer_line import ReviseOfferLine, revise_offer_line
from crisis.usecases.stand_down import Reactivate, StandDown, reactivate, stand_down
from imece_chassis.deadlines import DeadlineWorker
from tests.db.crisis.offering import lasting, offered, tents
from tests.db.crisis.promoting import full_line, promote, states, waits
from tests.db.crisis.terms import pledged_from
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World, caller


async def test_a_crisis_that_goes_on_calls_who_waits_for_room_made_meanwhile(world: World):
    crisis, line, row = await full_line(world)
    who = await waits(world, crisis, line, "100")

    async def told(command: Any, body: Any) -> None:
        await world.database.unit_of_work(lambda tx: command(tx, body, world.secretariat, world.tools))

    await told(stand_down, StandDown(crisis, "response_complete"))
    await world.withdraw(row)
    assert await promote(world, line) == 0
    await told(reactivate, Reactivate(crisis, "new_needs"))
    assert await promote(world, line) == 1
    assert await states(world, line, who) == [("proposed", 100)]


async def test_a_stale_or_held_need_calls_nobody(world: World):
    crisis, line, row = await full_line(world)
    who = await waits(world, crisis, line, "100")
    await world.withdraw(row)
    await world.database.unit_of_work(lambda tx: tx.execute("UPDATE needs SET is_stale = true"))
    assert await promote(world, line) == 0
    assert await states(world, line, who) == [("waitlisted", 100)]


async def test_a_need_that_was_held_back_calls_who_waits_once_it_goes_on(world: World):
    crisis, line, row = await full_line(world)
    who = await waits(world, crisis, line, "100")
    need = await world.value("SELECT need_id FROM need_lines WHERE need_line_id = $1", line)
    held = HoldNeed(need, "no_access", world.clock.now() + timedelta(hours=2))
    await world.database.unit_of_work(lambda tx: hold_need(tx, held, world.secretariat, world.tools))
    await world.withdraw(row)
    assert await promote(world, line) == 0
    await world.database.unit_of_work(lambda tx: resume_need(tx, need, world.secretariat, world.tools))
    assert await promote(world, line) == 1
    assert await states(world, line, who) == [("proposed", 100)]


async def test_the_worker_runs_promotions_that_are_due(world: World):
    crisis, line, row = await full_line(world)
    who = await waits(world, crisis, line, "100")
    world.clock.advance(timedelta(days=365 * 50))
    await world.withdraw(row)
    only = {Timer.PROMOTE.value: effects(world.database, world.tools)[Timer.PROMOTE.value]}
    assert await DeadlineWorker(world.database, only).run_once() == 1
    assert await states(world, line, who) == [("waitlisted", 100)], "needed by long ago: nobody is called"


async def test_promotion_races_withdrawals_and_accepts_without_losing_or_doubling_anything(world: World):
    """Two workers promote while pledgers withdraw what waits and a desk accepts what is proposed."""
    crisis, line, row = await full_line(world, "200")
    pledgers = [caller("pledger") for _ in range(12)]
    rows = [UUID(body(await world.pledge(crisis, line, "30", who))["allocation_id"]) for who in pledgers]
    await world.withdraw(row)

    async def quietly(work: Any) -> None:
        try:
            await work
        except Refusal:
            return

    async def withdrawals() -> None:
        for who, each in zip(pledgers[::2], rows[::2], strict=True):
            await quietly(world.withdraw(each, by=who))

    async def newcomers() -> None:
        for _ in range(3):
            made = body(await world.pledge(crisis, line, "40"))
            await quietly(world.accept(UUID(made["allocation_id"]), rest=Rest.WAITLIST))

    await asyncio.gather(promote(world, line), promote(world, line), withdrawals(), newcomers())
    while await promote(world, line):
        pass
    figures = (await world.rows("SELECT * FROM need_line_balances"))[0]
    calls = await world.value(
        "SELECT coalesce(sum(qty), 0) FROM allocations WHERE promoted_at IS NOT NULL AND state = 'proposed'"
    )
    assert figures["held"] <= 200
    assert figures["waitlisted"] == 0 or calls + figures["held"] >= 200, "nobody waits beside free room"
    assert not any((await check_ledger(world.database)).values())


async def test_a_line_is_looked_at_again_when_an_offer_holds_more(world: World):
    crisis_id, line = await open_line(world, "100")
    filler = caller("pledger")
    filled = UUID(body(await world.pledge(crisis_id, line, "100", by=filler))["allocation_id"])
    await world.accept(filled)
    offer = await offered(world, crisis_id, lasting(world, tents("20")))
    given = offer.lines[0].offer_line_id
    waits = await pledged_from(world, crisis_id, line, given, "20")
    other = await world.open_need(crisis_id, world.tents("50"))
    elsewhere = await pledged_from(world, crisis_id, other.lines[0].need_line_id, given, "20")
    await world.accept(elsewhere)
    await world.withdraw(filled, by=filler)
    assert await promote(world, line) == 0, "its stock went to another need"
    more = ReviseOfferLine(offer.offer_id, given, "40")
    await world.database.unit_of_work(lambda tx: revise_offer_line(tx, more, world.pledger, world.tools))
    assert await promote(world, line) == 1
    assert await world.value("SELECT state FROM allocations WHERE allocation_id = $1", waits) == "proposed"
