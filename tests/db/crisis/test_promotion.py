"""The waiting list moves: whoever fits best is called when there is room, and silence passes the call on."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from crisis.consumers.timers import effects
from crisis.domain.answers import Rest
from crisis.domain.refusals import Refusal
from crisis.domain.states import Timer
from crisis.store import release_requests, waiting
from crisis.usecases.call_offer import CallOffer, call_offer
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.end_silence import end_silence
from crisis.usecases.hold_need import HoldNeed, hold_need, resume_need
from crisis.usecases.promote_waiting import promote_waiting
from crisis.usecases.revise_offer_line import ReviseOfferLine, revise_offer_line
from crisis.usecases.stand_down import Reactivate, StandDown, reactivate, stand_down
from imece_chassis.access.caller import Caller
from imece_chassis.deadlines import DeadlineWorker
from imece_contracts.catalogue import EVENTS
from tests.db.crisis.offering import lasting, offered, tents
from tests.db.crisis.terms import pledged_from
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World, caller

ROWS = """
SELECT state, qty::int FROM allocations WHERE need_line_id = $1 AND pledger_org_id = $2
   AND state <> 'split' ORDER BY state, qty
"""


async def states(world: World, line: UUID, who: Caller) -> list[tuple[str, int]]:
    return [(row["state"], row["qty"]) for row in await world.rows(ROWS, line, who.organisation_id)]


async def promote(world: World, line: UUID) -> int:
    """Run the line's promotion if one is due; returns how many were called."""
    deadline = await world.value(
        "SELECT deadline_id FROM deadlines WHERE subject_id = $1 AND kind = $2 AND state = 'pending'",
        line,
        Timer.PROMOTE,
    )
    return 0 if deadline is None else await promote_waiting(world.database, deadline, line, world.tools)


async def silent(world: World, allocation: UUID, kind: Timer = Timer.ANSWER) -> bool:
    deadline = await world.value("SELECT deadline_id FROM allocations WHERE allocation_id = $1", allocation)
    return await world.database.unit_of_work(
        lambda tx: end_silence(tx, deadline, allocation, kind, world.tools)
    )


async def the_call(world: World, line: UUID) -> UUID:
    """The one promoted call of the line that waits for its answer."""
    return await world.value(
        "SELECT allocation_id FROM allocations WHERE need_line_id = $1 AND state = 'proposed'"
        " AND promoted_at IS NOT NULL",
        line,
    )


async def full_line(world: World, requested: str = "300", held: str | None = None) -> tuple[UUID, UUID, UUID]:
    """A line without room: crisis, line, and the row that fills it."""
    crisis, line = await open_line(world, requested)
    row = UUID(body(await world.pledge(crisis, line, held or requested))["allocation_id"])
    await world.accept(row)
    return crisis, line, row


async def waits(world: World, crisis: UUID, line: UUID, quantity: str, **terms: Any) -> Caller:
    """A new organisation whose pledge waits."""
    who = caller("pledger")
    assert body(await world.pledge(crisis, line, quantity, who, **terms))["state"] == "waitlisted"
    return who


async def test_a19_room_calls_the_fittest_and_its_silence_passes_the_call_on(world: World):
    crisis, line, _ = await full_line(world, "300", "200")
    row = UUID(body(await world.pledge(crisis, line, "100"))["allocation_id"])
    await world.accept(row)
    slow = await waits(world, crisis, line, "60")
    fittest = await waits(world, crisis, line, "150", ready_within_minutes=0)
    fair = await waits(world, crisis, line, "80", ready_within_minutes=300)
    await world.withdraw(row)
    assert await promote(world, line) == 1
    assert await states(world, line, fittest) == [("proposed", 100), ("waitlisted", 50)]
    assert await states(world, line, fair) == [("waitlisted", 80)]
    assert await promote(world, line) == 0
    assert await silent(world, await the_call(world, line))
    assert await promote(world, line) == 2
    assert await states(world, line, fittest) == [("expired", 100), ("waitlisted", 50)]
    assert await states(world, line, fair) == [("proposed", 80)]
    assert await states(world, line, slow) == [("proposed", 20), ("waitlisted", 40)]
    assert not any((await check_ledger(world.database)).values())


async def test_a20_a_promoted_row_is_called_for_what_it_still_has_free(world: World):
    crisis, line, row = await full_line(world)
    who = await waits(world, crisis, line, "100")
    other = (await world.open_need(crisis)).lines[0].need_line_id
    stock = await world.value(
        "SELECT offer_line_id FROM allocations WHERE pledger_org_id = $1", who.organisation_id
    )
    elsewhere = CallOffer(other, stock, "70", "adet")
    await world.database.unit_of_work(lambda tx: call_offer(tx, elsewhere, world.secretariat, world.tools))
    await world.withdraw(row)
    assert await promote(world, line) == 1
    assert await states(world, line, who) == [("proposed", 30), ("waitlisted", 70)]
    assert await promote(world, line) == 0, "the rest has nothing free, and nothing is asked again"
    reason = await world.rows("SELECT reason, available::int, free::int FROM passed_over")
    assert [tuple(each) for each in reason] == [("nothing_free", 270, 0)]
    assert not any((await check_ledger(world.database)).values())


