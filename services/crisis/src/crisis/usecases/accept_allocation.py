"""AcceptAllocation: the awaited side takes an offer, a call or a counter as far as there is room.

The rest ends or waits. From a pledger above the hoarding limit a desk takes with a reason, which is logged.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from crisis.domain.allocations import Allocation, Side
from crisis.domain.answers import Rest, accepted
from crisis.domain.conditions import must_allow
from crisis.domain.crises import must_be_open
from crisis.domain.lines import Line
from crisis.domain.offers import must_not_be_in_doubt
from crisis.domain.reasons import OVERRIDE, known_reason
from crisis.domain.states import State
from crisis.domain.units import parse_quantity, whole_or_refused
from crisis.store import conditions, offers, standings
from crisis.usecases.allocation_step import Moved, doing_of, lock, seen, write
from crisis.usecases.authority import answering_role
from crisis.usecases.queue_place import queue_place
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class AcceptAllocation:
    """`quantity` in the line's unit, None for all of it; `rest` says what becomes of what is not taken.

    `override_reason` is a code of domain.reasons.OVERRIDE.
    """

    allocation_id: UUID
    quantity: str | None = None
    rest: Rest | None = None
    override_reason: str | None = None


async def accept_allocation(
    tx: Transaction, command: AcceptAllocation, caller: Caller, tools: Tools
) -> Moved:
    """The held row first, then the rest if it was cut, with its place if it waits.

    Raises NotFound, RoleMissing, CrisisNotOpen, OfferNotInState, ReasonUnknown, HoardingLimit, ConditionOpen
    and what `domain.answers.accepted` does.
    """
    row, line = await seen(tx, command.allocation_id)
    side, role = answering_role(caller, row, line)
    quantity = None if command.quantity is None else quantity_of(command.quantity, row, line)
    override = command.override_reason and known_reason(command.override_reason, OVERRIDE, "override")
    now = tools.clock.now()
    standing = None
    if side is Side.ASKER_SIDE:
        standing = await standings.of(tx, row.crisis_id, row.pledger_org_id, now)
    locked = await lock(tx, row, line)
    must_be_open(locked.crisis)
    story = story_of(caller, role, tools.new_id(), row.crisis_id, row.is_drill, now)
    doing = doing_of(locked, story, tools.new_id)
    step = accepted(
        locked.row,
        locked.balance,
        locked.line,
        locked.crisis.timers,
        quantity,
        command.rest,
        doing,
        side=side,
    )
    limits = locked.crisis.settings.limits
    if standing is not None:
        standing.must_be_overridden(limits, override)
    is_above = standing is not None and standing.is_above(limits)
    taken = next(piece for piece in (*step.added, *step.changed) if piece.state is not State.SPLIT)
    if taken.state is State.HELD:
        must_not_be_in_doubt(await offers.state_of_line(tx, row.offer_line_id))
    held = await conditions.of_root(tx, locked.row.root_id) if locked.row.has_conditions else []
    met = must_allow(held, taken.qty) if taken.state is State.HELD else ()
    logged = audit(
        story,
        caller,
        "accept_allocation",
        "allocation",
        row.allocation_id,
        (locked.row.version, step.changed[0].version),
        counterparty=locked.row.proposer_org_id or line.asker_org_id,
        reason=override if is_above else None,
    )
    moved = await write(tx, locked, step, story, logged)
    await conditions.settle(
        tx, [each for each in held if each.condition_id in {m.condition_id for m in met}], met
    )
    waiting = next((piece for piece in moved.rows if piece.state is State.WAITLISTED), None)
    queued = await queue_place(tx, waiting, locked.line, now) if waiting else None
    return replace(moved, standing=standing if is_above else None, queued=queued)


def quantity_of(text: str, row: Allocation, line: Line) -> Decimal:
    """A quantity in the line's unit; where another item stands in it need not be whole."""
    return whole_or_refused(line.item_code, text) if row.given_item is None else parse_quantity(text)
