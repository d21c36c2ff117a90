"""EndSilence: a deadline that is still its allocation's own ends the row.

Late is fine, early or twice is not.
"""

from uuid import UUID

from crisis.domain.answers import ended_by_silence
from crisis.domain.states import Timer
from crisis.events import Story
from crisis.store import allocations
from crisis.usecases.allocation_step import doing_of, lock, write
from crisis.usecases.authority import SYSTEM
from crisis.usecases.tools import Tools, audit
from imece_chassis.database import Transaction
from imece_chassis.deadlines import fire

KINDS = (Timer.ANSWER, Timer.HOLD, Timer.WAITING)


async def end_silence(
    tx: Transaction, deadline_id: UUID, allocation_id: UUID, kind: Timer, tools: Tools
) -> bool:
    """Expire a proposal or waiting row, or end a hold. False when somebody was quicker: nothing happened."""
    row = await allocations.read(tx, allocation_id)
    if row is None:
        return False
    locked = await lock(tx, row)
    if not await fire(tx, deadline_id):
        return False
    current = locked.row.clock
    if current is None or current.deadline_id != deadline_id:
        return False
    story = Story(tools.new_id(), row.crisis_id, row.is_drill, None, SYSTEM, tools.clock.now())
    step = ended_by_silence(locked.row, kind, doing_of(locked, story, tools.new_id))
    logged = audit(
        story,
        None,
        "end_silence",
        "allocation",
        row.allocation_id,
        (locked.row.version, step.changed[0].version),
        reason=kind,
    )
    await write(tx, locked, step, story, logged)
    return True
