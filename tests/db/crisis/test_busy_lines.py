"""Lines everybody pledges for at once: a desk can still end them, however many rows wait."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

import pytest

from crisis.domain.needs import NeedState
from crisis.domain.states import Timer
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.close_need import CloseNeed, close_need
from crisis.usecases.propose_allocations import Outcome
from crisis.usecases.withdraw_offer import WithdrawOffer, withdraw_offer
from imece_chassis.database import DatabaseUnavailable, Restart, Transaction
from tests.db.crisis.counted import Counted
from tests.db.crisis.offering import lasting, offered, tents
from tests.db.crisis.terms import pledged_from
from tests.db.crisis.test_line_terms import revise
from tests.db.crisis.test_one_pledge import open_line
from tests.db.crisis.world import World
from tests.waiting import wait_until

T = TypeVar("T")

MANY = 2000
AT_ONCE = 250
HANDS = 6
ENOUGH = 30

WAITING = "SELECT count(*) FROM allocations WHERE state IN ('proposed', 'countered', 'waitlisted', 'held')"


async def counted(world: World, work: Callable[[Transaction], Awaitable[Any]]) -> int:
    """How many statements the command took in its transaction."""

    async def count(tx: Transaction) -> int:
        passing = Counted(tx)
        await work(passing)
        return passing.statements

    return await world.database.unit_of_work(count)


async def closing(world: World, rows: int) -> int:
    """Statements of ending a need for which so many rows wait, a few of them held."""
    crisis_id, line = await open_line(world, "10")
    pledges = [world.pledging(crisis_id, line, "2") for _ in range(rows)]
    for first in range(0, rows, AT_ONCE):
        outcomes = await world.propose(pledges[first : first + AT_ONCE])
        assert all(isinstance(outcome, Outcome) and outcome.answer.status == 201 for outcome in outcomes)
    proposed = await world.rows(
        "SELECT allocation_id FROM allocations WHERE need_line_id = $1 AND state = 'proposed'", line
    )
    for row in proposed[:3]:
        await world.accept(row["allocation_id"])
    need = await world.value("SELECT need_id FROM need_lines WHERE need_line_id = $1", line)
    command = CloseNeed(need, "cancelled_by_asker")
    return await counted(world, lambda tx: close_need(tx, command, world.asker, world.tools))


@pytest.mark.timeout(120)
async def test_a_need_ends_with_as_many_statements_for_thousands_as_for_ten(world: World):
    few = await closing(world, 10)
    many = await closing(world, MANY)
    assert many == few < 40
    assert await world.value(WAITING) == 0
    clocks = "SELECT count(*) FROM deadlines WHERE state = 'pending' AND kind = ANY ($1::text[])"
    assert await world.value(clocks, [Timer.ANSWER, Timer.WAITING, Timer.HOLD]) == 0
    assert not any((await check_ledger(world.database)).values())


async def test_an_offer_ends_with_as_many_statements_for_fifty_rows_as_for_five(world: World):
    crisis_id, line = await open_line(world, "1000")

    async def ending(rows: int) -> int:
        offer = await offered(world, crisis_id, lasting(world, tents("300")))
        for _ in range(rows):
            await pledged_from(world, crisis_id, line, offer.lines[0].offer_line_id, "2")
        command = WithdrawOffer(offer.offer_id, "no_funds")
        return await counted(world, lambda tx: withdraw_offer(tx, command, world.pledger, world.tools))

    assert await ending(5) == await ending(50)
    assert await world.value(WAITING) == 0
    assert not any((await check_ledger(world.database)).values())


async def in_time(work: Callable[[], Awaitable[T]]) -> T:
    """Once more after an answer "not now", as a client would; a command that would begin again fails."""
    while True:
        try:
            return await work()
        except DatabaseUnavailable as late:
            if isinstance(late.__cause__, Restart):  # what it locked was not what it had seen
                raise


class Crowd:
    """Hands that pledge for one line without a pause, and accept every second pledge at once."""

    def __init__(self, world: World, crisis_id: UUID, line: UUID) -> None:
        self._world = world
        self._crisis_id = crisis_id
        self._line = line
        self.pledged = 0
        self.refused: set[str] = set()
        self.is_over = False

    async def pledge_on(self) -> None:
        """Until the line takes no more, or somebody says stop."""
        while not self.is_over:
            outcome = await in_time(lambda: self._world.pledge(self._crisis_id, self._line, "1"))
            assert isinstance(outcome, Outcome), outcome
            answer = json.loads(outcome.answer.body)
            if outcome.answer.status != 201:
                self.refused.add(answer["code"])
                return
            self.pledged += 1
            if self.pledged % 2:
                await self._accepted(UUID(answer["allocation_id"]))

    async def _accepted(self, row: UUID) -> None:
        accepting = in_time(lambda: self._world.accept(row))
        done = await asyncio.gather(accepting, return_exceptions=True)
        self.refused |= {str(getattr(each, "code", each)) for each in done if isinstance(each, Exception)}

    async def has_pledged(self, wanted: int) -> None:
        """Wait until that many pledges were taken."""
        await wait_until(lambda: self.pledged >= wanted, timeout=30)


@pytest.mark.timeout(60)
async def test_a_desk_closes_a_need_while_pledges_keep_arriving(world: World):
    crisis_id, line = await open_line(world, "100000")
    need = await world.value("SELECT need_id FROM needs")
    crowd = Crowd(world, crisis_id, line)
    hands = [asyncio.create_task(crowd.pledge_on()) for _ in range(HANDS)]
    await crowd.has_pledged(ENOUGH)
    command = CloseNeed(need, "cancelled_by_asker")
    closed = await in_time(
        lambda: world.database.unit_of_work(
            lambda tx: close_need(tx, command, world.secretariat, world.tools), retries=0
        )
    )
    await asyncio.gather(*hands)
    assert closed.state is NeedState.CLOSED
    assert "need_closed" in crowd.refused
    assert await world.value(WAITING) == 0
    assert not any((await check_ledger(world.database)).values())


@pytest.mark.timeout(60)
async def test_a_line_is_lowered_while_pledges_keep_being_accepted(world: World):
    crisis_id, line = await open_line(world, "100000")
    crowd = Crowd(world, crisis_id, line)
    hands = [asyncio.create_task(crowd.pledge_on()) for _ in range(HANDS)]
    await crowd.has_pledged(ENOUGH)
    done = await in_time(lambda: revise(world, line, quantity="5", by=world.secretariat))
    crowd.is_over = True
    await asyncio.gather(*hands)
    assert (done.balance.requested, done.balance.held) == (5, 5)
    assert not any((await check_ledger(world.database)).values())
