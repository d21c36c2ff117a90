"""WithdrawBundle: the pledger takes back every row that has neither left nor ended, in one transaction."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from crisis.domain.allocations import Allocation
from crisis.domain.answers import withdrawn
from crisis.domain.bundles import left_alone, withdrawable
from crisis.domain.holds import leases_left
from crisis.domain.offers import Offer
from crisis.domain.reasons import STOCK_GONE, WITHDRAW, known_reason
from crisis.events import Story
from crisis.store import waiting
from crisis.usecases.authority import pledger_role
from crisis.usecases.bundle_step import Answered, lock, seen, settled
from crisis.usecases.end_bundle import end_bundle
from crisis.usecases.stock_gone import lock_offer, lower
from crisis.usecases.tools import Tools, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class WithdrawBundle:
    """`reason` is a code of domain.reasons.WITHDRAW; with stock_gone the offer's lines shrink by as much."""

    bundle_id: UUID
    reason: str


async def withdraw_bundle(tx: Transaction, command: WithdrawBundle, caller: Caller, tools: Tools) -> Answered:
    """Raises NotFound, RoleMissing, ReasonUnknown and BundleSettled."""
    asked = await seen(tx, command.bundle_id, caller)
    bundle, role = asked.bundle, ""
    for row in asked.rows:
        role = pledger_role(caller, row, asked.lines[row.need_line_id])
    reason, offer = known_reason(command.reason, WITHDRAW, "withdraw"), None
    if reason == STOCK_GONE:
        offer = await lock_offer(tx, bundle.crisis_id, asked.rows[0].offer_line_id)
    ground = await lock(tx, asked)
    rows = [ground.rows[row.allocation_id] for row in asked.rows]
    moved = withdrawable(rows)
    if not moved:
        raise settled(rows)
    story = story_of(caller, role, tools.new_id(), bundle.crisis_id, bundle.is_drill, tools.clock.now())
    await end_bundle(
        tx,
        ("withdraw_bundle", "withdraw_allocation"),
        moved,
        lambda row, doing: withdrawn(row, reason, doing),
        reason,
        ground,
        caller,
        story,
        tools,
    )
    await waiting.note_given_up(tx, leases_left(moved, story.at))
    if offer is not None:
        await _lower(tx, offer, moved, story)
    return Answered(bundle.bundle_id, left_alone(rows, moved))


async def _lower(tx: Transaction, offer: Offer, moved: Sequence[Allocation], story: Story) -> None:
    quantities: defaultdict[UUID, Decimal] = defaultdict(Decimal)
    for row in moved:
        quantities[row.offer_line_id] += row.supply_qty
    for offer_line_id, quantity in sorted(quantities.items()):
        offer = await lower(tx, offer, offer_line_id, quantity, story)
