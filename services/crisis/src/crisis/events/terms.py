"""Events of an allocation's terms: countered, held longer, asked to let go."""

from collections.abc import Sequence
from uuid import UUID

from crisis.domain.allocations import Allocation, Side
from crisis.domain.balances import NeedBalance
from crisis.domain.conditions import Condition
from crisis.domain.lines import Line
from crisis.domain.release_requests import ReleaseRequest
from crisis.events.allocations import allocation_facts
from crisis.events.lines import of_line
from crisis.events.story import Story, moment, quantity
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope


def allocation_countered(
    rows: Sequence[Allocation],
    conditions: Sequence[Condition],
    line: Line,
    balance: NeedBalance,
    story: Story,
) -> Envelope:
    """Other terms, to be answered by the other side; `rows`: the row that goes on, then what was cut off."""
    row = rows[0]
    assert row.clock is not None
    document = allocation_facts(row, line)
    document["awaiting"] = row.awaiting
    document["round"] = row.round
    document["deadline_ref"] = row.clock.deadline_id
    document["answer_by"] = moment(row.clock.due_at)
    if row.plan is not None:
        document["leaves_at"] = moment(row.plan.leaves_at)
    if conditions:
        document["conditions"] = [each.type.value for each in conditions]
    for rest in rows[1:]:
        document["rest"] = quantity(rest.qty)
        document["rest_state"] = rest.state
        document["rest_allocation"] = rest.allocation_id
    model = contract.AllocationCountered
    return of_line(model, _subject(row), document, line, balance, None, story)


def hold_extended(row: Allocation, by: Side, line: Line, balance: NeedBalance, story: Story) -> Envelope:
    """The lease is longer now, on a plan."""
    assert row.clock is not None and row.plan is not None
    document = allocation_facts(row, line)
    document["by"] = "pledger" if by is Side.PLEDGER else "desk"
    document["deadline_ref"] = row.clock.deadline_id
    document["lease_until"] = moment(row.clock.due_at)
    document["leaves_at"] = moment(row.plan.leaves_at)
    model = contract.AllocationHoldExtended
    return of_line(model, _subject(row), document, line, balance, None, story)


def release_requested(
    row: Allocation, request: ReleaseRequest, line: Line, balance: NeedBalance, story: Story
) -> Envelope:
    """The holder is asked to let go; silence is a yes."""
    assert request.deadline_id is not None
    document = allocation_facts(row, line)
    document["request"] = request.request_id
    document["asked_by_org"] = request.asked_by_org
    document["asked_by"] = "desk" if request.is_desk else "pledger"
    document["reason"] = request.reason
    document["deadline_ref"] = request.deadline_id
    document["answer_by"] = moment(request.answer_by)
    model = contract.AllocationReleaseRequested
    return of_line(model, _subject(row), document, line, balance, None, story)


def release_refused(
    row: Allocation, request_id: UUID, line: Line, balance: NeedBalance, story: Story
) -> Envelope:
    """The holder keeps the goods and says when they leave."""
    assert row.plan is not None
    document = allocation_facts(row, line)
    document["request"] = request_id
    document["leaves_at"] = moment(row.plan.leaves_at)
    model = contract.AllocationReleaseRefused
    return of_line(model, _subject(row), document, line, balance, None, story)


def _subject(row: Allocation) -> str:
    return f"allocation/{row.allocation_id}"
