"""NotReached: nobody could be reached for one further period, so the desk decides instead of the clock.

The row goes on waiting, and the desk is asked again after every period until somebody decides.
"""

from uuid import UUID

from crisis.domain.tasks import TaskKind
from crisis.domain.units import goods
from crisis.events import Story
from crisis.store import allocations
from crisis.usecases.allocation_step import lock
from crisis.usecases.authority import SYSTEM
from crisis.usecases.follow_notice import SILENCES, further_period
from crisis.usecases.tasks import open_task
from crisis.usecases.tools import Tools
from imece_chassis.database import Transaction
from imece_chassis.deadlines import hand_over


async def not_reached(tx: Transaction, deadline_id: UUID, allocation_id: UUID, tools: Tools) -> bool:
    """Whether the clock stood still and its pause is used up; then the desk has a task."""
    row = await allocations.read(tx, allocation_id)
    if row is None:
        return False
    locked = await lock(tx, row)
    line, clock = locked.line, locked.row.clock
    if clock is None or clock.deadline_id != deadline_id or clock.kind not in SILENCES:
        return False
    if not await hand_over(tx, deadline_id, further_period(clock, line, locked.crisis.timers)):
        return False
    now = tools.clock.now()
    await open_task(
        tx,
        kind=TaskKind.NOT_REACHED,
        crisis_id=row.crisis_id,
        is_drill=row.is_drill,
        subject_type=allocations.SUBJECT,
        subject_id=allocation_id,
        place=line.district,
        item_group=goods(line.item_code).tamp_group,
        urgency=line.urgency,
        due_at=now,
        story=Story(tools.new_id(), row.crisis_id, row.is_drill, None, SYSTEM, now),
        tools=tools,
    )
    return True
