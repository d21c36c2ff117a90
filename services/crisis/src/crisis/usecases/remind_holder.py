"""RemindHolder: half or four fifths of a lease have passed; the holder is to hear of it."""

from collections.abc import Sequence

from crisis import events
from crisis.domain.allocations import Allocation
from crisis.domain.balances import NeedBalance
from crisis.domain.reminders import HALF, LATE, MILESTONES, remind_at, reminded
from crisis.events import Story
from crisis.store import allocations
from crisis.usecases.allocation_step import lock, write
from crisis.usecases.authority import SYSTEM
from crisis.usecases.tools import Tools, audit
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, fire, schedule_once
from imece_contracts.envelope import Envelope


async def remind_holder(tx: Transaction, deadline: Deadline, tools: Tools) -> bool:
    """Tell it once per milestone. False when the row holds nothing any more, or its lease became longer."""
    row = await allocations.read(tx, deadline.subject_id)
    if row is None:
        return False
    locked = await lock(tx, row)
    if not await fire(tx, deadline.deadline_id):
        return False
    milestone = MILESTONES[deadline.kind]
    due_at = remind_at(locked.row, milestone)
    if due_at is None:
        return False
    if due_at > deadline.due_at:
        again = Deadline(tools.new_id(), deadline.subject_type, row.allocation_id, deadline.kind, due_at)
        await schedule_once(tx, again)
        return False
    story = Story(tools.new_id(), row.crisis_id, row.is_drill, None, SYSTEM, tools.clock.now())
    step = reminded(locked.row, SYSTEM)
    versions = (locked.row.version, step.changed[0].version)
    logged = audit(story, None, "remind_holder", "allocation", row.allocation_id, versions)

    def event(rows: Sequence[Allocation], balance: NeedBalance) -> Envelope:
        return events.reminder_due(rows[0], milestone, locked.line, balance, story)

    await write(tx, locked, step, story, logged, event=event)
    late_at = remind_at(locked.row, MILESTONES[LATE])
    if deadline.kind == HALF and late_at is not None:
        late = Deadline(tools.new_id(), deadline.subject_type, row.allocation_id, LATE, late_at)
        await schedule_once(tx, late)
    return True
