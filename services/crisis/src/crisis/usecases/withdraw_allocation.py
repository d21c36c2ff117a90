"""WithdrawAllocation: the pledger takes a promise back before dispatch; what was held is missing again.

Stock that is gone leaves the offer too, or it would be promised again.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation
from crisis.domain.answers import withdrawn
from crisis.domain.fitness import share_left
from crisis.domain.offers import Offer, OfferState
from crisis.domain.reasons import STOCK_GONE
from crisis.domain.states import State
from crisis.domain.supplies import gone
from crisis.events import Story
from crisis.store import crises, ledger, offers, waiting
from crisis.usecases.allocation_step import Moved, doing_of, lock, seen, write
from crisis.usecases.authority import pledger_role
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class WithdrawAllocation:
    """`reason` is a code of domain.reasons.WITHDRAW; with stock_gone the offer line shrinks by as much."""

    allocation_id: UUID
    reason: str


async def withdraw_allocation(
    tx: Transaction, command: WithdrawAllocation, caller: Caller, tools: Tools
) -> Moved:
    """The withdrawn row. Raises NotFound, RoleMissing, AllocationNotInState, ReasonUnknown."""
    row, line = await seen(tx, command.allocation_id)
    role = pledger_role(caller, row, line)
    offer = await _lock_offer(tx, row) if command.reason == STOCK_GONE else None
    locked = await lock(tx, row, line)
    story = story_of(caller, role, tools.new_id(), row.crisis_id, row.is_drill, tools.clock.now())
    step = withdrawn(locked.row, command.reason, doing_of(locked, story, tools.new_id))
    logged = audit(
        story,
        caller,
        "withdraw_allocation",
        "allocation",
        row.allocation_id,
        (locked.row.version, step.changed[0].version),
        reason=command.reason,
    )
    moved = await write(tx, locked, step, story, logged)
    if locked.row.state is State.HELD and locked.row.clock is not None:
        left = share_left(locked.row.state_since, locked.row.clock.due_at, story.at)
        await waiting.note_given_up(tx, row.allocation_id, left)
    if offer is not None and offer.state in (OfferState.OPEN, OfferState.SUSPENDED):
        await _lower(tx, offer, locked.row, story)
    return moved


async def _lock_offer(tx: Transaction, row: Allocation) -> Offer | None:
    """The offer of the row with all its lines, locked before any need line."""
    await crises.lock_shared(tx, [row.crisis_id])
    known = await offers.read_line(tx, row.offer_line_id)
    return None if known is None else (await offers.lock(tx, known.offer.offer_id))[0]


async def _lower(tx: Transaction, offer: Offer, row: Allocation, story: Story) -> None:
    """Take what is gone out of the offer line, as far as it is not promised to others."""
    now = await offers.read_line(tx, row.offer_line_id)
    assert now is not None
    by = gone(row.supply_qty, now.balance)
    if by == 0:
        return
    await ledger.post(tx, [], revised_supply={(row.offer_line_id, row.is_drill): -by})
    lowered = replace(now.line, qty=now.line.qty - by)
    await offers.record_revision(
        tx,
        row.offer_line_id,
        lowered.qty,
        is_drill=row.is_drill,
        reason=STOCK_GONE,
        by_org_id=story.actor_org_id,
        command_id=story.command_id,
    )
    lines = tuple(lowered if each.offer_line_id == row.offer_line_id else each for each in offer.lines)
    after = replace(offer, lines=lines, version=offer.version + 1).heard()
    await offers.update(tx, offer, after)
    await outbox.append(tx, events.offer_revised(after, lowered, now.line.qty, story))
