"""Letting go of what is held: whole rows or what is too much of one, newest first unless somebody picks.

A part is cut so that both sides stay exact; the rest stays held, its lease unchanged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from uuid import UUID

from .allocations import Allocation, Step, cut_step, whole_step
from .answers import Doing
from .balances import ZERO
from .lines import Line
from .ratios import ratio_of
from .refusals import HoldNotOnLine, PickedTooLittle
from .states import State
from .units import plain


@dataclass(frozen=True, slots=True)
class Letting:
    """How much of a held row goes, in the line's unit."""

    row: Allocation
    qty: Decimal


def released(row: Allocation, quantity: Decimal, reason: str, doing: Doing) -> Step:
    """Let go of a held row or a part of it; the rest is held since it was. Raises AllocationNotInState."""
    row.must_be(State.HELD)
    if quantity == row.qty:
        after = row.now_in(State.RELEASED, doing.now, doing.actor, reason=reason)
        return whole_step(row, after, doing.command_id, doing.line_version)
    assert row.clock is not None
    clock = replace(row.clock, deadline_id=doing.new_id())
    gone = row.piece(doing.new_id(), quantity)
    gone = gone.now_in(State.RELEASED, doing.now, doing.actor, reason=reason)
    kept = row.piece(doing.new_id(), row.qty - quantity)
    kept = kept.now_in(State.HELD, doing.now, doing.actor, clock=clock)
    kept = replace(kept, state_since=row.state_since)
    step = cut_step(row, row.cut(doing.now, doing.actor), (gone, kept), doing.command_id, doing.line_version)
    return replace(step, entries=tuple(replace(entry, at=doing.now) for entry in step.entries))


def newest_first(rows: Iterable[Allocation]) -> list[Allocation]:
    """Held rows in the order in which they are let go."""
    return sorted(rows, key=lambda row: (row.state_since, row.allocation_id), reverse=True)


def picked(rows: Iterable[Allocation], ids: Sequence[UUID]) -> list[Allocation]:
    """The rows a desk named, in its order; raises HoldNotOnLine for one that is not held for the line."""
    held = {row.allocation_id: row for row in rows}
    for allocation_id in ids:
        if allocation_id not in held:
            raise HoldNotOnLine(allocation_id=str(allocation_id))
    return [held[allocation_id] for allocation_id in dict.fromkeys(ids)]


def letting_go(rows: Sequence[Allocation], surplus: Decimal, line: Line) -> list[Letting]:
    """At least the surplus out of these rows, in their order; only the last is cut.

    Raises PickedTooLittle when the rows do not hold that much.
    """
    chosen: list[Letting] = []
    left = surplus
    for row in rows:
        if left <= ZERO:
            break
        chosen.append(Letting(row, _exact(row, left, line)))
        left -= chosen[-1].qty
    if left > ZERO:
        raise PickedTooLittle(picked=plain(surplus - left), surplus=plain(surplus), unit=line.unit)
    return chosen


def _exact(row: Allocation, wanted: Decimal, line: Line) -> Decimal:
    """The smallest part of the row that is not below `wanted` and exact on both sides."""
    smallest = ratio_of(row, line).smallest_need
    return min(row.qty, (wanted / smallest).to_integral_value(ROUND_CEILING) * smallest)
