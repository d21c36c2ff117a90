"""VerifyNeed: somebody of another organisation vouches for a need; its lines open and appear on boards.

An open need may be vouched for again, at a higher level.
"""

from dataclasses import dataclass
from uuid import UUID

from crisis import events
from crisis.domain.needs import Need, NeedState, verified
from crisis.usecases.need_authority import verifier_role
from crisis.usecases.need_step import lock, seen, write
from crisis.usecases.need_tasks import OF_VERIFIERS, settle
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class VerifyNeed:
    """`level` 1 by phone, 2 on site, 3 by an authority."""

    need_id: UUID
    level: int


async def verify_need(tx: Transaction, command: VerifyNeed, caller: Caller, tools: Tools) -> Need:
    """The verified need. Raises NotFound, RoleMissing and what `domain.needs.verified` does."""
    known = await seen(tx, command.need_id, caller)
    role = verifier_role(caller, known)
    locked = await lock(tx, known)
    need, now = locked.need, tools.clock.now()
    after = verified(need, locked.crisis, command.level, caller.organisation_id, now, tools.new_id)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    logged = audit(
        story,
        caller,
        "verify_need",
        "need",
        need.need_id,
        (need.version, after.version),
        counterparty=need.asker_org_id,
    )
    await settle(tx, need, "verified", story, tools, OF_VERIFIERS)
    if need.state is NeedState.OPEN:
        told = events.need_verification_raised(after, need.verification, story)
    else:
        told = events.need_opened(after, story)
    return await write(tx, locked, after, story, logged, [told], change="verified")
