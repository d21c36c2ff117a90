"""A hold that is cut loses nothing of what was asked about it: the piece that stays held is asked on."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from crisis.domain.reasons import REQUESTED_LOWERED
from crisis.domain.release_requests import LAPSE
from crisis.domain.states import Timer
from crisis.domain.tasks import Seat, TaskKind, TaskState
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.heartbeat_need import HeartbeatNeed, Less, heartbeat_need
from crisis.usecases.not_reached import not_reached
from crisis.usecases.revise_need_line import ReviseNeedLine, revise_need_line
from crisis.usecases.stand_down import HOLDS, StandDown, stand_down
from crisis.usecases.tasks import OVERDUE
from imece_chassis.database import Transaction
from imece_chassis.deadlines import stand_still
from tests.db.crisis.at_the_desk import a_desk, about, clocks, run
from tests.db.crisis.correcting import corrected
from tests.db.crisis.lock_waits import somebody_waits
from tests.db.crisis.terms import state_of, term_worker
from tests.db.crisis.test_holding import ask, held_row, reply
from tests.db.crisis.world import World

LOWER = "fewer_people"


async def lower(world: World, line: UUID, quantity: str = "60") -> UUID:
    """Lower what is asked for: the piece of the hold that stays."""
    command = ReviseNeedLine(line, LOWER, quantity, "adet")
    await run(world, revise_need_line, command, world.asker)
    return await the_piece(world)


async def the_piece(world: World) -> UUID:
    return await world.value("SELECT allocation_id FROM allocations WHERE state = 'held'")


async def requests(world: World) -> list[tuple[Any, ...]]:
    found = await world.rows("SELECT allocation_id, qty::int, state FROM release_requests")
    return [tuple(row) for row in found]


async def test_a_request_is_about_the_piece_that_stays_and_silence_releases_that(world: World):
    _, line, row = await held_row(world)
    request = (await ask(world, row)).request
    kept = await lower(world, line)
    assert await requests(world) == [(kept, 60, "pending")]
    pending = await world.rows("SELECT deadline_id, due_at FROM deadlines WHERE kind = $1", LAPSE)
    assert [tuple(each) for each in pending] == [(request.deadline_id, request.answer_by)]
    assert await term_worker(world).run_once() == 1
    assert (await state_of(world, kept), await requests(world)) == ("released", [(kept, 60, "lapsed")])
    assert await world.value("SELECT held::int FROM need_line_balances") == 0
    assert not any((await check_ledger(world.database)).values())


async def test_the_holder_answers_about_the_piece_that_stays(world: World):
    _, line, row = await held_row(world)
    request = (await ask(world, row)).request.request_id
    kept = await lower(world, line)
    moved = await reply(world, request, agrees=False, planned=True)
    assert (moved.rows[0].allocation_id, moved.rows[0].qty) == (kept, 60)


async def test_a_heartbeat_that_says_less_keeps_the_request_too(world: World):
    _, line, row = await held_row(world)
    await ask(world, row)
    need = await world.value("SELECT need_id FROM needs")
    said = HeartbeatNeed(need, "less", (Less(line, "60"),))
    await run(world, heartbeat_need, said, world.asker)
    assert await requests(world) == [(await the_piece(world), 60, "pending")]


async def test_a_correction_keeps_the_request_of_what_is_still_held(world: World):
    _, _, row = await held_row(world)
    await ask(world, row)
    await corrected(world, row, held="60", released="40")
    assert await requests(world) == [(await the_piece(world), 60, "pending")]


async def test_a_decision_is_asked_for_on_at_the_seat_that_has_it(world: World):
    await a_desk(world)
    crisis_id, line, row = await held_row(world)
    await run(world, stand_down, StandDown(crisis_id, "handed_over"))
    await clocks(world, HOLDS)
    await clocks(world, OVERDUE)
    (before,) = await about(world, row)
    assert before.post.seat is Seat.DEPUTY
    due = "SELECT due_at FROM deadlines WHERE deadline_id = $1"
    due_at = await world.value(due, before.deadline_id)
    world.clock.advance(timedelta(minutes=7))
    kept = await lower(world, line)
    ((old,), (heir,)) = (await about(world, row), await about(world, kept))
    assert (old.state, old.outcome) == (TaskState.DONE, "superseded")
    assert (heir.kind, heir.state, heir.post) == (TaskKind.DECIDE_HOLD, TaskState.OPEN, before.post)
    assert (heir.due_at, heir.every) == (before.due_at, before.every)
    assert await world.value(due, heir.deadline_id) == due_at
    assert await clocks(world, OVERDUE) == 1
    ((climbed,)) = await about(world, kept)
    assert (climbed.post.seat, climbed.state) == (Seat.OFFICER, TaskState.OVERDUE)


async def test_who_could_not_be_reached_is_not_let_go_because_the_row_was_cut(world: World):
    _, line, row = await held_row(world)
    clock = await world.value("SELECT deadline_id FROM allocations WHERE allocation_id = $1", row)
    since = world.clock.now()
    await world.database.unit_of_work(lambda tx: stand_still(tx, clock, since, timedelta(hours=24)))
    paused = "SELECT paused_since, pause_granted, paused_total, due_at FROM deadlines WHERE deadline_id = $1"
    before = [tuple(each) for each in await world.rows(paused, clock)]
    kept = await lower(world, line)
    heir = await world.value("SELECT deadline_id FROM allocations WHERE allocation_id = $1", kept)
    assert [tuple(each) for each in await world.rows(paused, heir)] == before
    kind = "SELECT kind FROM deadlines WHERE deadline_id = $1"
    assert await world.value(kind, heir) == Timer.HOLD
    assert await world.database.unit_of_work(lambda tx: not_reached(tx, heir, kept, world.tools))
    assert (await state_of(world, kept), [task.kind for task in await about(world, kept)]) == (
        "held",
        [TaskKind.NOT_REACHED],
    )


@pytest.mark.parametrize("agrees", [True, False])
async def test_an_answer_that_waited_for_the_cut_is_about_the_piece(world: World, agrees: bool):
    _, line, row = await held_row(world)
    request = (await ask(world, row)).request.request_id
    lowered, go_on = asyncio.Event(), asyncio.Event()
    command = ReviseNeedLine(line, LOWER, "60", "adet")

    async def work(tx: Transaction) -> None:
        await revise_need_line(tx, command, world.asker, world.tools)
        lowered.set()
        await go_on.wait()

    lowering = asyncio.create_task(world.database.unit_of_work(work))
    await lowered.wait()
    answering = asyncio.create_task(reply(world, request, agrees=agrees, planned=not agrees))
    await somebody_waits(world)
    go_on.set()
    await lowering
    moved = await answering
    assert (moved.rows[0].state, moved.rows[0].qty) == ("released" if agrees else "held", 60)
    assert moved.rows[0].reason != REQUESTED_LOWERED


async def test_silence_that_waited_for_the_cut_is_about_the_piece(world: World):
    _, line, row = await held_row(world)
    await ask(world, row)
    lowered, go_on = asyncio.Event(), asyncio.Event()
    command = ReviseNeedLine(line, LOWER, "60", "adet")

    async def work(tx: Transaction) -> None:
        await revise_need_line(tx, command, world.asker, world.tools)
        lowered.set()
        await go_on.wait()

    lowering = asyncio.create_task(world.database.unit_of_work(work))
    await lowered.wait()
    silent = asyncio.create_task(term_worker(world).run_once())
    await somebody_waits(world)
    go_on.set()
    await lowering
    assert await silent == 1
    assert [state for _, _, state in await requests(world)] == ["lapsed"]
