"""Contract event → this service's fact. What does not notify becomes None.

Params hold ids, codes, decimal text and times only, so a notice never carries personal data.
"""

from dataclasses import replace
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
    ConditionEvent,
    CrisisOpened,
    LineEvent,
    LineVector,
    NeedLineOpened,
    SaturationOrderEvent,
    SaturationOrderIssued,
    SaturationOrderLapsed,
    WaiverEvent,
)
from imece_contracts.envelope import Envelope, rfc3339
from imece_contracts.event import EventData
from imece_contracts.quantities import decimal_text
from notifications.domain import kinds
from notifications.domain.audience import Fact
from notifications.domain.clocks import Clock
from notifications.domain.promises import Order
from notifications.events import questions

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
    SaturationOrderIssued: kinds.SATURATION_ORDER_ISSUED,
    SaturationOrderLapsed: kinds.SATURATION_ORDER_LAPSED,
    **questions.KINDS,
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
            parties = questions.parties_of(data.pledger_org, data.asker_org, data.on_behalf_by)
            fact = _fact(
                envelope, kind, envelope.crisis_id, _allocation(data), line=data.line, parties=parties
            )
            return fact and replace(fact, clock=_clock(data))
        case LineEvent():
            params = {**_line(data.line), "qty": decimal_text(data.line.R)}
            parties = (data.line.asker_org,)
            return _fact(envelope, kind, envelope.crisis_id, params, line=data.line, parties=parties)
        case SaturationOrderEvent():
            fact = _fact(envelope, kind, envelope.crisis_id, _order(data))
            return fact and replace(fact, order=_order_of(fact.crisis_id, data))
        case WaiverEvent() | ConditionEvent():
            question = questions.question_of(data)
            fact = _fact(envelope, kind, envelope.crisis_id, question.params, parties=question.parties)
            return fact and replace(
                fact,
                urgency=data.urgency,
                thread=data.need,
                plate=data.district[4:6],
                clock=question.clock,
            )
        case _:
            return None


def _clock(data: AllocationEvent) -> Clock | None:
    """The deadline the event speaks of, and whom it waits for; a desk answers for the asker's side, and
    whoever wrote a promise down may answer for the pledger."""
    writer = data.on_behalf_by
    match data:
        case AllocationReminderDue():
            return Clock(data.deadline_ref, data.pledger_org, data.milestone, writer_id=writer)
        case AllocationHeld() | AllocationReleaseRequested():
            return Clock(data.deadline_ref, data.pledger_org, writer_id=writer)
        case AllocationProposed() | AllocationPromoted() | AllocationCountered():
            if data.awaiting == "pledger":
                return Clock(data.deadline_ref, data.pledger_org, writer_id=writer)
            return Clock(data.deadline_ref, data.asker_org, is_for_desks=True)
        case _:
            return None


def _order_of(crisis_id: UUID | None, data: SaturationOrderEvent) -> Order | None:
    if crisis_id is None:
        return None
    until = data.until if isinstance(data, SaturationOrderIssued) else None
    return Order(crisis_id, data.item, data.item_group, data.area, data.names_life_saving, until)


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


def _order(data: SaturationOrderEvent) -> dict[str, Any]:
    params = {
        "order_id": data.order,
        "item": data.item,
        "item_group": data.item_group,
        "area": list(data.area),
        "until": data.until,
        "order_reason": data.reason,
        "depot_district": data.depot_district,
        "names_life_saving": data.names_life_saving,
    }
    if isinstance(data, SaturationOrderLapsed):
        params |= {"lapse_reason": data.lapse_reason}
    return params


def _allocation(data: AllocationEvent) -> dict[str, Any]:
    params = {
        **_line(data.line),
        "allocation_id": data.allocation,
        "root_id": data.root,
        "offer_line_id": data.offer_line,
        "pledger_org": data.pledger_org,
        "on_behalf_by": data.on_behalf_by,
        "object_until": data.object_until,
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
        params |= {"from_state": data.from_state, "reason": data.reason}
    return params


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    return str(value) if isinstance(value, UUID) else value
