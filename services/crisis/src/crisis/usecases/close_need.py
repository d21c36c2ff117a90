"""CloseNeed: the asker or a desk ends a need with a reason; nothing may be on its way to it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crisis.domain.needs import Need, closed
from crisis.domain.needs.reasons import BY_ASKER, CLOSE
from crisis.domain.reasons import known_reason
from crisis.store import needs
from crisis.usecases.end_need import end_need
from crisis.usecases.need_authority import asker_or_desk_role
from crisis.usecases.need_step import lock, seen
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class CloseNeed:
    """`reason` is a code of domain.needs.reasons.CLOSE; an asker speaks only for itself.

    `device_at` is when it was said by the clock of the sender's device.
    """

    need_id: UUID
    reason: str
    device_at: datetime | None = None


async def close_need(tx: Transaction, command: CloseNeed, caller: Caller, tools: Tools) -> Need:
    """The closed need. Raises NotFound, RoleMissing, ReasonUnknown and what `domain.needs.closed` does."""
    known = await seen(tx, command.need_id, caller)
    role = asker_or_desk_role(caller, known)
    allowed = {code: words for code, words in CLOSE.items() if role != "asker" or code in BY_ASKER}
    reason = known_reason(command.reason, allowed, "close")
    locked = await lock(tx, known, with_supplies=True)
    need, now = locked.need, tools.clock.now()
    after = closed(need, reason, locked.balances, await needs.attempts(tx, need), now)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    versions = (need.version, after.version)
    logged = audit(
        story,
        caller,
        "close_need",
        "need",
        need.need_id,
        versions,
        reason=reason,
        device_at=command.device_at,
    )
    return await end_need(tx, locked, after, story, logged, tools)
