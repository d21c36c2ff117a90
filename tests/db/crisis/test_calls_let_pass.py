"""Who let a call pass is called after the others; who took or countered a part of it is not one of them."""

from datetime import timedelta
from uuid import UUID

from crisis.domain.answers import Rest
from crisis.store import lines, waiting
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from tests.db.crisis.terms import counter
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.test_promotion import promote, silent, the_call, waits
from tests.db.crisis.world import World


async def a_call(world: World) -> tuple[UUID, UUID, Caller]:
    """A line with a call for 300 of the 400 somebody waits with; the line, the call and who must answer."""
    crisis, line = await open_line(world, "300")
    filling = UUID(body(await world.pledge(crisis, line, "300"))["allocation_id"])
    await world.accept(filling)
    who = await waits(world, crisis, line, "400")
    await world.withdraw(filling)
    assert await promote(world, line) == 1
    world.clock.advance(timedelta(minutes=5))
    return line, await the_call(world, line), who


async def let_pass(world: World, line: UUID) -> tuple[list[bool], list[bool]]:
    """Of the rows that wait, one by one and as groups."""

    async def work(tx: Transaction) -> tuple[list[bool], list[bool]]:
        known, now = (await lines.read(tx, [line]))[line], world.clock.now()
        rows = await waiting.queue(tx, known, now)
        groups = await waiting.groups(tx, known, now, rows[0].allocation_id, now)
        return [row.standing.let_pass for row in rows], [group.standing.let_pass for group in groups]

    return await world.database.snapshot(work)


async def test_a_call_taken_in_part_was_not_let_pass(world: World):
    line, row, who = await a_call(world)
    await world.accept(row, "250", Rest.DECLINE, by=who)
    assert await let_pass(world, line) == ([False], [False])


async def test_a_call_countered_with_less_was_not_let_pass_whatever_the_desk_says(world: World):
    line, row, who = await a_call(world)
    less = (await counter(world, row, who, quantity="200")).rows[0].allocation_id
    assert await let_pass(world, line) == ([False], [False])
    await world.decline(less)
    assert await let_pass(world, line) == ([False], [False])


async def test_a_counter_the_desk_left_unanswered_was_not_let_pass(world: World):
    line, row, who = await a_call(world)
    less = (await counter(world, row, who, quantity="200")).rows[0].allocation_id
    assert await silent(world, less)
    assert await let_pass(world, line) == ([False], [False])


async def test_a_call_declined_whole_was_let_pass(world: World):
    line, row, who = await a_call(world)
    await world.decline(row, "cannot_give", by=who)
    assert await let_pass(world, line) == ([True], [True])


async def test_a_call_nobody_answered_was_let_pass_and_so_was_the_desks_counter(world: World):
    line, row, who = await a_call(world)
    less = (await counter(world, row, who, quantity="200")).rows[0].allocation_id
    back = (await counter(world, less, world.secretariat, quantity="150")).rows[0].allocation_id
    assert await let_pass(world, line) == ([False], [False])
    assert await silent(world, back)
    assert await let_pass(world, line) == ([True], [True])
