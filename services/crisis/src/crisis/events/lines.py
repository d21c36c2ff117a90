"""The vector of a need line, and the events of lines themselves."""

from typing import Any

import orjson

from crisis.domain.balances import NeedBalance
from crisis.domain.lines import Line
from crisis.domain.units import smallest_piece
from crisis.events.story import Story, json_bytes, moment, quantity, sealed
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope
from imece_contracts.event import EventData


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
        "label": balance.coverage(smallest_piece(line.item_code)),
    }
    if line.day is not None:
        document["day"] = line.day.isoformat()
    return json_bytes(document)


def need_line_opened(line: Line, balance: NeedBalance, story: Story) -> Envelope:
    """A line appears on boards."""
    return of_line(contract.NeedLineOpened, f"need_line/{line.need_line_id}", {}, line, balance, None, story)


def need_line_changed(
    line: Line, balance: NeedBalance, before: str, after: str, reason: str, story: Story
) -> Envelope:
    """The line's need changed; states before and after, and why."""
    document = {"before": before, "after": after, "reason": reason}
    subject = f"need_line/{line.need_line_id}"
    return of_line(contract.NeedLineChanged, subject, document, line, balance, None, story)


def of_line(
    model: type[EventData],
    subject: str,
    document: dict[str, Any],
    line: Line,
    balance: NeedBalance,
    vector_json: bytes | None,
    story: Story,
) -> Envelope:
    document["line"] = orjson.Fragment(vector_json or vector(line, balance))
    return sealed(model, document, subject, line.need_line_id, balance.version, story)