async def test_a_call_waits_for_the_pledger_and_counts_as_proposed_only(world: World):
    crisis, line, row = await full_line(world)
    await waits(world, crisis, line, "100", ready_within_minutes=0)
    await world.withdraw(row)
    await promote(world, line)
    call = await world.rows(
        "SELECT initiated_by, awaiting, promoted_at IS NOT NULL AS promoted FROM allocations"
        " WHERE state = 'proposed'"
    )
    assert [tuple(each) for each in call] == [("desk", "pledger", True)]
    figures = await world.rows("SELECT proposed::int, waitlisted::int, held::int FROM need_line_balances")
    assert [tuple(each) for each in figures] == [(100, 0, 0)]
    told = await world.rows(
        "SELECT payload FROM outbox WHERE type = 'crisis.allocation.promoted' ORDER BY position"
    )
    event = EVENTS["crisis.allocation.promoted"].model_validate_json(told[0]["payload"])
    assert event.model_dump(mode="json", include={"awaiting", "fitness", "qty"}) == {
        "awaiting": "pledger",
        "fitness": 10 + 30 + 15,
        "qty": "100",
    }


async def test_calls_never_ask_for_more_than_the_room(world: World):
    crisis, line, row = await full_line(world)
    for _ in range(5):
        await waits(world, crisis, line, "90")
    await world.withdraw(row)
    assert await promote(world, line) == 4
    assert await world.value("SELECT proposed::int FROM need_line_balances") == 300
    assert (
        await world.value(
            "SELECT count(*) FROM deadlines WHERE kind = $1 AND state = 'pending'", Timer.PROMOTE
        )
        == 0
    )


async def test_what_is_too_little_to_be_useful_is_passed_over_with_its_reason(world: World):
    crisis = await world.open_crisis()
    need = await world.open_need(crisis.crisis_id, world.tents("300", min_useful_quantity="50"))
    line = need.lines[0].need_line_id
    filling = UUID(body(await world.pledge(crisis.crisis_id, line, "300"))["allocation_id"])
    await world.accept(filling)
    small = await waits(world, crisis.crisis_id, line, "20", ready_within_minutes=0)
    large = await waits(world, crisis.crisis_id, line, "280")
    await world.withdraw(filling)
    assert await promote(world, line) == 2, "20 is below 50, until 20 is all that is left"
    assert await states(world, line, small) == [("proposed", 20)]
    assert await states(world, line, large) == [("proposed", 280)]
    assert await world.value("SELECT reason FROM passed_over") == "below_min_useful"


async def test_whoever_fits_is_called_however_many_stand_before_them_who_do_not(world: World):
    crisis = (await world.open_crisis()).crisis_id
    need = await world.open_need(crisis, world.tents("300", min_useful_quantity="50"))
    line, many = need.lines[0].need_line_id, caller("pledger")
    filling = UUID(body(await world.pledge(crisis, line, "300"))["allocation_id"])
    await world.accept(filling)
    small = [world.pledging(crisis, line, "20", many, ready_within_minutes=0) for _ in range(210)]
    assert {body(each)["state"] for each in await world.propose(small)} == {"waitlisted"}
    large = await waits(world, crisis, line, "260")
    await world.withdraw(filling)
    assert await promote(world, line) == 1
    assert await states(world, line, large) == [("proposed", 260)]
    passed = await world.rows("SELECT reason, count(*)::int FROM passed_over GROUP BY reason")
    assert [tuple(each) for each in passed] == [("below_min_useful", 210)]
    assert not any((await check_ledger(world.database)).values())


async def test_goods_that_are_free_again_are_called_at_the_next_look(world: World):
    crisis, line, row = await full_line(world)
    who = await waits(world, crisis, line, "100")
    stock = await world.value(
        "SELECT offer_line_id FROM allocations WHERE pledger_org_id = $1", who.organisation_id
    )
    other = (await world.open_need(crisis)).lines[0].need_line_id
    taking = CallOffer(other, stock, "100", "adet")
    called = await world.database.unit_of_work(
        lambda tx: call_offer(tx, taking, world.secretariat, world.tools)
    )
    await world.withdraw(row)
    assert await promote(world, line) == 0, "nothing is free"
    await world.decline(called.rows[0].allocation_id, "cannot_give", by=who)
    newcomer = UUID(body(await world.pledge(crisis, line, "10"))["allocation_id"])
    await world.accept(newcomer)
    await world.withdraw(newcomer)
    assert await promote(world, line) == 1
    assert await states(world, line, who) == [("proposed", 100)]


