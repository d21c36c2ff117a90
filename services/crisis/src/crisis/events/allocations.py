"""Events of allocations: one per step, on the topic of their line."""

from collections.abc import Sequence
from typing import Any

from crisis.domain.allocations import Allocation
from crisis.domain.alternatives import Alternative
from crisis.domain.balances import NeedBalance
from crisis.domain.lines import Line
from crisis.domain.states import State
from crisis.events.lines import of_line
from crisis.events.story import Story, moment, quantity
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope
from imece_contracts.event import EventData


def pledge_made(
    row: Allocation, line: Line, balance: NeedBalance, vector_json: bytes, story: Story
) -> Envelope:
    """Proposed, or waitlisted where the line had no room."""
    assert row.clock is not None
    document = allocation_facts(row, line)
    document["deadline_ref"] = row.clock.deadline_id
    if row.state is State.WAITLISTED:
        model: type[EventData] = contract.AllocationWaitlisted
    else:
        model = contract.AllocationProposed
        document["awaiting"] = row.awaiting
        document["answer_by"] = moment(row.clock.due_at)
    return of_line(model, f"allocation/{row.allocation_id}", document, line, balance, vector_json, story)


def allocation_moved(
    before: Allocation,
    rows: Sequence[Allocation],
    line: Line,
    balance: NeedBalance,
    story: Story,
    *,
    alternatives: Sequence[Alternative] | None = None,
    is_auto: bool = False,
) -> Envelope:
    """The event of an answered, withdrawn or silent row; `rows` are those that carry quantity after it.

    `alternatives` go with a declined row, `is_auto` says that no person took a held one.
    """
    row = rows[0]
    document = allocation_facts(row, line)
    model = _MODEL_OF_STATE[row.state]
    if row.clock is not None:
        document["deadline_ref"] = row.clock.deadline_id
    if row.state is State.HELD:
        assert row.clock is not None
        document["lease_until"] = moment(row.clock.due_at)
        document["is_auto"] = is_auto
    if row.state in (State.HELD, State.RELEASED):
        for rest in rows[1:]:
            document["rest"] = quantity(rest.qty)
            document["rest_state"] = rest.state
            document["rest_allocation"] = rest.allocation_id
    if row.state in (State.DECLINED, State.WITHDRAWN, State.RELEASED):
        document["reason"] = row.reason
    if row.state is State.DECLINED and alternatives is not None:
        document["alternatives"] = [each.as_facts() for each in alternatives]
    if row.state in (State.WITHDRAWN, State.EXPIRED, State.RELEASED):
        document["from_state"] = before.state
    if row.state is State.EXPIRED:
        document["silent_side"] = before.awaiting or "line"
    return of_line(model, f"allocation/{row.allocation_id}", document, line, balance, None, story)


_MODEL_OF_STATE: dict[State, type[EventData]] = {
    State.HELD: contract.AllocationHeld,
    State.WAITLISTED: contract.AllocationWaitlisted,
    State.DECLINED: contract.AllocationDeclined,
    State.WITHDRAWN: contract.AllocationWithdrawn,
    State.EXPIRED: contract.AllocationExpired,
    State.HOLD_EXPIRED: contract.AllocationHoldExpired,
    State.RELEASED: contract.AllocationReleased,
}


def allocation_facts(row: Allocation, line: Line) -> dict[str, Any]:
    """What every event of an allocation says about it."""
    document: dict[str, Any] = {
        "allocation": row.allocation_id,
        "root": row.root_id,
        "offer_line": row.offer_line_id,
        "pledger_org": row.pledger_org_id,
        "asker_org": line.asker_org_id,
        "qty": quantity(row.qty),
        "supply_qty": quantity(row.supply_qty),
        "unit": line.unit,
    }
    if row.given_item is not None:
        document["given_item"] = row.given_item
    if row.bundle_id is not None:
        document["bundle"] = row.bundle_id
    if row.behalf is not None:
        document["on_behalf_by"] = row.behalf.by_org_id
        document["object_until"] = moment(row.behalf.object_until)
    return document
