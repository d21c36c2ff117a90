"""Events of conditions: stated once, settled at most once."""

from typing import Any

from crisis.domain.allocations import Allocation
from crisis.domain.conditions import Condition
from crisis.domain.lines import Line
from crisis.events.story import Story, moment, quantity, sealed
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope
from imece_contracts.event import EventData


def condition_stated(condition: Condition, row: Allocation, line: Line, story: Story) -> Envelope:
    """The row waits for it."""
    more: dict[str, Any] = {"deadline_ref": condition.deadline_id, "due_at": moment(condition.due_at)}
    if condition.min_qty is not None:
        more["min_qty"] = quantity(condition.min_qty)
    return _told(contract.ConditionStated, condition, row, line, more, 1, story)


def condition_settled(condition: Condition, row: Allocation, line: Line, story: Story) -> Envelope:
    """What became of it."""
    more: dict[str, Any] = {"outcome": condition.state.value}
    if condition.waiver_reason is not None:
        more["reason"] = condition.waiver_reason
    return _told(contract.ConditionSettled, condition, row, line, more, 2, story)


def _told(
    model: type[EventData],
    condition: Condition,
    row: Allocation,
    line: Line,
    more: dict[str, Any],
    sequence: int,
    story: Story,
) -> Envelope:
    document = {
        "condition": condition.condition_id,
        "root": condition.root_id,
        "need_line": line.need_line_id,
        "need": line.need_id,
        "pledger_org": row.pledger_org_id,
        "asker_org": line.asker_org_id,
        "item": row.given_item or line.item_code,
        "district": line.district,
        "urgency": line.urgency.value,
        "kind": condition.type.value,
        "stated_by": condition.stated_by.value,
        **more,
    }
    if row.behalf is not None:
        document["on_behalf_by"] = row.behalf.by_org_id
    subject = f"condition/{condition.condition_id}"
    return sealed(model, document, subject, condition.condition_id, sequence, story)
