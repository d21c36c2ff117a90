"""Deadlines of allocations: silence that ends rows, reminders of holds, and calls from the waiting list."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from crisis.domain.reminders import MILESTONES
from crisis.domain.states import Timer
from crisis.usecases.end_silence import KINDS, Due, end_silences
from crisis.usecases.not_reached import not_reached
from crisis.usecases.promote_waiting import promote_waiting
from crisis.usecases.remind_holder import remind_holder
from crisis.usecases.tools import Tools
from imece_chassis.database import Database
from imece_chassis.deadlines import Deadline

Effect = Callable[[Deadline], Awaitable[None]]
BatchEffect = Callable[[Sequence[Deadline]], Awaitable[None]]


def allocation_effects(database: Database, tools: Tools) -> Mapping[str, Effect]:
    """Kind of deadline → what happens when nobody acted until then."""
    together = allocation_batches(database, tools)

    def alone(kind: str) -> Effect:
        async def ends(deadline: Deadline) -> None:
            await together[kind]([deadline])

        return ends

    async def reminds(deadline: Deadline) -> None:
        await database.unit_of_work(lambda tx: remind_holder(tx, deadline, tools))

    async def room_has_grown(deadline: Deadline) -> None:
        await promote_waiting(database, deadline.deadline_id, deadline.subject_id, tools)

    return {
        **{kind: alone(kind) for kind in together},
        **dict.fromkeys(MILESTONES, reminds),
        Timer.PROMOTE.value: room_has_grown,
    }


def allocation_batches(database: Database, tools: Tools) -> Mapping[str, BatchEffect]:
    """Kinds that come in thousands: many end in one transaction."""

    async def ends(deadlines: Sequence[Deadline]) -> None:
        due = [Due(each.deadline_id, each.subject_id, Timer(each.kind)) for each in deadlines]
        ended = await database.unit_of_work(lambda tx: end_silences(tx, due, tools))
        for each in due:
            if each.deadline_id not in ended:
                await database.unit_of_work(
                    lambda tx, each=each: not_reached(tx, each.deadline_id, each.allocation_id, tools)
                )

    return {kind.value: ends for kind in KINDS}
