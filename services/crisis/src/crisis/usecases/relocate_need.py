"""RelocateNeed: a desk moves a need to another place of the crisis area; trucks on the road are looked at."""

from dataclasses import dataclass, replace
from uuid import UUID

from crisis import events
from crisis.domain.clocks import Silence
from crisis.domain.earmarks import fits
from crisis.domain.needs import Need, relocated
from crisis.domain.refusals import RelocationBreaksEarmark
from crisis.domain.tasks import TaskKind
from crisis.store import lines, need_allocations, waivers
from crisis.store.allocations import SUBJECT
from crisis.usecases.authority import DESKS, acting_role
from crisis.usecases.need_authority import desk_role
from crisis.usecases.need_step import LockedNeed, lock, seen, write
from crisis.usecases.order_step import walk_over
from crisis.usecases.tasks import open_task
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class RelocateNeed:
    """`district` is a p-code; `reason` a code of domain.needs.reasons.RELOCATE."""

    need_id: UUID
    district: str
    reason: str


async def relocate_need(tx: Transaction, command: RelocateNeed, caller: Caller, tools: Tools) -> Need:
    """The need at its new place; every row in transit becomes a task to divert it, and orders that stop goods
    there reach the others.

    The caller holds both places. Raises NotFound, RoleMissing, RelocationBreaksEarmark and what
    `domain.needs.relocated` does.
    """
    known = await seen(tx, command.need_id, caller)
    role = desk_role(caller, known)
    acting_role(caller, DESKS, place=command.district, crisis_id=known.crisis_id)
    locked = await lock(tx, known)
    need, now = locked.need, tools.clock.now()
    after = relocated(need, locked.crisis, command.district, command.reason)
    await _must_fit(tx, locked, after)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    versions = (need.version, after.version)
    logged = audit(story, caller, "relocate_need", "need", need.need_id, versions, reason=command.reason)
    due_at = now + locked.crisis.timers.period(Silence.DESK, need.urgency)
    for allocation_id in await need_allocations.on_the_road(tx, list(locked.balances)):
        await open_task(
            tx,
            kind=TaskKind.DIVERT,
            crisis_id=need.crisis_id,
            is_drill=need.is_drill,
            subject_type=SUBJECT,
            subject_id=allocation_id,
            place=after.district,
            item_group=need.item_group,
            urgency=need.urgency,
            due_at=due_at,
            story=story,
            tools=tools,
        )
    told = events.need_relocated(after, need.district, story)
    done = await write(tx, locked, after, story, logged, [told], change=command.reason)
    await walk_over(tx, need.crisis_id, after.district, tools)
    return done


async def _must_fit(tx: Transaction, locked: LockedNeed, after: Need) -> None:
    """Raise RelocationBreaksEarmark naming rows that have not left and may not be used at the new place.

    What is outside already stays as it is; the locked lines keep rows from coming meanwhile.
    """
    known = await lines.read(tx, list(locked.balances))
    there = {line_id: replace(line, district=after.district) for line_id, line in known.items()}
    outside = [
        row
        for row in await need_allocations.waiting(tx, list(known))
        if fits(row.earmark, known[row.need_line_id], item_code=row.given_item)
        and not fits(row.earmark, there[row.need_line_id], item_code=row.given_item)
    ]
    if not outside:
        return
    allowed = await waivers.granted(tx, [row.offer_line_id for row in outside], list(known))
    named = [
        str(row.allocation_id) for row in outside if (row.offer_line_id, row.need_line_id) not in allowed
    ]
    if named:
        raise RelocationBreaksEarmark(allocations=", ".join(named))
