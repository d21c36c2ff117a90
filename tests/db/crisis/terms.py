"""Calls, counters, holds and conditions for tests on a database: commands as one would give them."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from crisis.consumers.terms import term_effects
from crisis.domain.allocations import Plan, Transport
from crisis.domain.offering import OfferLineRequest
from crisis.usecases.allocation_step import Moved
from crisis.usecases.call_offer import CallOffer, call_offer
from crisis.usecases.counter_allocation import CounterAllocation, counter_allocation
from crisis.usecases.extend_hold import ExtendHold, extend_hold
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, DeadlineWorker
from tests.db.crisis.offering import lasting, offered, tents
from tests.db.crisis.test_one_pledge import body
from tests.db.crisis.world import World

T = TypeVar("T")


async def run(world: World, work: Callable[[Transaction], Awaitable[T]]) -> T:
    return await world.database.unit_of_work(work)


async def an_offer_line(
    world: World, crisis_id: UUID, quantity: str = "300", by: Caller | None = None, **changes: Any
) -> UUID:
    """An open offer of one line."""
    line: OfferLineRequest = tents(quantity, **changes)
    offer = await offered(world, crisis_id, lasting(world, line), by)
    return offer.lines[0].offer_line_id


async def call(
    world: World,
    need_line: UUID,
    offer_line: UUID,
    quantity: str = "200",
    by: Caller | None = None,
    **changes: Any,
) -> Moved:
    command = CallOffer(need_line, offer_line, quantity, "adet", **changes)
    return await run(world, lambda tx: call_offer(tx, command, by or world.secretariat, world.tools))


async def pledged_from(
    world: World, crisis_id: UUID, need_line: UUID, offer_line: UUID, quantity: str, by: Caller | None = None
) -> UUID:
    """A pledge of goods of an offer that exists."""
    outcome = await world.pledge(crisis_id, need_line, quantity, by, offer_line_id=offer_line)
    return UUID(body(outcome)["allocation_id"])


async def counter(world: World, allocation: UUID, by: Caller, **terms: Any) -> Moved:
    command = CounterAllocation(allocation, **terms)
    return await run(world, lambda tx: counter_allocation(tx, command, by, world.tools))


async def extend(
    world: World, allocation: UUID, by: Caller | None = None, until: Any = None, **plan: Any
) -> Moved:
    command = ExtendHold(allocation, until, a_plan(world, **plan))
    return await run(world, lambda tx: extend_hold(tx, command, by or world.pledger, world.tools))


def a_plan(world: World, hours: int = 12) -> Plan:
    return Plan(world.clock.now() + timedelta(hours=hours), Transport.OWN)


def term_worker(world: World) -> DeadlineWorker:
    """Only what ends conditions, questions and requests."""
    return DeadlineWorker(world.database, term_effects(world.database, world.tools))


async def the_deadline(world: World, kind: str) -> Deadline:
    """The one pending deadline of a kind."""
    (row,) = await world.rows(
        "SELECT deadline_id, subject_type, subject_id, kind, due_at FROM deadlines"
        " WHERE kind = $1 AND state = 'pending'",
        kind,
    )
    return Deadline(**row)


async def state_of(world: World, allocation: UUID) -> str:
    return await world.value("SELECT state FROM allocations WHERE allocation_id = $1", allocation)


async def free_of(world: World, offer_line: UUID) -> int:
    return await world.value(
        "SELECT (qty - reserved - committed - consumed)::int FROM offer_line_balances"
        " WHERE offer_line_id = $1",
        offer_line,
    )
