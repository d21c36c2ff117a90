"""ClearCrisis: once a crisis is closed nobody is called for it any more.

Its offers end and what waits on the desks' queues is taken off, one by one, by a deadline due at once. A
crisis that is reopened meanwhile keeps what is left.
"""

from uuid import UUID

from crisis.domain.crises import CrisisState
from crisis.domain.tasks import TaskState
from crisis.events import Story
from crisis.store import crises, tasks, winding_down
from crisis.usecases.authority import SYSTEM
from crisis.usecases.end_offer_silence import end_with_crisis
from crisis.usecases.row_by_row import row_by_row
from crisis.usecases.tasks import end_task
from crisis.usecases.tools import Tools
from imece_chassis.database import Database, Transaction
from imece_chassis.deadlines import fire

REMAINS = "crisis.remains"
"""Kind of the deadline, due at once, that ends what a closed crisis leaves behind."""
CRISIS_CLOSED = "crisis_closed"


async def clear_crisis(database: Database, deadline_id: UUID, crisis_id: UUID, tools: Tools) -> int:
    """How many offers and tasks ended. Raises the last failure after trying all others."""
    ended = await row_by_row(
        database,
        lambda tx, after, limit: winding_down.offers_left(tx, crisis_id, after, limit),
        lambda tx, offer_id: end_with_crisis(tx, offer_id, tools),
    )
    ended += await row_by_row(
        database,
        lambda tx, after, limit: winding_down.tasks_left(tx, crisis_id, after, limit),
        lambda tx, task_id: _end(tx, task_id, crisis_id, tools),
    )
    await database.unit_of_work(lambda tx: fire(tx, deadline_id))
    return ended


async def _end(tx: Transaction, task_id: UUID, crisis_id: UUID, tools: Tools) -> bool:
    crisis = (await crises.lock_shared(tx, [crisis_id]))[crisis_id]
    task = await tasks.read(tx, task_id, is_locked=True)
    if crisis.state != CrisisState.CLOSED or task is None or task.state is TaskState.DONE:
        return False
    story = Story(tools.new_id(), crisis_id, crisis.is_drill, None, SYSTEM, tools.clock.now())
    await end_task(tx, task, CRISIS_CLOSED, story, tools)
    return True
