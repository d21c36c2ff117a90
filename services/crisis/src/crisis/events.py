"""From what a command decided to the events it publishes: where domain words become wire words.

Payloads are JSON bytes built once (a vector goes into event and answer alike); a test holds them against the
models. Every event of a line carries the whole vector after it; its sequence is the line's version.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from crisis.domain.allocations import Allocation
from crisis.domain.balances import NeedBalance
from crisis.domain.crises import CrisisFacts
from crisis.domain.lines import Line
from crisis.domain.needs import Need, NeedLine
from crisis.domain.pledges import Offer
from crisis.domain.states import State
from crisis.domain.units import plain
from imece_chassis.ids import uuid7
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope
from imece_contracts.event import EventData

SOURCE = "//imece.example/crisis"


@dataclass(frozen=True, slots=True)
class Story:
    """What every event of one command has in common."""

    command_id: UUID
    crisis_id: UUID
    is_drill: bool
    actor_org_id: UUID | None
    actor_role: str
    at: datetime
    traceparent: str | None = None


def json_bytes(document: Any) -> bytes:
    """JSON of plain values, ids and prepared fragments; the driver's ids are a subclass of UUID."""
    return orjson.dumps(document, default=str, option=orjson.OPT_UTC_Z)


def moment(at: datetime) -> str:
    """RFC 3339 in UTC with Z."""
    return at.isoformat().replace("+00:00", "Z")


def quantity(value: Decimal) -> str:
    """Decimal text; zero is by far the most frequent."""
    return plain(value) if value else "0"


def vector(line: Line, balance: NeedBalance) -> bytes:
    """The line's whole vector as JSON, used in events and answers alike."""
    room, gap, surplus = balance.room, balance.gap, balance.surplus
    document: dict[str, Any] = {
        "need_line": line.need_line_id,
        "need": line.need_id,
        "asker_org": line.asker_org_id,
        "item": line.item_code,
        "unit": line.unit,
        "district": line.district,
        "needed_by": moment(line.needed_by),
        "need_state": line.need_state,
        "urgency": line.urgency.value,
        "verification": line.verification,
        "is_stale": line.is_stale,
        "opened_at": moment(line.opened_at) if line.opened_at else None,
        "R": quantity(balance.requested),
        "C": quantity(balance.over_cap),
        "E": quantity(balance.elsewhere),
        "P": quantity(balance.proposed),
        "W": quantity(balance.waitlisted),
        "H": quantity(balance.held),
        "T": quantity(balance.in_transit),
        "A": quantity(balance.arrived),
        "D": quantity(balance.good),
        "L": quantity(balance.lost),
        "room": quantity(room),
        "gap": quantity(gap),
        "surplus": quantity(surplus),
        "at_risk": "0",  # nothing has a plan date or an arrival time before dispatch exists
        "label": balance.label,
    }
    if line.day is not None:
        document["day"] = line.day.isoformat()
    return json_bytes(document)


def crisis_opened(crisis: CrisisFacts, story: Story) -> Envelope:
    """First event of a crisis."""
    document: dict[str, Any] = {
        "crisis": crisis.crisis_id,
        "crisis_no": crisis.crisis_no,
        "title": dict(crisis.title),
        "hazard": crisis.hazard,
        "severity": crisis.severity,
        "area": crisis.area,
        "supporting_provinces": crisis.supporting_provinces,
        "glide": crisis.glide,
        "opened_at": moment(crisis.opened_at),
    }
    if crisis.level is not None:
        document["level"] = crisis.level
    return _sealed(contract.CrisisOpened, document, f"crisis/{crisis.crisis_id}", crisis.crisis_id, 1, story)


def need_submitted(need: Need, story: Story) -> Envelope:
    """First event of a need."""
    document = _need(need)
    return _sealed(
        contract.NeedSubmitted, document, f"need/{need.need_id}", need.need_id, need.version, story
    )


def need_opened(need: Need, story: Story) -> Envelope:
    """The need as opened: its verification level and version after it."""
    document = {**_need(need), "verification": need.verification}
    return _sealed(contract.NeedOpened, document, f"need/{need.need_id}", need.need_id, need.version, story)


def need_line_opened(line: Line, balance: NeedBalance, story: Story) -> Envelope:
    """A line appears on boards."""
    return _of_line(contract.NeedLineOpened, f"need_line/{line.need_line_id}", {}, line, balance, None, story)


