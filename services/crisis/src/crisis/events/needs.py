"""Events of needs."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from crisis.domain.needs import Need, NeedLine
from crisis.events.story import Story, moment, quantity, sealed
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope


def need_submitted(need: Need, story: Story, duplicate_hints: Sequence[UUID] = ()) -> Envelope:
    """A need to be verified: its first event, or the next one after it was returned."""
    document = _need(need)
    if duplicate_hints:
        document["duplicate_hints"] = list(duplicate_hints)
    return sealed(contract.NeedSubmitted, document, f"need/{need.need_id}", need.need_id, need.told, story)


def need_opened(need: Need, story: Story) -> Envelope:
    """The need as opened: its verification level and version after it."""
    document = {**_need(need), "verification": need.verification}
    return sealed(contract.NeedOpened, document, f"need/{need.need_id}", need.need_id, need.told, story)


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
        "group": line.tamp_group,
    }
