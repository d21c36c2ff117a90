"""Whether a task still has its reason, for tasks that the command which settles their subject does not end.

Asking when the clock runs out keeps the hot commands free of a look at the queue.
"""

from collections.abc import Awaitable, Callable, Mapping

from crisis.domain.crises import CrisisState
from crisis.domain.states import State
from crisis.domain.tasks import Task, TaskKind
from crisis.store import allocations, crises
from crisis.usecases.silent_desk import is_desk_awaited
from imece_chassis.database import Transaction


async def is_needed(tx: Transaction, task: Task) -> bool:
    """False when what the task asks for has come about without anybody ending it."""
    ask = _ASK.get(task.kind)
    return ask is None or await ask(tx, task)


async def _desk_is_silent(tx: Transaction, task: Task) -> bool:
    return await is_desk_awaited(tx, task.subject_id)


async def _hold_is_undecided(tx: Transaction, task: Task) -> bool:
    crisis = await crises.read(tx, task.crisis_id)
    row = await allocations.read(tx, task.subject_id)
    is_winding_down = crisis is not None and crisis.state == CrisisState.STOOD_DOWN
    return is_winding_down and row is not None and row.state is State.HELD


_ASK: Mapping[TaskKind, Callable[[Transaction, Task], Awaitable[bool]]] = {
    TaskKind.SILENT_DESK: _desk_is_silent,
    TaskKind.DECIDE_HOLD: _hold_is_undecided,
}
