"""Deadlines of saturation orders: the walk over earlier promises, the missing second key, the end."""

from collections.abc import Awaitable, Callable, Mapping

from crisis.domain.orders import CONFIRM, END, WALK
from crisis.usecases.lapse_order import lapse_order
from crisis.usecases.tools import Tools
from crisis.usecases.walk_order import walk_order
from imece_chassis.database import Database
from imece_chassis.deadlines import Deadline


def order_effects(database: Database, tools: Tools) -> Mapping[str, Callable[[Deadline], Awaitable[None]]]:
    """Kind of deadline → what happens when nobody acted until then."""

    async def lapses(deadline: Deadline) -> None:
        await database.unit_of_work(
            lambda tx: lapse_order(tx, deadline.deadline_id, deadline.subject_id, deadline.kind, tools)
        )

    async def reaches_promises(deadline: Deadline) -> None:
        await walk_order(database, deadline.deadline_id, deadline.subject_id, tools)

    return {CONFIRM: lapses, END: lapses, WALK: reaches_promises}
