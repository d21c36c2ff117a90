"""Events of the waiting list and of a hold's reminders."""

from collections.abc import Sequence

from crisis.domain.allocations import Allocation
from crisis.domain.balances import NeedBalance
from crisis.domain.lines import Line
from crisis.events.allocations import allocation_facts
from crisis.events.lines import of_line
from crisis.events.story import Story, moment, quantity
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope


def allocation_promoted(
    rows: Sequence[Allocation], fitness: int, line: Line, balance: NeedBalance, story: Story
) -> Envelope:
    """A waiting row is called, the first of `rows`; a second one goes on waiting."""
    call = rows[0]
    assert call.clock is not None
    document = allocation_facts(call, line)
    document["awaiting"] = call.awaiting
    document["deadline_ref"] = call.clock.deadline_id
    document["answer_by"] = moment(call.clock.due_at)
    document["fitness"] = fitness
    for rest in rows[1:]:
        document["rest"] = quantity(rest.qty)
        document["rest_allocation"] = rest.allocation_id
    subject = f"allocation/{call.allocation_id}"
    return of_line(contract.AllocationPromoted, subject, document, line, balance, None, story)


def reminder_due(row: Allocation, milestone: int, line: Line, balance: NeedBalance, story: Story) -> Envelope:
    """The holder is to be reminded."""
    assert row.clock is not None
    document = allocation_facts(row, line)
    document["milestone"] = milestone
    document["deadline_ref"] = row.clock.deadline_id
    document["lease_until"] = moment(row.clock.due_at)
    subject = f"allocation/{row.allocation_id}"
    return of_line(contract.AllocationReminderDue, subject, document, line, balance, None, story)