def offer_opened(offer: Offer, story: Story) -> Envelope:
    """The offer a pledge created."""
    stated: dict[str, Any] = {
        "line": offer.offer_line_id,
        "item": offer.item_code,
        "qty": quantity(offer.qty),
        "unit": offer.unit,
    }
    if offer.ready_within_minutes is not None:
        stated["ready_within_minutes"] = offer.ready_within_minutes
    document: dict[str, Any] = {
        "offer": offer.offer_id,
        "org": offer.org_id,
        "origin": offer.origin,
        "has_transport": offer.has_transport,
        "available_until": moment(offer.available_until),
        "lines": [stated],
    }
    return _sealed(contract.OfferOpened, document, f"offer/{offer.offer_id}", offer.offer_id, 1, story)


def pledge_made(
    row: Allocation, line: Line, balance: NeedBalance, vector_json: bytes, story: Story
) -> Envelope:
    """Proposed, or waitlisted where the line had no room."""
    assert row.clock is not None
    document = _allocation(row, line)
    document["deadline_ref"] = row.clock.deadline_id
    if row.state is State.WAITLISTED:
        model: type[EventData] = contract.AllocationWaitlisted
    else:
        model = contract.AllocationProposed
        document["awaiting"] = row.awaiting
        document["answer_by"] = moment(row.clock.due_at)
    return _of_line(model, f"allocation/{row.allocation_id}", document, line, balance, vector_json, story)


def allocation_moved(
    before: Allocation, rows: Sequence[Allocation], line: Line, balance: NeedBalance, story: Story
) -> Envelope:
    """The event of an answered, withdrawn or silent row; `rows` are those that carry quantity after it."""
    row = rows[0]
    document = _allocation(row, line)
    model = _MODEL_OF_STATE[row.state]
    if row.clock is not None:
        document["deadline_ref"] = row.clock.deadline_id
    if row.state is State.HELD:
        assert row.clock is not None
        document["lease_until"] = moment(row.clock.due_at)
        document["is_auto"] = False
        for rest in rows[1:]:
            document["rest"] = quantity(rest.qty)
            document["rest_state"] = rest.state
            document["rest_allocation"] = rest.allocation_id
    elif row.state in (State.DECLINED, State.WITHDRAWN):
        document["reason"] = row.reason
    if row.state in (State.WITHDRAWN, State.EXPIRED):
        document["from_state"] = before.state
    if row.state is State.EXPIRED:
        document["silent_side"] = before.awaiting or "line"
    return _of_line(model, f"allocation/{row.allocation_id}", document, line, balance, None, story)


_MODEL_OF_STATE: dict[State, type[EventData]] = {
    State.HELD: contract.AllocationHeld,
    State.WAITLISTED: contract.AllocationWaitlisted,
    State.DECLINED: contract.AllocationDeclined,
    State.WITHDRAWN: contract.AllocationWithdrawn,
    State.EXPIRED: contract.AllocationExpired,
    State.HOLD_EXPIRED: contract.AllocationHoldExpired,
}


def _need(need: Need) -> dict[str, Any]:
    return {
        "need": need.need_id,
        "asker_org": need.asker_org_id,
        "district": need.district,
        "urgency": need.urgency.value,
        "lines": [_need_line(line) for line in need.lines],
    }


def _need_line(line: NeedLine) -> dict[str, Any]:
    return {
        "line": line.need_line_id,
        "kind": "goods",
        "item": line.item_code,
        "qty": quantity(line.requested),
        "unit": line.unit,
        "needed_by": moment(line.needed_by),
    }


def _allocation(row: Allocation, line: Line) -> dict[str, Any]:
    return {
        "allocation": row.allocation_id,
        "root": row.root_id,
        "offer_line": row.offer_line_id,
        "pledger_org": row.pledger_org_id,
        "asker_org": line.asker_org_id,
        "qty": quantity(row.qty),
        "supply_qty": quantity(row.supply_qty),
        "unit": line.unit,
    }


def _of_line(
    model: type[EventData],
    subject: str,
    document: dict[str, Any],
    line: Line,
    balance: NeedBalance,
    vector_json: bytes | None,
    story: Story,
) -> Envelope:
    document["line"] = orjson.Fragment(vector_json or vector(line, balance))
    return _sealed(model, document, subject, line.need_line_id, balance.version, story)


_dataschemas: dict[type[EventData], str] = {}


def _sealed(
    model: type[EventData], document: dict[str, Any], subject: str, key: UUID, sequence: int, story: Story
) -> Envelope:
    schema = _dataschemas.get(model)
    if schema is None:
        schema = _dataschemas[model] = model.dataschema()
    return Envelope(
        id=uuid7(),
        type=model.type,
        source=SOURCE,
        subject=subject,
        time=story.at,
        dataschema=schema,
        topic=model.topic.name,
        key=str(key),
        sequence=sequence,
        data=json_bytes(document),
        crisis_id=story.crisis_id,
        is_drill=story.is_drill,
        command_id=story.command_id,
        actor_org=story.actor_org_id,
        actor_role=story.actor_role,
        traceparent=story.traceparent,
    )
