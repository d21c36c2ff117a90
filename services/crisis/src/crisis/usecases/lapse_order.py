"""LapseOrder: no second key came in 12 h, or the order's own end is here: goods may be promised again.

What it still asks of holders and desks is taken back, row by row.
"""

from uuid import UUID

from crisis.domain.orders import CONFIRM, IN_FORCE, Lapse, lapsed
from crisis.events import Story
from crisis.store import orders
from crisis.usecases.authority import SYSTEM
from crisis.usecases.order_step import lock, walk_again, write
from crisis.usecases.tools import Tools
from imece_chassis.database import Transaction
from imece_chassis.deadlines import fire


async def lapse_order(tx: Transaction, deadline_id: UUID, order_id: UUID, kind: str, tools: Tools) -> bool:
    """False when somebody was quicker: nothing happened."""
    found = await orders.read(tx, order_id)
    if found is None:
        return False
    before = await lock(tx, found)
    if not await fire(tx, deadline_id):
        return False
    if before.deadline_id != deadline_id or before.state not in IN_FORCE:
        return False
    why = Lapse.NO_SECOND_KEY if kind == CONFIRM else Lapse.ENDED
    now = tools.clock.now()
    story = Story(tools.new_id(), before.crisis_id, before.is_drill, None, SYSTEM, now)
    after = await write(tx, before, lapsed(before, why, now), "lapse_order", None, story)
    await walk_again(tx, after, tools)
    return True
