"""DecideAppeal: a desk of another organisation lets a rejection stand, or has the need verified again."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from crisis import events
from crisis.domain.needs import Need, appeal_granted, appeal_upheld
from crisis.usecases.need_authority import desk_role
from crisis.usecases.need_step import lock, seen, write
from crisis.usecases.need_tasks import ask_to_verify, settle
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class DecideAppeal:
    """`upheld`: the rejection stands, with a code of domain.needs.reasons.UPHOLD; `granted`: verify again."""

    need_id: UUID
    outcome: Literal["upheld", "granted"]
    reason: str | None = None


async def decide_appeal(tx: Transaction, command: DecideAppeal, caller: Caller, tools: Tools) -> Need:
    """The need after the decision. Raises NotFound, RoleMissing and what `domain.needs.appeal_upheld` and
    `appeal_granted` do."""
    known = await seen(tx, command.need_id, caller)
    role = desk_role(caller, known)
    locked = await lock(tx, known)
    need, now, judge = locked.need, tools.clock.now(), caller.organisation_id
    if command.outcome == "granted":
        after = appeal_granted(need, locked.crisis, judge, now, tools.new_id)
    else:
        after = appeal_upheld(need, command.reason or "", judge)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    logged = audit(
        story,
        caller,
        "decide_appeal",
        "need",
        need.need_id,
        (need.version, after.version),
        counterparty=need.asker_org_id,
        reason=command.reason or command.outcome,
    )
    await settle(tx, need, command.outcome, story, tools)
    if after.clock is not None:
        await ask_to_verify(tx, after, after.clock.due_at, story, tools)
    told = events.need_appeal_decided(after, command.outcome, story)
    return await write(tx, locked, after, story, logged, [told], change=command.outcome)
