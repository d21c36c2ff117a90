"""Heartbeat: a need still stands, less of it does, or it is done.

That it stands says whoever may state needs of its organisation, or a desk; the rest its asker or a desk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from crisis import events
from crisis.domain.balances import NeedBalance
from crisis.domain.needs import CloseReason, Need, confirmed
from crisis.domain.refusals import NotFound, NotLess
from crisis.domain.tasks import TaskKind
from crisis.domain.units import plain, whole_or_refused
from crisis.store import crises, lines, need_allocations
from crisis.usecases.close_need import CloseNeed, close_need
from crisis.usecases.line_step import HOLDABLE, lock_holding
from crisis.usecases.need_authority import asker_or_desk_role, confirming_role
from crisis.usecases.need_step import lock, seen, write
from crisis.usecases.need_tasks import settle
from crisis.usecases.revise_need_line import ReviseNeedLine, revise_need_line
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Restart, Transaction

LESS = "counted_again"


@dataclass(frozen=True, slots=True)
class Less:
    """What of a line is still needed, decimal text in the line's unit."""

    need_line_id: UUID
    quantity: str


@dataclass(frozen=True, slots=True)
class HeartbeatNeed:
    """`less` names the lines of which less is needed; `done` closes the need as met by others.

    `device_at` is when it was said by the clock of the sender's device.
    """

    need_id: UUID
    said: Literal["still", "less", "done"]
    less: tuple[Less, ...] = ()
    device_at: datetime | None = None


async def heartbeat_need(tx: Transaction, command: HeartbeatNeed, caller: Caller, tools: Tools) -> Need:
    """The confirmed or closed need. Raises NotFound, RoleMissing, what `domain.needs.confirmed` does, and
    what revising a line or closing the need does."""
    if command.said == "done":
        closing = CloseNeed(command.need_id, CloseReason.MET_BY_OTHERS, command.device_at)
        return await close_need(tx, closing, caller, tools)
    known = await seen(tx, command.need_id, caller)
    role = (confirming_role if command.said == "still" else asker_or_desk_role)(caller, known)
    if command.less:
        await _lower(tx, known, command.less, caller, tools)
    locked = await lock(tx, known)
    need, now = locked.need, tools.clock.now()
    after = confirmed(need, locked.crisis, now, tools.new_id)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    versions = (need.version, after.version)
    logged = audit(
        story,
        caller,
        "heartbeat_need",
        "need",
        need.need_id,
        versions,
        reason=command.said,
        device_at=command.device_at,
    )
    await settle(tx, need, "confirmed", story, tools, (TaskKind.CLOSE_STALE_NEED,))
    told = events.need_heartbeat(after, command.said, story)
    return await write(tx, locked, after, story, logged, [told], change="confirmed")


async def _lower(tx: Transaction, need: Need, less: Sequence[Less], caller: Caller, tools: Tools) -> None:
    """Revise the lines downwards; what is held above them is let go. Raises NotFound, NotLess.

    Everything the revisions lock is locked once, in order, before the first of them.
    """
    known = {line.need_line_id: line for line in need.lines}
    for each in less:
        if each.need_line_id not in known:
            raise NotFound(kind="need line", id=str(each.need_line_id))
    balances = await _lock_lines(tx, need, sorted({each.need_line_id for each in less}))
    asked = {line_id: balance.requested for line_id, balance in balances.items()}
    for each in sorted(less, key=lambda each: each.need_line_id):
        line, requested = known[each.need_line_id], asked[each.need_line_id]
        quantity = whole_or_refused(line.item_code, each.quantity)
        if quantity >= requested:
            raise NotLess(quantity=each.quantity, requested=plain(requested), unit=line.unit)
        asked[each.need_line_id] = quantity
        command = ReviseNeedLine(line.need_line_id, LESS, each.quantity, line.unit)
        await revise_need_line(tx, command, caller, tools)


async def _lock_lines(tx: Transaction, need: Need, lowered: Sequence[UUID]) -> dict[UUID, NeedBalance]:
    """Lock the crisis, the offer lines of what may be let go, and all lines of the need.

    Raises Restart when something is or may be held from other offer lines than was seen before the locks.
    """
    await crises.lock_shared(tx, [need.crisis_id])
    supplies = await lock_holding(tx, lowered)
    balances = await lines.lock_needs(tx, [line.need_line_id for line in need.lines])
    if not await need_allocations.supplies(tx, lowered, HOLDABLE) <= supplies:
        raise Restart
    return balances
