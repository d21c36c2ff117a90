"""CounterAllocation: the awaited side names other terms; the other side must answer them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation, Plan, Side
from crisis.domain.balances import NeedBalance
from crisis.domain.conditions import ConditionRequest, must_be_unconditional
from crisis.domain.countering import Counter, countered
from crisis.domain.crises import must_take_answers
from crisis.store import conditions
from crisis.usecases.accept_allocation import quantity_of
from crisis.usecases.allocation_step import Moved, doing_of, lock, seen, write
from crisis.usecases.authority import answering_role, must_still_answer
from crisis.usecases.representing import writing_roles
from crisis.usecases.silent_desk import watch_desk
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_contracts.envelope import Envelope


@dataclass(frozen=True, slots=True)
class CounterAllocation:
    """`quantity` in the line's unit; what is None stays as it was proposed."""

    allocation_id: UUID
    quantity: str | None = None
    plan: Plan | None = None
    conditions: tuple[ConditionRequest, ...] = ()


async def counter_allocation(
    tx: Transaction, command: CounterAllocation, caller: Caller, tools: Tools
) -> Moved:
    """The countered row first, then what was cut off. Raises NotFound, RoleMissing, CrisisNotOpen and what
    `domain.countering.countered` does."""
    row, line = await seen(tx, command.allocation_id)
    now = tools.clock.now()
    (writer,) = await writing_roles(tx, [(caller, row, line)], now)
    side, role = answering_role(caller, row, line, now, writer)
    if writer is not None:
        must_be_unconditional(command.conditions)
    quantity = None if command.quantity is None else quantity_of(command.quantity, row, line)
    locked = await lock(tx, row, line)
    must_take_answers(locked.crisis)
    must_still_answer(side, role, locked.row, locked.line, tools.clock.now())
    story = story_of(caller, role, tools.new_id(), row.crisis_id, row.is_drill, tools.clock.now())
    done = countered(
        locked.row,
        side,
        Counter(quantity, command.plan, command.conditions),
        locked.line,
        locked.crisis.timers,
        doing_of(locked, story, tools.new_id),
    )
    logged = audit(
        story,
        caller,
        "counter_allocation",
        "allocation",
        row.allocation_id,
        (locked.row.version, done.step.changed[0].version),
        counterparty=locked.row.other_party_org_id,
    )

    def told(rows: Sequence[Allocation], balance: NeedBalance) -> Envelope:
        return events.allocation_countered(rows, done.conditions, locked.line, balance, story)

    moved = await write(tx, locked, done.step, story, logged, event=told)
    goes_on = moved.rows[0].allocation_id
    added = [replace(condition, allocation_id=goes_on) for condition in done.conditions]
    await conditions.insert(tx, added)
    row, line = moved.rows[0], locked.line
    await outbox.append(tx, *(events.condition_stated(each, row, line, story) for each in added))
    if moved.rows[0].awaiting is Side.ASKER_SIDE:
        await watch_desk(tx, [(locked.crisis, locked.line)], story.at)
    return moved
