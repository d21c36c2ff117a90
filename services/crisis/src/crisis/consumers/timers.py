"""Deadlines that came due: one ordinary command each."""

from collections.abc import Awaitable, Callable, Mapping

from crisis.consumers.desk_timers import desk_effects
from crisis.consumers.needs import need_effects
from crisis.consumers.offers import offer_effects
from crisis.consumers.orders import order_effects
from crisis.consumers.terms import term_effects
from crisis.domain.states import Timer
from crisis.usecases.end_silence import KINDS, end_silence
from crisis.usecases.promote_waiting import promote_waiting
from crisis.usecases.settle_two_keys import lapse_two_keys
from crisis.usecases.tools import Tools
from crisis.usecases.two_keys import LAPSE
from imece_chassis.database import Database, Transaction
from imece_chassis.deadlines import Deadline

Effect = Callable[[Deadline], Awaitable[None]]


def effects(database: Database, tools: Tools) -> Mapping[str, Effect]:
    """Kind of deadline → what happens when nobody acted until then."""

    async def effect(deadline: Deadline) -> None:
        async def work(tx: Transaction) -> bool:
            kind = Timer(deadline.kind)
            return await end_silence(tx, deadline.deadline_id, deadline.subject_id, kind, tools)

        await database.unit_of_work(work)

    async def no_second_key(deadline: Deadline) -> None:
        await database.unit_of_work(
            lambda tx: lapse_two_keys(tx, deadline.deadline_id, deadline.subject_id, tools)
        )

    async def room_has_grown(deadline: Deadline) -> None:
        await promote_waiting(database, deadline.deadline_id, deadline.subject_id, tools)

    return {
        **{kind.value: effect for kind in KINDS},
        **desk_effects(database, tools),
        **need_effects(database, tools),
        **offer_effects(database, tools),
        **order_effects(database, tools),
        **term_effects(database, tools),
        LAPSE: no_second_key,
        Timer.PROMOTE.value: room_has_grown,
    }
