"""Deadlines of an allocation's terms: conditions, questions and requests nobody answered."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from crisis.domain import conditions, release_requests, waivers
from crisis.usecases.answer_release import lapse_release
from crisis.usecases.not_reached import holder_not_reached
from crisis.usecases.settle_condition import lapse_condition
from crisis.usecases.tools import Tools
from crisis.usecases.waive_earmark import lapse_waiver
from imece_chassis.database import Database, Transaction
from imece_chassis.deadlines import Deadline

Lapse = Callable[[Transaction, UUID, UUID, Tools], Awaitable[bool]]

LAPSES: Mapping[str, Lapse] = {
    conditions.DUE: lapse_condition,
    waivers.LAPSE: lapse_waiver,
}


def term_effects(database: Database, tools: Tools) -> Mapping[str, Callable[[Deadline], Awaitable[None]]]:
    """Kind of deadline → what happens when nobody acted until then."""

    def effect(lapse: Lapse) -> Callable[[Deadline], Awaitable[None]]:
        async def happens(deadline: Deadline) -> None:
            await database.unit_of_work(
                lambda tx: lapse(tx, deadline.deadline_id, deadline.subject_id, tools)
            )

        return happens

    async def holder_was_silent(deadline: Deadline) -> None:
        ids = deadline.deadline_id, deadline.subject_id
        if not await database.unit_of_work(lambda tx: lapse_release(tx, *ids, tools)):
            await database.unit_of_work(lambda tx: holder_not_reached(tx, *ids, tools))

    return {
        **{kind: effect(lapse) for kind, lapse in LAPSES.items()},
        release_requests.LAPSE: holder_was_silent,
    }
