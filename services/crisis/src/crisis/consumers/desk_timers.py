"""Deadlines of tasks, silent desks and crises: each asks or escalates, until the crisis itself is closed."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from crisis.domain.crises import CrisisTimer
from crisis.usecases.clear_crisis import REMAINS, clear_crisis
from crisis.usecases.crisis_clocks import ask_for_holds, review_due, wind_down_due
from crisis.usecases.dismiss_crisis import dismiss_undecided
from crisis.usecases.overdue_task import overdue_task
from crisis.usecases.silent_desk import DESK_SILENT, call_silent_desk
from crisis.usecases.stand_down import HOLDS
from crisis.usecases.tasks import OVERDUE
from crisis.usecases.tools import Tools
from imece_chassis.database import Database, Transaction
from imece_chassis.deadlines import Deadline

Effect = Callable[[Deadline], Awaitable[None]]
_Command = Callable[[Transaction, UUID, UUID, Tools], Awaitable[bool]]

COMMANDS: Mapping[str, _Command] = {
    OVERDUE: overdue_task,
    DESK_SILENT: call_silent_desk,
    HOLDS: ask_for_holds,
    CrisisTimer.NO_DECISION: dismiss_undecided,
    CrisisTimer.REVIEW: review_due,
    CrisisTimer.WIND_DOWN: wind_down_due,
}


def desk_effects(database: Database, tools: Tools) -> Mapping[str, Effect]:
    """Kind of deadline → the command that asks or escalates."""

    def effect_of(command: _Command) -> Effect:
        async def effect(deadline: Deadline) -> None:
            await database.unit_of_work(
                lambda tx: command(tx, deadline.deadline_id, deadline.subject_id, tools)
            )

        return effect

    async def nothing_waits_any_more(deadline: Deadline) -> None:
        await clear_crisis(database, deadline.deadline_id, deadline.subject_id, tools)

    known = {str(kind): effect_of(command) for kind, command in COMMANDS.items()}
    return {**known, REMAINS: nothing_waits_any_more}
