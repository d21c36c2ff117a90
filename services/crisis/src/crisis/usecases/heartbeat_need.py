"""Heartbeat: the asker or a desk says that a need still stands, that less of it does, or that it is done."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from crisis import events
from crisis.domain.needs import CloseReason, Need, confirmed
from crisis.domain.refusals import NotFound, NotLess
from crisis.domain.tasks import TaskKind
from crisis.domain.units import plain, whole_or_refused
from crisis.usecases.close_need import CloseNeed, close_need
from crisis.usecases.need_authority import asker_or_desk_role
from crisis.usecases.need_step import lock, seen, write
from crisis.usecases.need_tasks import settle
from crisis.usecases.revise_need_line import ReviseNeedLine, revise_need_line
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction

LESS = "counted_again"


@dataclass(frozen=True, slots=True)
class Less:
    """What of a line is still needed, decimal text in the line's unit."""

    need_line_id: UUID
    quantity: str


@dataclass(frozen=True, slots=True)
class HeartbeatNeed:
    """`less` names the lines of which less is needed; `done` closes the need as met by others."""

    need_id: UUID
    said: Literal["still", "less", "done"]
    less: tuple[Less, ...] = ()


async def heartbeat_need(tx: Transaction, command: HeartbeatNeed, caller: Caller, tools: Tools) -> Need:
    """The confirmed or closed need. Raises NotFound, RoleMissing, what `domain.needs.confirmed` does, and
    what revising a line or closing the need does."""
    if command.said == "done":
        closing = CloseNeed(command.need_id, CloseReason.MET_BY_OTHERS)
        return await close_need(tx, closing, caller, tools)
    known = await seen(tx, command.need_id, caller)
    role = asker_or_desk_role(caller, known)
    for less in sorted(command.less, key=lambda each: each.need_line_id):
        await _lower(tx, known, less, caller, tools)
    locked = await lock(tx, known)
    need, now = locked.need, tools.clock.now()
    after = confirmed(need, locked.crisis, now, tools.new_id)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    versions = (need.version, after.version)
    logged = audit(story, caller, "heartbeat_need", "need", need.need_id, versions, reason=command.said)
    await settle(tx, need, "confirmed", story, tools, (TaskKind.CLOSE_STALE_NEED,))
    told = events.need_heartbeat(after, command.said, story)
    return await write(tx, locked, after, story, logged, [told], change="confirmed")


async def _lower(tx: Transaction, need: Need, less: Less, caller: Caller, tools: Tools) -> None:
    """Revise one line downwards; what is held above it is let go. Raises NotFound, NotLess."""
    line = next((line for line in need.lines if line.need_line_id == less.need_line_id), None)
    if line is None:
        raise NotFound(kind="need line", id=str(less.need_line_id))
    if whole_or_refused(line.item_code, less.quantity) >= line.requested:
        raise NotLess(quantity=less.quantity, requested=plain(line.requested), unit=line.unit)
    command = ReviseNeedLine(line.need_line_id, LESS, less.quantity, line.unit)
    await revise_need_line(tx, command, caller, tools)
