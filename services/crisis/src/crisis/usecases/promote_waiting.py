"""PromoteWaiting: room has grown, so those who wait are called in turn, one command and one transaction each.

The queue is read without locks and whoever cannot be called is passed over at once, so nobody who can waits
behind them; every command locks its own row and checks again. The last transaction settles the deadline under
the line's lock and its own, having found nothing left to call, so room that grows and goods that become free
meanwhile are never missed: they either wait for those locks, or are found.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation
from crisis.domain.auto_accept import is_switched_on, may_be_taken
from crisis.domain.balances import NeedBalance
from crisis.domain.lines import Line
from crisis.domain.orders import SaturationOrder, stopping
from crisis.domain.promotions import (
    PassedOver,
    available,
    called,
    may_call,
    quantity_to_call,
    waited_little,
)
from crisis.domain.queue import in_turn
from crisis.domain.states import State
from crisis.events import Story
from crisis.store import allocations, crises, lines, offers, orders, standings, waiting
from crisis.store.waiting import Passed
from crisis.usecases.allocation_step import Locked, doing_of, lock, write
from crisis.usecases.authority import SYSTEM
from crisis.usecases.tools import Tools, audit
from imece_chassis.database import Database, Transaction
from imece_chassis.deadlines import fire, give_back, hold
from imece_contracts.envelope import Envelope

MOST_COMMANDS = 200


@dataclass(slots=True)
class _Run:
    """What one go has done: how many commands, and how many of them called somebody."""

    commands: int = 0
    calls: int = 0


@dataclass(frozen=True, slots=True)
class _Look:
    """The queue as it was looked at: who can be called, in turn and with their points, and who cannot."""

    to_call: Sequence[tuple[UUID, int]] = ()
    passed: Sequence[Passed] = ()


async def promote_waiting(database: Database, deadline_id: UUID, need_line_id: UUID, tools: Tools) -> int:
    """Call waiting rows of the line until its room is given out; returns how many were called.

    At most MOST_COMMANDS in one go: the deadline then comes back at once.
    """
    run = _Run()
    while run.commands < MOST_COMMANDS:
        run.commands += 1
        await _call_in_turn(database, need_line_id, run, tools)
        if await database.unit_of_work(lambda tx: _settled(tx, deadline_id, need_line_id, tools)):
            return run.calls
    await database.unit_of_work(lambda tx: give_back(tx, deadline_id))
    return run.calls


async def _call_in_turn(database: Database, need_line_id: UUID, run: _Run, tools: Tools) -> None:
    look = await database.snapshot(lambda tx: _turn(tx, need_line_id, tools))
    if look.passed:
        await database.unit_of_work(lambda tx: _note(tx, need_line_id, look, tools))
    for allocation_id, points in look.to_call[:MOST_COMMANDS]:
        left = await database.unit_of_work(
            lambda tx, row=allocation_id, fit=points: call_row(tx, row, fit, run, tools)
        )
        run.commands += 1
        if not left or run.commands >= MOST_COMMANDS:
            return


async def _turn(tx: Transaction, need_line_id: UUID, tools: Tools) -> _Look:
    line = (await lines.read(tx, [need_line_id]))[need_line_id]
    balance = (await lines.read_balances(tx, [need_line_id]))[need_line_id]
    left = available(balance, await waiting.called(tx, need_line_id))
    return await _look(tx, line, left, tools) if left else _Look()


async def _look(tx: Transaction, line: Line, left: Decimal, tools: Tools) -> _Look:
    """Everybody who waits, judged as a call would judge them; who is stopped by an order is left to its walk.

    The number of statements does not depend on how many they are.
    """
    now = tools.clock.now()
    queue = in_turn(await waiting.queue(tx, line, now))
    rows = {
        row.allocation_id: row for row in await allocations.read_many(tx, [w.allocation_id for w in queue])
    }
    supplies = await offers.read_offered(tx, sorted({row.offer_line_id for row in rows.values()}))
    in_force = await orders.in_force(tx, [line.crisis_id])
    to_call: list[tuple[UUID, int]] = []
    passed: list[Passed] = []
    for waits in queue:
        row = rows[waits.allocation_id]
        if _is_stopped(in_force, row, line):
            continue
        supply = supplies[row.offer_line_id]
        quantity = quantity_to_call(row, line, supply.offer, supply.balance.free, left, now)
        if isinstance(quantity, PassedOver):
            passed.append(Passed(row.allocation_id, row.is_drill, quantity, left, supply.balance.free))
        else:
            to_call.append((row.allocation_id, waits.standing.fitness.points))
    return _Look(to_call, passed)


async def _note(tx: Transaction, need_line_id: UUID, look: _Look, tools: Tools) -> None:
    """Record who was passed over, under the line's lock: one promotion after the other writes them."""
    await lines.lock_needs(tx, [need_line_id])
    await waiting.pass_over(tx, look.passed, tools.clock.now())


