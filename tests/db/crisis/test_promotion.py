"""The waiting list moves: whoever fits best is called when there is room, and silence passes the call on."""

from datetime import timedelta
from uuid import UUID

from crisis.domain.states import Timer
from crisis.store import waiting
from crisis.usecases.call_offer import CallOffer, call_offer
from crisis.usecases.check_ledger import check_ledger
from imece_chassis.access.caller import Caller
from imece_contracts.catalogue import EVENTS
from tests.db.crisis.promoting import full_line, promote, silent, states, the_call, waits
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World, caller


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