async def test_a_call_that_is_taken_in_part_passes_on_the_room_it_leaves(world: World):
    crisis, line, row = await full_line(world, "100")
    first = await waits(world, crisis, line, "100")
    world.clock.advance(timedelta(minutes=5))
    second = await waits(world, crisis, line, "80")
    await world.withdraw(row)
    assert await promote(world, line) == 1
    world.clock.advance(timedelta(minutes=5))
    await world.accept(await the_call(world, line), "40", Rest.WAITLIST, by=first)
    assert await promote(world, line) == 1
    assert await states(world, line, second) == [("proposed", 60), ("waitlisted", 20)]
    assert await states(world, line, first) == [("held", 40), ("waitlisted", 60)]
    assert not any((await check_ledger(world.database)).values())


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


async def test_promises_given_up_late_or_again_and_again_cost_reliability(world: World):
    crisis, line = await open_line(world)
    late, early, serial = caller("pledger"), caller("pledger"), caller("pledger")

    async def gives_up(who: Caller, times: int, after: timedelta) -> None:
        rows = [UUID(body(await world.pledge(crisis, line, "1", who))["allocation_id"]) for _ in range(times)]
        for row in rows:
            await world.accept(row)
        began = world.clock.now()
        world.clock.advance(after)
        for row in rows:
            await world.withdraw(row, "other", by=who)
        world.clock.advance(began - world.clock.now())

    await gives_up(late, 1, timedelta(hours=19))
    await gives_up(early, 2, timedelta(hours=1))
    await gives_up(serial, 3, timedelta(hours=1))
    whose = {
        who.organisation_id: name for who, name in ((late, "late"), (early, "early"), (serial, "serial"))
    }
    known = await world.database.snapshot(
        lambda tx: waiting.records(tx, whose, world.clock.now(), is_drill=False)
    )
    assert {whose[org]: (each.kept, each.concluded) for org, each in known.items()} == {
        "late": (0, 1),
        "early": (0, 0),
        "serial": (0, 3),
    }


async def test_a_fresh_exact_match_is_held_at_once_where_desks_let_them_through(world: World):
    crisis, line, row = await full_line(world)
    await world.database.unit_of_work(
        lambda tx: tx.execute(
            "INSERT INTO crisis_settings (crisis_id, is_drill, version, settings)"
            """ SELECT crisis_id, is_drill, 2, settings || '{"auto_accept": ["BAR"]}' FROM crisis_settings"""
        )
    )
    await world.database.unit_of_work(lambda tx: tx.execute("UPDATE crises SET settings_version = 2"))
    old = await waits(world, crisis, line, "100")
    world.clock.advance(timedelta(hours=7))
    fresh = await waits(world, crisis, line, "100")
    await world.withdraw(row)
    assert await promote(world, line) == 2
    assert await states(world, line, old) == [("proposed", 100)]
    assert await states(world, line, fresh) == [("held", 100)]
    told = await world.value(
        "SELECT payload FROM outbox WHERE type = 'crisis.allocation.held' AND position ="
        " (SELECT max(position) FROM outbox WHERE type = 'crisis.allocation.held')"
    )
    assert b'"is_auto":true' in bytes(told)
    assert not any((await check_ledger(world.database)).values())


async def test_a_pledger_accepts_its_call_while_the_line_fills_from_elsewhere(world: World):
    """What the call asks for is taken as far as there is room; the race leaves no line above its cap."""
    crisis, line, row = await full_line(world, "100")
    who = await waits(world, crisis, line, "100")
    await world.withdraw(row)
    await promote(world, line)
    call = await the_call(world, line)
    newcomer = UUID(body(await world.pledge(crisis, line, "60"))["allocation_id"])
    outcomes = await asyncio.gather(
        world.accept(call, rest=Rest.WAITLIST, by=who),
        world.accept(newcomer, rest=Rest.WAITLIST),
        return_exceptions=True,
    )
    assert not [each for each in outcomes if isinstance(each, Exception)]
    assert await world.value("SELECT held::int FROM need_line_balances") == 100
    assert await world.value("SELECT waitlisted::int FROM need_line_balances") == 60
    assert not any((await check_ledger(world.database)).values())


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


async def test_the_rest_of_a_call_keeps_that_it_asked_for_the_release(world: World):
    crisis_id, line = await open_line(world, "100")
    filled = UUID(body(await world.pledge(crisis_id, line, "100"))["allocation_id"])
    await world.accept(filled)
    asking = caller("pledger")
    await world.pledge(crisis_id, line, "150", by=asking)
    await world.database.unit_of_work(lambda tx: release_requests.prefer(tx, line, asking.organisation_id))
    await world.withdraw(filled)
    assert await promote(world, line) == 1
    kept = "SELECT count(*) FROM allocations WHERE state = 'waitlisted' AND preferred_since IS NOT NULL"
    assert await world.value(kept) == 1
