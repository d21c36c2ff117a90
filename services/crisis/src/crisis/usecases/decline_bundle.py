"""DeclineBundle: the awaited side says no to all rows that wait for it, in one transaction.

A pledger who hears no hears for each row where else the goods are missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from crisis.domain.allocations import Allocation, Side
from crisis.domain.alternatives import Alternative
from crisis.domain.answers import declined
from crisis.domain.bundles import left_alone
from crisis.domain.reasons import DECLINE, known_reason
from crisis.store import offers
from crisis.store.gaps import Goods, nearest_of_many
from crisis.usecases.allocation_step import Ground
from crisis.usecases.bundle_step import Answered, answerable, lock, seen, settled
from crisis.usecases.end_bundle import end_bundle
from crisis.usecases.tools import Tools, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class DeclineBundle:
    """`reason` is a code of domain.reasons.DECLINE."""

    bundle_id: UUID
    reason: str


async def decline_bundle(tx: Transaction, command: DeclineBundle, caller: Caller, tools: Tools) -> Answered:
    """Raises NotFound, RoleMissing, ReasonUnknown and BundleSettled."""
    asked = await seen(tx, command.bundle_id, caller)
    bundle = asked.bundle
    side = Side.PLEDGER if caller.organisation_id == bundle.org_id else Side.ASKER_SIDE
    answerable(caller, asked.rows, side, asked.lines, tools.clock.now())
    reason = known_reason(command.reason, DECLINE, "decline")
    ground = await lock(tx, asked)
    rows = [ground.rows[row.allocation_id] for row in asked.rows]
    moved, role = answerable(caller, rows, side, ground.lines, tools.clock.now())
    if not moved:
        raise settled(rows)
    gaps = {} if side is Side.PLEDGER else await _elsewhere(tx, moved, ground, tools)
    story = story_of(caller, role, tools.new_id(), bundle.crisis_id, bundle.is_drill, tools.clock.now())
    await end_bundle(
        tx,
        ("decline_bundle", "decline_allocation"),
        moved,
        lambda row, doing: declined(row, side, reason, doing),
        reason,
        ground,
        caller,
        story,
        tools,
        alternatives=gaps or None,
    )
    return Answered(bundle.bundle_id, left_alone(rows, moved), gaps)


async def _elsewhere(
    tx: Transaction, moved: Sequence[Allocation], ground: Ground, tools: Tools
) -> dict[UUID, Sequence[Alternative]]:
    """By row the nearest places that miss what it gives, inside its earmark; no line of the bundle is one."""
    given = await offers.read_line(tx, moved[0].offer_line_id)
    assert given is not None
    own = {row.need_line_id for row in ground.rows.values()}
    goods = {
        row.allocation_id: Goods(
            row.given_item or ground.lines[row.need_line_id].item_code,
            given.offer.origin,
            row.earmark or None,
        )
        for row in moved
    }
    crisis_id, now = moved[0].crisis_id, tools.clock.now()
    found = await nearest_of_many(tx, crisis_id, set(goods.values()), now, _SHOWN + len(own))
    return {
        row_id: [gap for gap in found[each] if gap.need_line_id not in own][:_SHOWN]
        for row_id, each in goods.items()
    }
