"""A heartbeat that says less, while others act on the same lines and offers."""

import asyncio
from uuid import UUID

import pytest

from crisis.domain.needs import Need
from crisis.domain.refusals import NotLess
from crisis.store import lines
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.heartbeat_need import HeartbeatNeed, Less, heartbeat_need
from crisis.usecases.revise_need_line import ReviseNeedLine, revise_need_line
from imece_chassis.database import Transaction
from tests.db.crisis.lock_waits import somebody_waits
from tests.db.crisis.test_line_terms import hold
from tests.db.crisis.world import World


def less(*said: tuple[UUID, str]) -> tuple[Less, ...]:
    return tuple(Less(line, quantity) for line, quantity in said)


async def beat(world: World, need: Need, tries: list[str], *said: Less) -> Need:
    command = HeartbeatNeed(need.need_id, "less", said)

    async def work(tx: Transaction) -> Need:
        tries.append("heartbeat")
        return await heartbeat_need(tx, command, world.asker, world.tools)

    return await world.database.unit_of_work(work)


async def requested(world: World) -> list[int]:
    found = await world.rows("SELECT requested::int FROM need_line_balances ORDER BY need_line_id")
    return [row["requested"] for row in found]


async def test_less_of_two_lines_locks_every_offer_line_before_the_first_need_line(world: World):
    """Another command holds the offer line of the second line's hold and goes on to the first line."""
    crisis = await world.open_crisis()
    need = await world.open_need(crisis.crisis_id, world.tents("100"), world.tents("100"))
    first, second = sorted(line.need_line_id for line in need.lines)
    await hold(world, crisis.crisis_id, first, "100")
    later = await hold(world, crisis.crisis_id, second, "100")
    supply = await world.value("SELECT offer_line_id FROM allocations WHERE allocation_id = $1", later)
    tries: list[str] = []
    beating: list[asyncio.Task[Need]] = []

    async def other(tx: Transaction) -> None:
        tries.append("other")
        await lines.lock_supplies(tx, [supply])
        if not beating:
            said = less((first, "60"), (second, "70"))
            beating.append(asyncio.create_task(beat(world, need, tries, *said)))
        await somebody_waits(world)
        await lines.lock_needs(tx, [first])

    await world.database.unit_of_work(other)
    await beating[0]
    assert sorted(tries) == ["heartbeat", "other"], "nobody had to start again"
    assert await requested(world) == [60, 70]
    assert not any((await check_ledger(world.database)).values())


async def test_less_is_asked_of_the_line_as_it_is_when_it_is_said(world: World):
    """A desk lowers the line to 50 while the asker says that 80 are still needed: nothing rises to 80."""
    crisis = await world.open_crisis()
    need = await world.open_need(crisis.crisis_id, world.tents("100"))
    line = need.lines[0].need_line_id
    lowering = ReviseNeedLine(line, "counted_again", "50", "adet")
    beating: list[asyncio.Task[Need]] = []

    async def desk(tx: Transaction) -> None:
        await revise_need_line(tx, lowering, world.secretariat, world.tools)
        if not beating:
            beating.append(asyncio.create_task(beat(world, need, [], *less((line, "80")))))
        await somebody_waits(world)

    await world.database.unit_of_work(desk)
    with pytest.raises(NotLess) as refused:
        await beating[0]
    assert refused.value.facts["requested"] == "50"
    assert await requested(world) == [50]


async def test_a_line_named_twice_never_rises_again(world: World):
    crisis = await world.open_crisis()
    need = await world.open_need(crisis.crisis_id, world.tents("100"))
    line = need.lines[0].need_line_id
    with pytest.raises(NotLess):
        await beat(world, need, [], *less((line, "10"), (line, "50")))
    assert await requested(world) == [100]
