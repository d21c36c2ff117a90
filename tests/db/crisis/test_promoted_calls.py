"""A call from the waiting list is answered: held at once, taken in part, accepted by its pledger."""

import asyncio
from datetime import timedelta
from uuid import UUID

from crisis.domain.answers import Rest
from crisis.store import release_requests
from crisis.usecases.check_ledger import check_ledger
from tests.db.crisis.promoting import full_line, promote, states, the_call, waits
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World, caller


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
