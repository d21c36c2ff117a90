"""Countering: the awaited side names other terms, and the other side must answer them in its turn.

A smaller quantity cuts the rest off and ends it; a larger one would be another proposal.
Three rounds at most.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from .allocations import Allocation, Clock, Plan, Side, Step, cut_step, whole_step
from .answers import Doing
from .clocks import Timers
from .conditions import Condition, ConditionRequest, stated
from .lines import Line
from .proposals import must_leave_in_time
from .ratios import ratio_of
from .refusals import NothingCountered, QuantityAboveAllocation, RoundsUsed, SameParty
from .states import State, Timer
from .units import plain

MOST_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Counter:
    """Other terms: `quantity` in the line's unit, when goods leave, conditions to add. None keeps a term."""

    quantity: Decimal | None = None
    plan: Plan | None = None
    conditions: tuple[ConditionRequest, ...] = ()


@dataclass(frozen=True, slots=True)
class Countered:
    """The step and the conditions that come with it."""

    step: Step
    conditions: tuple[Condition, ...]


def countered(
    row: Allocation, side: Side, counter: Counter, line: Line, timers: Timers, doing: Doing
) -> Countered:
    """Put other terms before the other side.

    Raises AllocationNotInState, NotAwaited, SameParty, NeedClosed, NeedNotOpen, LineOverdue, RoundsUsed,
    NothingCountered, QuantityAboveAllocation, RatioInexact, PlanInvalid and ConditionInvalid.
    """
    row.must_be(State.PROPOSED, State.COUNTERED)
    row.must_await(side)
    if row.is_proposed_by(doing.actor_org_id):
        raise SameParty(side="proposer", action="counter")
    line.must_go_on(doing.now)
    if row.round >= MOST_ROUNDS:
        raise RoundsUsed(rounds=str(row.round))
    quantity = _quantity(row, counter, line)
    must_leave_in_time(counter.plan, line, doing)
    if quantity == row.qty and counter.plan in (None, row.plan) and not counter.conditions:
        raise NothingCountered
    conditions = stated(
        counter.conditions,
        side,
        row.root_id,
        row.allocation_id,
        is_drill=row.is_drill,
        needed_by=line.needed_by,
        now=doing.now,
        new_id=doing.new_id,
    )
    terms = replace(
        row,
        plan=counter.plan or row.plan,
        round=row.round + 1,
        has_conditions=row.has_conditions or bool(conditions),
        desk_org_id=doing.actor_org_id if side is Side.ASKER_SIDE else row.desk_org_id,
    )
    return Countered(_cut_or_whole(row, terms, quantity, side, line, timers, doing), conditions)


def _cut_or_whole(
    row: Allocation,
    terms: Allocation,
    quantity: Decimal,
    side: Side,
    line: Line,
    timers: Timers,
    doing: Doing,
) -> Step:
    other = Side.PLEDGER if side is Side.ASKER_SIDE else Side.ASKER_SIDE
    clock = Clock(doing.new_id(), Timer.ANSWER, timers.answer_by(line.urgency, doing.now))
    if quantity == row.qty:
        after = terms.now_in(State.COUNTERED, doing.now, doing.actor, clock=clock, awaiting=other)
        return whole_step(row, after, doing.command_id, doing.line_version)
    left = terms.piece(doing.new_id(), quantity)
    left = left.now_in(State.COUNTERED, doing.now, doing.actor, clock=clock, awaiting=other)
    rest = row.piece(doing.new_id(), row.qty - quantity)
    rest = rest.now_in(State.DECLINED, doing.now, doing.actor, reason="rest_declined")
    return cut_step(row, row.cut(doing.now, doing.actor), (left, rest), doing.command_id, doing.line_version)


def _quantity(row: Allocation, counter: Counter, line: Line) -> Decimal:
    if counter.quantity is None:
        return row.qty
    if counter.quantity > row.qty:
        raise QuantityAboveAllocation(
            quantity=plain(counter.quantity), proposed=plain(row.qty), unit=line.unit
        )
    ratio_of(row, line).must_divide(counter.quantity, line.unit)
    return counter.quantity
