"""Events of waivers: the pledger is asked, and what it said. Their sequence is the waiver's version."""

from typing import Any

from crisis.domain.lines import Line
from crisis.domain.waivers import Waiver
from crisis.events.story import Story, moment, sealed
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope
from imece_contracts.event import EventData


def waiver_requested(waiver: Waiver, line: Line, item_code: str, story: Story) -> Envelope:
    """The pledger is asked; silence is a no."""
    assert waiver.deadline_id is not None
    more = {"deadline_ref": waiver.deadline_id, "answer_by": moment(waiver.answer_by)}
    return _told(contract.WaiverRequested, waiver, line, item_code, more, story)


def waiver_settled(waiver: Waiver, line: Line, item_code: str, story: Story) -> Envelope:
    """What the pledger said, or its silence."""
    return _told(contract.WaiverSettled, waiver, line, item_code, {"outcome": waiver.state.value}, story)


def _told(
    model: type[EventData], waiver: Waiver, line: Line, item_code: str, more: dict[str, Any], story: Story
) -> Envelope:
    document = {
        "waiver": waiver.waiver_id,
        "offer_line": waiver.offer_line_id,
        "need_line": waiver.need_line_id,
        "need": line.need_id,
        "pledger_org": waiver.asked_of_org,
        "asked_by_org": waiver.asked_by_org,
        "item": item_code,
        "district": line.district,
        "urgency": line.urgency.value,
        **more,
    }
    return sealed(model, document, f"waiver/{waiver.waiver_id}", waiver.waiver_id, waiver.version, story)
