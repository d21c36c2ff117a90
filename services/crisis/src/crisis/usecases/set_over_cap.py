"""SetOverCap: a reserve above the request, proposed by a desk or the secretariat.

Only when another key of the secretariat agrees does it widen the room.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from crisis.domain.balances import ZERO
from crisis.domain.line_terms import SECOND_KEY_WITHIN, over_capped
from crisis.domain.reasons import OVER_CAP, known_reason
from crisis.domain.two_keys import PendingKey
from crisis.domain.units import entered, plain
from crisis.store import command_log, line_terms, two_keys
from crisis.usecases.authority import DESKS, SECRETARIAT, acting_role
from crisis.usecases.line_step import LineChanged, lock_line, seen_line, write_terms
from crisis.usecases.tools import Tools, audit, story_of
from crisis.usecases.two_keys import first_key
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction

ACTION = "set_over_cap"


@dataclass(frozen=True, slots=True)
class SetOverCap:
    """`quantity` in `unit`, "0" for none; `reason` is a code of domain.reasons.OVER_CAP."""

    need_line_id: UUID
    quantity: str
    unit: str
    reason: str


async def propose_over_cap(tx: Transaction, command: SetOverCap, caller: Caller, tools: Tools) -> PendingKey:
    """The request that waits for its second key; the line is unchanged.

    Raises NotFound, RoleMissing, ReasonUnknown, KeyPending, and what `entered` and
    `domain.line_terms.over_capped` do.
    """
    seen = await seen_line(tx, command.need_line_id, caller)
    role = acting_role(caller, DESKS, place=seen.district, crisis_id=seen.crisis_id)
    reason = known_reason(command.reason, OVER_CAP, "set an over-cap")
    is_none = command.quantity == "0"
    over_cap = ZERO if is_none else entered(seen.item_code, command.quantity, command.unit)[0]
    locked = await lock_line(tx, seen)
    over_capped(locked.line, locked.balance, locked.crisis, over_cap)
    now = tools.clock.now()
    payload: dict[str, Any] = {"over_cap": plain(over_cap), "unit": seen.unit, "reason": reason}
    two_key_id = await first_key(
        tx,
        action=ACTION,
        subject_type="need_line",
        subject_id=seen.need_line_id,
        payload=payload,
        crisis_id=seen.crisis_id,
        is_drill=seen.is_drill,
        expires_at=now + SECOND_KEY_WITHIN,
        caller=caller,
        story=story_of(caller, role, tools.new_id(), seen.crisis_id, seen.is_drill, now),
        tools=tools,
        place=seen.district,
    )
    asked = await two_keys.read(tx, two_key_id)
    assert asked is not None
    return asked


async def set_over_cap(tx: Transaction, asked: PendingKey, caller: Caller, tools: Tools) -> LineChanged:
    """With the second key: the line with its new reserve. Raises what `over_capped` does."""
    seen = await seen_line(tx, asked.subject_id, caller)
    role = acting_role(caller, (SECRETARIAT,), place=seen.district, crisis_id=seen.crisis_id)
    locked = await lock_line(tx, seen)
    over_cap, reason = Decimal(asked.payload["over_cap"]), str(asked.payload["reason"])
    revision = over_capped(locked.line, locked.balance, locked.crisis, over_cap)
    story = story_of(caller, role, tools.new_id(), seen.crisis_id, seen.is_drill, tools.clock.now())
    done = await write_terms(tx, locked, revision, "over_cap", reason, story, tools)
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
        ACTION,
        "need_line",
        seen.need_line_id,
        (locked.balance.version, done.balance.version),
        counterparty=asked.first_org_id,
        reason=reason,
    )
    await command_log.record(tx, [logged])
    return done
