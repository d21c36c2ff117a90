"""Contract event → this service's fact: the anti-corruption line. What does not notify becomes None.

Params hold ids, codes, decimal text and times only, so a notice never carries personal data.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from imece_contracts.crisis import (
    AllocationCountered,
    AllocationEvent,
    AllocationHeld,
    AllocationPromoted,
    AllocationProposed,
    AllocationReleaseRequested,
    AllocationReminderDue,
    AllocationWithdrawn,
    CrisisOpened,
    LineEvent,
    LineVector,
    NeedLineOpened,
)
from imece_contracts.envelope import Envelope, rfc3339
from imece_contracts.event import EventData
from imece_contracts.quantities import decimal_text
from notifications.domain import kinds
from notifications.domain.audience import Fact

_KINDS: dict[type[EventData], str] = {
    CrisisOpened: kinds.CRISIS_OPENED,
    NeedLineOpened: kinds.NEED_LINE_OPENED,
    AllocationProposed: kinds.ALLOCATION_PROPOSED,
    AllocationHeld: kinds.ALLOCATION_HELD,
    AllocationWithdrawn: kinds.ALLOCATION_WITHDRAWN,
    AllocationPromoted: kinds.ALLOCATION_PROMOTED,
    AllocationReminderDue: kinds.ALLOCATION_REMINDER_DUE,
    AllocationCountered: kinds.ALLOCATION_COUNTERED,
    AllocationReleaseRequested: kinds.ALLOCATION_RELEASE_REQUESTED,
}


def fact_of(envelope: Envelope, data: EventData) -> Fact | None:
    """The fact behind an event, or None when nobody is to be told of this type or it names no crisis."""
    kind = _KINDS.get(type(data))
    if kind is None:
        return None
    match data:
        case CrisisOpened():
            return _fact(envelope, kind, data.crisis, _crisis(data))
        case AllocationEvent():
            parties = tuple(dict.fromkeys((data.pledger_org, data.asker_org)))
            return _fact(
                envelope, kind, envelope.crisis_id, _allocation(data), line=data.line, parties=parties
            )
        case LineEvent():
            params = {**_line(data.line), "qty": decimal_text(data.line.R)}
            parties = (data.line.asker_org,)
            return _fact(envelope, kind, envelope.crisis_id, params, line=data.line, parties=parties)
        case _:
            return None


def _fact(
    envelope: Envelope,
    kind: str,
    crisis_id: UUID | None,
    params: dict[str, Any],
    *,
    line: LineVector | None = None,
    parties: tuple[UUID, ...] = (),
) -> Fact | None:
    if crisis_id is None:
        return None
    return Fact(
        event_id=envelope.id,
        kind=kind,
        event_type=envelope.type,
        crisis_id=crisis_id,
        subject=envelope.subject,
        occurred_at=envelope.time,
        sequence=envelope.sequence,
        is_drill=envelope.is_drill,
        urgency=line.urgency if line else None,
        thread=line.need if line else None,
        parties=parties,
        plate=line.district[4:6] if line else None,
        params={name: _plain(value) for name, value in params.items() if value is not None},
    )


def _crisis(data: CrisisOpened) -> dict[str, Any]:
    return {
        "crisis_id": data.crisis,
        "crisis_no": data.crisis_no,
        "hazard": data.hazard,
        "level": data.level,
        "severity": data.severity,
        "area": list(data.area),
        "occurred_at": data.opened_at,
    }


def _line(line: LineVector) -> dict[str, Any]:
    return {
        "need_id": line.need,
        "need_line_id": line.need_line,
        "asker_org": line.asker_org,
        "item": line.item,
        "unit": line.unit,
        "district": line.district,
        "urgency": line.urgency,
        "needed_by": line.needed_by,
        "label": line.label,
        "requested": line.R,
        "proposed": line.P,
        "held": line.H,
        "room": line.room,
        "gap": line.gap,
    }


def _allocation(data: AllocationEvent) -> dict[str, Any]:
    params = {
        **_line(data.line),
        "allocation_id": data.allocation,
        "root_id": data.root,
        "offer_line_id": data.offer_line,
        "pledger_org": data.pledger_org,
        "qty": data.qty,
        "supply_qty": data.supply_qty,
    }
    if isinstance(data, AllocationReleaseRequested):
        params |= {"asked_by": data.asked_by, "answer_by": data.answer_by, "deadline_ref": data.deadline_ref}
    if isinstance(data, AllocationProposed | AllocationPromoted | AllocationCountered):
        params |= {"awaiting": data.awaiting, "answer_by": data.answer_by, "deadline_ref": data.deadline_ref}
    if isinstance(data, AllocationHeld):
        params |= {"rest": data.rest, "rest_state": data.rest_state, "lease_until": data.lease_until}
    if isinstance(data, AllocationReminderDue):
        params |= {"milestone": data.milestone, "lease_until": data.lease_until}
        params |= {"deadline_ref": data.deadline_ref}
    if isinstance(data, AllocationWithdrawn):
        params |= {"from_state": data.from_state}
    return params


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    return str(value) if isinstance(value, UUID) else value
