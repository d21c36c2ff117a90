"""Events of the ledger's lines → what this service remembers of promises and places."""

from collections.abc import Iterable
from dataclasses import replace

from imece_contracts.crisis import (
    AllocationCorrected,
    AllocationDeclined,
    AllocationEvent,
    AllocationExpired,
    AllocationHoldExpired,
    AllocationReleased,
    AllocationWithdrawn,
    LineEvent,
)
from imece_contracts.envelope import Envelope
from imece_contracts.event import EventData
from notifications.domain.promises import Place, Promise

_ENDED = (
    AllocationCorrected,
    AllocationDeclined,
    AllocationExpired,
    AllocationHoldExpired,
    AllocationReleased,
    AllocationWithdrawn,
)


def promises_in(envelope: Envelope, data: EventData) -> Iterable[Promise]:
    """The row an event is about and what it split off, as far as that stands on its own."""
    if not isinstance(data, AllocationEvent) or envelope.crisis_id is None:
        return
    row = Promise(
        allocation_id=data.allocation,
        need_line_id=data.line.need_line,
        organisation_id=data.pledger_org,
        crisis_id=envelope.crisis_id,
        item=data.given_item or data.line.item,
        district=data.line.district,
        urgency=data.line.urgency,
        is_open=not isinstance(data, _ENDED),
        changed_at=envelope.time,
    )
    yield row
    rest = getattr(data, "rest_allocation", None)
    if rest is not None:
        is_open = getattr(data, "rest_state", None) != "declined"
        yield replace(row, allocation_id=rest, is_open=is_open)
    if isinstance(data, AllocationCorrected):
        for piece in data.after:
            yield replace(row, allocation_id=piece.allocation, is_open=piece.state == "held")


def place_in(data: EventData) -> Place | None:
    """Where a line is now, from an event of the line itself."""
    if not isinstance(data, LineEvent) or isinstance(data, AllocationEvent):
        return None
    return Place(data.line.need_line, data.line.district, data.line.urgency)
