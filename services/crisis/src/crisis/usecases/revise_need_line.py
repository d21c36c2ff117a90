"""ReviseNeedLine: more or less is needed, earlier or later; what is held above the new request is let go."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crisis.domain.line_terms import Revision, revised
from crisis.domain.reasons import REVISE, known_reason
from crisis.domain.refusals import RoleMissing
from crisis.domain.releases import Letting, letting_go, newest_first, picked
from crisis.domain.units import entered
from crisis.store import command_log, line_terms
from crisis.usecases.authority import DESKS
from crisis.usecases.line_step import LineChanged, LockedLine, lock_line, owner_role, seen_line, write_terms
from crisis.usecases.pool_offers import look_for_need
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Restart, Transaction


@dataclass(frozen=True, slots=True)
class ReviseNeedLine:
    """`quantity` in `unit`, None for no change; `release` names held rows to let go first, in this order.

    `reason` is a code of domain.reasons.REVISE.
    """

    need_line_id: UUID
    reason: str
    quantity: str | None = None
    unit: str | None = None
    needed_by: datetime | None = None
    release: tuple[UUID, ...] | None = None


async def revise_need_line(
    tx: Transaction, command: ReviseNeedLine, caller: Caller, tools: Tools
) -> LineChanged:
    """The line after it, with the rows let go.

    Raises NotFound, RoleMissing (only a desk picks rows), ReasonUnknown, what `entered` and
    `domain.line_terms.revised` do, HoldNotOnLine and PickedTooLittle.
    """
    seen = await seen_line(tx, command.need_line_id, caller)
    role = owner_role(caller, seen)
    if command.release is not None and role not in DESKS:
        raise RoleMissing(roles=", ".join(DESKS), place=seen.district)
    reason = known_reason(command.reason, REVISE, "revise")
    requested = None
    if command.quantity is not None:
        requested, _ = entered(seen.item_code, command.quantity, command.unit or seen.unit)
    locked = await lock_line(tx, seen, may_let_go=requested is not None)
    now = tools.clock.now()
    revision = revised(locked.line, locked.balance, locked.crisis, requested, command.needed_by, now)
    letting = await _letting(tx, locked, revision, command.release)
    story = story_of(caller, role, tools.new_id(), seen.crisis_id, seen.is_drill, now)
    done = await write_terms(tx, locked, revision, "revised", reason, story, tools, letting=letting)
    await line_terms.add_revision(
        tx,
        locked.line,
        revision.after,
        done.balance.version,
        reason=reason,
        by_org_id=caller.organisation_id,
        command_id=story.command_id,
    )
    logged = audit(
        story,
        caller,
        "revise_need_line",
        "need_line",
        seen.need_line_id,
        (locked.balance.version, done.balance.version),
        reason=reason,
    )
    await command_log.record(tx, [logged])
    await look_for_need(tx, seen.need_id, [seen], now)
    return done


async def _letting(
    tx: Transaction, locked: LockedLine, revision: Revision, named: tuple[UUID, ...] | None
) -> list[Letting]:
    """What is let go, its offer lines locked. Raises HoldNotOnLine, PickedTooLittle, Restart."""
    if not revision.surplus:
        return []
    held = await line_terms.held(tx, locked.line.need_line_id, is_locked=True)
    rows = newest_first(held) if named is None else picked(held, named)
    letting = letting_go(rows, revision.surplus, locked.line)
    if any(each.row.offer_line_id not in locked.offer_lines for each in letting):
        raise Restart
    return letting
