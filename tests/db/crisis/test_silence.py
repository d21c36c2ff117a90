"""Deadlines: late is allowed, early and twice are not, and whoever comes first wins."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from crisis.consumers.timers import effects
from crisis.domain.answers import Rest
from crisis.domain.clocks import Urgency
from crisis.domain.refusals import AllocationNotInState
from crisis.domain.states import Timer
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.end_silence import end_silence
from imece_chassis.deadlines import DeadlineWorker
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World

ROWS = (Timer.ANSWER, Timer.HOLD, Timer.WAITING)


def worker(world: World, *kinds: str) -> DeadlineWorker:
    """All deadlines in the past are due; `kinds` leaves the others alone."""
    known = effects(world.database, world.tools)
    return DeadlineWorker(world.database, {kind: known[kind] for kind in kinds or known})


async def the_state(world: World, allocation: UUID) -> str:
    return await world.value("SELECT state FROM allocations WHERE allocation_id = $1", allocation)


async def test_an_unanswered_proposal_expires_and_frees_its_supply(world: World):
    crisis_id, line = await open_line(world)
    allocation = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    assert await worker(world, *ROWS).run_once() == 1
    assert await the_state(world, allocation) == "expired"
    assert await world.value("SELECT reserved FROM offer_line_balances") == 0
    assert await worker(world, *ROWS).run_once() == 0
    logged = await world.rows("SELECT actor_role, reason FROM command_log WHERE command = 'end_silence'")
    assert [(row["actor_role"], row["reason"]) for row in logged] == [("system", "allocation.answer")]


async def test_a_hold_without_dispatch_ends_and_the_gap_is_open_again(world: World):
    crisis_id, line = await open_line(world)
    allocation = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    await world.accept(allocation)
    assert await worker(world, *ROWS).run_once() == 1
    assert await the_state(world, allocation) == "hold_expired"
    assert await world.value("SELECT held FROM need_line_balances") == 0


async def test_waiting_ends_when_the_goods_are_needed(world: World):
    crisis_id, line = await open_line(world, "10")
    first = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    await world.accept(first)
    waiting = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    kinds = await world.rows(
        "SELECT kind FROM deadlines WHERE state = 'pending' AND kind = ANY ($1) ORDER BY kind", list(ROWS)
    )
    assert [row["kind"] for row in kinds] == ["allocation.hold", "allocation.waiting"]
    assert await worker(world, *ROWS).run_once() == 2
    assert await the_state(world, waiting) == "expired"
    assert not any((await check_ledger(world.database)).values())


async def test_a_timer_never_fires_early(world: World):
    world.clock.advance(timedelta(days=365 * 50))
    crisis_id, line = await open_line(world)
    allocation = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    deadline = await world.value("SELECT deadline_id FROM allocations")
    assert await worker(world).run_once() == 0
    ended = await world.database.unit_of_work(
        lambda tx: end_silence(tx, deadline, allocation, Timer.ANSWER, world.tools)
    )
    assert ended is False
    assert await the_state(world, allocation) == "proposed"


async def test_accept_and_expiry_race_and_exactly_one_wins(world: World):
    crisis_id, line = await open_line(world)
    for _ in range(20):
        allocation = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
        deadline = await world.value(
            "SELECT deadline_id FROM allocations WHERE allocation_id = $1", allocation
        )
        expired, accepted = await asyncio.gather(
            world.database.unit_of_work(
                lambda tx, d=deadline, a=allocation: end_silence(tx, d, a, Timer.ANSWER, world.tools)
            ),
            world.accept(allocation),
            return_exceptions=True,
        )
        if expired is True:
            assert isinstance(accepted, AllocationNotInState)
            assert accepted.facts["by"] == "system"
            assert await the_state(world, allocation) == "expired"
        else:
            assert expired is False
            assert await the_state(world, allocation) == "held"
    assert not any((await check_ledger(world.database)).values())


async def test_a_second_worker_that_leases_the_same_row_changes_nothing(world: World):
    crisis_id, line = await open_line(world)
    allocation = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    deadline = await world.value("SELECT deadline_id FROM allocations")

    async def fire() -> bool:
        return await world.database.unit_of_work(
            lambda tx: end_silence(tx, deadline, allocation, Timer.ANSWER, world.tools)
        )

    assert sorted(await asyncio.gather(fire(), fire(), fire())) == [False, False, True]
    assert await world.value("SELECT count(*) FROM allocation_entries WHERE to_state = 'expired'") == 1


@pytest.mark.parametrize(
    ("urgency", "answer_hours", "lease_hours"),
    [(Urgency.LIFE_SAVING, 1, 6), (Urgency.URGENT, 6, 24), (Urgency.NORMAL, 24, 72)],
)
async def test_clocks_run_by_urgency(world: World, urgency: Urgency, answer_hours: int, lease_hours: int):
    crisis = await world.open_crisis()
    later = world.clock.now() + timedelta(days=30)
    need = await world.open_need(crisis.crisis_id, world.tents("100", needed_by=later), urgency=urgency)
    line = need.lines[0].need_line_id
    allocation = UUID(body(await world.pledge(crisis.crisis_id, line, "10"))["allocation_id"])
    due = await world.value("SELECT due_at FROM deadlines WHERE state = 'pending'")
    assert due == world.clock.now() + timedelta(hours=answer_hours)
    moved = await world.accept(allocation, "4", Rest.DECLINE)
    assert moved.rows[0].clock is not None
    assert moved.rows[0].clock.due_at == world.clock.now() + timedelta(hours=lease_hours)