async def call_row(tx: Transaction, allocation_id: UUID, points: int, run: _Run, tools: Tools) -> Decimal:
    """One ordinary command: call this row for what is left. Returns what is left after it, 0 to stop."""
    seen = await allocations.read(tx, allocation_id)
    assert seen is not None
    locked = await lock(tx, seen)
    row, line, now = locked.row, locked.line, tools.clock.now()
    left = available(locked.balance, await waiting.called(tx, line.need_line_id))
    if not left or not may_call(locked.crisis, line, now):
        return Decimal(0)
    in_force = await orders.in_force(tx, [line.crisis_id])
    if row.state is not State.WAITLISTED or _is_stopped(in_force, row, line):
        return left
    supply = await offers.read_line(tx, row.offer_line_id)
    assert supply is not None
    quantity = quantity_to_call(row, line, supply.offer, supply.balance.free, left, now)
    if isinstance(quantity, PassedOver):
        passed = Passed(allocation_id, row.is_drill, quantity, left, supply.balance.free)
        await waiting.pass_over(tx, [passed], now)
        return left
    story = Story(tools.new_id(), row.crisis_id, row.is_drill, None, SYSTEM, now)
    doing = doing_of(locked, story, tools.new_id)
    is_taken = await _is_taken(tx, locked, quantity, tools)
    step = called(row, quantity, line, locked.crisis.timers, doing, is_taken=is_taken)
    versions = (row.version, step.changed[0].version)
    logged = audit(story, None, "promote_allocation", "allocation", allocation_id, versions)

    def event(rows: Sequence[Allocation], balance: NeedBalance) -> Envelope:
        if is_taken:
            return events.allocation_moved(row, rows, line, balance, story, is_auto=True)
        return events.allocation_promoted(rows, points, line, balance, story)

    await write(tx, locked, step, story, logged, event=event)
    run.calls += 1
    return left - quantity


async def _is_taken(tx: Transaction, locked: Locked, quantity: Decimal, tools: Tools) -> bool:
    """Whether the row waited no longer than an answer may take, and would be taken without a person."""
    row, line, crisis, now = locked.row, locked.line, locked.crisis, tools.clock.now()
    if not is_switched_on(crisis, line) or not waited_little(row, line, crisis.timers, now):
        return False
    known = await standings.read(tx, crisis.crisis_id, [row.pledger_org_id], now)
    fresh = replace(row, state=State.PROPOSED, qty=quantity)
    return may_be_taken(fresh, crisis, line, locked.balance, known[row.pledger_org_id])


def _is_stopped(in_force: Sequence[SaturationOrder], row: Allocation, line: Line) -> bool:
    """Whether an order stands against the goods really given."""
    item = row.given_item or line.item_code
    return stopping(in_force, item, line.district, line.urgency) is not None


async def _settled(tx: Transaction, deadline_id: UUID, need_line_id: UUID, tools: Tools) -> bool:
    """Whether nothing is left to call; then the deadline is settled under the line's lock."""
    seen = (await lines.read(tx, [need_line_id]))[need_line_id]
    crisis = (await crises.lock_shared(tx, [seen.crisis_id]))[seen.crisis_id]
    balance = (await lines.lock_needs(tx, [need_line_id]))[need_line_id]
    await hold(tx, deadline_id)
    line = (await lines.read(tx, [need_line_id]))[need_line_id]
    left = available(balance, await waiting.called(tx, need_line_id))
    if left and may_call(crisis, line, tools.clock.now()):
        look = await _look(tx, line, left, tools)
        await waiting.pass_over(tx, look.passed, tools.clock.now())
        if look.to_call:
            return False
    await fire(tx, deadline_id)
    return True
