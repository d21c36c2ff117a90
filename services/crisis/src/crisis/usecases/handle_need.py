"""HandleNeed: to whom a need is offered, how much its place is kept, its channel and its site.

Nobody is told: no event carries any of it.
"""

from dataclasses import dataclass
from uuid import UUID

from crisis.domain.needs import HandlingSaid, Need, handled_anew
from crisis.usecases.need_authority import asker_or_desk_role
from crisis.usecases.need_step import lock, seen, write
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class HandleNeed:
    """What is to be otherwise; what is not said stays."""

    need_id: UUID
    said: HandlingSaid


async def handle_need(tx: Transaction, command: HandleNeed, caller: Caller, tools: Tools) -> Need:
    """The need, handled anew. Raises NotFound, RoleMissing and what `domain.needs.handled_anew` does."""
    known = await seen(tx, command.need_id, caller)
    role = asker_or_desk_role(caller, known)
    locked = await lock(tx, known)
    need = locked.need
    after = handled_anew(need, command.said)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, tools.clock.now())
    logged = audit(story, caller, "handle_need", "need", need.need_id, (need.version, after.version))
    return await write(tx, locked, after, story, logged, (), change="handled")
