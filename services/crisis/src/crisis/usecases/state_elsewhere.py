"""StateElsewhere and RevokeStatement: part of a line is met without a pledge, or is not after all.

One's own stock is stated here and never pledged. What becomes too much stays held until a desk decides.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from crisis.domain.line_terms import ElsewhereStatement, met_elsewhere
from crisis.domain.lines import Line
from crisis.domain.masking import looks_like
from crisis.domain.reasons import REVOKE, known_reason
from crisis.domain.refusals import EvidenceNotReference, NotFound, RoleMissing
from crisis.domain.units import entered
from crisis.store import command_log, line_terms
from crisis.usecases.authority import DESKS, acting_role
from crisis.usecases.line_step import LineChanged, lock_line, owner_role, seen_line, write_terms
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Restart, Transaction


@dataclass(frozen=True, slots=True)
class StateElsewhere:
    """`quantity` in `unit`; `evidence_ref` is an opaque reference to what proves it.

    `device_at` is when it was stated by the clock of the sender's device.
    """

    need_line_id: UUID
    quantity: str
    unit: str
    evidence_ref: str
    device_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RevokeStatement:
    """`reason` is a code of domain.reasons.REVOKE."""

    statement_id: UUID
    reason: str


async def state_elsewhere(
    tx: Transaction, command: StateElsewhere, caller: Caller, tools: Tools
) -> tuple[ElsewhereStatement, LineChanged]:
    """The statement and the line after it.

    Raises NotFound, RoleMissing, EvidenceNotReference, NeedClosed, NeedNotOpen, LineFull, and what `entered`
    does.
    """
    seen = await seen_line(tx, command.need_line_id, caller)
    role = owner_role(caller, seen)
    kind = looks_like(command.evidence_ref)
    if kind:
        raise EvidenceNotReference(looks_like=kind)
    quantity, _ = entered(seen.item_code, command.quantity, command.unit)
    locked = await lock_line(tx, seen)
    revision = met_elsewhere(locked.line, locked.balance, quantity)
    now = tools.clock.now()
    story = story_of(caller, role, tools.new_id(), seen.crisis_id, seen.is_drill, now)
    done = await write_terms(tx, locked, revision, "elsewhere_stated", "stated", story, tools)
    said = ElsewhereStatement(
        statement_id=tools.new_id(),
        need_line_id=seen.need_line_id,
        crisis_id=seen.crisis_id,
        is_drill=seen.is_drill,
        qty=quantity,
        stated_by_org=caller.organisation_id,
        evidence_ref=command.evidence_ref,
        stated_at=now,
    )
    await line_terms.add_statement(tx, said, story.command_id, done.balance.version)
    versions = (locked.balance.version, done.balance.version)
    logged = audit(
        story,
        caller,
        "state_elsewhere",
        "need_line",
        seen.need_line_id,
        versions,
        device_at=command.device_at,
    )
    await command_log.record(tx, [logged])
    return said, done


async def revoke_statement(
    tx: Transaction, command: RevokeStatement, caller: Caller, tools: Tools
) -> tuple[ElsewhereStatement, LineChanged]:
    """The revoked statement and the line after it: by who stated it, or a desk of the area.

    Raises NotFound, RoleMissing, ReasonUnknown, StatementRevoked, NeedClosed, NeedNotOpen.
    """
    said = await line_terms.statement(tx, command.statement_id)
    if said is None:
        raise NotFound(kind="statement", id=str(command.statement_id))
    seen = await seen_line(tx, said.need_line_id, caller)
    role = _revoker_role(caller, seen, said)
    reason = known_reason(command.reason, REVOKE, "revoke")
    locked = await lock_line(tx, seen)
    said = await line_terms.statement(tx, command.statement_id)
    assert said is not None
    if said.need_line_id != seen.need_line_id:
        raise Restart
    said.must_stand()
    revision = met_elsewhere(locked.line, locked.balance, -said.qty)
    now = tools.clock.now()
    story = story_of(caller, role, tools.new_id(), seen.crisis_id, seen.is_drill, now)
    done = await write_terms(tx, locked, revision, "elsewhere_revoked", reason, story, tools)
    revoked = replace(said, revoked_at=now, revoked_by_org=caller.organisation_id, revoke_reason=reason)
    await line_terms.revoke(tx, revoked)
    logged = audit(
        story,
        caller,
        "revoke_statement",
        "need_line",
        seen.need_line_id,
        (locked.balance.version, done.balance.version),
        counterparty=said.stated_by_org,
        reason=reason,
    )
    await command_log.record(tx, [logged])
    return revoked, done


def _revoker_role(caller: Caller, line: Line, said: ElsewhereStatement) -> str:
    """A desk of the area, or who stated it: since a merge the line may be another organisation's."""
    try:
        return acting_role(caller, DESKS, place=line.district, crisis_id=line.crisis_id)
    except RoleMissing:
        if said.stated_by_org != caller.organisation_id:
            raise
    return acting_role(caller, ("asker",), place=line.district, crisis_id=line.crisis_id)
