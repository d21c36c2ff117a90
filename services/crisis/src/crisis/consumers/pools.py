"""Looks for offers that do together what none does alone, due as soon as goods or a need made them likely."""

from collections.abc import Awaitable, Callable, Mapping

from crisis.usecases.pool_offers import OF_NEED, OF_OFFER, pool_for_need, pool_with_offer
from crisis.usecases.tools import Tools
from imece_chassis.database import Database
from imece_chassis.deadlines import Deadline


def pool_effects(database: Database, tools: Tools) -> Mapping[str, Callable[[Deadline], Awaitable[None]]]:
    """Kind of deadline → the look."""

    async def goods_are_put_up(deadline: Deadline) -> None:
        await database.unit_of_work(
            lambda tx: pool_with_offer(tx, deadline.deadline_id, deadline.subject_id, tools)
        )

    async def need_takes_promises(deadline: Deadline) -> None:
        await database.unit_of_work(
            lambda tx: pool_for_need(tx, deadline.deadline_id, deadline.subject_id, tools)
        )

    return {OF_OFFER: goods_are_put_up, OF_NEED: need_takes_promises}
